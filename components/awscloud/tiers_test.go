package awscloud

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// made is what a program registered, by "token name".
type made struct {
	sync.Mutex
	inputs  map[string]map[string]any
	protect map[string]bool
	regions map[string]string
	// vpc is the end of the network's ID.
	vpc string
	// noManaged has AWS keep no master's password yet.
	noManaged bool
}

func (m *made) NewResource(in pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	out := in.Inputs.Copy()
	set := func(k string, v any) {
		if _, has := out[resource.PropertyKey(k)]; !has {
			out[resource.PropertyKey(k)] = resource.NewPropertyValue(v)
		}
	}
	set("arn", "arn:aws:test:::"+in.Name)
	for _, k := range []string{"endpoint", "readerEndpoint", "address", "dnsName", "domainName", "hostedZoneId", "zoneId",
		"primaryEndpointAddress", "readerEndpointAddress", "bucketRegionalDomainName", "fqdn", "keyId", "name", "identifier", "bucket"} {
		set(k, in.Name+"."+k)
	}
	managed := []any{map[string]any{"secretArn": "arn:managed"}}
	if m.noManaged {
		managed = []any{}
	}
	set("masterUserSecrets", managed)
	set("domainValidationOptions", proofs(in.Inputs))
	if strings.HasSuffix(in.TypeToken, ":Vpc") {
		return m.note(in, "vpc-0"+m.vpc, out)
	}
	return m.note(in, in.Name+"-id", out)
}

// proofs are what ACM asks for of a certificate's names, in an order of its own.
func proofs(certificate resource.PropertyMap) []any {
	var hosts []string
	if v, ok := certificate["domainName"]; ok {
		hosts = append(hosts, v.StringValue())
	}
	if v, ok := certificate["subjectAlternativeNames"]; ok {
		for _, h := range v.ArrayValue() {
			hosts = append(hosts, h.StringValue())
		}
	}
	slices.SortFunc(hosts, func(a, b string) int { return strings.Compare(checksum(a), checksum(b)) })
	var out []any
	for _, h := range hosts {
		out = append(out, map[string]any{
			"domainName": h, "resourceRecordName": "_proof." + h, "resourceRecordType": "CNAME", "resourceRecordValue": checksum(h),
		})
	}
	return out
}

func (m *made) note(in pulumi.MockResourceArgs, id string, out resource.PropertyMap) (string, resource.PropertyMap, error) {
	m.Lock()
	defer m.Unlock()
	token := in.TypeToken[strings.LastIndex(in.TypeToken, ":")+1:]
	m.inputs[token+" "+in.Name] = in.Inputs.Mappable()
	if r := in.RegisterRPC; r != nil {
		m.protect[token+" "+in.Name] = r.GetProtect()
		m.regions[token+" "+in.Name] = r.GetProvider()
	}
	return id, out, nil
}

func (m *made) Call(in pulumi.MockCallArgs) (resource.PropertyMap, error) {
	answers := map[string]map[string]any{
		"aws:index/getCallerIdentity:getCallerIdentity":          {"accountId": "123456789012"},
		"aws:index/getPartition:getPartition":                    {"partition": "aws"},
		"aws:index/getAvailabilityZones:getAvailabilityZones":    {"names": []any{"eu-west-1a", "eu-west-1b", "eu-west-1c"}},
		"aws:route53/getZone:getZone":                            {"zoneId": "Z123"},
		"aws:ec2/getManagedPrefixList:getManagedPrefixList":      {"id": "pl-123"},
		"aws:secretsmanager/getRandomPassword:getRandomPassword": {"randomPassword": "drawn"},
		"aws:iam/getRoles:getRoles":                              {"names": []any{"AWSServiceRoleForAmazonOpenSearchService"}, "arns": []any{"arn"}},
	}
	a, ok := answers[in.Token]
	if !ok {
		return nil, fmt.Errorf("no answer to %s", in.Token)
	}
	return resource.NewPropertyMapFromMap(a), nil
}

