package inventory

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestOverridesSetWhatWasConcluded(t *testing.T) {
	o, err := ParseOverrides("o.yaml", []byte(`
servers:
  AT-web-01.shop.example: {role: sessions, owner: Jane Doe, rpoHours: 4, monitoring: true}
patterns:
  - match: at-*
    role: web
    application: shop
  - match: "*"
    application: rest
`))
	require.NoError(t, err)
	e := Merge([]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "at-web-01", FQDN: "at-web-01.shop.example"}, migrate.Server{Name: "at-web-02"}, migrate.Server{Name: "mail"})})
	require.NoError(t, o.Apply(e))
	Infer(e)
	require.Equal(t, migrate.Inference{Value: "sessions", Confidence: 1, Evidence: []string{"set in o.yaml, line 3"}}, e.Servers[0].Role)
	require.Equal(t, "shop", e.Servers[0].Application.Value)
	require.Equal(t, 4.0, e.Servers[0].Backup.RPOHours)
	require.True(t, *e.Servers[0].Monitoring)
	require.Equal(t, []string{"override"}, e.Servers[0].From["owner"])
	require.Equal(t, "web", e.Servers[1].Role.Value)
	require.Equal(t, "rest", e.Servers[2].Application.Value)
}

func TestEveryMistakeInOverridesIsTold(t *testing.T) {
	_, err := ParseOverrides("o.yaml", []byte(`
server:
  a: {role: web}
servers:
  b: {roll: web, role: databse, enviroment: production, rpoHours: -1, owner: ""}
  b: {role: web}
  c: web
patterns:
  - role: web
  - match: "[x"
    role: web
  - match: x
    criticality: urgent
`))
	require.Equal(t, strings.TrimSpace(`
o.yaml:2: unknown key "server"; known are servers, patterns: did you mean "servers"?
o.yaml:5: unknown key "roll"; known are application, backupPolicy, criticality, disposition, environment, monitoring, owner, role, rpoHours, team, wave: did you mean "role"?
o.yaml:5: role: "databse" is none of web, static, admin, deploy, database, sessions, cache, search, analytics, media, loadbalancer, mail, monitoring, backup, directory, dns, time, queue, payment, erp, pim, file, vpn, desktop, virtualization, agent, other: did you mean "database"?
o.yaml:5: unknown key "enviroment"; known are application, backupPolicy, criticality, disposition, environment, monitoring, owner, role, rpoHours, team, wave: did you mean "environment"?
o.yaml:5: rpoHours: "-1" is no number of hours above 0
o.yaml:5: owner: is empty
o.yaml:6: "b" occurs twice
o.yaml:7: the entry of c has to be a mapping of keys to values
o.yaml:9: a pattern needs match: with a name in which * stands for any letters
o.yaml:10: a pattern needs match: with a name in which * stands for any letters
o.yaml:13: criticality: "urgent" is none of high, medium, low`), err.Error())
}

func TestOverridesThatReachNoServerAreMistakes(t *testing.T) {
	o, err := ParseOverrides("o.yaml", []byte("servers:\n  at-web-l1: {role: web}\n  jump: {role: vpn}\npatterns:\n  - {match: \"de-*\", role: web}\n"))
	require.NoError(t, err)
	e := Merge([]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "at-web-01"}, migrate.Server{Name: "jump", Cluster: "a"}, migrate.Server{Name: "jump", Cluster: "b"})})
	require.EqualError(t, o.Apply(e), strings.TrimSpace(`
o.yaml:2: no server is called "at-web-l1": did you mean "at-web-01"?
o.yaml:5: no server's ID fits the pattern "de-*"`))
}

func FuzzOverrides(f *testing.F) {
	f.Add("servers:\n  a: {role: web}\npatterns:\n  - {match: x, role: web}\n")
	f.Fuzz(func(t *testing.T, text string) {
		o, err := ParseOverrides("o.yaml", []byte(text))
		if err != nil {
			return
		}
		_ = o.Apply(Merge([]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "a"})}))
	})
}
