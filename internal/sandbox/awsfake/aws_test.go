package awsfake

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
)

func TestTheTableNamesOnlyWhatTheSDKHas(t *testing.T) {
	require.NoError(t, New().Verify())
}

// TestEveryTypeGivesItsOutputs creates each type from its required inputs, and
// from an update of them, and wants every promised output of the right type.
func TestEveryTypeGivesItsOutputs(t *testing.T) {
	probe, err := fake.NewProbe(New(), resource.PropertyMap{"region": resource.NewProperty("eu-west-1")})
	require.NoError(t, err)
	for _, r := range New().Resources {
		t.Run(strings.TrimPrefix(r.Token, "aws:"), func(t *testing.T) {
			require.NoError(t, probe.Exercise(context.Background(), r.Token))
		})
	}
}

func TestOutputsArePlausible(t *testing.T) {
	probe, err := fake.NewProbe(New(), resource.PropertyMap{
		"region":      resource.NewProperty("eu-west-1"),
		"defaultTags": resource.NewPropertyValue(map[string]any{"tags": map[string]any{"project": "shop", "tier": "none"}}),
	})
	require.NoError(t, err)
	cases := []struct {
		token  string
		inputs map[string]any
		want   map[string]string // regular expressions
	}{
		{"aws:ec2/vpc:Vpc", map[string]any{"cidrBlock": "10.0.0.0/16", "tags": map[string]any{"tier": "network"}}, map[string]string{
			"id": `^vpc-[0-9a-f]{17}$`, "arn": `^arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-[0-9a-f]{17}$`,
			"defaultSecurityGroupId": `^sg-`, "tagsAll": `"project":"shop","tier":"network"`,
		}},
		{"aws:lb/loadBalancer:LoadBalancer", map[string]any{"name": "shop-uk", "subnets": []any{"subnet-1"}}, map[string]string{
			"id":      `^arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop-uk/[0-9a-f]{16}$`,
			"dnsName": `^shop-uk-[0-9a-f]{10}\.eu-west-1\.elb\.amazonaws\.com$`, "zoneId": `^Z32O12XQLNTSW2$`,
			"arnSuffix": `^app/shop-uk/[0-9a-f]{16}$`,
		}},
		{"aws:iam/role:Role", map[string]any{"name": "web", "path": "/shop/", "assumeRolePolicy": "{}"}, map[string]string{
			"id": `^web$`, "arn": `^arn:aws:iam::123456789012:role/shop/web$`,
		}},
		{"aws:s3/bucketV2:BucketV2", map[string]any{"bucket": "shop-media"}, map[string]string{
			"id": `^shop-media$`, "arn": `^arn:aws:s3:::shop-media$`,
			"bucketRegionalDomainName": `^shop-media\.s3\.eu-west-1\.amazonaws\.com$`,
		}},
		{"aws:acm/certificate:Certificate", map[string]any{
			"domainName": "shop.example", "subjectAlternativeNames": []any{"*.shop.example"}, "validationMethod": "DNS",
		}, map[string]string{"domainValidationOptions": `"domainName":"shop\.example".*"domainName":"\*\.shop\.example"`}},
		{"aws:rds/cluster:Cluster", map[string]any{
			"engine": "aurora-mysql", "clusterIdentifier": "shop-db", "manageMasterUserPassword": true,
		}, map[string]string{
			"endpoint": `^shop-db\.cluster-[0-9a-f]{12}\.eu-west-1\.rds\.amazonaws\.com$`, "port": `^3306$`,
			"masterUserSecrets": `arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!cluster-`,
		}},
		{"aws:elasticache/replicationGroup:ReplicationGroup", map[string]any{
			"replicationGroupId": "shop-cache", "description": "cache", "numCacheClusters": 2,
		}, map[string]string{
			"primaryEndpointAddress": `^master\.shop-cache\.[0-9a-f]{6}\.euw1\.cache\.amazonaws\.com$`,
			"memberClusters":         `^\["shop-cache-001","shop-cache-002"\]$`,
		}},
		{"aws:cloudfront/distribution:Distribution", map[string]any{
			"enabled": true, "defaultCacheBehavior": map[string]any{
				"allowedMethods": []any{"GET"}, "cachedMethods": []any{"GET"}, "targetOriginId": "a", "viewerProtocolPolicy": "https-only",
			}, "origins": []any{}, "restrictions": map[string]any{"geoRestriction": map[string]any{"restrictionType": "none"}},
			"viewerCertificate": map[string]any{},
		}, map[string]string{"domainName": `^d[0-9a-z]{13}\.cloudfront\.net$`, "hostedZoneId": `^Z2FDTNDATAQYW2$`}},
	}
	for _, c := range cases {
		t.Run(c.token, func(t *testing.T) {
			id, got, err := probe.Create(context.Background(), c.token, "main", resource.NewPropertyMapFromMap(c.inputs))
			require.NoError(t, err)
			got["id"] = resource.NewProperty(id)
			for name, pattern := range c.want {
				require.Regexp(t, pattern, asText(t, got[resource.PropertyKey(name)]), name)
			}
		})
	}
}

