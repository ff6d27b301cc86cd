package audit

import "github.com/storefront-toolkit/storefront/migrate"

var mediaOnDatabaseDisk = Check{
	ID:       "media-on-database-disk",
	Category: "data",
	Severity: migrate.SeverityMedium,
	Title:    "Product media lie on a database server's disk",
	Why:      "Pictures compete with orders for the same disk: in a campaign each image request slows the database, and when media fill the disk the database stops.",
	Remedy:   "Move the files to the shared media store and point the shop to it, before the database itself moves.",
	Answer:   "The database tier holds the database alone; media go to the media tier, and a managed database has no disk to put them on.",
	Find: func(in *Input) ([]Hit, []Unjudged) {
		return in.mediaOn(RoleDatabase)
	},
}