// of returns the inputs of the one resource of a type and name.
func (m *made) of(t *testing.T, what string) map[string]any {
	t.Helper()
	require.Contains(t, m.inputs, what)
	return m.inputs[what]
}

// all returns the inputs of all resources of a type.
func (m *made) all(token string) map[string]map[string]any {
	out := map[string]map[string]any{}
	for k, v := range m.inputs {
		if name, ok := strings.CutPrefix(k, token+" "); ok {
			out[name] = v
		}
	}
	return out
}

func small(environment topology.Environment, change func(*topology.Storefront)) topology.Storefront {
	s := topology.Storefront{
		Environment: environment, Owner: "platform", Network: topology.Network{CIDR: "10.40.0.0/16", Zones: 3},
		Channels: []topology.Channel{
			{Code: "uk", Zone: "shop.example", Hostnames: []string{"www.shop.example", "shop.example"}, Currency: "GBP", RequestsPerSecond: 40},
			{Code: "fr", Zone: "boutique.example", Hostnames: []string{"www.boutique.example"}, Currency: "EUR", RequestsPerSecond: 20},
		},
		Web:      topology.Web{Size: topology.Size{VCPU: 4, MemoryGiB: 8}, Capacity: topology.Capacity{Min: 2, Max: 60}, RequestsPerServer: 15},
		Access:   topology.Access{Mode: topology.ClientVPN, ClientCIDR: "10.90.0.0/22"},
		Database: topology.Database{Engine: topology.AuroraMySQL, StorageGiB: 200},
	}
	if change != nil {
		change(&s)
	}
	return s.Resolve()
}

// build runs the tiers that keep data and the edge against mocks.
func build(t *testing.T, s topology.Storefront) *made { return buildIn(t, "1a", s) }

// buildIn is build in a network whose ID ends so.
func buildIn(t *testing.T, vpc string, s topology.Storefront) *made {
	t.Helper()
	return run(t, vpc, s, buildTiers)
}

// run makes a network whose ID ends so, and what is given on top of it, against
// mocks.
func run(t *testing.T, vpc string, s topology.Storefront, on tiers) *made {
	t.Helper()
	m := &made{inputs: map[string]map[string]any{}, protect: map[string]bool{}, regions: map[string]string{}, vpc: vpc}
	require.NoError(t, m.build(s, false, on))
	return m
}

// tiers register what stands on a network.
type tiers func(*pulumi.Context, pulumi.Resource, *site, topology.Storefront) error

func (m *made) build(s topology.Storefront, preview bool, on tiers) error {
	return pulumi.RunErr(func(ctx *pulumi.Context) error {
		root := &pulumi.ResourceState{}
		if err := ctx.RegisterComponentResource("test:index:Root", "shop", root); err != nil {
			return err
		}
		p := New(Settings{Region: "eu-west-1", Certificates: Issue}, aws.ProviderArgs{})
		meta := platform.Meta{Project: "shop", Stack: "test", Owner: s.Owner, Environment: s.Environment, Protected: s.Environment == topology.Production}
		net, err := p.Network(ctx, root, platform.NetworkArgs{Name: "shop-network", Meta: meta, Shop: s})
		if err != nil {
			return err
		}
		return on(ctx, root, net.(*site), s)
	}, pulumi.WithMocks("shop", "test", m), func(info *pulumi.RunInfo) { info.DryRun = preview })
}

