// Package awsfake is the table of the simulated AWS package: a row for each
// resource type and look-up that the storefront uses, and the few rules that
// AWS's types share. To simulate another type, add a row.
package awsfake

import (
	"fmt"
	"slices"
	"strings"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
)

// Account is the simulated account's number, the one of AWS's own examples.
const Account = "123456789012"

// New gives the simulated package.
func New() *fake.Package {
	return &fake.Package{
		Name:      "aws",
		Version:   semver.MustParse("6.83.0"),
		Config:    aws.ProviderArgs{},
		Settings:  settings,
		Resources: slices.Concat(network(), access(), edge(), balancing(), compute(), storage(), data(), caching(), operations()),
		Lookups:   lookups(),
		Output:    output,
		Inspect:   inspect,
		Source:    "internal/sandbox/awsfake",
	}
}

// outputs are a type's own outputs; see fake.Resource.
type outputs = map[string]any

// row is a resource type whose ARN and own outputs are as given. The token
// lacks the package's name; the ARN starts with the service.
func row(token string, args pulumi.Input, state any, id, arn, replace string, own ...outputs) fake.Resource {
	r := fake.Resource{Token: "aws:" + token, Args: args, State: state, ID: id, Replace: replace}
	if arn != "" {
		r.ARN = arnTemplate(arn)
	}
	for _, o := range own {
		r.Outputs = o
	}
	return r
}

// arnTemplate completes "service:rest" with the partition, region and account.
// A service marked with "!" is global, and one with "!!" has no account either.
func arnTemplate(arn string) string {
	service, rest, _ := strings.Cut(arn, ":")
	switch {
	case strings.HasSuffix(service, "!!"):
		return "arn:{partition}:" + strings.TrimSuffix(service, "!!") + ":::" + rest
	case strings.HasSuffix(service, "!"):
		return "arn:{partition}:" + strings.TrimSuffix(service, "!") + "::{account}:" + rest
	}
	return "arn:{partition}:" + service + ":{region}:{account}:" + rest
}

// named sets the input that gets a made-up name where the program gives none.
func named(input string, r fake.Resource) fake.Resource {
	r.Autoname = input
	return r
}

// unnamed marks a type whose missing name stays missing.
func unnamed(r fake.Resource) fake.Resource {
	r.NoAutoname = true
	return r
}

// bumping marks outputs that count versions.
func bumping(names string, r fake.Resource) fake.Resource {
	r.Bumps = names
	return r
}

// settings reads a provider's region and the tags that it gives to all its
// resources.
func settings(config resource.PropertyMap) (map[string]string, error) {
	region := ""
	if v := config["region"]; v.IsString() {
		region = v.StringValue()
	}
	if region == "" {
		return nil, fmt.Errorf("region: required, and not given; set aws:region in the stack's configuration")
	}
	if !slices.Contains(regions, region) {
		return nil, fmt.Errorf("region: AWS has no region %q", region)
	}
	out := map[string]string{
		"region": region, "account": Account, "partition": partitionOf(region), "suffix": "amazonaws.com",
	}
	if v := config["defaultTags"]; v.IsObject() && v.ObjectValue()["tags"].IsObject() {
		for k, tag := range v.ObjectValue()["tags"].ObjectValue() {
			if tag.IsString() {
				out[defaultTag+string(k)] = tag.StringValue()
			}
		}
	}
	return out, nil
}

// defaultTag starts the name of a setting that holds a provider's default tag.
const defaultTag = "defaultTags."

func partitionOf(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

// regions are AWS's regions, as of 2025.
var regions = strings.Fields(`
	af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2
	ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-7 ca-central-1 ca-west-1
	cn-north-1 cn-northwest-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3
	il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-gov-east-1 us-gov-west-1
	us-west-1 us-west-2`)
