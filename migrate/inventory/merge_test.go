package inventory

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/storefront-toolkit/storefront/migrate"
)

const (
	uuidA = "42180000-0000-4000-8000-0000000000aa"
	uuidB = "42180000-0000-4000-8000-0000000000bb"
)

// batchOf is a source with servers whose books are in order.
func batchOf(format string, servers ...migrate.Server) Batch {
	return Batch{Source: migrate.Source{Name: format, Format: format, Rows: len(servers), Servers: len(servers)}, Servers: servers}
}

func ids(e *migrate.Estate) string {
	var out []string
	for _, s := range e.Servers {
		out = append(out, s.ID)
	}
	return strings.Join(out, " ")
}

func TestWhatIsOneServer(t *testing.T) {
	vm := func(s migrate.Server) migrate.Server { s.Kind = migrate.KindVM; return s }
	for name, c := range map[string]struct {
		batches []Batch
		want    string
	}{
		"uuid":                              {[]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "shop web 1", UUID: uuidA}), batchOf("azure-migrate-csv", migrate.Server{Name: "web01", UUID: strings.ToUpper(uuidA)})}, "shop web 1"},
		"uuid with its bytes turned":        {[]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "a", UUID: "42181a2b-0e22-4eac-a661-f9ffb9bdba1d"}), batchOf("ansible-facts", migrate.Server{Name: "b", UUID: "2b1a1842-220e-ac4e-a661-f9ffb9bdba1d"})}, "a"},
		"uuid within the serial number":     {[]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "a", UUID: "42181a2b-0e22-4eac-a661-f9ffb9bdba1d"}), batchOf("ansible-facts", migrate.Server{Name: "b", Serial: "VMware-42 18 1a 2b 0e 22 4e ac-a6 61 f9 ff b9 bd ba 1d"})}, "a"},
		"uuid that two of one source share": {[]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "a", UUID: uuidA}, migrate.Server{Name: "b", UUID: uuidA}), batchOf("ansible-facts", migrate.Server{Name: "c", UUID: uuidA})}, "a b c"},
		"serial":                            {[]Batch{batchOf("cmf-intake", migrate.Server{Name: "a", Serial: "CZ1234567"}), batchOf("ansible-facts", migrate.Server{Name: "b", Serial: "cz1234567"})}, "b"},
		"no serial":                         {[]Batch{batchOf("cmf-intake", migrate.Server{Name: "a", Serial: "None"}), batchOf("ansible-facts", migrate.Server{Name: "b", Serial: "none"})}, "a b"},
		"host name with domain":             {[]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "VM 7", FQDN: "web01.shop.example"}), batchOf("ss", migrate.Server{Name: "web01.shop.example"})}, "vm 7"},
		"short name against the same with its domain": {[]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "web01"}), batchOf("ss", migrate.Server{Name: "web01.shop.example"})}, "web01"},
		"one name in two domains":                     {[]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "web01", FQDN: "web01.at.example"}), batchOf("ss", migrate.Server{Name: "web01.de.example"})}, "web01 web01.de.example"},
		"namesakes in one source":                     {[]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "jump", Cluster: "b"}, migrate.Server{Name: "jump", Cluster: "a"})}, "jump jump~2"},
		"namesakes against a third":                   {[]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "jump", Cluster: "b"}, migrate.Server{Name: "jump", Cluster: "a"}), batchOf("ss", migrate.Server{Name: "jump"})}, "jump jump~2 jump~3"},
		"one name with two UUIDs":                     {[]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "web01", UUID: uuidA}), batchOf("rvtools-csv", migrate.Server{Name: "web01", UUID: uuidB})}, "web01 web01~2"},
		"mac":                                         {[]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "VM 7", MACs: []string{"00:50:56:00:00:01"}}), batchOf("ansible-facts", migrate.Server{Name: "web01", MACs: []string{"00:50:56:00:00:01"}})}, "vm 7"},
		"address":                                     {[]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "VM 7", Addresses: []string{"10.0.0.1"}}), batchOf("cmf-intake", migrate.Server{Name: "web01", Addresses: []string{"10.0.0.1"}})}, "vm 7"},
		"a floating address":                          {[]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "lb01", Addresses: []string{"10.0.0.9"}}), batchOf("cmf-intake", migrate.Server{Name: "lb02", Addresses: []string{"10.0.0.9"}})}, "lb01 lb02"},
		"an address that two hold":                    {[]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "x", Addresses: []string{"10.0.0.9"}}, migrate.Server{Name: "y", Addresses: []string{"10.0.0.9"}}), batchOf("cmf-intake", migrate.Server{Name: "z", Addresses: []string{"10.0.0.9"}})}, "x y z"},
		"addresses of two servers":                    {[]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "x", Addresses: []string{"10.0.0.8"}}, migrate.Server{Name: "y", Addresses: []string{"10.0.0.9"}}), batchOf("cmf-intake", migrate.Server{Name: "z", Addresses: []string{"10.0.0.8", "10.0.0.9"}})}, "x y z"},
		"link-local addresses":                        {[]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "x", Addresses: []string{"169.254.1.1"}}), batchOf("cmf-intake", migrate.Server{Name: "y", Addresses: []string{"169.254.1.1"}})}, "x y"},
		"a template of the same name":                 {[]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "web", Kind: migrate.KindTemplate}), batchOf("rvtools-csv", vm(migrate.Server{Name: "web"}))}, "web web~2"},
		"copies in two vCenters": {[]Batch{batchOf("rvtools-xlsx", inCenter("A", migrate.Server{Name: "web01", FQDN: "web01.a.example", UUID: uuidA, Host: "esx1"})),
			batchOf("rvtools-csv", inCenter("B", migrate.Server{Name: "db77", FQDN: "db77.b.example", UUID: uuidA, Host: "esx9"}))}, "db77 web01"},
		"copies in two vCenters and a guest": {[]Batch{batchOf("rvtools-xlsx", inCenter("A", migrate.Server{Name: "web01", UUID: uuidA})),
			batchOf("rvtools-csv", inCenter("B", migrate.Server{Name: "db77", UUID: uuidA})), batchOf("ansible-facts", migrate.Server{Name: "db77", UUID: uuidA})}, "db77 web01"},
		"copies in two vCenters with one MAC": {[]Batch{batchOf("rvtools-xlsx", inCenter("A", migrate.Server{Name: "web01", UUID: uuidA, MACs: []string{"00:50:56:00:00:01"}})),
			batchOf("rvtools-csv", inCenter("B", migrate.Server{Name: "db77", UUID: uuidA, MACs: []string{"00:50:56:00:00:01"}}))}, "db77 web01"},
		"moved between vCenters": {[]Batch{batchOf("rvtools-xlsx", inCenter("A", migrate.Server{Name: "web01", UUID: uuidA, Host: "esx1"})),
			batchOf("rvtools-csv", inCenter("B", migrate.Server{Name: "web01", UUID: uuidA, Host: "esx9"}))}, "web01"},
		"moved between vCenters and renamed": {[]Batch{batchOf("rvtools-xlsx", inCenter("A", migrate.Server{Name: "VM 7", FQDN: "web01.a.example", UUID: uuidA})),
			batchOf("rvtools-csv", inCenter("B", migrate.Server{Name: "shop web 1", FQDN: "web01.a.example", UUID: uuidA}))}, "vm 7"},
		"renamed in one vCenter":                 {[]Batch{batchOf("rvtools-xlsx", inCenter("A", migrate.Server{Name: "old", UUID: uuidA})), batchOf("rvtools-csv", inCenter("A", migrate.Server{Name: "new", UUID: uuidA}))}, "old"},
		"an address given anew":                  {[]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "oldapp", Power: migrate.PowerOff, Addresses: []string{"10.0.0.5"}}), batchOf("servers-csv", migrate.Server{Name: "billing01", Addresses: []string{"10.0.0.5"}})}, "billing01 oldapp"},
		"an address under two names":             {[]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "oldapp", Addresses: []string{"10.0.0.5"}}), batchOf("servers-csv", migrate.Server{Name: "billing01", Addresses: []string{"10.0.0.5"}})}, "billing01 oldapp"},
		"an address of one that is off":          {[]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "VM 7", Power: migrate.PowerOff, Addresses: []string{"10.0.0.5"}}), batchOf("servers-csv", migrate.Server{Name: "billing01", Addresses: []string{"10.0.0.5"}})}, "billing01 vm 7"},
		"an address of what is off in both ways": {[]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "VM 7", Power: migrate.PowerOff, Addresses: []string{"10.0.0.5"}}), batchOf("azure-migrate-csv", migrate.Server{Name: "10.0.0.5", Power: migrate.PowerOff})}, "vm 7"},
		"three by two ways":                      {[]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "VM 7", UUID: uuidA}), batchOf("ss", migrate.Server{Name: "web01.shop.example"}), batchOf("ansible-facts", migrate.Server{Name: "web01.shop.example", UUID: uuidA})}, "vm 7"},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, ids(Merge(c.batches))) })
	}
}