func buildTiers(ctx *pulumi.Context, root pulumi.Resource, on *site, s topology.Storefront) error {
	media, err := on.Media(ctx, root, platform.MediaArgs{Name: "shop-media", Media: s.Media})
	if err != nil {
		return err
	}
	static, err := on.Static(ctx, root, platform.StaticArgs{Name: "shop-static", Static: s.Static})
	if err != nil {
		return err
	}
	database, err := on.Database(ctx, root, platform.DatabaseArgs{Name: "shop-database", Database: s.Database})
	if err != nil {
		return err
	}
	ctx.Export("master", database.Owner.Master.ARN)
	for tier, r := range map[topology.Tier]topology.Redis{topology.TierSessions: s.Sessions, topology.TierCache: s.Cache} {
		if _, err := on.Redis(ctx, root, platform.RedisArgs{Name: "shop-" + string(tier), Tier: tier, Redis: r, Evict: tier == topology.TierCache}); err != nil {
			return err
		}
	}
	if s.Search.Engine == topology.OpenSearch {
		if _, err := on.SearchDomain(ctx, root, platform.SearchDomainArgs{Name: "shop-search", Tier: topology.TierSearch, Size: s.Search.Size, Count: s.Search.Count, DiskGiB: s.Search.DiskGiB}); err != nil {
			return err
		}
	}
	var origins []platform.ChannelOrigin
	for _, c := range s.Channels {
		b, err := on.LoadBalancer(ctx, root, platform.LoadBalancerArgs{
			Name: "shop-web-" + c.Code, Target: topology.TierWeb, Public: true, Channels: []topology.Channel{c}, Port: 80, TLS: true, HealthPath: "/health",
		})
		if err != nil {
			return err
		}
		origins = append(origins, platform.ChannelOrigin{Channel: c, LoadBalancer: b})
	}
	_, err = on.Edge(ctx, root, platform.EdgeArgs{Name: "shop-edge", Edge: s.Edge, Channels: origins, Media: media, Static: static})
	return err
}

func number(v any) float64 { f, _ := v.(float64); return f }

func TestProductionDataIsGuarded(t *testing.T) {
	m := build(t, small(topology.Production, nil))
	cluster := m.of(t, "Cluster shop-database")
	for k, want := range map[string]any{
		"storageEncrypted": true, "manageMasterUserPassword": true, "deletionProtection": true, "skipFinalSnapshot": false,
		"finalSnapshotIdentifier": "shop-database-test-final-01a", "copyTagsToSnapshot": true, "engineVersion": auroraVersion,
	} {
		require.Equal(t, want, cluster[k], k)
	}
	require.NotContains(t, cluster, "masterPassword")
	zones := map[any]bool{}
	for name, i := range m.all("ClusterInstance") {
		require.Equal(t, false, i["publiclyAccessible"], name)
		require.Equal(t, false, i["autoMinorVersionUpgrade"], name)
		require.Equal(t, true, i["performanceInsightsEnabled"], name)
		zones[i["availabilityZone"]] = true
	}
	require.Len(t, zones, 2, "a writer and a reader, apart")
	for _, what := range []string{
		"Cluster shop-database", "ClusterInstance shop-database-0", "ReplicationGroup shop-sessions", "ReplicationGroup shop-cache",
		"BucketV2 shop-media", "BucketV2 shop-static", "Secret shop-sessions-token",
	} {
		require.True(t, m.protect[what], what)
	}
	require.Empty(t, m.all("Proxy"))
	require.Empty(t, m.all("Policy"), "readers don't scale unless asked to")
}

func TestStagingCanBeDestroyed(t *testing.T) {
	m := build(t, small(topology.Staging, nil))
	require.Equal(t, false, m.of(t, "Cluster shop-database")["deletionProtection"])
	require.Equal(t, true, m.of(t, "Cluster shop-database")["skipFinalSnapshot"])
	require.Equal(t, float64(0), number(m.of(t, "Secret shop-cache-token")["recoveryWindowInDays"]))
	for what, protected := range m.protect {
		require.False(t, protected, what)
	}
}

