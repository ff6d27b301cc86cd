package privatecloud

import (
	"fmt"

	"github.com/pulumi/pulumi-terraform-provider/sdks/go/nsxt/v3/nsxt"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/components/topology/address"
)

// Strength of the tunnel: IKEv2 with the 256-bit elliptic curve group and
// AES-256 (RFC 8247 and RFC 8221 recommend no less).
var (
	tunnelGroup  = pulumi.StringArray{pulumi.String("GROUP19")}
	ikeCipher    = pulumi.StringArray{pulumi.String("AES_256")}
	ikeDigest    = pulumi.StringArray{pulumi.String("SHA2_256")}
	tunnelCipher = pulumi.StringArray{pulumi.String("AES_GCM_256")}
)

const (
	ikeLifetime    = 28800 // seconds
	tunnelLifetime = 3600  // seconds
)

// Access joins the office's network to the back office by IPsec. Only the admin
// part of the network is in the tunnel.
func (s *site) Access(ctx *pulumi.Context, parent pulumi.Resource, in platform.AccessArgs) (platform.Access, error) {
	share, err := address.Block(s.cidr, address.Admin)
	if err != nil {
		return platform.Access{}, err
	}
	service, err := nsxt.NewPolicyIpsecVpnService(ctx, in.Name, &nsxt.PolicyIpsecVpnServiceArgs{
		DisplayName: pulumi.String(s.called(in.Name)), GatewayPath: s.gateways.tier1, Enabled: pulumi.Bool(true), HaSync: pulumi.Bool(true),
		IkeLogLevel: pulumi.String("INFO"),
		Tags:        nsxt.PolicyIpsecVpnServiceTagArray(marks[nsxt.PolicyIpsecVpnServiceTagInput, nsxt.PolicyIpsecVpnServiceTagArgs](s, topology.TierAccess)),
	}, pulumi.Parent(parent))
	if err != nil {
		return platform.Access{}, err
	}
	end, err := nsxt.NewPolicyIpsecVpnLocalEndpoint(ctx, in.Name, &nsxt.PolicyIpsecVpnLocalEndpointArgs{
		DisplayName: pulumi.String(s.called(in.Name)), ServicePath: service.Path,
		LocalAddress: pulumi.String(s.settings.VPNAddress), LocalId: pulumi.String(s.settings.VPNAddress),
		Tags: nsxt.PolicyIpsecVpnLocalEndpointTagArray(marks[nsxt.PolicyIpsecVpnLocalEndpointTagInput, nsxt.PolicyIpsecVpnLocalEndpointTagArgs](s, topology.TierAccess)),
	}, pulumi.Parent(parent))
	if err != nil {
		return platform.Access{}, err
	}
	session := &nsxt.PolicyIpsecVpnSessionArgs{
		DisplayName: pulumi.String(s.called(in.Name)), VpnType: pulumi.String("PolicyBased"), Enabled: pulumi.Bool(true),
		ServicePath: service.Path, LocalEndpointPath: end.Path,
		PeerAddress: pulumi.String(in.Access.PeerAddress), PeerId: pulumi.String(in.Access.PeerAddress),
		AuthenticationMode: pulumi.String("PSK"), Psk: pulumi.ToSecret(pulumi.String(s.secrets.VPNPreSharedKey)).(pulumi.StringOutput).ToStringPtrOutput(),
		// Either end may open the tunnel after it went down.
		ConnectionInitiationMode: pulumi.String("INITIATOR"),
		Rules: nsxt.PolicyIpsecVpnSessionRuleArray{nsxt.PolicyIpsecVpnSessionRuleArgs{
			Action: pulumi.String("PROTECT"), Sources: pulumi.StringArray{pulumi.String(share.String())}, Destinations: pulumi.ToStringArray(in.Access.OfficeCIDRs),
		}},
		Tags: nsxt.PolicyIpsecVpnSessionTagArray(marks[nsxt.PolicyIpsecVpnSessionTagInput, nsxt.PolicyIpsecVpnSessionTagArgs](s, topology.TierAccess)),
	}
	if err := s.addTunnelProfiles(ctx, parent, in.Name, session); err != nil {
		return platform.Access{}, err
	}
	if _, err := nsxt.NewPolicyIpsecVpnSession(ctx, in.Name, session, pulumi.Parent(parent)); err != nil {
		return platform.Access{}, fmt.Errorf("tunnel to the office: %w", err)
	}
	return platform.Access{Outputs: pulumi.Map{
		"mode":    pulumi.String(string(topology.SiteVPN)),
		"address": pulumi.String(s.settings.VPNAddress),
		// What the office's own gateway has to be set up with.
		"remoteNetwork": pulumi.String(share.String()),
		"ike":           pulumi.String(fmt.Sprintf("IKEv2, AES-256, SHA2-256, group 19, %d s", ikeLifetime)),
		"tunnel":        pulumi.String(fmt.Sprintf("ESP, AES-GCM-256, PFS group 19, %d s", tunnelLifetime)),
	}}, nil
}

