package awsfake

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudfront"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/elb"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/secretsmanager"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ssm"

	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
)

type answer = map[string]any

// lookups are the functions that read from AWS.
func lookups() []fake.Lookup {
	return []fake.Lookup{
		look("index/getRegion:getRegion", aws.GetRegionArgs{}, aws.GetRegionResult{}, regionAnswer),
		look("index/getCallerIdentity:getCallerIdentity", aws.GetCallerIdentityArgs{}, aws.GetCallerIdentityResult{},
			fixed(answer{
				"accountId": Account, "arn": "arn:aws:iam::" + Account + ":user/sandbox", "id": Account, "userId": "AIDASANDBOX",
			})),
		look("index/getPartition:getPartition", aws.GetPartitionArgs{}, aws.GetPartitionResult{}, partitionAnswer),
		look("index/getAvailabilityZones:getAvailabilityZones", aws.GetAvailabilityZonesArgs{},
			aws.GetAvailabilityZonesResult{}, zonesAnswer),
		look("elb/getServiceAccount:getServiceAccount", elb.GetServiceAccountArgs{}, elb.GetServiceAccountResult{},
			balancerAccount),
		look("elb/getHostedZoneId:getHostedZoneId", elb.GetHostedZoneIdArgs{}, elb.GetHostedZoneIdResult{}, balancerZoneAnswer),
		look("lb/getHostedZoneId:getHostedZoneId", lb.GetHostedZoneIdArgs{}, lb.GetHostedZoneIdResult{}, balancerZoneAnswer),
		look("ec2/getPrefixList:getPrefixList", ec2.GetPrefixListArgs{}, ec2.GetPrefixListResult{}, prefixList),
		look("ec2/getManagedPrefixList:getManagedPrefixList", ec2.LookupManagedPrefixListArgs{},
			ec2.LookupManagedPrefixListResult{}, prefixList),
		look("ec2/getAmi:getAmi", ec2.LookupAmiArgs{}, ec2.LookupAmiResult{}, imageAnswer),
		look("ssm/getParameter:getParameter", ssm.LookupParameterArgs{}, ssm.LookupParameterResult{}, parameterAnswer),
		look("iam/getPolicyDocument:getPolicyDocument", iam.GetPolicyDocumentArgs{}, iam.GetPolicyDocumentResult{},
			policyDocument),
		look("iam/getPolicy:getPolicy", iam.LookupPolicyArgs{}, iam.LookupPolicyResult{}, managedPolicy),
		look("iam/getRoles:getRoles", iam.GetRolesArgs{}, iam.GetRolesResult{}, serviceRoles),
		look("route53/getZone:getZone", route53.LookupZoneArgs{}, route53.LookupZoneResult{}, hostedZone),
		look("rds/getEngineVersion:getEngineVersion", rds.GetEngineVersionArgs{}, rds.GetEngineVersionResult{}, engineVersion),
		look("secretsmanager/getRandomPassword:getRandomPassword", secretsmanager.GetRandomPasswordArgs{},
			secretsmanager.GetRandomPasswordResult{}, password),
		look("s3/getCanonicalUserId:getCanonicalUserId", nil, s3.GetCanonicalUserIdResult{},
			fixed(answer{"id": strings.Repeat("0123456789abcdef", 4), "displayName": "sandbox"})),
		look("cloudfront/getCachePolicy:getCachePolicy", cloudfront.LookupCachePolicyArgs{},
			cloudfront.LookupCachePolicyResult{}, managedDelivery),
		look("cloudfront/getOriginRequestPolicy:getOriginRequestPolicy", cloudfront.LookupOriginRequestPolicyArgs{},
			cloudfront.LookupOriginRequestPolicyResult{}, managedDelivery),
		look("cloudfront/getResponseHeadersPolicy:getResponseHeadersPolicy", cloudfront.LookupResponseHeadersPolicyArgs{},
			cloudfront.LookupResponseHeadersPolicyResult{}, managedDelivery),
		look("cloudfront/getLogDeliveryCanonicalUserId:getLogDeliveryCanonicalUserId",
			cloudfront.GetLogDeliveryCanonicalUserIdArgs{}, cloudfront.GetLogDeliveryCanonicalUserIdResult{},
			fixed(answer{"id": "c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0"})),
	}
}