// inCenter is a server that a vCenter of this UUID has.
func inCenter(center string, s migrate.Server) migrate.Server {
	s.Custom = map[string]string{customCenter: center}
	return s
}

func TestTwoServersOfOneKeyAreReported(t *testing.T) {
	e := Merge([]Batch{batchOf("rvtools-xlsx", inCenter("A", migrate.Server{Name: "web01", UUID: uuidA})), batchOf("rvtools-csv", inCenter("B", migrate.Server{Name: "db77", UUID: uuidA}))})
	warned := append(e.Sources[0].Warnings, e.Sources[1].Warnings...)
	require.Len(t, warned, 1)
	require.Contains(t, warned[0].Note, "share the UUID "+uuidKey(uuidA)+": they run in two vCenters under different names")
	e = Merge([]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "oldapp", Power: migrate.PowerOff, Addresses: []string{"10.0.0.5"}}), batchOf("servers-csv", migrate.Server{Name: "billing01", Addresses: []string{"10.0.0.5"}})})
	require.Equal(t, "billing01 and oldapp share the address 10.0.0.5: their names differ; both stay", e.Sources[0].Warnings[0].Note)
}

func TestSharedUUIDIsReported(t *testing.T) {
	e := Merge([]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "a", UUID: uuidA}, migrate.Server{Name: "b", UUID: uuidA})})
	require.Equal(t, "2 servers share the UUID "+uuidKey(uuidA)+" (a, b): no server is known by it", e.Sources[0].Warnings[0].Note)
}

