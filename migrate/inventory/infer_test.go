package inventory

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestRolesFromNames(t *testing.T) {
	for name, want := range map[string]string{
		"at-web-01": "web", "atweb01": "web", "shop-web-prod-3": "web", "hu-db-02": "database", "BOWSQLTST23": "database", "redis-sess-01": "sessions",
		"redis-cache-1": "cache", "solr1": "search", "lb01": "loadbalancer", "haproxy2": "loadbalancer", "nfs-media-01": "media", "static-1": "static",
		"magento-admin": "admin", "jenkins": "deploy", "mail01": "mail", "smtp-relay-1": "mail", "zabbix": "monitoring", "bkp01": "backup", "dc01": "directory",
		"dc1-web-01": "web", "ns1": "dns", "ntp-a": "time", "erp-sql-01": "database", "pim01": "pim", "vCLS-12ab": "agent", "vCLS (3)": "agent", "fileserver": "file",
		"vcenter01": "virtualization", "x123": "", "printer-7": "", "": "",
	} {
		s := &migrate.Server{Name: name}
		require.Equal(t, want, conclude(roleVotes(s, signs{})).Value, name)
	}
}

func TestRolesFromWhatRuns(t *testing.T) {
	listens := func(list ...migrate.Port) migrate.Server { return migrate.Server{ID: "x1", Name: "x1", Listens: list} }
	for name, c := range map[string]struct {
		s     migrate.Server
		flows []migrate.Flow
		want  string
	}{
		"process":            {s: listens(migrate.Port{Port: 3306, Protocol: "tcp", Process: "mysqld"}), want: "database"},
		"port":               {s: listens(migrate.Port{Port: 8983, Protocol: "tcp"}), want: "search"},
		"only itself":        {s: listens(migrate.Port{Port: 3306, Protocol: "tcp", Address: "127.0.0.1"}), want: ""},
		"clients":            {s: listens(), flows: []migrate.Flow{{From: "a", To: "x1", Port: 2049, Kind: flowObserved}}, want: "media"},
		"a rule is no proof": {s: listens(), flows: []migrate.Flow{{From: "a", To: "x1", Port: 2049, Kind: flowAllowed}}, want: ""},
		"a scan is no proof": {s: listens(), flows: []migrate.Flow{{From: "a", To: "x1", Port: 2049, Kind: flowObserved, Class: migrate.FlowScan}}, want: ""},
		"software":           {s: migrate.Server{ID: "x1", Name: "x1", Software: []migrate.Software{{Name: "elasticsearch"}}}, want: "search"},
		"sessions in Redis":  {s: migrate.Server{ID: "s", Name: "sess-01", Listens: []migrate.Port{{Port: 6379, Protocol: "tcp", Process: "redis-server"}}}, want: "sessions"},
		"the back office serves pages": {s: migrate.Server{ID: "a", Name: "uk-admin01", Software: []migrate.Software{{Name: "Apache"}, {Name: "PHP"}},
			Listens: []migrate.Port{{Port: 443, Protocol: "tcp", Process: "apache2"}, {Port: 9000, Protocol: "tcp", Process: "php-fpm"}}}, want: "admin"},
		"pages alone are the shop's": {s: migrate.Server{ID: "a", Name: "x1", Listens: []migrate.Port{{Port: 443, Protocol: "tcp", Process: "apache2"}}}, want: "web"},
		"web before mail":            {s: listens(migrate.Port{Port: 443, Protocol: "tcp", Process: "php-fpm"}, migrate.Port{Port: 25, Protocol: "tcp", Process: "master"}), want: "web"},
	} {
		signs := newSigns(&migrate.Estate{Flows: c.flows})
		require.Equal(t, c.want, conclude(roleVotes(&c.s, signs)).Value, name)
	}
}

func TestEvidenceAgainstIsToldAndLowersConfidence(t *testing.T) {
	sure := conclude([]vote{{"web", 0.8, "the name web1"}})
	torn := conclude([]vote{{"web", 0.8, "the name web1"}, {"mail", 0.6, "listens on 25"}})
	require.Equal(t, 0.8, sure.Confidence)
	require.Equal(t, migrate.Inference{Value: "web", Confidence: 0.56, Evidence: []string{"the name web1", "against it, mail: listens on 25"}}, torn)
	require.Equal(t, migrate.Inference{}, conclude([]vote{{"web", 0.5, "a"}, {"mail", 0.5, "b"}}))
	require.Equal(t, migrate.Inference{}, conclude(nil))
}

func TestConfidenceIsAShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		votes := rapid.SliceOf(rapid.Custom(func(t *rapid.T) vote {
			return vote{rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "v"), rapid.Float64Range(0, 0.99).Draw(t, "w"), "e"}
		})).Draw(t, "votes")
		got := conclude(votes)
		if got.Value != "" && (got.Confidence < leastConfidence || got.Confidence > 0.99) || got.Value == "" && got.Confidence != 0 {
			t.Fatalf("%+v", got)
		}
	})
}

func TestEnvironmentsAndApplications(t *testing.T) {
	e := Merge([]Batch{batchOf("rvtools-xlsx",
		migrate.Server{Name: "acme-web-01"}, migrate.Server{Name: "acme-db-01"}, migrate.Server{Name: "acme-web-test-01"}, migrate.Server{Name: "stg-acme-web"},
		migrate.Server{Name: "x7", Folder: "/dev/misc"}, migrate.Server{Name: "BOWSQLTST23B"}, migrate.Server{Name: "r1", Kind: migrate.KindPlaceholder},
		migrate.Server{Name: "cache-9", Environment: migrate.Inference{Value: "staging", Confidence: 1, Evidence: []string{"stated"}}})})
	e.Flows = []migrate.Flow{{From: "acme-web-01", To: "cache-9", Port: 6379, Kind: flowObserved}}
	Infer(e)
	env, app := map[string]string{}, map[string]string{}
	for _, s := range e.Servers {
		env[s.ID], app[s.ID] = s.Environment.Value, s.Application.Value
	}
	require.Equal(t, map[string]string{"acme-web-01": "production", "acme-db-01": "production", "acme-web-test-01": "test", "stg-acme-web": "staging",
		"x7": "development", "bowsqltst23b": "test", "r1": "recovery", "cache-9": "staging"}, env)
	require.Equal(t, map[string]string{"acme-web-01": "acme", "acme-db-01": "acme", "acme-web-test-01": "acme", "stg-acme-web": "acme",
		"x7": "", "bowsqltst23b": "", "r1": "", "cache-9": "acme"}, app)
}

func TestEnvironmentsFromNames(t *testing.T) {
	for name, want := range map[string]string{
		"oracle testing": "test", "testsqlvm02": "test", "devsqlvm04": "development", "DEVWEB1": "development", "stgappsrv01": "staging", "uatdb": "staging", "qaweb-2": "test",
		"devon": "", "devon-web01": "", "testament": "", "contest": "", "contest-web": "", "devices01": "", "testadvice": "", "qatar-db1": "", "devops": "", "testimonials": "",
		"development-tools": "", "developmenttools": "", "dev-web01": "development", "prod-web01": "production",
	} {
		require.Equal(t, want, conclude(environmentVotes(&migrate.Server{Name: name})).Value, name)
	}
	sure, less := conclude(environmentVotes(&migrate.Server{Name: "test-sqlvm02"})), conclude(environmentVotes(&migrate.Server{Name: "testsqlvm02"}))
	require.Less(t, less.Confidence, sure.Confidence)
}
