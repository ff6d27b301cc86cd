package awscloud

import (
	"fmt"
	"net/netip"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/topology"
)

// target is what a channel's names lead to.
type target struct {
	name, zone pulumi.StringOutput
	ipv6       bool
}

// legacyTTL bounds, in seconds, how long a visitor stays on the legacy site
// after a change of the shares.
const legacyTTL = 30

// addNames makes the records of a channel's host names. They are weighted from
// the first day, since a simple record can't become a weighted one without a
// moment in which the name is gone.
func (s *site) addNames(ctx *pulumi.Context, parent pulumi.Resource, name string, c topology.Channel, to target) error {
	for _, kind := range []string{"A", "AAAA"} {
		legacy := legacyOf(c, kind)
		for _, host := range c.Hostnames {
			at := fmt.Sprintf("%s-%s-%s-%s", name, c.Code, host, kind)
			if newAnswers(c, kind, to.ipv6) {
				if err := s.addNewName(ctx, parent, at, host, kind, c, to); err != nil {
					return err
				}
			}
			if len(legacy) == 0 {
				continue
			}
			if err := s.addLegacyName(ctx, parent, at+"-legacy", host, kind, c, legacy); err != nil {
				return err
			}
		}
	}
	return nil
}

// newAnswers tells whether this site gets a record of the kind. While the legacy
// site has IPv4 alone and still takes visitors, this site must not answer with
// IPv6: who has both prefers it, and would come here whatever the share.
func newAnswers(c topology.Channel, kind string, ipv6 bool) bool {
	if kind == "A" {
		return true
	}
	return ipv6 && (c.Cutover == nil || c.Cutover.NewShare == 100 || len(legacyOf(c, kind)) > 0)
}

// legacyOf returns the legacy site's addresses of a record's kind.
func legacyOf(c topology.Channel, kind string) []string {
	if c.Cutover == nil {
		return nil
	}
	var out []string
	for _, a := range c.Cutover.Legacy {
		if ip, err := netip.ParseAddr(a); err == nil && ip.Is4() == (kind == "A") {
			out = append(out, a)
		}
	}
	return out
}

func (s *site) addNewName(ctx *pulumi.Context, parent pulumi.Resource, name, host, kind string, c topology.Channel, to target) error {
	share := 100
	if c.Cutover != nil {
		share = c.Cutover.NewShare
	}
	_, err := route53.NewRecord(ctx, name, &route53.RecordArgs{
		ZoneId: s.zoneIDs[c.Zone].ToStringOutput(), Name: pulumi.String(host), Type: pulumi.String(kind),
		Aliases: route53.RecordAliasArray{&route53.RecordAliasArgs{
			Name: to.name, ZoneId: to.zone,
			// A site that looks unwell must not hand its visitors back to the
			// legacy one by itself: orders would be taken on both.
			EvaluateTargetHealth: pulumi.Bool(false),
		}},
		SetIdentifier:           pulumi.String("new"),
		WeightedRoutingPolicies: weighted(share),
	}, pulumi.Parent(parent))
	return err
}

func (s *site) addLegacyName(ctx *pulumi.Context, parent pulumi.Resource, name, host, kind string, c topology.Channel, addresses []string) error {
	_, err := route53.NewRecord(ctx, name, &route53.RecordArgs{
		ZoneId: s.zoneIDs[c.Zone].ToStringOutput(), Name: pulumi.String(host), Type: pulumi.String(kind),
		Records: pulumi.ToStringArray(addresses), Ttl: pulumi.Int(legacyTTL),
		SetIdentifier:           pulumi.String("legacy"),
		WeightedRoutingPolicies: weighted(100 - c.Cutover.NewShare),
	}, pulumi.Parent(parent))
	return err
}

func weighted(share int) route53.RecordWeightedRoutingPolicyArray {
	return route53.RecordWeightedRoutingPolicyArray{&route53.RecordWeightedRoutingPolicyArgs{Weight: pulumi.Int(share)}}
}
