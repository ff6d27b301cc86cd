package inventory

import (
	"regexp"
	"slices"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

// accessParts counts requests by virtual host or file.
type accessParts map[string]*migrate.AccessPart

func (p accessParts) part(name string) *migrate.AccessPart {
	if p[name] == nil {
		if len(p) >= mostNames {
			name = "others"
		}
		if p[name] == nil {
			p[name] = &migrate.AccessPart{Name: name}
		}
	}
	return p[name]
}

// mostHosts is how many virtual hosts one file may have. More are no hosts of
// ours, but names of clients, which don't leave the reader.
const mostHosts = 200

// count adds a line of a file.
func (p accessParts) count(file string, l accessLine) {
	name := l.host
	if name == "" || p[name] == nil && len(p) >= mostHosts {
		name = file
	}
	part := p.part(name)
	part.Requests++
	if l.file() {
		part.Files++
	}
}

func (p accessParts) add(parts []migrate.AccessPart) {
	for _, a := range parts {
		part := p.part(a.Name)
		part.Requests += a.Requests
		part.Files += a.Files
	}
}

func (p accessParts) sorted() (out []migrate.AccessPart) {
	for _, name := range sortedNames(p) {
		out = append(out, *p[name])
	}
	return out
}

func sortedNames(p accessParts) []string {
	names := make([]string, 0, len(p))
	for name := range p {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// hostPart is the name in "www.shop.example:443".
func hostPart(text string) string {
	host, _, _ := strings.Cut(text, ":")
	return strings.ToLower(host)
}

var (
	// filePath are the folders in which Magento and its like keep files.
	filePath    = regexp.MustCompile(`^/(pub/)?(static|media|skin)/`)
	fileEndings = strings.Fields("css js mjs map png jpg jpeg gif svg webp avif ico bmp woff woff2 ttf otf eot mp4 webm mp3 pdf swf class")
)

// file tells whether a request was for a file that is the same for everybody,
// and not for a page that a program makes.
func (l accessLine) file() bool {
	path, _, _ := strings.Cut(l.path, "?")
	if dot := strings.LastIndexByte(path, '.'); dot >= 0 && slices.Contains(fileEndings, strings.ToLower(path[dot+1:])) {
		return true
	}
	return filePath.MatchString(path)
}
