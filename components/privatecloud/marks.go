package privatecloud

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/topology"
)

// tierNetwork marks what belongs to no tier of its own.
const tierNetwork topology.Tier = "network"

// nsxTag is what every one of the generated tag types of NSX's objects is.
type nsxTag interface {
	~struct {
		Scope pulumi.StringPtrInput `pulumi:"scope"`
		Tag   pulumi.StringPtrInput `pulumi:"tag"`
	}
}

// marks returns a tier's marks as tags of one kind of NSX object, sorted by
// scope. The generated package has a tag type for each kind.
func marks[Input any, Tag nsxTag](s *site, tier topology.Tier) []Input {
	all := s.meta.Tags(tier)
	var out []Input
	for _, key := range sortedKeys(all) {
		out = append(out, any(Tag{Scope: pulumi.StringPtr(key), Tag: pulumi.StringPtr(all[key])}).(Input))
	}
	return out
}
