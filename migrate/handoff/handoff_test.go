package handoff

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/storefront-toolkit/storefront/internal/golden"
	"github.com/storefront-toolkit/storefront/migrate"
)

var options = Options{Account: "123456789012", Region: "eu-west-1", LocalVCenter: "6f1c0f0a-0000-4000-8000-000000000001", Stamp: time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)}

func fixture() (*migrate.Plan, *migrate.Estate) {
	start := time.Date(2026, 9, 17, 1, 0, 0, 0, time.FixedZone("BST", 3600))
	from, to := start.AddDate(0, 0, -7), start.AddDate(0, 0, -6)
	server := func(id, mover, role, app, disposition string) migrate.WaveServer {
		return migrate.WaveServer{ID: id, Group: "G001", Action: "move", Disposition: disposition, Mover: mover, Role: role, Environment: "production", Application: app,
			Owner: "Ada Vance", DataGB: 13.5, ChangeGBPerDay: 0.27, Hours: []migrate.TeamHours{{Team: "platform", Hours: 0.4}}, Risk: 2}
	}
	off := server("ftp01", "", "file", "", "retire")
	off.Action = "switch-off"
	plan := &migrate.Plan{Schema: migrate.PlanSchema, TimeZone: "Europe/London", Start: start.AddDate(0, 0, -16), Deadline: start.AddDate(0, 0, 25),
		Freezes:  []migrate.PlanFreeze{{Name: "sale; autumn, all shops", From: start.AddDate(0, 0, 4), To: start.AddDate(0, 0, 6)}},
		Retained: []migrate.LeftOver{{Server: "intranet01", Reason: "disposition retain"}},
		Waves: []migrate.Wave{
			{ID: "W01", Start: start, End: start.Add(4 * time.Hour), DataGB: 27, ReplicationGB: 30, ReplicationStart: &from, ReplicationEnd: &to,
				Servers: []migrate.WaveServer{server("uk-web01", "mgn", "web", "storefront uk", "rehost"), server("vm01", "hcx", "erp", "erp", "relocate"), off}},
			{ID: "W02", Start: start.AddDate(0, 0, 7), End: start.AddDate(0, 0, 7).Add(4 * time.Hour),
				Servers: []migrate.WaveServer{server("app01", "mgn", "other", "=HYPERLINK(1)", "refactor"), server("bsd01", "mgn", "other", "", "rehost"), server("vm02", "hcx", "erp", "erp", "rehost")}},
		}}
	estate := &migrate.Estate{Schema: migrate.EstateSchema, Servers: []migrate.Server{
		{ID: "app01", OS: "Windows Server 2022", OSFamily: "windows", Addresses: []string{"10.20.0.9"}},
		{ID: "bsd01", OS: "FreeBSD 14", OSFamily: "other", Addresses: []string{"10.20.0.8"}},
		{ID: "ftp01", OS: "CentOS 7 (64-bit)", OSFamily: "linux", Addresses: []string{"10.20.0.3"}},
		{ID: "uk-web01", FQDN: "uk-web01.shop.example", OS: "Debian GNU/Linux 12 (64-bit)", OSFamily: "linux", Addresses: []string{"10.20.0.7"}},
		{ID: "vm01", OSFamily: "linux", Addresses: []string{"10.20.0.5"}, Custom: map[string]string{"VM ID": "vm-1013"}},
		{ID: "vm02", OSFamily: "linux", Addresses: []string{"10.20.0.6"}},
	}}
	return plan, estate
}

func TestGolden(t *testing.T) {
	plan, estate := fixture()
	for _, f := range Formats() {
		files, leftOut, err := Export(f.Name, plan, estate, options)
		require.NoError(t, err, f.Name)
		for _, file := range files {
			golden.Equal(t, file.Name, file.Data)
		}
		var b strings.Builder
		for _, l := range leftOut {
			fmt.Fprintf(&b, "%s %s\n", l.Server, l.Reason)
		}
		golden.Equal(t, f.Name+".left-out.txt", []byte(b.String()))
	}
}

