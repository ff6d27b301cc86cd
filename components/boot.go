package components

import (
	"fmt"
	"math"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/guest"
	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// releaseKey is where in its store the current release lies.
const releaseKey = "current.tar.gz"

// Names under which the servers find secrets in their environment.
const (
	envDatabaseUser     = "STOREFRONT_DATABASE_USER"
	envDatabasePassword = "STOREFRONT_DATABASE_PASSWORD"
	envSessionsPassword = "STOREFRONT_SESSIONS_PASSWORD"
	envCachePassword    = "STOREFRONT_CACHE_PASSWORD"
	envRunnerToken      = "STOREFRONT_RUNNER_TOKEN"
)

// facts are the values that are known only once the platform has answered.
type facts map[string]pulumi.StringOutput

// namedSecret is a secret under the name that its readers know it by.
type namedSecret struct {
	env    string
	secret platform.Secret
}

func (b *builder) shopSecretNames() []namedSecret {
	return []namedSecret{
		{envDatabaseUser, b.databaseS.User},
		{envDatabasePassword, b.databaseS.Password},
		{envSessionsPassword, b.sessionsS.Password},
		{envCachePassword, b.cacheS.Password},
	}
}

func (b *builder) shopSecrets() []platform.Secret {
	var out []platform.Secret
	seen := map[string]bool{}
	for _, n := range b.shopSecretNames() {
		// User and password are two fields of one stored secret.
		key := strings.TrimSuffix(strings.TrimSuffix(n.env, "_USER"), "_PASSWORD")
		if !seen[key] || !n.secret.Stored {
			out = append(out, n.secret)
		}
		seen[key] = true
	}
	return out
}

func (b *builder) shopBuckets(writeMedia bool) []platform.BucketGrant {
	var out []platform.BucketGrant
	if b.releases != nil {
		out = append(out, platform.BucketGrant{Bucket: *b.releases})
	}
	if b.mediaAt.Bucket != nil {
		out = append(out, platform.BucketGrant{Bucket: *b.mediaAt.Bucket, Write: writeMedia})
	}
	return out
}

// document renders a role once its facts are known. Each secret is added to
// what the role sees as base.
func (b *builder) document(host platform.Host, f facts, secrets []namedSecret, role func(guest.Base, map[string]string) guest.Role) pulumi.StringOutput {
	values := pulumi.StringMap{}
	for k, v := range f {
		values[k] = v
	}
	for _, s := range secrets {
		if s.secret.Stored {
			values["arn."+s.env] = s.secret.ARN
		} else {
			values["value."+s.env] = s.secret.Value
		}
	}
	if host.VolumeID != (pulumi.StringOutput{}) {
		values["volume"] = host.VolumeID
	}
	if b.logServer != (pulumi.StringOutput{}) {
		values["logs"] = b.logServer
	}
	if b.logDomain != (pulumi.StringOutput{}) {
		values["logDomain"] = b.logDomain
	}
	return values.ToStringMapOutput().ApplyT(func(known map[string]string) (string, error) {
		base := host.Base
		if base.DataDisk != nil {
			disk := *base.DataDisk
			disk.VolumeID = known["volume"]
			base.DataDisk = &disk
		}
		base.LogServer, base.LogDomain = known["logs"], known["logDomain"]
		for _, s := range secrets {
			one := guest.Secret{Env: s.env, Value: known["value."+s.env]}
			if s.secret.Stored {
				one.AWS = &guest.AWSSecret{ARN: known["arn."+s.env], JSONKey: s.secret.Key}
			}
			base.Secrets = append(base.Secrets, one)
		}
		doc, err := role(base, known).Render()
		return string(doc), err
	}).(pulumi.StringOutput)
}

// shopFacts are what the PHP application works with.
func (b *builder) shopFacts() facts {
	f := facts{
		"writer": pulumi.Sprintf("%s:%d", b.databaseS.Writer, b.databaseS.Port),
		"reader": pulumi.Sprintf("%s:%d", b.databaseS.Reader, b.databaseS.Port),
		"search": b.searchURL,
	}
	for name, r := range map[string]platform.Redis{"sessions": b.sessionsS, "cache": b.cacheS} {
		if r.Sentinels != (pulumi.StringOutput{}) {
			f[name+".sentinels"] = r.Sentinels
		} else {
			f[name] = pulumi.Sprintf("%s:%d", r.Primary, r.Port)
		}
	}
	if b.mediaAt.Mount != nil {
		f["mount"] = b.mediaAt.Mount.Source
	}
	if b.releases != nil {
		f["release"] = pulumi.Sprintf("s3://%s/%s", b.releases.Name, releaseKey)
	}
	return f
}

// guestShop words the facts for the application.
func (b *builder) guestShop(known map[string]string, writes bool) guest.Shop {
	shop := guest.Shop{
		DatabaseWriter: known["writer"], DatabaseReader: known["reader"], DatabaseTLS: b.databaseS.TLS, SearchURL: known["search"], Release: known["release"],
		Sessions: endpoint(known, "sessions", b.sessionsS), Cache: endpoint(known, "cache", b.cacheS),
	}
	if m := known["mount"]; m != "" {
		shop.Media = guest.Media{Mount: m, ReadOnly: !writes}
	} else {
		// The CDN answers for media; a request that still comes here is sent there.
		shop.Media = guest.Media{Origin: "https://" + b.shop.Channels[0].Hostnames[0]}
	}
	for _, c := range b.shop.Channels {
		shop.Channels = append(shop.Channels, guest.Channel{Code: c.Code, Hosts: c.Hostnames})
	}
	return shop
}

func endpoint(known map[string]string, name string, r platform.Redis) guest.RedisEndpoint {
	e := guest.RedisEndpoint{Address: known[name], TLS: r.TLS}
	if s := known[name+".sentinels"]; s != "" {
		e.Sentinels, e.Master = strings.Split(s, ","), name
	}
	return e
}

// balancerIdle is the load balancers' idle timeout in seconds.
const balancerIdle = 60

func (b *builder) balancer() guest.LoadBalancer {
	return guest.LoadBalancer{TrustedProxies: []string{b.shop.Network.CIDR}, IdleTimeoutSeconds: balancerIdle}
}

// visitorsBalancer is a channel's own: all of them stand behind the same CDN or
// none does.
func (b *builder) visitorsBalancer() guest.LoadBalancer {
	l := b.balancer()
	l.VisitorHeader = b.pools[0].VisitorHeader
	return l
}

func guestSize(z topology.Size) guest.Size {
	return guest.Size{VCPU: z.VCPU, MemoryMiB: int(math.Floor(z.MemoryGiB * 1024))}
}

func (b *builder) bootWeb() platform.Boot {
	return func(_ int, host platform.Host) pulumi.StringOutput {
		return b.document(host, b.shopFacts(), b.shopSecretNames(), func(base guest.Base, known map[string]string) guest.Role {
			return guest.Web{
				Base: base, Size: guestSize(b.shop.Web.Size), PHP: guest.PHP{ProcessMiB: b.shop.Web.PHPMemoryMiB},
				Shop: b.guestShop(known, b.shop.Media.WebWrites), LoadBalancer: b.visitorsBalancer(),
			}
		})
	}
}

func (b *builder) bootAdmin() platform.Boot {
	return func(_ int, host platform.Host) pulumi.StringOutput {
		f := b.shopFacts()
		if b.mediaAt.StaticMount != nil {
			f["static"] = b.mediaAt.StaticMount.Source
		}
		b.ownerFacts(f)
		return b.document(host, f, b.shopSecretNames(), func(base guest.Base, known map[string]string) guest.Role {
			shop := b.guestShop(known, true)
			// The back office answers for every channel under its own name too.
			shop.Channels[0].Hosts = append(append([]string(nil), shop.Channels[0].Hosts...), b.shop.Admin.Hostname)
			return guest.Admin{
				Base: base, Size: guestSize(b.shop.Admin.Size), PHP: guest.PHP{ProcessMiB: b.shop.Web.PHPMemoryMiB},
				Shop: shop, StaticMount: known["static"], LoadBalancer: b.balancer(), DatabaseUser: b.databaseUser(known),
			}
		})
	}
}

// ownerFacts are what the back office's server makes the shop's user with.
func (b *builder) ownerFacts(f facts) {
	o := b.databaseS.Owner
	if o == nil {
		return
	}
	f["owner.server"] = pulumi.Sprintf("%s:%d", o.Server, b.databaseS.Port)
	f["owner.master"], f["owner.shop"] = o.Master.ARN, o.Shop.ARN
	for i, pooled := range o.Pooled {
		f[fmt.Sprintf("owner.pooled.%d", i)] = pooled.ARN
	}
}

func (b *builder) databaseUser(known map[string]string) *guest.ShopUser {
	o := b.databaseS.Owner
	if o == nil {
		return nil
	}
	u := &guest.ShopUser{Server: known["owner.server"], Schema: b.shop.Database.Name, MasterARN: known["owner.master"], ShopARN: known["owner.shop"]}
	for i := range o.Pooled {
		u.PooledARNs = append(u.PooledARNs, known[fmt.Sprintf("owner.pooled.%d", i)])
	}
	return u
}

func (b *builder) bootDeploy() platform.Boot {
	return func(_ int, host platform.Host) pulumi.StringOutput {
		secrets := append(b.shopSecretNames(), namedSecret{envRunnerToken, b.token})
		f := facts{}
		if b.releases != nil {
			f["release"] = pulumi.Sprintf("s3://%s/%s", b.releases.Name, releaseKey)
			f["groups"] = pulumi.Sprintf("%s,%s", b.webFleet.Name, b.adminFleet.Name)
		}
		if b.staticAt.Bucket != nil {
			f["static"] = b.staticAt.Bucket.Name
		}
		return b.document(host, f, secrets, func(base guest.Base, known map[string]string) guest.Role {
			r := b.shop.Deploy.Runner
			d := guest.Deploy{
				Base: base, Provider: r.Kind, URL: r.URL, TokenEnv: envRunnerToken,
				Runner: guest.Download{URL: r.Program.URL, SHA256: r.Program.SHA256},
			}
			if known["release"] != "" {
				d.Rollout = &guest.Rollout{Release: known["release"], Groups: strings.Split(known["groups"], ","), StaticBucket: known["static"]}
			}
			return d
		})
	}
}

func (b *builder) bootStatic() platform.Boot {
	return func(_ int, host platform.Host) pulumi.StringOutput {
		f := facts{}
		if b.mediaAt.Mount != nil {
			f["mount"] = b.mediaAt.Mount.Source
		}
		if b.mediaAt.StaticMount != nil {
			f["static"] = b.mediaAt.StaticMount.Source
		}
		return b.document(host, f, nil, func(base guest.Base, known map[string]string) guest.Role {
			var hosts []string
			for _, c := range b.shop.Channels {
				hosts = append(hosts, c.Hostnames...)
			}
			return guest.Static{
				Base: base, Size: guestSize(b.shop.Static.Size), Hosts: hosts,
				MediaMount: known["mount"], StaticMount: known["static"], LoadBalancer: b.balancer(),
			}
		})
	}
}

func (b *builder) bootSearch(pool platform.LoadBalancer) platform.Boot {
	return func(member int, host platform.Host) pulumi.StringOutput {
		return b.document(host, facts{"leader": pool.Address}, nil, func(base guest.Base, known map[string]string) guest.Role {
			s := guest.Search{
				Base: base, Size: guestSize(b.shop.Search.Size), Port: topology.PortSolr, Core: searchCore, Position: member,
				ClientNetworks: []string{b.shop.Network.CIDR},
			}
			if member > 0 {
				// The balancer sends what asks for replication to the first server.
				s.Leader = known["leader"]
			}
			return s
		})
	}
}

func (b *builder) bootAnalytics() platform.Boot {
	return func(_ int, host platform.Host) pulumi.StringOutput {
		return b.document(host, nil, nil, func(base guest.Base, _ map[string]string) guest.Role {
			return guest.Analytics{
				Base: base, LogPort: topology.PortLogs, ReportPort: topology.PortReports, ClientNetworks: []string{b.shop.Network.CIDR},
				ReportNetworks: b.officeNetworks(), RetentionDays: 90,
			}
		})
	}
}

// officeNetworks are the addresses that people are seen with inside the network:
// a client VPN hands them one of the network's own.
func (b *builder) officeNetworks() []string {
	if b.shop.Access.Mode == topology.ClientVPN {
		return []string{b.shop.Network.CIDR}
	}
	return b.shop.Access.OfficeCIDRs
}
