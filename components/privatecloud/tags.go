package privatecloud

import (
	"github.com/pulumi/pulumi-terraform-provider/sdks/go/nsxt/v3/nsxt"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/topology"
)

// Scopes of the NSX tags that virtual machines carry and firewall groups match.
const (
	scopeTier  = "storefront-tier"
	scopeStack = "storefront-stack"
)

// stackTag tells this stack's machines from those of other stacks in the site.
func (s *site) stackTag() string { return s.meta.Project + "-" + s.meta.Stack }

// tagMachine marks a virtual machine for the firewall. NSX tells machines apart
// by their BIOS or instance UUID, so machineID is the vSphere resource's ID.
func (s *site) tagMachine(ctx *pulumi.Context, parent pulumi.Resource, name string, machineID pulumi.StringInput, tier topology.Tier) error {
	_, err := nsxt.NewPolicyVmTags(ctx, name, &nsxt.PolicyVmTagsArgs{
		InstanceId: machineID,
		Tags: nsxt.PolicyVmTagsTagArray{
			nsxt.PolicyVmTagsTagArgs{Scope: pulumi.String(scopeStack), Tag: pulumi.String(s.stackTag())},
			nsxt.PolicyVmTagsTagArgs{Scope: pulumi.String(scopeTier), Tag: pulumi.String(string(tier))},
		},
	}, pulumi.Parent(parent))
	return err
}