func TestFactsKeepTheirSourcesAndContradictionsAreListed(t *testing.T) {
	june, july := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	old := batchOf("rvtools-xlsx", migrate.Server{Name: "web01", CPUs: 4, MemoryMiB: 8192, Host: "esx1", Power: migrate.PowerOn})
	old.AsOf = june
	guest := batchOf("ansible-facts", migrate.Server{Name: "web01", CPUs: 8, MemoryMiB: 7900, OS: "CentOS 7.9", FQDN: "web01.shop.example"})
	now := batchOf("rvtools-csv", migrate.Server{Name: "WEB01", CPUs: 8, MemoryMiB: 8192, Host: "esx2.shop.example", OS: "CentOS 7 (64-bit)", Power: migrate.PowerOn})
	now.AsOf = july
	form := batchOf("cmf-intake", migrate.Server{Name: "web01", CPUs: 2, Owner: "Web team", Wave: "3"})
	e := Merge([]Batch{old, guest, now, form})
	require.Len(t, e.Servers, 1)
	s := e.Servers[0]
	require.Equal(t, 8, s.CPUs)
	require.EqualValues(t, 8192, s.MemoryMiB)
	require.Equal(t, "CentOS 7.9", s.OS)
	require.Equal(t, "Web team", s.Owner)
	require.Equal(t, []string{"S3", "S2"}, s.From["cpus"])
	require.Equal(t, []string{"S3", "S1", "S2"}, s.From["memoryMiB"], "the guest's smaller figure is the same memory")
	require.Equal(t, []string{"S2", "S3"}, s.From["os"])
	require.Equal(t, []migrate.Contradiction{
		{Server: "web01", Field: "cpus", Chosen: "8", Why: "S3 is newer (2026-07-01 against 2026-06-01)",
			Values: []migrate.Claim{{Source: "S3", Value: "8"}, {Source: "S1", Value: "4"}, {Source: "S2", Value: "8"}, {Source: "S4", Value: "2"}}},
		{Server: "web01", Field: "host", Chosen: "esx2.shop.example", Why: "S3 is newer (2026-07-01 against 2026-06-01)",
			Values: []migrate.Claim{{Source: "S3", Value: "esx2.shop.example"}, {Source: "S1", Value: "esx1"}}},
	}, e.Contradictions)
	require.Equal(t, july, *e.AsOf)
}

