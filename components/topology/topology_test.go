package topology

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/storefront-toolkit/storefront/internal/golden"
	"github.com/storefront-toolkit/storefront/internal/schema"
)

var now = time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC)

// shop is a declaration with only what has no default.
func shop() Storefront {
	return Storefront{
		Environment: Production,
		Owner:       "platform",
		Network:     Network{CIDR: "10.40.0.0/16"},
		Channels: []Channel{
			{Code: "uk", Zone: "shop.example", Hostnames: []string{"www.shop.example"}, Currency: "GBP", RequestsPerSecond: 40},
			{Code: "fr", Zone: "boutique.example", Hostnames: []string{"www.boutique.example", "boutique.example"}, Currency: "EUR", RequestsPerSecond: 20},
		},
		Campaigns: []Campaign{{
			Name: "summer-sale", Start: now.AddDate(0, 5, 0), End: now.AddDate(0, 5, 1), Multiple: 47,
		}},
		Web:    Web{Size: Size{4, 8}, Capacity: Capacity{4, 60}, RequestsPerServer: 15},
		Access: Access{Mode: ClientVPN, ClientCIDR: "10.90.0.0/22"},
		Deploy: Deploy{Runner: Runner{Kind: "github", URL: "https://github.com/shop", Program: Download{
			URL: "https://github.com/actions/runner/releases/download/v1/runner.tar.gz", SHA256: strings.Repeat("0a", 32)}}},
		Database: Database{Engine: AuroraMySQL, StorageGiB: 200},
	}
}

func TestAValidDeclarationIsAccepted(t *testing.T) {
	s := shop()
	require.NoError(t, s.Validate(now))
	require.NoError(t, s.Resolve().Validate(now), "and so is its resolved copy")
}