func TestCalendarReadsBack(t *testing.T) {
	plan, estate := fixture()
	files, _, err := Export("ics", plan, estate, options)
	require.NoError(t, err)
	require.NotContains(t, strings.ReplaceAll(string(files[0].Data), "\r\n", ""), "\n", "lines end as RFC 5545 says")
	for _, line := range strings.Split(string(files[0].Data), "\r\n") {
		require.LessOrEqual(t, len(line), 75)
	}
	cal, err := ics.ParseCalendar(bytes.NewReader(files[0].Data))
	require.NoError(t, err)
	seen := map[string]*ics.VEvent{}
	for _, e := range cal.Events() {
		require.NotContains(t, seen, e.Id())
		seen[e.Id()] = e
	}
	require.Len(t, seen, 5, "two windows, one replication, a freeze, the deadline")
	window := seen["window-W01.20260901@storefront"]
	require.NotNil(t, window)
	at, err := window.GetStartAt()
	require.NoError(t, err)
	require.True(t, at.Equal(plan.Waves[0].Start), "%v", at)
	require.Equal(t, "Freeze: sale; autumn, all shops", seen["freeze-1.20260901@storefront"].GetProperty(ics.ComponentPropertySummary).Value)
}

func TestWaveRequestKeepsToTheAPI(t *testing.T) {
	plan, estate := fixture()
	files, _, err := Export("hcx", plan, estate, options)
	require.NoError(t, err)
	require.Len(t, files, 1, "a wave without a VM that HCX can move has no request")
	var request map[string]any
	require.NoError(t, json.Unmarshal(files[0].Data, &request))
	require.Equal(t, "vm-1013", request["mobilityGroups"].([]any)[0].(map[string]any)["vms"].([]any)[0].(map[string]any)["id"])
	require.NotContains(t, request, "remoteSite", "an unknown site is not made up")

	plan.Waves = plan.Waves[1:]
	_, _, err = Export("hcx", plan, estate, options)
	require.ErrorContains(t, err, "no server moves with hcx")
}

func TestWrongOptionsAreToldAtOnce(t *testing.T) {
	plan, estate := fixture()
	_, _, err := Export("pdf", plan, estate, Options{Wave: "W09", Account: "12", Region: "Ireland"})
	require.EqualError(t, err, `export plan: format "pdf": write one of cmf, csv, hcx, ics, mgn
export plan: wave "W09" is not in the plan
export plan: account "12" is not 12 digits
export plan: region "Ireland" is not the name of one, such as eu-west-1`)
}

// TestNoCellIsAFormula: whatever the exports named their servers, no cell of
// any table starts a formula, every row has every column, and each server is
// in the table or told to be left out.
func TestNoCellIsAFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan, estate := fixture()
		evil := rapid.SampledFrom([]string{"=1+1", "+1", "-1", "@x", "\tx", "\rx", "a,b", "\"", "x\ny", "plain"})
		for w := range plan.Waves {
			for i := range plan.Waves[w].Servers {
				s := &plan.Waves[w].Servers[i]
				s.Application, s.Owner, s.Role = evil.Draw(t, "app"), evil.Draw(t, "owner"), evil.Draw(t, "role")
			}
		}
		plan.Waves[0].Servers[0].ID = evil.Draw(t, "id")
		estate.Servers[3].ID = plan.Waves[0].Servers[0].ID
		for _, format := range []string{"mgn", "cmf", "csv"} {
			files, leftOut, err := Export(format, plan, estate, options)
			if err != nil {
				t.Fatal(err)
			}
			rows, err := csv.NewReader(bytes.NewReader(files[0].Data)).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rows {
				for _, cell := range r {
					if formula(cell) {
						t.Fatalf("%s: cell %q", format, cell)
					}
				}
			}
			want := 6
			if format != "mgn" {
				want++ // the retained server
			}
			if len(rows)-1+len(leftOut) != want {
				t.Fatalf("%s: %d rows and %d left out, of %d", format, len(rows)-1, len(leftOut), want)
			}
		}
	})
}

// TestAnyTextReadsBackFromTheCalendar: whatever a campaign is called, the
// entry reads back with that name, in lines of at most 75 octets.
func TestAnyTextReadsBackFromTheCalendar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan, estate := fixture()
		name := rapid.StringOf(rapid.RuneFrom([]rune(`abc ,;\:"=äß漢🛒`))).Draw(t, "name")
		plan.Freezes[0].Name = name
		files, _, err := Export("ics", plan, estate, options)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(files[0].Data), "\r\n") {
			if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
				t.Fatalf("line %q", line)
			}
		}
		cal, err := ics.ParseCalendar(bytes.NewReader(files[0].Data))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range cal.Events() {
			if strings.HasPrefix(e.Id(), "freeze-") && e.GetProperty(ics.ComponentPropertySummary).Value != "Freeze: "+name {
				t.Fatalf("%q became %q", name, e.GetProperty(ics.ComponentPropertySummary).Value)
			}
		}
	})
}
