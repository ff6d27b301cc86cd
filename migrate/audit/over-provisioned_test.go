package audit

import (
	"testing"
	"time"
)

func TestOverProvisioned(t *testing.T) {
	try(t, overProvisioned,
		scenario{"a big quiet server", estate(server("erp01", role("erp"), vcpus(16), measured(12, 30))), want("low erp01"), 0},
		scenario{"a small one", estate(server("erp01", role("erp"), vcpus(2), measured(12, 30))), nil, 0},
		scenario{"a busy one", estate(server("erp01", role("erp"), vcpus(16), measured(21, 30))), nil, 0},
		scenario{"an idle one is another finding", estate(server("erp01", role("erp"), vcpus(16), measured(2, 30))), nil, 0},
		scenario{"a web server at full campaign", access(estate(server("web01", role("web"), vcpus(16), measured(12, 30))), 47, 0), want("low web01"), 0},
		scenario{"a web server in a quiet week", access(estate(server("web01", role("web"), vcpus(16), measured(12, 30))), 2, 0), nil, 0},
		scenario{"a web server at unknown load", estate(server("web01", role("web"), vcpus(16), measured(12, 30))), nil, 1},
		scenario{"a quiet day", estate(server("erp01", role("erp"), vcpus(16), measured(12, 30), measuredFor(24, 23*time.Hour))), nil, 1},
		scenario{"not measured", estate(server("erp01", vcpus(16))), nil, 1},
		scenario{"two of a kind are one finding", estate(server("erp01", vcpus(8), measured(12, 3)), server("erp02", vcpus(16), measured(9, 3))), want("low erp01 erp02"), 0},
	)
}