func TestMistakesAreNamedWithTheirPath(t *testing.T) {
	for name, c := range map[string]struct {
		break_ func(*Storefront)
		want   string
	}{
		"environment":       {func(s *Storefront) { s.Environment = "prodction" }, `environment: "prodction" is not one of production, staging; did you mean production?`},
		"owner":             {func(s *Storefront) { s.Owner = "" }, `owner: "" is not a team's name`},
		"range too small":   {func(s *Storefront) { s.Network.CIDR = "10.40.0.0/24" }, "network.cidr: 10.40.0.0/24 is too small to divide"},
		"range unreadable":  {func(s *Storefront) { s.Network.CIDR = "10.40" }, `network.cidr: "10.40" is not an address range`},
		"zones":             {func(s *Storefront) { s.Network.Zones = 9 }, "network.zones: 9 is not between 1 and 4"},
		"overlap":           {func(s *Storefront) { s.Access.ClientCIDR = "10.40.4.0/22" }, "access.clientCidr: 10.40.4.0/22 overlaps network.cidr 10.40.0.0/16"},
		"client range":      {func(s *Storefront) { s.Access.ClientCIDR = "10.90.0.0/24" }, "access.clientCidr: 10.90.0.0/24 is not between /12 and /22"},
		"channel twice":     {func(s *Storefront) { s.Channels[1].Code = "uk" }, `channels[1].code: "uk" is channels[0]'s code already`},
		"host twice":        {func(s *Storefront) { s.Channels[1] = s.Channels[0]; s.Channels[1].Code = "ie" }, "channels[1].hostnames[0]: www.shop.example is channels[0].hostnames[0] already"},
		"host outside zone": {func(s *Storefront) { s.Channels[0].Hostnames[0] = "www.other.example" }, "channels[0].hostnames[0]: www.other.example lies outside the zone shop.example"},
		"suffix, no label":  {func(s *Storefront) { s.Channels[0].Hostnames[0] = "wwwshop.example" }, "lies outside the zone"},
		"no channel":        {func(s *Storefront) { s.Channels = nil }, "channels: there is none"},
		"min over max":      {func(s *Storefront) { s.Web.Capacity = Capacity{4, 2} }, "web.capacity.max: 2 is below min 4"},
		"campaign past": {func(s *Storefront) {
			s.Campaigns[0].End = now.AddDate(0, 0, -1)
			s.Campaigns[0].Start = now.AddDate(0, 0, -2)
		}, "campaigns[0].end: 2027-01-01T03:04:05Z is in the past"},
		"campaign reversed": {func(s *Storefront) { s.Campaigns[0].End = s.Campaigns[0].Start }, "is not after the start"},
		"campaign too big":  {func(s *Storefront) { s.Web.Capacity.Max = 20 }, "campaigns[0].webServers: 57 web servers for 47 times normal traffic are more than web.capacity.max 20"},
		"campaigns overlap": {func(s *Storefront) { c := s.Campaigns[0]; c.Name = "b"; s.Campaigns = append(s.Campaigns, c) }, "campaigns[1]: overlaps campaigns[0] summer-sale"},
		"engine":            {func(s *Storefront) { s.Database.Engine = "aurora" }, "database.engine: \"aurora\" is not one of aurora-mysql, mysql, mariadb; did you mean aurora-mysql?"},
		"version":           {func(s *Storefront) { s.Database.Version = "5.7" }, "database.version: \"5.7\" is not a version of aurora-mysql known here: 8.0"},
		"serverless":        {func(s *Storefront) { s.Database.Serverless = &Serverless{MinUnits: 8, MaxUnits: 2.3} }, "database.serverless.maxUnits: 2.3 is not a multiple of 0.5"},
		"admin name":        {func(s *Storefront) { s.Admin.Hostname = "www.shop.example" }, "admin.hostname: www.shop.example is a shop's name already"},
		"peer": {func(s *Storefront) {
			s.Access = Access{Mode: SiteVPN, OfficeCIDRs: []string{"192.168.0.0/16"}, PeerAddress: "10.0.0.1"}
		}, "access.peerAddress: \"10.0.0.1\" is not a public IPv4 address"},
		"legacy missing": {func(s *Storefront) { s.Channels[0].Cutover = &Cutover{} }, "channels[0].cutover.legacy: there is none"},
		"legacy name":    {func(s *Storefront) { s.Channels[1].Cutover = &Cutover{Legacy: []string{"old.shop.example"}} }, `channels[1].cutover.legacy[0]: "old.shop.example" is not an address`},
		"legacy private": {func(s *Storefront) { s.Channels[0].Cutover = &Cutover{Legacy: []string{"10.0.0.4"}} }, "channels[0].cutover.legacy[0]: 10.0.0.4 is not a public address"},
		"legacy twice": {func(s *Storefront) {
			s.Channels[0].Cutover = &Cutover{Legacy: []string{"198.51.100.7", "2001:db8::7", "198.51.100.7"}}
		}, "channels[0].cutover.legacy[2]: 198.51.100.7 is there twice"},
		"share": {func(s *Storefront) {
			s.Channels[0].Cutover = &Cutover{Legacy: []string{"198.51.100.7"}, NewShare: 101}
		}, "channels[0].cutover.newShare: 101 is not between 0 and 100"},
		"readers reversed":   {func(s *Storefront) { s.Database.Readers = Readers{Min: 4, Max: 2} }, "database.readers.max: 2 is below min 4"},
		"readers below zero": {func(s *Storefront) { s.Database.Readers = Readers{Min: 1, Max: -1} }, "database.readers.max: -1 is not between 0 and 15"},
		"offices twice": {func(s *Storefront) {
			s.Access = Access{Mode: SiteVPN, OfficeCIDRs: []string{"192.168.0.0/24", "192.168.0.0/24"}, PeerAddress: "198.51.100.7"}
		}, "access.officeCidrs[1]: 192.168.0.0/24 overlaps officeCidrs[0] 192.168.0.0/24"},
		"offices overlap": {func(s *Storefront) {
			s.Access = Access{Mode: SiteVPN, OfficeCIDRs: []string{"192.168.4.0/24", "172.16.0.0/16", "192.168.0.0/16"}, PeerAddress: "198.51.100.7"}
		}, "access.officeCidrs[2]: 192.168.0.0/16 overlaps officeCidrs[0] 192.168.4.0/24"},
		"office of IPv6": {func(s *Storefront) {
			s.Access = Access{Mode: SiteVPN, OfficeCIDRs: []string{"2001:db8::/48"}, PeerAddress: "198.51.100.7"}
		}, `access.officeCidrs[0]: "2001:db8::/48" is not an IPv4 range`},
		"clients of IPv6":   {func(s *Storefront) { s.Access.ClientCIDR = "2001::/20" }, `access.clientCidr: "2001::/20" is not an IPv4 range`},
		"clients multicast": {func(s *Storefront) { s.Access.ClientCIDR = "224.0.0.0/16" }, "access.clientCidr: 224.0.0.0/16 is no range that computers have addresses from"},
		"lead overflows":    {func(s *Storefront) { s.Campaigns[0].LeadMinutes = 99999999999999 }, "campaigns[0].leadMinutes: 99999999999999 is not between 0 and 10080"},
		"traffic overflows": {func(s *Storefront) { s.Campaigns[0].Multiple = 1e300 }, "campaigns[0].multiple: 1e+300 is above 1000"},
		"campaign of fewer": {func(s *Storefront) { s.Campaigns[0].WebServers = -3 }, "campaigns[0].webServers: -3 web servers are fewer than web.capacity.min 4"},
		"endless requests":  {func(s *Storefront) { s.Channels[0].RequestsPerSecond = 1e12 }, "channels[0].requestsPerSecond: 1e+12 is not above 0 and at most 1000000"},
		"too slow a server": {func(s *Storefront) { s.Web.RequestsPerServer = 1e-300 }, "web.requestsPerServer: 1e-300 is below 0.01"},
		"too many servers":  {func(s *Storefront) { s.Web.Capacity.Max = 1 << 40 }, "web.capacity.max: 1099511627776 is above 1000"},
		"web disk":          {func(s *Storefront) { s.Web.DiskGiB = 9999999 }, "web.diskGiB: 9999999 is not between 8 and 16384"},
		"search disk":       {func(s *Storefront) { s.Search.DiskGiB = 9999999 }, "search.diskGiB: 9999999 is not between 10 and 63488"},
		"kept for ever":     {func(s *Storefront) { s.Static.KeepDays = 999999999 }, "static.keepDays: 999999999 is not between 1 and 3650"},
		"media disk":        {func(s *Storefront) { s.Media.StorageGiB = 70000 }, "media.storageGiB: 70000 is not between 1 and 63488"},
		"rate":              {func(s *Storefront) { s.Edge.RateLimit = 3_000_000_000 }, "edge.rateLimit: 3000000000 is not between 100 and 2000000000"},
		"units":             {func(s *Storefront) { s.LoadBalancer.ReservedUnits = -1 }, "loadBalancer.reservedUnits: -1 is not between 0 and 100000"},
		"iops":              {func(s *Storefront) { s.Database.IOPS = 1 << 40 }, "database.iops: 1099511627776 is not between 0 and 256000"},
		"schema of its own": {func(s *Storefront) { s.Database.Name = "MySQL" }, `database.name: "MySQL" is a schema of the database's own`},
		"schema reserved":   {func(s *Storefront) { s.Database.Name = "order" }, `database.name: "order" is a word of SQL`},
		"warm pool":         {func(s *Storefront) { s.Web.WarmPool = 61 }, "web.warmPool: 61 is above capacity.max 60"},
		"no memory":         {func(s *Storefront) { s.Web.PHPMemoryMiB = 8000 }, "web.phpMemoryMiB: 8000 leaves no room"},
		"runner":            {func(s *Storefront) { s.Deploy.Runner.URL = "http://ci" }, `deploy.runner.url: "http://ci" is not an https address`},
		"runner unchecked":  {func(s *Storefront) { s.Deploy.Runner.Program.SHA256 = "" }, `deploy.runner.program.sha256: "" is not a SHA-256 sum`},
	} {
		t.Run(name, func(t *testing.T) {
			s := shop()
			c.break_(&s)
			require.ErrorContains(t, s.Validate(now), c.want)
		})
	}
}

