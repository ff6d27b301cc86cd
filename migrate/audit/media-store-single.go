package audit

import "github.com/storefront-toolkit/storefront/migrate"

var mediaStoreSingle = Check{
	ID:       "media-store-single",
	Category: "resilience",
	Severity: migrate.SeverityMedium,
	Title:    "Product media come from one file server",
	Why:      "When the file server stops, web servers that have it mounted hang on it, and pages come without pictures.",
	Remedy:   "Mirror the exports to a second file server that can take its address over, or move media to an object store.",
	Answer:   "Media live in S3 or in EFS over several zones; on a private cloud there is one file server, which needs vSphere HA and a datastore that is mirrored.",
	Find: func(in *Input) ([]Hit, []Unjudged) {
		return in.singles("the only file server", migrate.SeverityMedium, RoleMedia), nil
	},
}