func look(token string, args, result any, answer func(*fake.Query) (map[string]any, error)) fake.Lookup {
	return fake.Lookup{Token: "aws:" + token, Args: args, Result: result, Answer: answer}
}

func fixed(a answer) func(*fake.Query) (map[string]any, error) {
	return func(*fake.Query) (map[string]any, error) { return a, nil }
}

// regionOf is the region that a query names, or else the provider's.
func regionOf(q *fake.Query) string {
	if r := q.Text("region"); r != "" {
		return r
	}
	return q.Settings["region"]
}

func regionAnswer(q *fake.Query) (map[string]any, error) {
	region := regionOf(q)
	if name := q.Text("name"); name != "" {
		region = name
	}
	return answer{
		"id": region, "name": region, "description": "Simulated (" + region + ")", "endpoint": "ec2." + region + ".amazonaws.com",
	}, nil
}

func partitionAnswer(q *fake.Query) (map[string]any, error) {
	return answer{
		"id": q.Settings["partition"], "partition": q.Settings["partition"], "dnsSuffix": "amazonaws.com",
		"reverseDnsPrefix": "com.amazonaws",
	}, nil
}

func zonesAnswer(q *fake.Query) (map[string]any, error) {
	region := q.Settings["region"]
	return answer{
		"id": region, "names": zones(region), "groupNames": []any{region},
		"zoneIds": []any{shortRegion(region) + "-az1", shortRegion(region) + "-az2", shortRegion(region) + "-az3"},
	}, nil
}

// balancerAccount is the account that writes a region's load-balancer logs.
// Newer regions have none.
func balancerAccount(q *fake.Query) (map[string]any, error) {
	region := regionOf(q)
	id, ok := balancerAccounts[region]
	if !ok {
		return nil, fmt.Errorf("region %s has no account for load-balancer logs: grant the service principal "+
			"logdelivery.elasticloadbalancing.amazonaws.com instead", region)
	}
	return answer{"id": id, "arn": "arn:aws:iam::" + id + ":root"}, nil
}

func balancerZoneAnswer(q *fake.Query) (map[string]any, error) {
	return answer{"id": zoneOfBalancers(regionOf(q))}, nil
}

// zoneOfBalancers is the hosted zone of a region's load balancers.
func zoneOfBalancers(region string) string {
	if id, ok := balancerZones[region]; ok {
		return id
	}
	return "Z" + strings.ToUpper(strings.ReplaceAll(region, "-", "")) + "ELB"
}

// prefixList finds a list that AWS itself keeps.
func prefixList(q *fake.Query) (map[string]any, error) {
	name := q.Text("name")
	known := name == "com.amazonaws.global.cloudfront.origin-facing" ||
		name == "com.amazonaws."+q.Settings["region"]+".s3" || name == "com.amazonaws."+q.Settings["region"]+".dynamodb"
	if !known {
		return nil, fmt.Errorf("prefix list %q not found in the simulated account", name)
	}
	id := "pl-" + digits(name, 8)
	return answer{
		"id": id, "prefixListId": id, "name": name, "maxEntries": 55, "ownerId": "AWS", "addressFamily": "IPv4",
		"cidrBlocks": []any{"192.0.2.0/24"}, "entries": []any{map[string]any{"cidr": "192.0.2.0/24", "description": ""}},
		"arn": "arn:aws:ec2:" + q.Settings["region"] + ":aws:prefix-list/" + id, "version": 1,
	}, nil
}

