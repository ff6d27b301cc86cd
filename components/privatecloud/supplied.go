package privatecloud

import (
	"math"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/guest"
	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// serverDiskGiB is the system disk of servers whose data lies elsewhere.
const serverDiskGiB = 20

// Supplied is the runner's registration token, the one secret that comes from
// outside the shop. It stands among the stack's own secrets.
func (s *site) Supplied(*pulumi.Context, pulumi.Resource, platform.SuppliedArgs) (platform.Secret, error) {
	return secret(s.secrets.RunnerToken), nil
}

// secret is a value that Pulumi keeps encrypted.
func secret(value string) platform.Secret {
	return platform.Secret{Value: pulumi.ToSecret(pulumi.String(value)).(pulumi.StringOutput)}
}

// secretDocument renders a role of the platform's own with its secrets, given
// by the names under which its programs read them.
func (s *site) secretDocument(values map[string]string, role func(member int, base guest.Base) guest.Role) platform.Boot {
	return func(member int, host platform.Host) pulumi.StringOutput {
		known := pulumi.StringMap{}
		for env, v := range values {
			known[env] = pulumi.ToSecret(pulumi.String(v)).(pulumi.StringOutput)
		}
		return known.ToStringMapOutput().ApplyT(func(known map[string]string) (string, error) {
			base := host.Base
			for _, env := range sortedKeys(known) {
				base.Secrets = append(base.Secrets, guest.Secret{Env: env, Value: known[env]})
			}
			doc, err := role(member, base).Render()
			return string(doc), err
		}).(pulumi.StringOutput)
	}
}

func guestSize(z topology.Size) guest.Size {
	return guest.Size{VCPU: z.VCPU, MemoryMiB: int(math.Floor(z.MemoryGiB * 1024))}
}

// SecretsOf names the secrets that a resolved declaration needs, sorted.
func SecretsOf(shop topology.Storefront) []string { return sortedKeys(Secrets{}.needed(shop)) }