func TestAuroraScalesReadersAndPoolsConnections(t *testing.T) {
	m := build(t, small(topology.Production, func(s *topology.Storefront) {
		s.Database.Readers, s.Database.Proxy = topology.Readers{Min: 2, Max: 6}, true
	}))
	target := m.of(t, "Target shop-database-readers")
	require.Equal(t, []float64{2, 6}, []float64{number(target["minCapacity"]), number(target["maxCapacity"])})
	require.Len(t, m.all("ClusterInstance"), 3)
	require.Equal(t, true, m.of(t, "Proxy shop-database-proxy")["requireTls"])
	require.Equal(t, "READ_ONLY", m.of(t, "ProxyEndpoint shop-database-proxy-readers")["targetRole"])
	shopUsers := []any{"arn:aws:test:::shop-database-shop-a", "arn:aws:test:::shop-database-shop-b"}
	var doc struct{ Statement []struct{ Resource []any } }
	require.NoError(t, json.Unmarshal([]byte(m.of(t, "RolePolicy shop-database-proxy")["policy"].(string)), &doc))
	require.Equal(t, shopUsers, doc.Statement[0].Resource, "the proxy knows the shop's users, not the master")
	var taken []any
	for _, auth := range m.of(t, "Proxy shop-database-proxy")["auths"].([]any) {
		taken = append(taken, auth.(map[string]any)["secretArn"])
	}
	require.Equal(t, shopUsers, taken)
	pool := m.of(t, "ProxyDefaultTargetGroup shop-database-proxy")["connectionPoolConfig"].(map[string]any)
	require.NotContains(t, pool, "sessionPinningFilters", "a set-up's FOREIGN_KEY_CHECKS = 0 stays with its connection")
}

func TestTheShopsLoginNeverPassesThroughPulumi(t *testing.T) {
	m := build(t, small(topology.Production, func(s *topology.Storefront) { s.Database.Proxy = true }))
	for _, name := range []string{"shop-database-shop", "shop-database-shop-a", "shop-database-shop-b"} {
		require.Contains(t, m.inputs, "Secret "+name)
		require.NotContains(t, m.inputs, "SecretVersion "+name)
	}
	require.NotContains(t, build(t, small(topology.Production, nil)).inputs, "Secret shop-database-shop-a", "only a proxy wants a secret a user")
}

func TestAuroraKeepsItsOwnPasswordWhileTheLegacyDatabaseMayFollow(t *testing.T) {
	m := build(t, small(topology.Production, func(s *topology.Storefront) {
		s.Channels[1].Cutover = &topology.Cutover{Legacy: []string{"198.51.100.7"}, NewShare: 25}
	}))
	cluster := m.of(t, "Cluster shop-database")
	require.NotContains(t, cluster, "manageMasterUserPassword", "goes with no replication by the binary log")
	require.Equal(t, "drawn", secretText(cluster["masterPassword"]))
	require.False(t, m.protect["Secret shop-database-login"], "the stack takes it away again after the cut-over")
}

func TestThePasswordCanBeHandedBackToAWS(t *testing.T) {
	for _, d := range []topology.Database{{Engine: topology.AuroraMySQL, StorageGiB: 200}, {Engine: topology.MySQL, StorageGiB: 200}} {
		s := small(topology.Staging, func(s *topology.Storefront) { s.Database = d })
		handed := func() *made {
			return &made{inputs: map[string]map[string]any{}, protect: map[string]bool{}, regions: map[string]string{}, noManaged: true}
		}
		require.NoError(t, handed().build(s, true, buildTiers), "a preview finds no secret of AWS's yet")
		require.ErrorContains(t, handed().build(s, false, buildTiers), "no secret for its master")
	}
}

func TestServerlessHasNoClass(t *testing.T) {
	m := build(t, small(topology.Staging, func(s *topology.Storefront) {
		s.Database.Serverless = &topology.Serverless{MinUnits: 0.5, MaxUnits: 4}
	}))
	require.Equal(t, "db.serverless", m.of(t, "ClusterInstance shop-database-0")["instanceClass"])
	require.Equal(t, map[string]any{"minCapacity": 0.5, "maxCapacity": 4.0}, m.of(t, "Cluster shop-database")["serverlessv2ScalingConfiguration"])
}