func TestAllMistakesComeAtOnce(t *testing.T) {
	s := shop()
	s.Network.CIDR, s.Web.Capacity.Max, s.Channels[1].Code, s.Database.Engine = "10.0.0.0/28", 1, "uk", "oracle"
	var p Problems
	require.True(t, errors.As(s.Validate(now), &p))
	var paths []string
	for _, q := range p {
		paths = append(paths, q.Path)
	}
	require.Equal(t, []string{"campaigns[0].webServers", "channels[1].code", "database.engine", "network.cidr", "web.capacity.max"}, paths)
}

func TestValidateAndResolveChangeNothing(t *testing.T) {
	s, same := shop(), shop()
	s.Channels[0].Cutover = &Cutover{Legacy: []string{"198.51.100.7"}}
	same.Channels[0].Cutover = &Cutover{Legacy: []string{"198.51.100.7"}}
	require.NoError(t, s.Validate(now))
	r := s.Resolve()
	r.Channels[0].Hostnames[0], *r.Edge.CDN, r.Campaigns[0].Name = "x", false, "y"
	r.Channels[0].Cutover.Legacy[0], r.Channels[0].Cutover.NewShare = "z", 50
	require.Empty(t, cmp.Diff(same, s))
}

func TestResolveIsIdempotent(t *testing.T) {
	for _, env := range []Environment{Production, Staging} {
		s := shop()
		s.Environment = env
		once := s.Resolve()
		require.Empty(t, cmp.Diff(once, once.Resolve()))
	}
}

