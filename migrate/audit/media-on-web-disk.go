package audit

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

var mediaOnWebDisk = Check{
	ID:       "media-on-web-disk",
	Category: "data",
	Severity: migrate.SeverityMedium,
	Title:    "Product media lie on a web server's own disk",
	Why:      "A new or replaced web server comes without these pictures, so the fleet can't grow in a surge, and the only copy may be lost with one server.",
	Remedy:   "Copy the files to the shared media store, mount it or use a media host, and compare the two before the move.",
	Answer:   "Media have a tier of their own (object store or shared file system); web servers keep nothing.",
	Find: func(in *Input) ([]Hit, []Unjudged) {
		return in.mediaOn(RoleWeb, RoleAdmin, RoleStatic)
	},
}

// mediaPath matches file systems that hold a shop's pictures and documents.
var mediaPath = regexp.MustCompile(`(?i)(^|/)(media|images|catalog/product|wp-content/uploads|uploads)(/|$)`)

// removable are the places where a system mounts what somebody plugs in.
var removable = regexp.MustCompile(`(?i)^/(run/)?media/(cdrom|usb|[a-z0-9]+$)`)

// mediaOn reports local file systems for media on servers of some roles. A
// mount of a file server shows no disk of the guest's own: hypervisor exports
// list only local ones, and a source that lists remote ones spells them
// "server:/path".
func (in *Input) mediaOn(roles ...Role) (hits []Hit, unjudged []Unjudged) {
	var unseen []string
	for _, s := range in.withRole(roles...) {
		if runs(s) && len(s.Partitions) == 0 {
			unseen = append(unseen, s.ID)
		}
		var evidence []string
		for _, p := range s.Partitions {
			if mediaPath.MatchString(p.Path) && !removable.MatchString(p.Path) && !strings.Contains(p.Path, ":/") && usedMiB(p) > 1024 {
				evidence = append(evidence, fmt.Sprintf("%s is a file system of its own with %.1f GiB%s", p.Path,
					float64(usedMiB(p))/1024, in.sources(s, "partitions")))
			}
		}
		if len(evidence) > 0 {
			hits = append(hits, Hit{Subjects: []string{s.ID}, Evidence: evidence})
		}
	}
	if len(unseen) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "file systems are not known", Subjects: unseen})
	}
	return hits, unjudged
}