func TestRDSWithAReplicaKeepsItsOwnPassword(t *testing.T) {
	m := build(t, small(topology.Production, func(s *topology.Storefront) {
		s.Database = topology.Database{Engine: topology.MariaDB, StorageGiB: 400, IOPS: 15000, Readers: topology.Readers{Min: 1}}
	}))
	primary, replica := m.of(t, "Instance shop-database"), m.of(t, "Instance shop-database-reader")
	require.Equal(t, true, primary["multiAz"])
	require.NotContains(t, primary, "manageMasterUserPassword", "RDS refuses a replica of such a one")
	require.Equal(t, "drawn", secretText(primary["password"]))
	require.Equal(t, "gp3", primary["storageType"])
	require.Equal(t, 15000.0, number(primary["iops"]))
	require.Equal(t, 800.0, number(primary["maxAllocatedStorage"]))
	require.NotEmpty(t, replica["replicateSourceDb"])
	for _, k := range []string{"engine", "username", "password", "dbName", "allocatedStorage", "kmsKeyId"} {
		require.NotContains(t, replica, k)
	}
	for name, i := range m.all("Instance") {
		require.Equal(t, true, i["storageEncrypted"], name)
		require.Equal(t, false, i["publiclyAccessible"], name)
	}
}

// secretText unwraps a value that may be marked as secret.
func secretText(v any) any {
	if m, ok := v.(map[string]any); ok {
		return m["value"]
	}
	if s, ok := v.(*resource.Secret); ok {
		return s.Element.V
	}
	return v
}

func TestRedisIsClosedAndSurvivesAZone(t *testing.T) {
	m := build(t, small(topology.Production, nil))
	for _, tier := range []string{"sessions", "cache"} {
		g := m.of(t, "ReplicationGroup shop-"+tier)
		for _, k := range []string{"atRestEncryptionEnabled", "transitEncryptionEnabled", "automaticFailoverEnabled", "multiAzEnabled"} {
			require.Equal(t, true, g[k], k)
		}
		require.Equal(t, "drawn", secretText(g["authToken"]))
		require.Equal(t, 3.0, number(g["numCacheClusters"]))
	}
	policy := func(tier string) string {
		b, err := json.Marshal(m.of(t, "ParameterGroup shop-"+tier)["parameters"])
		require.NoError(t, err)
		return string(b)
	}
	require.Contains(t, policy("sessions"), "noeviction")
	require.Contains(t, policy("cache"), "volatile-lru")
	require.Equal(t, "shop-sessions-test-final-01a", m.of(t, "ReplicationGroup shop-sessions")["finalSnapshotIdentifier"])
	require.NotContains(t, m.of(t, "ReplicationGroup shop-cache"), "finalSnapshotIdentifier")
}

func TestBucketsAreReadByTheChannelsDistributionsAlone(t *testing.T) {
	m := build(t, small(topology.Production, nil))
	require.Len(t, m.all("BucketPublicAccessBlock"), 3)
	for name, b := range m.all("BucketPublicAccessBlock") {
		for _, k := range []string{"blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"} {
			require.Equal(t, true, b[k], name+" "+k)
		}
	}
	for _, kind := range []string{"media", "static"} {
		var doc struct {
			Statement []struct {
				Effect    string
				Principal map[string]any
				Condition map[string]map[string]any
			}
		}
		text := m.of(t, "BucketPolicy shop-edge-"+kind)["policy"].(string)
		require.NoError(t, json.Unmarshal([]byte(text), &doc))
		require.Len(t, doc.Statement, 3)
		require.Equal(t, "Deny", doc.Statement[0].Effect)
		for _, s := range doc.Statement[1:] {
			require.Equal(t, map[string]any{"Service": "cloudfront.amazonaws.com"}, s.Principal)
			require.Equal(t, []any{"arn:aws:test:::shop-edge-uk", "arn:aws:test:::shop-edge-fr"}, s.Condition["StringEquals"]["AWS:SourceArn"])
		}
	}
}

