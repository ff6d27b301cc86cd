// Package components holds the Storefront component: an online shop's tiers,
// composed over a platform. It owns the types, the names and the tree of what
// is registered, so that they agree on every platform.
package components

import (
	"fmt"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// Args asks for a shop on a platform.
type Args struct {
	Shop     topology.Storefront
	Platform platform.Platform
	Meta     platform.Meta
	// Now decides which campaigns are ahead and which one runs.
	Now time.Time
}

// Storefront is a shop.
type Storefront struct {
	pulumi.ResourceState
	// Outputs is what people need next, by name: endpoints by channel, where
	// the stores answer, names of secrets. No value in it is secret.
	Outputs pulumi.Map
}

// Type tokens of the components. They are part of every URN: a change here
// would replace what stands.
const (
	typeStorefront = "storefront:index:Storefront"
	typeTier       = "storefront:index:" // and the tier's name
)

// Check returns, as topology.Problems or nil, everything for which the shop
// would be refused. It registers nothing.
func (a Args) Check() error {
	shop := a.Shop.Resolve()
	var all topology.Problems
	for _, err := range []error{a.Shop.Validate(a.Now), platform.Refusals(a.Platform, a.Shop), a.Platform.Validate(shop)} {
		if p, ok := err.(topology.Problems); ok {
			all = append(all, p...)
		} else if err != nil {
			return err
		}
	}
	return append(all, a.rehearse(shop, all)...).Err()
}

// NewStorefront registers a shop with all its tiers. What Check refuses is
// refused here too, before anything is registered.
func NewStorefront(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Storefront, error) {
	if err := args.Check(); err != nil {
		return nil, err
	}
	root := &Storefront{Outputs: pulumi.Map{}}
	if err := ctx.RegisterComponentResource(typeStorefront, name, root, opts...); err != nil {
		return nil, err
	}
	b := &builder{ctx: ctx, name: name, args: args, shop: args.Shop.Resolve(), root: root, out: root.Outputs}
	b.args.Meta.Protected = *b.shop.Protect
	for _, build := range []func() error{
		b.network, b.access, b.media, b.database, b.sessions, b.cache, b.analytics, b.search, b.static,
		b.loadBalancers, b.deployStore, b.web, b.admin, b.deploy, b.edge,
	} {
		if err := build(); err != nil {
			return nil, err
		}
	}
	for k, v := range b.site.Outputs() {
		root.Outputs[k] = v
	}
	return root, ctx.RegisterResourceOutputs(root, root.Outputs)
}

// tier is the component below which a tier's resources stand.
type tier struct{ pulumi.ResourceState }

// builder builds the tiers in order; each finds what the ones before it made.
type builder struct {
	ctx  *pulumi.Context
	name string
	args Args
	shop topology.Storefront
	root *Storefront
	out  pulumi.Map

	site       platform.Site
	mediaAt    platform.Media
	databaseS  platform.Database
	sessionsS  platform.Redis
	cacheS     platform.Redis
	searchURL  pulumi.StringOutput
	logServer  pulumi.StringOutput // host:port, or the zero output
	logDomain  pulumi.StringOutput // host name of a search engine for logs, or the zero output
	staticAt   platform.Static
	pools      []platform.LoadBalancer
	origins    []platform.ChannelOrigin
	releases   *platform.Bucket
	token      platform.Secret
	webFleet   platform.Fleet
	adminFleet platform.Fleet
	deployTo   pulumi.Resource
}

// add registers a tier's component and returns it with the name below it.
func (b *builder) add(kind, suffix string) (*tier, string, error) {
	t, name := &tier{}, b.name+"-"+suffix
	err := b.ctx.RegisterComponentResource(typeTier+kind, name, t, pulumi.Parent(b.root))
	return t, name, err
}

// done ends a tier with its outputs.
func (b *builder) done(t *tier, outputs pulumi.Map) error {
	return b.ctx.RegisterResourceOutputs(t, outputs)
}

func (b *builder) network() error {
	t, name, err := b.add("Network", "network")
	if err != nil {
		return err
	}
	if b.site, err = b.args.Platform.Network(b.ctx, t, platform.NetworkArgs{Name: name, Meta: b.args.Meta, Shop: b.shop}); err != nil {
		return fmt.Errorf("network: %w", err)
	}
	return b.done(t, pulumi.Map{})
}

func (b *builder) access() error {
	t, name, err := b.add("Access", "access")
	if err != nil {
		return err
	}
	a, err := b.site.Access(b.ctx, t, platform.AccessArgs{Name: name, Access: b.shop.Access})
	if err != nil {
		return fmt.Errorf("access: %w", err)
	}
	b.out["access"] = a.Outputs
	return b.done(t, a.Outputs)
}

func (b *builder) media() error {
	t, name, err := b.add("Media", "media")
	if err != nil {
		return err
	}
	if b.mediaAt, err = b.site.Media(b.ctx, t, platform.MediaArgs{Name: name, Media: b.shop.Media}); err != nil {
		return fmt.Errorf("media: %w", err)
	}
	out := pulumi.Map{}
	if b.mediaAt.Bucket != nil {
		out["bucket"] = b.mediaAt.Bucket.Name
	} else {
		out["mount"] = b.mediaAt.Mount.Source
	}
	b.out["media"] = out
	return b.done(t, out)
}

func (b *builder) database() error {
	t, name, err := b.add("Database", "database")
	if err != nil {
		return err
	}
	if b.databaseS, err = b.site.Database(b.ctx, t, platform.DatabaseArgs{Name: name, Database: b.shop.Database}); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	d := b.databaseS
	out := pulumi.Map{"writer": d.Writer, "reader": d.Reader, "port": pulumi.Int(d.Port), "name": pulumi.String(b.shop.Database.Name)}
	if d.Password.Stored {
		out["secret"] = d.Password.ARN
	}
	if d.Owner != nil {
		out["masterSecret"] = d.Owner.Master.ARN
	}
	b.out["database"] = out
	return b.done(t, out)
}

func (b *builder) sessions() (err error) {
	b.sessionsS, err = b.redis("Sessions", topology.TierSessions, b.shop.Sessions, false)
	return err
}

func (b *builder) cache() (err error) {
	b.cacheS, err = b.redis("Cache", topology.TierCache, b.shop.Cache, true)
	return err
}

func (b *builder) redis(kind string, at topology.Tier, redis topology.Redis, evict bool) (platform.Redis, error) {
	t, name, err := b.add(kind, string(at))
	if err != nil {
		return platform.Redis{}, err
	}
	r, err := b.site.Redis(b.ctx, t, platform.RedisArgs{Name: name, Tier: at, Redis: redis, Evict: evict})
	if err != nil {
		return platform.Redis{}, fmt.Errorf("%s: %w", at, err)
	}
	out := pulumi.Map{"primary": r.Primary, "port": pulumi.Int(r.Port), "tls": pulumi.Bool(r.TLS)}
	if r.Password.Stored {
		out["secret"] = r.Password.ARN
	}
	b.out[string(at)] = out
	return r, b.done(t, out)
}