func (s *site) addTunnelProfiles(ctx *pulumi.Context, parent pulumi.Resource, name string, session *nsxt.PolicyIpsecVpnSessionArgs) error {
	ike, err := nsxt.NewPolicyIpsecVpnIkeProfile(ctx, name, &nsxt.PolicyIpsecVpnIkeProfileArgs{
		DisplayName: pulumi.String(s.called(name)), IkeVersion: pulumi.String("IKE_V2"), EncryptionAlgorithms: ikeCipher, DigestAlgorithms: ikeDigest,
		DhGroups: tunnelGroup, SaLifeTime: pulumi.Float64(ikeLifetime),
		Tags: nsxt.PolicyIpsecVpnIkeProfileTagArray(marks[nsxt.PolicyIpsecVpnIkeProfileTagInput, nsxt.PolicyIpsecVpnIkeProfileTagArgs](s, topology.TierAccess)),
	}, pulumi.Parent(parent))
	if err != nil {
		return err
	}
	tunnel, err := nsxt.NewPolicyIpsecVpnTunnelProfile(ctx, name, &nsxt.PolicyIpsecVpnTunnelProfileArgs{
		DisplayName: pulumi.String(s.called(name)), DfPolicy: pulumi.String("COPY"), EncryptionAlgorithms: tunnelCipher,
		DhGroups: tunnelGroup, EnablePerfectForwardSecrecy: pulumi.Bool(true), SaLifeTime: pulumi.Float64(tunnelLifetime),
		Tags: nsxt.PolicyIpsecVpnTunnelProfileTagArray(marks[nsxt.PolicyIpsecVpnTunnelProfileTagInput, nsxt.PolicyIpsecVpnTunnelProfileTagArgs](s, topology.TierAccess)),
	}, pulumi.Parent(parent))
	if err != nil {
		return err
	}
	alive, err := nsxt.NewPolicyIpsecVpnDpdProfile(ctx, name, &nsxt.PolicyIpsecVpnDpdProfileArgs{
		DisplayName: pulumi.String(s.called(name)), DpdProbeMode: pulumi.String("PERIODIC"), DpdProbeInterval: pulumi.Float64(30),
		RetryCount: pulumi.Float64(5), Enabled: pulumi.Bool(true),
		Tags: nsxt.PolicyIpsecVpnDpdProfileTagArray(marks[nsxt.PolicyIpsecVpnDpdProfileTagInput, nsxt.PolicyIpsecVpnDpdProfileTagArgs](s, topology.TierAccess)),
	}, pulumi.Parent(parent))
	if err != nil {
		return err
	}
	session.IkeProfilePath, session.TunnelProfilePath, session.DpdProfilePath = ike.Path, tunnel.Path, alive.Path
	return nil
}