func TestFlowEndsBecomeServers(t *testing.T) {
	servers := batchOf("rvtools-xlsx",
		migrate.Server{Name: "web", Addresses: []string{"10.0.0.1", "10.9.0.1"}}, migrate.Server{Name: "db", FQDN: "db.shop.example", Addresses: []string{"10.0.0.2"}},
		migrate.Server{Name: "x1", Addresses: []string{"10.0.0.7"}}, migrate.Server{Name: "x2", Addresses: []string{"10.0.0.7"}})
	flow := func(from, to string, bytes int64) migrate.Flow {
		return migrate.Flow{From: from, To: to, Port: 3306, Protocol: "tcp", Kind: flowObserved, Bytes: bytes}
	}
	one := Batch{Source: migrate.Source{Name: "one", Format: "vpc-flow-log", Rows: 5, Flows: 5}, Flows: []migrate.Flow{
		flow("10.0.0.1", "10.0.0.2", 100), flow("10.9.0.1", "db.shop.example", 50), flow("203.0.113.9", "web", 1), flow("10.0.0.1", "10.9.0.1", 7), flow("10.0.0.7", "db", 3)}}
	two := Batch{Source: migrate.Source{Name: "two", Format: "ss", Rows: 1, Flows: 1}, Flows: []migrate.Flow{flow("web", "db", 120)}}
	e := Merge([]Batch{servers, one, two})
	require.Len(t, e.Flows, 3)
	require.Equal(t, migrate.Flow{From: "10.0.0.7", FromOutside: true, To: "db", Port: 3306, Protocol: "tcp", Kind: flowObserved, Bytes: 3, Sources: []string{"S2"}}, e.Flows[0])
	require.Equal(t, "203.0.113.9", e.Flows[1].From)
	require.True(t, e.Flows[1].FromOutside)
	require.Equal(t, migrate.Flow{From: "web", To: "db", Port: 3306, Protocol: "tcp", Kind: flowObserved, Bytes: 150, Sources: []string{"S2", "S3"}}, e.Flows[2])
	var notes []string
	for _, w := range e.Sources[1].Warnings {
		notes = append(notes, w.Note)
	}
	require.Equal(t, []string{"10.0.0.7 is an address or name of 2 servers (x1, x2): the end of its flows stays outside",
		"1 flow between addresses of one and the same server: not kept as traffic"}, notes)
}

func TestMeasuredUseFindsItsServer(t *testing.T) {
	at := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	series := func(server string) Series {
		return Series{Server: server, Metric: CPUPercent, Times: []time.Time{at, at.Add(time.Hour)}, Values: []float64{10, 30}}
	}
	e := Merge([]Batch{batchOf("rvtools-xlsx", migrate.Server{Name: "web", UUID: uuidA}), {Source: migrate.Source{Name: "u", Format: "vrops", Rows: 2, Facts: 2}, Uses: []Series{series(strings.ToUpper(uuidA)), series("stranger")}}})
	require.Equal(t, 20.0, e.Servers[0].Use.CPU.Mean)
	require.Equal(t, []string{"S2"}, e.Servers[0].From["use"])
	require.Equal(t, "measured use of 1 name that no server has: [stranger]", e.Sources[1].Warnings[0].Note)
	require.Equal(t, "the use of 1 server is measured for less than 24 hours or with fewer than 12 samples: too little to size or judge by", e.Sources[1].Warnings[1].Note)
}

