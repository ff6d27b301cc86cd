package awsfake

import (
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/acm"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudfront"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/wafv2"

	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
)

// edge is what the visitors meet first: names, certificates, CDN, firewall.
func edge() []fake.Resource {
	return []fake.Resource{
		row("route53/zone:Zone", route53.ZoneArgs{}, route53.Zone{}, "Z{U20}", "route53!!:hostedzone/{id}",
			"name delegationSetId", outputs{
				"zoneId": "{id}", "primaryNameServer": "ns-1.awsdns-01.com",
				"nameServers": []any{"ns-1.awsdns-01.com", "ns-2.awsdns-02.net", "ns-3.awsdns-03.org", "ns-4.awsdns-04.co.uk"},
			}),
		row("route53/record:Record", route53.RecordArgs{}, route53.Record{}, "{zoneId}_{name}_{type}_{setIdentifier}", "",
			"name type zoneId setIdentifier", outputs{"fqdn": "{name}"}),
		row("route53/healthCheck:HealthCheck", route53.HealthCheckArgs{}, route53.HealthCheck{}, "{uuid}",
			"route53!!:healthcheck/{id}", "type referenceName requestInterval measureLatency routingControlArn"),
		row("route53/zoneAssociation:ZoneAssociation", route53.ZoneAssociationArgs{}, route53.ZoneAssociation{},
			"{zoneId}:{vpcId}", "", "zoneId vpcId vpcRegion", outputs{"owningAccount": "{account}"}),
		row("route53/queryLog:QueryLog", route53.QueryLogArgs{}, route53.QueryLog{}, "{uuid}",
			"route53!!:queryloggingconfig/{id}", "cloudwatchLogGroupArn zoneId"),
		row("acm/certificate:Certificate", acm.CertificateArgs{}, acm.Certificate{}, "{arn}", "acm:certificate/{uuid}",
			"domainName subjectAlternativeNames validationMethod keyAlgorithm certificateAuthorityArn validationOptions",
			outputs{
				"domainValidationOptions": validationRecords, "status": "ISSUED", "type": "AMAZON_ISSUED", "notBefore": epoch,
				"notAfter": "2026-02-01T00:00:00Z", "renewalEligibility": "ELIGIBLE", "validationEmails": []any{},
			}),
		row("acm/certificateValidation:CertificateValidation", acm.CertificateValidationArgs{}, acm.CertificateValidation{},
			"{certificateArn}", "", "certificateArn validationRecordFqdns"),
		row("cloudfront/distribution:Distribution", cloudfront.DistributionArgs{}, cloudfront.Distribution{}, "E{U13}",
			"cloudfront!:distribution/{id}", "staging", outputs{
				"domainName": distributionName, "hostedZoneId": cloudfrontZone, "status": "Deployed",
				"inProgressValidationBatches": 0,
			}),
		row("cloudfront/originAccessControl:OriginAccessControl", cloudfront.OriginAccessControlArgs{},
			cloudfront.OriginAccessControl{}, "E{U13}", "cloudfront!:origin-access-control/{id}", "originAccessControlOriginType"),
		row("cloudfront/function:Function", cloudfront.FunctionArgs{}, cloudfront.Function{}, "{name}",
			"cloudfront!:function/{name}", "name", outputs{"status": "UNASSOCIATED", "liveStageEtag": "E{U13}"}),
		row("cloudfront/keyValueStore:KeyValueStore", cloudfront.KeyValueStoreArgs{}, cloudfront.KeyValueStore{}, "{uuid}",
			"cloudfront!:key-value-store/{id}", "name"),
		row("cloudfront/responseHeadersPolicy:ResponseHeadersPolicy", cloudfront.ResponseHeadersPolicyArgs{},
			cloudfront.ResponseHeadersPolicy{}, "{uuid}", "cloudfront!:response-headers-policy/{id}", ""),
		row("cloudfront/cachePolicy:CachePolicy", cloudfront.CachePolicyArgs{}, cloudfront.CachePolicy{}, "{uuid}",
			"cloudfront!:cache-policy/{id}", ""),
		row("cloudfront/originRequestPolicy:OriginRequestPolicy", cloudfront.OriginRequestPolicyArgs{},
			cloudfront.OriginRequestPolicy{}, "{uuid}", "cloudfront!:origin-request-policy/{id}", "name"),
		row("cloudfront/publicKey:PublicKey", cloudfront.PublicKeyArgs{}, cloudfront.PublicKey{}, "K{U13}", "",
			"name namePrefix encodedKey"),
		row("cloudfront/keyGroup:KeyGroup", cloudfront.KeyGroupArgs{}, cloudfront.KeyGroup{}, "{uuid}", "", ""),
		row("cloudfront/monitoringSubscription:MonitoringSubscription", cloudfront.MonitoringSubscriptionArgs{},
			cloudfront.MonitoringSubscription{}, "{distributionId}", "", "distributionId"),
		row("cloudfront/vpcOrigin:VpcOrigin", cloudfront.VpcOriginArgs{}, cloudfront.VpcOrigin{}, "vo_{U22}",
			"cloudfront!:vpcorigin/{id}", ""),
		row("wafv2/webAcl:WebAcl", wafv2.WebAclArgs{}, wafv2.WebAcl{}, "{uuid}", "wafv2:{scope}/webacl/{name}/{id}",
			"name namePrefix scope", outputs{"arn": webACL("webacl"), "capacity": 1000, "applicationIntegrationUrl": ""}),
		row("wafv2/ipSet:IpSet", wafv2.IpSetArgs{}, wafv2.IpSet{}, "{uuid}", "wafv2:{scope}/ipset/{name}/{id}",
			"name scope ipAddressVersion", outputs{"arn": webACL("ipset")}),
		row("wafv2/regexPatternSet:RegexPatternSet", wafv2.RegexPatternSetArgs{}, wafv2.RegexPatternSet{}, "{uuid}",
			"wafv2:{scope}/regexpatternset/{name}/{id}", "name scope", outputs{"arn": webACL("regexpatternset")}),
		row("wafv2/ruleGroup:RuleGroup", wafv2.RuleGroupArgs{}, wafv2.RuleGroup{}, "{uuid}",
			"wafv2:{scope}/rulegroup/{name}/{id}", "name scope capacity", outputs{"arn": webACL("rulegroup")}),
		row("wafv2/webAclAssociation:WebAclAssociation", wafv2.WebAclAssociationArgs{}, wafv2.WebAclAssociation{},
			"{webAclArn},{resourceArn}", "", "webAclArn resourceArn"),
		row("wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", wafv2.WebAclLoggingConfigurationArgs{},
			wafv2.WebAclLoggingConfiguration{}, "{resourceArn}", "", "resourceArn"),
	}
}

// validationRecords are the DNS records that prove each name of a certificate.
func validationRecords(o *fake.Object) any {
	out, seen := []any{}, map[string]bool{}
	for _, name := range append([]string{o.Text("domainName")}, list(o, "subjectAlternativeNames")...) {
		if name == "" || seen[name] {
			continue
		}
		seen[name] = true
		out = append(out, map[string]any{
			"domainName":          name,
			"resourceRecordName":  "_" + o.Hex(name, 32) + "." + strings.TrimPrefix(name, "*.") + ".",
			"resourceRecordType":  "CNAME",
			"resourceRecordValue": "_" + o.Hex(name+" value", 32) + ".acm-validations.aws.",
		})
	}
	return out
}

func distributionName(o *fake.Object) any {
	return "d" + strings.ToLower(o.Upper("domain", 13)) + ".cloudfront.net"
}

// webACL gives the ARN of a firewall's part, which says where it applies.
func webACL(kind string) func(*fake.Object) any {
	return func(o *fake.Object) any {
		scope := "regional"
		if o.Text("scope") == "CLOUDFRONT" {
			scope = "global"
		}
		return o.Expand("arn", "arn:{partition}:wafv2:{region}:{account}:"+scope+"/"+kind+"/{name}/{id}")
	}
}
