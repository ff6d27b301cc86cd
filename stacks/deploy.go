package stacks

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components"
	"github.com/storefront-toolkit/storefront/components/awscloud"
	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/privatecloud"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// open makes each platform from the configuration.
var open = map[string]func(Config, Lookup) (platform.Platform, error){
	awscloud.Name: openAWS,
	privatecloud.Name: func(c Config, _ Lookup) (platform.Platform, error) {
		return privatecloud.New(c.Private, c.Secrets), nil
	},
}

// settingsKey is where a platform's own settings stand.
var settingsKey = map[string]string{awscloud.Name: keyAWS, privatecloud.Name: keyPrivate}

// Deploy is the Pulumi program: it registers the storefront that the stack's
// configuration declares, as of now.
func Deploy(ctx *pulumi.Context) error { return DeployAt(time.Now())(ctx) }

// DeployAt is Deploy as of a given moment, which decides about campaigns.
func DeployAt(now time.Time) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		keys, err := given(ctx)
		if err != nil {
			return err
		}
		args, err := arguments(ctx, keys, now)
		if err != nil {
			return err
		}
		shop, err := components.NewStorefront(ctx, "storefront", args)
		if err != nil {
			return located(err, settingsKey[args.Platform.Name()])
		}
		for name, value := range shop.Outputs {
			ctx.Export(name, value)
		}
		return nil
	}
}

// arguments reads and checks the configuration. What is wrong comes all at
// once: what can't be read and what is read but can't be built.
func arguments(ctx *pulumi.Context, keys []string, now time.Time) (components.Args, error) {
	config, err := Read(ctx.GetConfig, keys)
	unread, _ := err.(topology.Problems)
	if open[config.Platform] == nil {
		return components.Args{}, err
	}
	on, err := open[config.Platform](config, ctx.GetConfig)
	if err != nil {
		return components.Args{}, err
	}
	args := components.Args{
		Shop: config.Topology, Platform: on, Now: now,
		Meta: platform.Meta{
			Project: ctx.Project(), Stack: ctx.Stack(), Owner: config.Topology.Owner, Wave: config.Topology.Wave,
			Environment: config.Topology.Environment,
		},
	}
	return args, allProblems(unread, located(args.Check(), settingsKey[config.Platform]))
}

// allProblems joins what could not be read with what can't be built.
func allProblems(unread topology.Problems, refused error) error {
	problems, ok := refused.(topology.Problems)
	if refused != nil && !ok {
		return refused
	}
	return append(unread, problems.Besides(unread)...).Err()
}

// located puts the full configuration path before what a declaration or a
// platform's settings are refused for.
func located(err error, settings string) error {
	var problems topology.Problems
	if !errors.As(err, &problems) {
		return err
	}
	out := make(topology.Problems, len(problems))
	for i, p := range problems {
		switch {
		case strings.HasPrefix(p.Path, "$"):
			p.Path = settings + strings.TrimPrefix(p.Path, "$")
		case !strings.Contains(p.Path, ":"):
			p.Path = keyTopology + "." + p.Path
		}
		out[i] = p
	}
	return out.Err()
}

// openAWS passes on what the stack says of the provider, for the second one in
// us-east-1 that no stack configuration reaches by itself.
func openAWS(c Config, get Lookup) (platform.Platform, error) {
	var args aws.ProviderArgs
	text := func(key string) pulumi.StringPtrInput {
		if v, ok := get("aws:" + key); ok {
			return pulumi.StringPtr(v)
		}
		return nil
	}
	flag := func(key string) pulumi.BoolPtrInput {
		if v, ok := get("aws:" + key); ok {
			return pulumi.BoolPtr(v == "true")
		}
		return nil
	}
	args.Profile = text("profile")
	args.S3UsePathStyle = flag("s3UsePathStyle")
	args.SkipCredentialsValidation = flag("skipCredentialsValidation")
	args.SkipMetadataApiCheck = flag("skipMetadataApiCheck")
	args.SkipRequestingAccountId = flag("skipRequestingAccountId")
	if v, ok := get("aws:maxRetries"); ok {
		n, err := strconv.Atoi(v)
		if err != nil {
			return nil, topology.Problems{{Path: "aws:maxRetries", Message: fmt.Sprintf("%q is not a number", v)}}
		}
		args.MaxRetries = pulumi.IntPtr(n)
	}
	if v, ok := get("aws:allowedAccountIds"); ok {
		var ids []string
		if err := json.Unmarshal([]byte(v), &ids); err != nil {
			return nil, fmt.Errorf("aws:allowedAccountIds: not a list of account IDs: %w", err)
		}
		args.AllowedAccountIds = pulumi.ToStringArray(ids)
	}
	if v, ok := get("aws:assumeRole"); ok {
		var role struct {
			RoleArn     string `json:"roleArn"`
			SessionName string `json:"sessionName"`
			ExternalID  string `json:"externalId"`
		}
		if err := topology.Decode([]byte(v), &role); err != nil {
			return nil, fmt.Errorf("aws:assumeRole: %w", err)
		}
		assume := aws.ProviderAssumeRoleArgs{RoleArn: pulumi.StringPtr(role.RoleArn)}
		if role.SessionName != "" {
			assume.SessionName = pulumi.StringPtr(role.SessionName)
		}
		if role.ExternalID != "" {
			assume.ExternalId = pulumi.StringPtr(role.ExternalID)
		}
		args.AssumeRole = assume
	}
	return awscloud.New(c.AWS, args), nil
}