func TestCampaignServersFollowTraffic(t *testing.T) {
	s := shop().Resolve()
	// 60 requests a second, 30 % past the CDN, 47 times, 15 a server: 56.4.
	require.Equal(t, 57, s.Campaigns[0].WebServers)
	c := s.Campaigns[0]
	require.Equal(t, 4, s.WebServersAt(c.ScaleUp().Add(-time.Second)))
	require.Equal(t, 57, s.WebServersAt(c.ScaleUp()))
	require.Equal(t, 57, s.WebServersAt(c.End.Add(-time.Second)))
	require.Equal(t, 4, s.WebServersAt(c.End))
}

func TestMoreTrafficNeverNeedsFewerServers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := shop().Resolve()
		a := rapid.Float64Range(1, 100).Draw(t, "a")
		b := rapid.Float64Range(1, 100).Draw(t, "b")
		require.LessOrEqual(t, s.ServersFor(min(a, b)), s.ServersFor(max(a, b)))
		require.GreaterOrEqual(t, float64(s.ServersFor(a))*s.Web.RequestsPerServer, s.RequestsPerSecond()*a*(1-1e-9))
	})
}

func TestDecodeNamesEveryMistake(t *testing.T) {
	in := `{"environment":"staging","ownr":"x","web":{"size":{"vcpu":"four","memoryGiB":8},"capacity":{"min":1.5,"maks":3}},
		"channels":[{"code":"uk","hostname":"a"}],"campaigns":[{"start":"soon"}],"edge":{"cdn":"yes"}}`
	var s Storefront
	err := Decode([]byte(in), &s)
	for _, want := range []string{
		"ownr: unknown key; did you mean owner?",
		"web.capacity.maks: unknown key; did you mean max?",
		"web.capacity.min: 1.5 is not a whole number",
		"web.size.vcpu: four is not a number",
		"channels[0].hostname: unknown key; did you mean hostnames?",
		`campaigns[0].start: "soon" is not a time`,
		"edge.cdn: yes is not true or false",
	} {
		require.ErrorContains(t, err, want)
	}
	require.Len(t, strings.Split(err.Error(), "\n"), 7)
	require.ErrorContains(t, Decode([]byte(`[]`), &s), "not a mapping")
	require.ErrorContains(t, Decode([]byte(`{`), &s), "not structured")
}

func TestDecodeReadsWhatJSONWrites(t *testing.T) {
	want := shop().Resolve()
	data, err := json.Marshal(want)
	require.NoError(t, err)
	var got Storefront
	require.NoError(t, Decode(data, &got))
	require.Empty(t, cmp.Diff(want, got))
}

func TestTimesWithoutQuotesAreRead(t *testing.T) {
	var s Storefront
	require.NoError(t, Decode([]byte(`{"campaigns":[{"start":"2027-11-25 23:00:00 +0000 UTC","end":"2027-11-26T01:00:00+01:00"}]}`), &s))
	require.Equal(t, time.Date(2027, 11, 25, 23, 0, 0, 0, time.UTC), s.Campaigns[0].Start)
	require.Equal(t, time.Date(2027, 11, 26, 0, 0, 0, 0, time.UTC), s.Campaigns[0].End)
}

