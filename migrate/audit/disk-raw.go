package audit

import "github.com/storefront-toolkit/storefront/migrate"

var diskRaw = Check{
	ID:       "disk-raw",
	Category: "mobility",
	Severity: migrate.SeverityMedium,
	Title:    "A server has a raw device mapping",
	Why:      "The disk is a LUN of the storage array: a mapping in physical mode takes no snapshot and can't be moved by the hypervisor's tools.",
	Remedy:   "Convert the mapping to a virtual disk, or copy its content inside the guest.",
	Answer:   "The topology has volumes of the platform only; the time of the conversion is not in the plan.",
	Find: func(in *Input) ([]Hit, []Unjudged) {
		return in.disks(func(d migrate.Disk) string {
			if d.Raw {
				return "raw device mapping"
			}
			return ""
		})
	},
}
