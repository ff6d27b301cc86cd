package awscloud

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/acm"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/topology"
)

// openEdgeRegion makes the provider for us-east-1.
func (s *site) openEdgeRegion(ctx *pulumi.Context, parent pulumi.Resource, args aws.ProviderArgs) error {
	args.Region = pulumi.String(edgeRegion)
	p, err := aws.NewProvider(ctx, s.name+"-edge-region", &args, pulumi.Parent(parent))
	s.edgeProvider = p
	return err
}

// findZones looks up the DNS zones of the channels.
func (s *site) findZones(ctx *pulumi.Context, parent pulumi.Resource) error {
	s.zoneIDs = map[string]pulumi.StringInput{}
	var p topology.Problems
	for i, c := range s.shop.Channels {
		if s.zoneIDs[c.Zone] != nil {
			continue
		}
		if id := s.settings.Zones[c.Zone].ID; id != "" {
			s.zoneIDs[c.Zone] = pulumi.String(id)
			continue
		}
		found, err := route53.LookupZone(ctx, &route53.LookupZoneArgs{Name: pulumi.StringRef(c.Zone), PrivateZone: pulumi.BoolRef(false)}, pulumi.Parent(parent))
		if err != nil {
			p.Add(fmt.Sprintf("channels[%d].zone", i), "look up %s in Route 53: %v; create the zone or name its ID", c.Zone, err)
			continue
		}
		s.zoneIDs[c.Zone] = pulumi.String(found.ZoneId)
	}
	return p.Err()
}

// certificate returns a certificate over the names, the first of them foremost,
// for the stack's region. ACM's are proven by records in the names' zone.
func (s *site) certificate(ctx *pulumi.Context, parent pulumi.Resource, name, key string, names []string, zone string) (pulumi.StringOutput, error) {
	if s.settings.Certificates == Existing {
		return pulumi.String(s.settings.CertificateARNs[key].Regional).ToStringOutput(), nil
	}
	cert, err := s.requestCertificate(ctx, name, names, pulumi.Parent(parent))
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	var fqdns pulumi.StringArray
	for _, host := range names {
		proof := proofOf(cert, host)
		record, err := route53.NewRecord(ctx, fmt.Sprintf("%s-proof-%s", name, host), &route53.RecordArgs{
			ZoneId:         s.zoneIDs[zone].ToStringOutput(),
			Name:           proof.ResourceRecordName().Elem(),
			Type:           proof.ResourceRecordType().Elem(),
			Records:        pulumi.StringArray{proof.ResourceRecordValue().Elem()},
			Ttl:            pulumi.Int(60),
			AllowOverwrite: pulumi.Bool(true),
		}, pulumi.Parent(parent))
		if err != nil {
			return pulumi.StringOutput{}, err
		}
		fqdns = append(fqdns, record.Fqdn)
	}
	proven, err := acm.NewCertificateValidation(ctx, name, &acm.CertificateValidationArgs{
		CertificateArn: cert.Arn, ValidationRecordFqdns: fqdns,
	}, pulumi.Parent(parent))
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	return proven.CertificateArn, nil
}

// proofOf is the record by which ACM lets a certificate's host name be proven.
// The provider gives them in no order: by number, a further name would shift
// the others, and the removal of one's old record would take another's proof.
func proofOf(cert *acm.Certificate, host string) acm.CertificateDomainValidationOptionOutput {
	return cert.DomainValidationOptions.ApplyT(func(options []acm.CertificateDomainValidationOption) (acm.CertificateDomainValidationOption, error) {
		for _, o := range options {
			if o.DomainName != nil && *o.DomainName == host {
				return o, nil
			}
		}
		return acm.CertificateDomainValidationOption{}, fmt.Errorf("ACM names no proof of %s", host)
	}).(acm.CertificateDomainValidationOptionOutput)
}

func (s *site) requestCertificate(ctx *pulumi.Context, name string, names []string, opts ...pulumi.ResourceOption) (*acm.Certificate, error) {
	return acm.NewCertificate(ctx, name, &acm.CertificateArgs{
		DomainName:              pulumi.String(names[0]),
		SubjectAlternativeNames: pulumi.ToStringArray(names[1:]),
		ValidationMethod:        pulumi.String("DNS"),
		Tags:                    s.tags(topology.TierEdge, name),
	}, opts...)
}