func imageAnswer(q *fake.Query) (map[string]any, error) {
	id := "ami-" + digits(fingerprintOf(q), 17)
	return answer{
		"id": id, "imageId": id, "architecture": "arm64", "rootDeviceName": "/dev/xvda", "rootDeviceType": "ebs",
		"state": "available", "virtualizationType": "hvm", "name": "simulated-image", "ownerId": "136693071363",
		"creationDate": epoch,
	}, nil
}

// parameterAnswer knows the image parameters that AWS and others publish. The
// simulated account has no parameter of its own.
func parameterAnswer(q *fake.Query) (map[string]any, error) {
	name := q.Text("name")
	if !strings.HasPrefix(name, "/aws/service/") {
		return nil, fmt.Errorf("ParameterNotFound: %q isn't in the simulated account", name)
	}
	return answer{
		"id": name, "name": name, "type": "String", "version": 1, "value": "ami-" + digits(name, 17),
		"insecureValue": "ami-" + digits(name, 17), "arn": "arn:aws:ssm:" + q.Settings["region"] + "::parameter" + name,
	}, nil
}

func managedPolicy(q *fake.Query) (map[string]any, error) {
	arn, name := q.Text("arn"), q.Text("name")
	if arn == "" {
		arn = "arn:aws:iam::aws:policy/" + name
	}
	if !strings.HasPrefix(arn, "arn:aws:iam::aws:policy/") {
		return nil, fmt.Errorf("policy %q not found in the simulated account", arn)
	}
	return answer{"id": arn, "arn": arn, "name": arn[strings.LastIndex(arn, "/")+1:], "path": "/"}, nil
}

// hostedZone takes every public domain to be registered in the account.
func hostedZone(q *fake.Query) (map[string]any, error) {
	name, id := strings.TrimSuffix(q.Text("name"), "."), q.Text("zoneId")
	if id == "" {
		id = "Z" + strings.ToUpper(digits(name, 20))
	}
	return answer{"id": id, "zoneId": id, "name": name, "arn": "arn:aws:route53:::hostedzone/" + id}, nil
}

func engineVersion(q *fake.Query) (map[string]any, error) {
	version := q.Text("version")
	if version == "" {
		version = q.Text("preferredVersions.0")
	}
	if version == "" {
		version = "8.0.40"
	}
	return answer{"id": version, "version": version, "versionActual": version, "status": "available"}, nil
}

// managedDelivery finds a policy that CloudFront itself offers.
func managedDelivery(q *fake.Query) (map[string]any, error) {
	name, id := q.Text("name"), q.Text("id")
	if id != "" {
		return answer{"id": id}, nil
	}
	id, ok := deliveryPolicies[strings.TrimPrefix(name, "Managed-")]
	if !ok || !strings.HasPrefix(name, "Managed-") {
		return nil, fmt.Errorf("CloudFront policy %q not found in the simulated account", name)
	}
	return answer{"id": id, "name": name}, nil
}

// password is of the length asked for. AWS draws another one each time; here two
// runs have to agree.
func password(q *fake.Query) (map[string]any, error) {
	length := 32
	if v, ok := q.Args["passwordLength"]; ok && v.IsNumber() {
		length = int(v.NumberValue())
	}
	return answer{"randomPassword": strings.Repeat("Sandbox0Password1", length/17+1)[:length]}, nil
}

// serviceRoles are those of the services that a path asks for: the simulated
// account has used every service before.
func serviceRoles(q *fake.Query) (map[string]any, error) {
	service := strings.Trim(strings.TrimPrefix(q.Text("pathPrefix"), "/aws-service-role"), "/")
	if service == "" {
		return answer{"arns": []any{}, "names": []any{}}, nil
	}
	name := "AWSServiceRoleFor-" + strings.SplitN(service, ".", 2)[0]
	return answer{"names": []any{name}, "arns": []any{"arn:aws:iam::" + Account + ":role/aws-service-role/" + service + "/" + name}}, nil
}
