package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestStem(t *testing.T) {
	for name, want := range map[string]string{
		"uk-web07":         "uk-web",
		"uk-web-07":        "uk-web",
		"de-lb01a":         "de-lb",
		"fr-lb-b":          "fr-lb",
		"db-primary01":     "db",
		"db-replica02":     "db",
		"dbmaster":         "db",
		"web3.shop.test":   "web",
		"solr":             "solr",
		"web1~2":           "web",
		"01":               "01",
		"data":             "data",
		"redis-session-03": "redis-session",
	} {
		if got := stem(&migrate.Server{ID: name}); got != want {
			t.Errorf("stem(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestRoleOf(t *testing.T) {
	for word, want := range map[string]Role{
		"edge": RoleEdge, "load-balancer": RoleEdge, "Load Balancer": RoleEdge, "LB": RoleEdge,
		"web": RoleWeb, "db": RoleDatabase, "domain-controller": RoleDirectory, "": RoleOther, "toaster": RoleOther,
	} {
		if got := roleOf(&migrate.Server{Role: migrate.Inference{Value: word}}); got != want {
			t.Errorf("roleOf(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestPublic(t *testing.T) {
	for end, want := range map[string]bool{
		"203.0.113.9": true, "any": true, "0.0.0.0/0": true, "198.51.100.0/24": true, "2001:4860::8888": true,
		"10.1.2.3": false, "192.168.0.0/16": false, "100.64.1.1": false, "fd00::1": false, "169.254.3.4": false,
		"partner.example": false, "": false,
	} {
		if got := public(end); got != want {
			t.Errorf("public(%q) = %v, want %v", end, got, want)
		}
	}
}
