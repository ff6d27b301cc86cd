package awsfake

import (
	"fmt"
	"net/netip"
	"regexp"

	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
)

// limit is what AWS allows in a property that is text.
type limit struct {
	min, max int
	pattern  *regexp.Regexp
	says     string
}

var (
	dashed     = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$`)
	identity   = regexp.MustCompile(`^[\w+=,.@-]+$`)
	bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*[a-z0-9]$`)
	lowerName  = regexp.MustCompile(`^[a-z]([a-z0-9]|-[a-z0-9])*$`)
	describes  = regexp.MustCompile(`^[0-9A-Za-z_ .:/()#,@\[\]+=&;{}!$*-]*$`)
	word       = regexp.MustCompile(`^[\w-]+$`)
)

const (
	saysDashed = "letters, digits and inner hyphens only"
	saysLower  = "lower-case letters, digits and single hyphens only, beginning with a letter"
	saysWord   = "letters, digits, hyphens and underscores only"
	saysIdent  = "letters, digits and +=,.@_- only"
	saysText   = "letters, digits, blanks and ._-:/()#,@[]+=&;{}!$* only"
	saysBucket = "lower-case letters, digits, dots and inner hyphens only"
)

// limits are the names that AWS itself refuses, by type and property.
var limits = map[string]map[string]limit{
	"aws:lb/loadBalancer:LoadBalancer":                       {"name": {1, 32, dashed, saysDashed}},
	"aws:lb/targetGroup:TargetGroup":                         {"name": {1, 32, dashed, saysDashed}},
	"aws:iam/role:Role":                                      {"name": {1, 64, identity, saysIdent}},
	"aws:iam/policy:Policy":                                  {"name": {1, 128, identity, saysIdent}},
	"aws:iam/instanceProfile:InstanceProfile":                {"name": {1, 128, identity, saysIdent}},
	"aws:s3/bucketV2:BucketV2":                               {"bucket": {3, 63, bucketName, saysBucket}},
	"aws:rds/cluster:Cluster":                                {"clusterIdentifier": {1, 63, lowerName, saysLower}},
	"aws:rds/clusterInstance:ClusterInstance":                {"identifier": {1, 63, lowerName, saysLower}},
	"aws:rds/instance:Instance":                              {"identifier": {1, 63, lowerName, saysLower}},
	"aws:rds/proxy:Proxy":                                    {"name": {1, 63, dashed, saysDashed}},
	"aws:elasticache/replicationGroup:ReplicationGroup":      {"replicationGroupId": {1, 40, lowerName, saysLower}},
	"aws:elasticache/cluster:Cluster":                        {"clusterId": {1, 50, lowerName, saysLower}},
	"aws:opensearch/domain:Domain":                           {"domainName": {3, 28, lowerName, saysLower}},
	"aws:wafv2/webAcl:WebAcl":                                {"name": {1, 128, word, saysWord}},
	"aws:cloudfront/function:Function":                       {"name": {1, 64, word, saysWord}},
	"aws:cloudfront/originAccessControl:OriginAccessControl": {"name": {1, 64, nil, ""}},
	"aws:autoscaling/group:Group":                            {"name": {1, 255, nil, ""}},
	"aws:ec2/launchTemplate:LaunchTemplate":                  {"name": {3, 128, nil, ""}},
	"aws:backup/vault:Vault":                                 {"name": {2, 50, word, saysWord}},
	"aws:cloudwatch/metricAlarm:MetricAlarm":                 {"name": {1, 255, nil, ""}},
	"aws:ec2/securityGroup:SecurityGroup": {
		"name": {1, 255, describes, saysText}, "description": {1, 255, describes, saysText},
	},
	"aws:ec2/securityGroupRule:SecurityGroupRule":               {"description": {0, 255, describes, saysText}},
	"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {"description": {0, 255, describes, saysText}},
	"aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule":   {"description": {0, 255, describes, saysText}},
}

// ranges are the properties that hold an address range, with the shortest and
// the longest prefix that AWS takes.
var ranges = map[string]map[string][2]int{
	"aws:ec2/vpc:Vpc":                    {"cidrBlock": {16, 28}},
	"aws:ec2/subnet:Subnet":              {"cidrBlock": {16, 28}},
	"aws:ec2/route:Route":                {"destinationCidrBlock": {0, 32}},
	"aws:ec2clientvpn/endpoint:Endpoint": {"clientCidrBlock": {12, 22}},
	"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {"cidrIpv4": {0, 32}},
	"aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule":   {"cidrIpv4": {0, 32}},
}

// inspect refuses names and address ranges that AWS refuses.
func inspect(o *fake.Object) []fake.Problem {
	var problems []fake.Problem
	for property, l := range limits[o.Type] {
		if v := o.Text(property); v != "" {
			problems = append(problems, l.check(property, v)...)
		}
	}
	for property, r := range ranges[o.Type] {
		if v := o.Text(property); v != "" {
			problems = append(problems, checkRange(property, v, r)...)
		}
	}
	return problems
}

func (l limit) check(property, value string) []fake.Problem {
	switch {
	case len(value) > l.max:
		return problem(property, "%q has %d characters; AWS takes at most %d", value, len(value), l.max)
	case len(value) < l.min:
		return problem(property, "%q has %d characters; AWS takes at least %d", value, len(value), l.min)
	case l.pattern != nil && !l.pattern.MatchString(value):
		return problem(property, "%q: AWS takes %s", value, l.says)
	}
	return nil
}

func checkRange(property, value string, bits [2]int) []fake.Problem {
	p, err := netip.ParsePrefix(value)
	switch {
	case err != nil:
		return problem(property, "%q isn't an address range such as 10.0.0.0/16", value)
	case p.Masked() != p:
		return problem(property, "%q has address bits beyond its prefix; did you mean %q?", value, p.Masked())
	case p.Bits() < bits[0] || p.Bits() > bits[1]:
		return problem(property, "%q: AWS takes a prefix from /%d to /%d here", value, bits[0], bits[1])
	}
	return nil
}

func problem(path, format string, args ...any) []fake.Problem {
	return []fake.Problem{{Path: path, Message: fmt.Sprintf(format, args...)}}
}
