package components

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"

	"github.com/storefront-toolkit/storefront/components/guest"
	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// rehearse renders the document of every server as up would, from answers that
// the platform makes up, and returns what is in the way. Known is what is wrong
// with the declaration already: it is not told a second time.
func (a Args) rehearse(shop topology.Storefront, known topology.Problems) (p topology.Problems) {
	nameless := func(c topology.Channel) bool { return len(c.Hostnames) == 0 }
	answers, err := a.Platform.Rehearse(shop)
	if err != nil || len(shop.Channels) == 0 || slices.ContainsFunc(shop.Channels, nameless) {
		return nil // known says why
	}
	var strange topology.Problems
	for _, d := range (&builder{args: a, shop: shop}).documents(answers) {
		for _, err := range d.refusals() {
			one, located := d.locate(err)
			switch {
			case slices.Contains(p, one) || slices.Contains(strange, one):
			case located:
				p = append(p, one)
			default:
				strange = append(strange, one)
			}
		}
	}
	p = p.Besides(known)
	if len(p)+len(known) == 0 {
		// Where something else is wrong, these are what comes of it.
		p = strange
	}
	return p
}

// document is what a server would be set up with.
type document struct {
	tier topology.Tier
	text pulumi.StringOutput
}

// documents boots each kind of server once, in the order of up.
func (b *builder) documents(r platform.Rehearsal) (out []document) {
	add := func(tier topology.Tier, member int, boot platform.Boot) {
		out = append(out, document{tier, boot(member, r.Host(tier))})
	}
	b.mediaAt, b.staticAt, b.databaseS, b.sessionsS, b.cacheS = r.Media, r.Static, r.Database, r.Sessions, r.Cache
	b.releases, b.token, b.webFleet, b.adminFleet = r.Releases, r.Token, r.Web, r.Admin
	b.pools = []platform.LoadBalancer{r.Balancer}
	b.searchURL = pulumi.Sprintf("https://%s", r.Balancer.Address)
	if b.shop.Search.Engine == topology.Solr {
		b.searchURL = pulumi.Sprintf("http://%s:%d/solr/%s", r.Balancer.Address, topology.PortSolr, searchCore)
		for member := range min(2, b.shop.Search.Count) { // the leader and one that follows
			add(topology.TierSearch, member, b.bootSearch(r.Balancer))
		}
	}
	if b.shop.Analytics.Engine == topology.Servers {
		add(topology.TierAnalytics, 0, b.bootAnalytics())
		b.logServer = pulumi.Sprintf("%s:%d", r.Balancer.Address, topology.PortLogs)
	} else {
		b.logDomain = r.Balancer.Address
	}
	if r.Static.Pool != nil {
		add(topology.TierStatic, 0, b.bootStatic())
	}
	add(topology.TierWeb, 0, b.bootWeb())
	add(topology.TierAdmin, 0, b.bootAdmin())
	add(topology.TierDeploy, 0, b.bootDeploy())
	for _, s := range r.Servers {
		out = append(out, document{s.Tier, s.Boot(s.Member, s.Host)})
	}
	return out
}

// refusals are why the server could not be set up; none if it could.
func (d document) refusals() []error {
	// No run of the engine stands behind the output: all in it is known.
	got, err := internals.UnsafeAwaitOutput(context.Background(), d.text)
	if err != nil {
		return leaves(err)
	}
	text, _ := got.Value.(string)
	if _, err := guest.Document(text).UserData(); err != nil {
		return []error{tooLarge{err}}
	}
	return nil
}

// tooLarge is why a document does not fit into a server's user data.
type tooLarge struct{ error }

// leaves takes the problems of a role apart.
func leaves(err error) (out []error) {
	switch e := err.(type) {
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			out = append(out, leaves(one)...)
		}
		return out
	case interface{ Unwrap() error }:
		if errors.As(err, &guest.Problem{}) {
			return leaves(e.Unwrap())
		}
	}
	return []error{err}
}

// origins tell from which place of a declaration a tier's field comes.
var origins = []struct {
	field *regexp.Regexp
	path  string
}{
	{regexp.MustCompile(`^(?P<tier>sessions|cache) size\.`), "$tier.memoryGiB"},
	{regexp.MustCompile(`^(?P<tier>\w+) size\.memoryMiB$`), "$tier.size.memoryGiB"},
	{regexp.MustCompile(`^(?P<tier>\w+) size\.vcpu$`), "$tier.size.vcpu"},
	{regexp.MustCompile(`^(?:web|admin) php\.processMiB$`), "web.phpMemoryMiB"},
	{regexp.MustCompile(`^web shop\.channels\[(\d+)\]\.code$`), "channels[$1].code"},
	{regexp.MustCompile(`^web shop\.channels\[(\d+)\]\.hosts\[(\d+)\]$`), "channels[$1].hostnames[$2]"},
	{regexp.MustCompile(`^\w+ reportNetworks\[(\d+)\]$`), "access.officeCidrs[$1]"},
	{regexp.MustCompile(`^\w+ (?:clientNetworks|loadBalancer\.trustedProxies)\b`), "network.cidr"},
	{regexp.MustCompile(`^deploy url$`), "deploy.runner.url"},
	{regexp.MustCompile(`^deploy runner\.(url|sha256)$`), "deploy.runner.program.$1"},
	{regexp.MustCompile(`^database (?:schemas|users)\b`), "database.name"},
}

// locate words a refusal with its place in the declaration, and false where it
// has none of its own.
func (d document) locate(err error) (topology.Problem, bool) {
	if _, ok := err.(tooLarge); ok {
		return topology.Problem{Path: "channels", Message: fmt.Sprintf("servers of tier %s: %v", d.tier, err)}, true
	}
	refused, ok := err.(guest.Problem)
	if !ok {
		return topology.Problem{Path: string(d.tier), Message: err.Error()}, false
	}
	_, field, _ := strings.Cut(refused.Path, ".")
	at := string(d.tier) + " " + field
	for _, o := range origins {
		if m := o.field.FindStringSubmatchIndex(at); m != nil {
			return topology.Problem{Path: string(o.field.ExpandString(nil, o.path, at, m)), Message: refused.Message}, true
		}
	}
	return topology.Problem{Path: string(d.tier), Message: refused.Error()}, false
}
