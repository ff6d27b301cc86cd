// Package awscloud emits a storefront for AWS.
package awscloud

import (
	"regexp"
	"slices"
	"strings"

	"github.com/storefront-toolkit/storefront/components/topology"
)

// Settings is what a stack says of its AWS account, under storefront:aws. The
// region is the provider's own setting, aws:region.
type Settings struct {
	// Region is filled in from aws:region.
	Region string `json:"-"`
	// Zones says for a DNS zone what to do with it; a zone that is not named
	// here is looked up in the account by its name.
	Zones map[string]Zone `json:"zones,omitempty" jsonschema:"description=By DNS zone; a zone not named here is looked up in Route 53 by its name"`
	// Certificates is "issue" for certificates from ACM, proven by DNS, or
	// "existing" for those in CertificateARNs.
	Certificates    CertificateSource       `json:"certificates" jsonschema:"required,enum=issue,enum=existing"`
	CertificateARNs map[string]Certificates `json:"certificateArns,omitempty" jsonschema:"description=By channel code; admin and vpn (certificates: existing)"`
	// ClientRootCertificateARN is the authority of the VPN clients'
	// certificates, imported into ACM (access.mode: client-vpn).
	ClientRootCertificateARN string `json:"clientRootCertificateArn,omitempty" jsonschema:"description=ACM certificate of the authority that signs VPN clients' certificates (client-vpn)"`
	// Image is what servers start from: an AMI or "resolve:ssm:NAME".
	Image string `json:"image,omitempty" jsonschema:"description=AMI or resolve:ssm:PARAMETER (default: Debian 12 by its public parameter)"`
	// LogDays is how long log groups and access logs are kept.
	LogDays int `json:"logDays,omitempty" jsonschema:"description=Days that logs are kept (default: 90 in production and 7 in staging)"`
}

// Zone is a public DNS zone.
type Zone struct {
	ID string `json:"id,omitempty" jsonschema:"description=Hosted zone ID; looked up by name where it is missing"`
}

// CertificateSource says where certificates come from.
type CertificateSource string

const (
	Issue    CertificateSource = "issue"
	Existing CertificateSource = "existing"
)

// Certificates are existing ones of a channel.
type Certificates struct {
	Regional string `json:"regional" jsonschema:"required,description=ACM certificate in the stack's region"`
	Edge     string `json:"edge,omitempty" jsonschema:"description=ACM certificate in us-east-1 for CloudFront"`
}

// Regions in which every service that the toolkit uses is offered
// (aws.amazon.com/about-aws/global-infrastructure/regional-product-services).
var regions = []string{
	"af-south-1", "ap-east-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2",
	"ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ca-central-1", "ca-west-1", "eu-central-1",
	"eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1",
	"me-central-1", "me-south-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
}

var (
	certificateForm = regexp.MustCompile(`^arn:aws[a-z-]*:acm:([a-z0-9-]+):\d{12}:certificate/[A-Za-z0-9-]+$`)
	zoneIDForm      = regexp.MustCompile(`^Z[A-Z0-9]{3,31}$`)
	imageForm       = regexp.MustCompile(`^(ami-[0-9a-f]{8,17}|resolve:ssm:[A-Za-z0-9_./-]+)$`)
)

// debian12 is the parameter that Debian keeps pointed at its newest image
// (wiki.debian.org/Cloud/AmazonEC2Image/Bookworm).
const debian12 = "resolve:ssm:/aws/service/debian/release/12/latest/amd64"

func (s Settings) resolve(production bool) Settings {
	if s.Image == "" {
		s.Image = debian12
	}
	if s.LogDays == 0 {
		s.LogDays = 7
		if production {
			s.LogDays = 90
		}
	}
	return s
}

// logDays is what CloudWatch Logs takes as a retention.
var logDays = []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

func (s Settings) validate(shop topology.Storefront) (p topology.Problems) {
	switch {
	case s.Region == "":
		p.Add("aws:region", "is missing")
	case !slices.Contains(regions, s.Region):
		p.Add("aws:region", "unknown region %q%s", s.Region, topology.Suggest(s.Region, regions))
	}
	for name, z := range s.Zones {
		if !slices.ContainsFunc(shop.Channels, func(c topology.Channel) bool { return c.Zone == name }) {
			p.Add("$.zones."+name, "is no channel's zone")
		}
		if z.ID != "" && !zoneIDForm.MatchString(z.ID) {
			p.Add("$.zones."+name+".id", "%q is not a hosted zone ID such as Z0123456789ABC", z.ID)
		}
	}
	if s.Image != "" && !imageForm.MatchString(s.Image) {
		p.Add("$.image", "%q is neither an AMI nor resolve:ssm:PARAMETER", s.Image)
	}
	if s.LogDays != 0 && !slices.Contains(logDays, s.LogDays) {
		p.Add("$.logDays", "%d is not a retention that CloudWatch takes: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, …", s.LogDays)
	}
	if shop.Access.Mode == topology.ClientVPN {
		s.checkARN(&p, "$.clientRootCertificateArn", s.ClientRootCertificateARN, s.Region,
			"people's VPN certificates need an authority: import its certificate into ACM and name it here")
	}
	return append(p, s.validateCertificates(shop)...)
}

func (s Settings) validateCertificates(shop topology.Storefront) (p topology.Problems) {
	switch s.Certificates {
	case Issue:
		if len(s.CertificateARNs) > 0 {
			p.Add("$.certificateArns", "belongs to certificates: existing")
		}
		return p
	case Existing:
	default:
		p.Add("$.certificates", "%q is neither issue (ACM proves the names by DNS) nor existing (name them in certificateArns)%s",
			s.Certificates, topology.Suggest(string(s.Certificates), []string{string(Issue), string(Existing)}))
		return p
	}
	need := func(key string, edge bool) {
		c := s.CertificateARNs[key]
		at := "$.certificateArns." + key
		s.checkARN(&p, at+".regional", c.Regional, s.Region, "there is none")
		if edge {
			s.checkARN(&p, at+".edge", c.Edge, edgeRegion, "there is none, and CloudFront needs one")
		}
	}
	for _, c := range shop.Channels {
		need(c.Code, *shop.Edge.CDN)
	}
	need("admin", false)
	if shop.Access.Mode == topology.ClientVPN {
		need("vpn", false)
	}
	return p
}

func (s Settings) checkARN(p *topology.Problems, path, arn, region, missing string) {
	m := certificateForm.FindStringSubmatch(arn)
	switch {
	case arn == "":
		p.Add(path, "%s", missing)
	case m == nil:
		p.Add(path, "%q is not the ARN of an ACM certificate", arn)
	case region != "" && m[1] != region:
		p.Add(path, "%s lies in %s, not in %s", arn, m[1], region)
	}
}

// edgeRegion is where CloudFront takes certificates and web ACLs from.
const edgeRegion = "us-east-1"

// short cuts a name to at most n characters, keeping its end apart from others
// by a checksum.
func short(name string, n int) string {
	name = strings.ToLower(name)
	if len(name) <= n {
		return name
	}
	return strings.TrimRight(name[:n-7], "-") + "-" + checksum(name)
}
