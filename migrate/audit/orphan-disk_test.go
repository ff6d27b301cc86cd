package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestOrphanDisk(t *testing.T) {
	health := func(list ...migrate.Health) *migrate.Estate {
		e := estate()
		e.Health = list
		return e
	}
	try(t, orphanDisk,
		scenario{"two", health(migrate.Health{Subject: "[ds1] x/x.vmdk", Kind: "Zombie", Message: "Possibly a zombie vmdk file!"},
			migrate.Health{Subject: "[ds1] y/y.vmdk", Kind: "Zombie", Message: "Possibly a zombie vmdk file!"}), want("low [ds1] x/x.vmdk [ds1] y/y.vmdk"), 0},
		scenario{"another complaint", health(migrate.Health{Subject: "h1", Kind: "NTP", Message: "NTP Server value is null!"}), nil, 0},
		scenario{"unknown", estate(), nil, 1},
	)
}