func TestDistributionsKeepNoPersonalPage(t *testing.T) {
	m := build(t, small(topology.Production, nil))
	uk := m.of(t, "Distribution shop-edge-uk")
	require.Equal(t, []any{"www.shop.example", "shop.example"}, uk["aliases"])
	require.Equal(t, "TLSv1.2_2021", uk["viewerCertificate"].(map[string]any)["minimumProtocolVersion"])
	require.NotEmpty(t, uk["webAclId"])
	page := uk["defaultCacheBehavior"].(map[string]any)
	require.Equal(t, "33f36d7e-f396-46d9-90e0-52428a34d9dc", page["originRequestPolicyId"], "the visitor's host name and address reach the shop")
	require.Equal(t, cachingDisabled, page["cachePolicyId"], "no visitor gets another's session")
	for _, e := range uk["customErrorResponses"].([]any) {
		require.Equal(t, 0.0, number(e.(map[string]any)["errorCachingMinTtl"]), "nor with a failure")
	}
	require.Len(t, uk["customErrorResponses"], len(keptErrors))
	require.Len(t, uk["orderedCacheBehaviors"], 2, "files alone are kept")
	require.Equal(t, "fixed-response", m.of(t, "Listener shop-web-uk-https")["defaultActions"].([]any)[0].(map[string]any)["type"],
		"another's distribution is turned away")
	require.Contains(t, m.inputs, "ListenerRule shop-web-uk-distributions")
	require.Contains(t, m.regions["WebAcl shop-edge"], "edge-region")
	require.Contains(t, m.regions["Certificate shop-edge-uk"], "edge-region")
	require.Equal(t, "CLOUDFRONT", m.of(t, "WebAcl shop-edge")["scope"])
}

func TestWithoutCDNTheFirewallStandsBeforeTheBalancers(t *testing.T) {
	off := false
	m := build(t, small(topology.Staging, func(s *topology.Storefront) {
		s.Edge.CDN, s.Media.Kind = &off, topology.NFSMedia
	}))
	require.Empty(t, m.all("Distribution"))
	require.Equal(t, "forward", m.of(t, "Listener shop-web-uk-https")["defaultActions"].([]any)[0].(map[string]any)["type"])
	require.Equal(t, "REGIONAL", m.of(t, "WebAcl shop-edge")["scope"])
	require.Len(t, m.all("WebAclAssociation"), 2)
	require.Len(t, m.all("MountTarget"), 3)
	require.Equal(t, true, m.of(t, "FileSystem shop-media")["encrypted"])
	require.Contains(t, m.of(t, "Record shop-edge-uk-www.shop.example-A"), "aliases")
	require.NotContains(t, m.inputs, "Record shop-edge-uk-www.shop.example-AAAA", "the balancers have no IPv6")
	require.Contains(t, m.inputs, "BucketPolicy shop-edge-static", "plain HTTP stays refused")
}

func TestSearchDomainIsInsideTheNetwork(t *testing.T) {
	m := build(t, small(topology.Production, func(s *topology.Storefront) {
		s.Search = topology.Search{Engine: topology.OpenSearch, Size: topology.Size{VCPU: 2, MemoryGiB: 16}, Count: 2}
	}))
	d := m.of(t, "Domain shop-search")
	require.Len(t, d["vpcOptions"].(map[string]any)["subnetIds"], 2)
	require.Equal(t, true, d["encryptAtRest"].(map[string]any)["enabled"])
	require.Equal(t, true, d["nodeToNodeEncryption"].(map[string]any)["enabled"])
	require.Equal(t, true, d["domainEndpointOptions"].(map[string]any)["enforceHttps"])
	require.Equal(t, 3.0, number(d["clusterConfig"].(map[string]any)["dedicatedMasterCount"]))
	require.NotContains(t, d["accessPolicies"], "es:*")
}
