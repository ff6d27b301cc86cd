package audit

import "testing"

func TestHardwareVersionOld(t *testing.T) {
	try(t, hardwareVersionOld,
		scenario{"eleven", estate(server("a", hardware(11))), want("low a"), 0},
		scenario{"thirteen", estate(server("a", hardware(13))), nil, 0},
		scenario{"eight is a graver finding", estate(server("a", hardware(8))), nil, 0},
		scenario{"unknown", estate(server("a")), nil, 1},
	)
}