func FuzzDecode(f *testing.F) {
	good, _ := json.Marshal(shop())
	f.Add(good)
	f.Add([]byte(`{"web":{"capacity":{"min":1e400}},"channels":[null,{"hostnames":[1]}]}`))
	f.Add([]byte(`{"network":{"cidr":"::ffff:10.0.0.0/112"},"access":{"clientCidr":"300.0.0.0/8"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var s Storefront
		if Decode(data, &s) == nil {
			s.Validate(now)
			s.Resolve().Connections()
		}
	})
}

func TestSchemaDescribesTheDeclaration(t *testing.T) {
	data, err := schema.Of(&Storefront{})
	require.NoError(t, err)
	golden.Equal(t, "storefront.schema.json", data)

	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("storefront.json", doc))
	sch, err := c.Compile("storefront.json")
	require.NoError(t, err)
	check := func(s Storefront) error {
		b, err := json.Marshal(s)
		require.NoError(t, err)
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(string(b)))
		require.NoError(t, err)
		return sch.Validate(v)
	}
	require.NoError(t, check(shop().Resolve()))
	bad := shop().Resolve()
	bad.Environment = "test"
	require.Error(t, check(bad))
}

func TestConnectionsKeepTheDataTiersClosed(t *testing.T) {
	for _, c := range shop().Resolve().Connections() {
		switch c.To {
		case TierDatabase, TierSessions, TierCache, TierMedia:
			require.NotContains(t, []Tier{TierEdge, TierBalancer, TierAccess, TierStatic}, c.From, "%+v", c)
		case TierAdmin:
			require.Contains(t, []Tier{TierInternal, TierDeploy}, c.From, "the back office is reached through the VPN only")
		}
		require.NotEmpty(t, c.Why)
		require.NotZero(t, c.Port)
	}
}

// A field that is added without a bound is found here: the editor's schema, from
// which people type, bounds every number on both sides.
func TestEveryNumberIsBounded(t *testing.T) {
	data, err := schema.Of(&Storefront{})
	require.NoError(t, err)
	var doc any
	require.NoError(t, json.Unmarshal(data, &doc))
	numbers := 0
	var walk func(path string, v any)
	walk = func(path string, v any) {
		m, _ := v.(map[string]any)
		if kind := m["type"]; kind == "integer" || kind == "number" {
			numbers++
			// A server that an idle site was measured on takes any number.
			if path != ".$defs.Web.properties.requestsPerServer" {
				require.Contains(t, m, "maximum", path)
			}
			require.True(t, m["minimum"] != nil || m["exclusiveMinimum"] != nil, path)
		}
		for k, sub := range m {
			walk(path+"."+k, sub)
		}
	}
	walk("", doc)
	require.Greater(t, numbers, 30)
}

func TestNumbersOutOfReachAreRefused(t *testing.T) {
	full := shop()
	full.Channels[0].Cutover = &Cutover{Legacy: []string{"198.51.100.7"}, NewShare: 10}
	full.LoadBalancer.ReservedUnits, full.Web.WarmPool, full.Database.IOPS = 100, 6, 3000
	full.Database.Readers = Readers{Min: 1, Max: 2}
	full.Database.Size = Size{4, 32}
	serverless := full
	serverless.Database.Size, serverless.Database.Serverless = Size{}, &Serverless{MinUnits: 1, MaxUnits: 4}
	for _, s := range []Storefront{full.Resolve(), serverless.Resolve()} {
		data, err := json.Marshal(s)
		require.NoError(t, err)
		var doc any
		require.NoError(t, json.Unmarshal(data, &doc))
		each(doc, "", func(path string, set func(any)) {
			if s.Database.Serverless != nil && strings.HasPrefix(path, "database.size.") {
				return // it has none
			}
			for _, n := range []float64{-1, 9e14} {
				if n > 0 && path == "web.requestsPerServer" {
					continue
				}
				set(n)
				data, err := json.Marshal(doc)
				require.NoError(t, err)
				var got Storefront
				require.NoError(t, Decode(data, &got))
				require.ErrorContains(t, got.Validate(now), path+": ", "%v", n)
			}
		})
	}
}

// each calls f for every number in a document, with its path.
func each(v any, path string, f func(path string, set func(any))) {
	visit := func(at string, sub any, set func(any)) {
		if was, ok := sub.(float64); ok {
			f(at, set)
			set(was)
			return
		}
		each(sub, at, f)
	}
	switch v := v.(type) {
	case map[string]any:
		for k, sub := range v {
			visit(strings.TrimPrefix(path+"."+k, "."), sub, func(n any) { v[k] = n })
		}
	case []any:
		for i, sub := range v {
			visit(fmt.Sprintf("%s[%d]", path, i), sub, func(n any) { v[i] = n })
		}
	}
}