func asText(t *testing.T, v resource.PropertyValue) string {
	t.Helper()
	if v.IsString() {
		return v.StringValue()
	}
	b, err := json.Marshal(v.Mappable())
	require.NoError(t, err)
	return string(b)
}

func TestNamesAndRangesThatAWSRefuses(t *testing.T) {
	probe, err := fake.NewProbe(New(), resource.PropertyMap{"region": resource.NewProperty("eu-west-1")})
	require.NoError(t, err)
	cases := []struct {
		token  string
		inputs map[string]any
		want   string
	}{
		{"aws:lb/targetGroup:TargetGroup", map[string]any{"name": "a-very-long-target-group-name-indeed"},
			`name: "a-very-long-target-group-name-indeed" has 36 characters; AWS takes at most 32`},
		{"aws:ec2/subnet:Subnet", map[string]any{"vpcId": "vpc-1", "cidrBlock": "10.0.1.1/24"},
			`cidrBlock: "10.0.1.1/24" has address bits beyond its prefix; did you mean "10.0.1.0/24"?`},
		{"aws:ec2/vpc:Vpc", map[string]any{"cidrBlock": "10.0.0.0/8"}, `cidrBlock: "10.0.0.0/8": AWS takes a prefix from /16 to /28 here`},
		{"aws:ec2/vpc:Vpc", map[string]any{"cidrBlock": "ten"}, `cidrBlock: "ten" isn't an address range such as 10.0.0.0/16`},
		{"aws:s3/bucketV2:BucketV2", map[string]any{"bucket": "Shop"}, `bucket: "Shop": AWS takes lower-case letters, digits, dots and inner hyphens only`},
		{"aws:ec2/securityGroup:SecurityGroup", map[string]any{"description": "web — public"},
			`description: "web — public": AWS takes letters, digits, blanks and ._-:/()#,@[]+=&;{}!$* only`},
	}
	for _, c := range cases {
		problems, err := probe.Check(context.Background(), c.token, "main", resource.NewPropertyMapFromMap(c.inputs))
		require.NoError(t, err)
		require.Equal(t, []string{c.want}, problems, c.token)
	}
}

func TestRegionIsRequiredAndKnown(t *testing.T) {
	_, err := fake.NewProbe(New(), resource.PropertyMap{})
	require.ErrorContains(t, err, "region: required, and not given")
	_, err = fake.NewProbe(New(), resource.PropertyMap{"region": resource.NewProperty("eu-west-9")})
	require.ErrorContains(t, err, `AWS has no region "eu-west-9"`)
}

func TestLookups(t *testing.T) {
	probe, err := fake.NewProbe(New(), resource.PropertyMap{"region": resource.NewProperty("eu-west-1")})
	require.NoError(t, err)
	get := func(token string, args map[string]any) (map[string]any, error) {
		out, err := probe.Lookup(context.Background(), token, resource.NewPropertyMapFromMap(args))
		return out.Mappable(), err
	}
	got, err := get("aws:index/getAvailabilityZones:getAvailabilityZones", map[string]any{"state": "available"})
	require.NoError(t, err)
	require.Equal(t, []any{"eu-west-1a", "eu-west-1b", "eu-west-1c"}, got["names"])

	got, err = get("aws:elb/getServiceAccount:getServiceAccount", nil)
	require.NoError(t, err)
	require.Equal(t, "arn:aws:iam::156460612806:root", got["arn"])

	_, err = get("aws:ec2/getManagedPrefixList:getManagedPrefixList", map[string]any{"name": "com.amazonaws.nowhere"})
	require.ErrorContains(t, err, `prefix list "com.amazonaws.nowhere" not found`)

	_, err = get("aws:ssm/getParameter:getParameter", map[string]any{"name": "/shop/token"})
	require.ErrorContains(t, err, "ParameterNotFound")

	_, err = get("aws:ec2/getVpcs:getVpcs", nil)
	require.ErrorContains(t, err, "isn't simulated")

	_, err = get("aws:ssm/getParameter:getParameter", map[string]any{"nam": "/x"})
	require.ErrorContains(t, err, `nam: no such property; did you mean "name"?`)
	require.ErrorContains(t, err, "name: required, and not given")
}

func TestPolicyDocumentIsWrittenOut(t *testing.T) {
	probe, err := fake.NewProbe(New(), resource.PropertyMap{"region": resource.NewProperty("eu-west-1")})
	require.NoError(t, err)
	out, err := probe.Lookup(context.Background(), "aws:iam/getPolicyDocument:getPolicyDocument",
		resource.NewPropertyMapFromMap(map[string]any{"statements": []any{map[string]any{
			"actions": []any{"s3:GetObject"}, "resources": []any{"a", "b"},
			"principals": []any{map[string]any{"type": "Service", "identifiers": []any{"ec2.amazonaws.com"}}},
			"conditions": []any{map[string]any{"test": "StringEquals", "variable": "aws:SourceArn", "values": []any{"x"}}},
		}}}))
	require.NoError(t, err)
	require.JSONEq(t, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},
		"Action":"s3:GetObject","Resource":["a","b"],"Condition":{"StringEquals":{"aws:SourceArn":"x"}}}]}`,
		out["json"].StringValue())
}
