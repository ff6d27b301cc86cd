package audit

import "testing"

func TestMediaOnWebDisk(t *testing.T) {
	try(t, mediaOnWebDisk,
		scenario{"own disk", estate(server("web01", role("web"), partition("/var/www/shop/pub/media", 300, 60))), want("medium web01"), 0},
		scenario{"on the file server", estate(server("nfs01", role("media"), partition("/export/media", 9000, 60))), nil, 0},
		scenario{"an empty mount point", estate(server("web01", role("web"), partition("/var/www/shop/pub/media", 10, 1))), nil, 0},
		scenario{"a mount of the file server", estate(server("web01", role("web"), partition("nfs01:/export/media", 9000, 60))), nil, 0},
		scenario{"a plugged-in disk", estate(server("web01", role("web"), partition("/media/usb", 300, 60), partition("/media/cdrom", 5, 100))), nil, 0},
		scenario{"something that only sounds so", estate(server("web01", role("web"), partition("/var/lib/mediawiki", 30, 60))), nil, 0},
		scenario{"unknown", estate(server("web01", role("web"))), nil, 1},
	)
}