func TestAReaderThatLosesRowsIsToldOn(t *testing.T) {
	b := batchOf("rvtools-xlsx", migrate.Server{Name: "web"})
	b.Source.Rows = 3
	e := Merge([]Batch{b})
	require.Contains(t, e.Sources[0].Warnings[0].Note, "2 of its 3 rows are not accounted for")
}

// drawServer makes servers that overlap in many ways.
func drawServer(t *rapid.T) migrate.Server {
	pick := func(label string, list ...string) string { return rapid.SampledFrom(list).Draw(t, label) }
	s := migrate.Server{
		Name: pick("name", "web", "web01", "web01.a.example", "db", "lb01", "lb02", "10.0.0.1"),
		FQDN: pick("fqdn", "", "", "web01.a.example", "web01.b.example", "db.a.example"),
		UUID: pick("uuid", "", "", uuidA, uuidB), Serial: pick("serial", "", "", "SN000001", "none"),
		Kind: migrate.Kind(pick("kind", "vm", "template", "unknown", "placeholder")), Power: migrate.Power(pick("power", "on", "off", "unknown")),
		CPUs: rapid.IntRange(0, 3).Draw(t, "cpus"),
	}
	if a := pick("address", "", "10.0.0.1", "10.0.0.2", "169.254.0.1"); a != "" {
		s.Addresses = []string{a}
	}
	if m := pick("mac", "", "00:50:56:00:00:01", "00:50:56:00:00:02"); m != "" {
		s.MACs = []string{m}
	}
	return s
}

func drawBatches(t *rapid.T) []Batch {
	formats := []string{"rvtools-xlsx", "ansible-facts", "cmf-intake", "azure-migrate-csv"}
	var out []Batch
	for i, f := range formats[:rapid.IntRange(1, len(formats)).Draw(t, "sources")] {
		b := batchOf(f, rapid.SliceOfN(rapid.Custom(drawServer), 0, 5).Draw(t, "servers")...)
		b.Source.Name = fmt.Sprint(i)
		out = append(out, b)
	}
	return out
}

func TestMergeLosesNoServerAndJoinsNoneOfOneSource(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		batches := drawBatches(t)
		e := Merge(batches)
		declared, most := 0, 0
		for _, b := range batches {
			declared += len(b.Servers)
			most = max(most, len(b.Servers))
		}
		if n := len(e.Servers); n > declared || n < most {
			t.Fatalf("%d servers of %d declared, %d by one source", n, declared, most)
		}
		seen := map[string]bool{}
		for i, s := range e.Servers {
			if seen[s.ID] {
				t.Fatalf("ID %s twice", s.ID)
			}
			seen[s.ID] = true
			if i > 0 && e.Servers[i-1].ID > s.ID {
				t.Fatalf("not sorted: %s after %s", s.ID, e.Servers[i-1].ID)
			}
		}
		for _, src := range e.Sources {
			if unaccounted(src) != 0 {
				t.Fatalf("rows lost: %+v", src)
			}
		}
	})
}

func TestMergeDoesNotDependOnTheOrderOfInputs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		batches := drawBatches(t)
		turned := rapid.Permutation(batches).Draw(t, "order")
		a, b := Merge(batches), Merge(turned)
		if x, y := withoutSources(t, a), withoutSources(t, b); x != y {
			t.Fatalf("one order gives\n%s\nanother\n%s", x, y)
		}
	})
}

// withoutSources is an estate without what has to follow the order: the
// sources' IDs.
func withoutSources(t *rapid.T, e *migrate.Estate) string {
	type bare struct {
		ID, Name, FQDN, UUID, Serial string
		Kind                         migrate.Kind
		Power                        migrate.Power
		CPUs                         int
		Addresses, MACs              []string
	}
	var out []bare
	for _, s := range e.Servers {
		out = append(out, bare{s.ID, s.Name, s.FQDN, s.UUID, s.Serial, s.Kind, s.Power, s.CPUs, s.Addresses, s.MACs})
	}
	data, err := json.MarshalIndent(out, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
