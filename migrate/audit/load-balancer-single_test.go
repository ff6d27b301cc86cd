package audit

import "testing"

func TestLoadBalancerSingle(t *testing.T) {
	try(t, loadBalancerSingle,
		scenario{"one country has one", estate(
			server("es-lb01", role("edge")), server("fr-lb01", role("edge")), server("fr-lb02", role("edge"))),
			want("high es-lb01"), 0},
		scenario{"the other half is switched off", estate(
			server("es-lb01", role("edge")), server("es-lb02", role("edge"), off)), want("high es-lb01"), 0},
		scenario{"halves called a and b", estate(server("es-lb-a", role("edge")), server("es-lb-b", role("edge"))), nil, 0},
		scenario{"a name that only sounds so", estate(server("balancepoint1", role("loadbalancer"), confidence(0.45))), want("medium balancepoint1"), 0},
		scenario{"a role that is stated", estate(server("es-lb01", role("loadbalancer"), confidence(1))), want("high es-lb01"), 0},
		scenario{"in staging", estate(server("stg-lb01", role("edge"), env("staging"))), nil, 0},
	)
}
