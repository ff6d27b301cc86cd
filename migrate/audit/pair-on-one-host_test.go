package audit

import "testing"

func TestPairOnOneHost(t *testing.T) {
	try(t, pairOnOneHost,
		scenario{"both halves", estate(server("de-lb01", role("edge"), host("esx1")), server("de-lb02", role("edge"), host("ESX1"))),
			want("high de-lb01 de-lb02"), 0},
		scenario{"names that only sound so", estate(server("ntapiis1", role("web"), confidence(0.45), host("h")), server("ntapiis2", role("web"), confidence(0.45), host("h"))),
			want("medium ntapiis1 ntapiis2"), 0},
		scenario{"apart", estate(server("de-lb01", role("edge"), host("esx1")), server("de-lb02", role("edge"), host("esx2"))), nil, 0},
		scenario{"two of three", estate(server("r1", role("sessions"), host("esx1")), server("r2", role("sessions"), host("esx1")),
			server("r3", role("sessions"), host("esx2"))), nil, 0},
		scenario{"different things on one host", estate(server("de-lb01", role("edge"), host("esx1")),
			server("fr-lb01", role("edge"), host("esx1"))), nil, 0},
		scenario{"a test pair", estate(server("t-lb01", role("edge"), env("test"), host("esx1")),
			server("t-lb02", role("edge"), env("test"), host("esx1"))), nil, 0},
		scenario{"a host unknown", estate(server("de-lb01", role("edge"), host("esx1")), server("de-lb02", role("edge"))), nil, 1},
	)
}
