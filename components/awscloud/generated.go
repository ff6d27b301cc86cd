package awscloud

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/secretsmanager"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// generated is a password that AWS draws once and Secrets Manager keeps.
type generated struct {
	arn pulumi.StringOutput
	// stored is the secret's whole text, as a Pulumi secret.
	stored pulumi.StringOutput
}

// generate draws a password of letters and digits and keeps text(password).
//
// Every run draws anew, but the version of the first run stands: what uses the
// password takes it from there, so both always agree. To rotate it, a new
// version is put by an operator together with the service's own change.
func (s *site) generate(ctx *pulumi.Context, parent pulumi.Resource, name string, tier topology.Tier, purpose string, length int, text func(string) string) (generated, error) {
	drawn, err := secretsmanager.GetRandomPassword(ctx, &secretsmanager.GetRandomPasswordArgs{
		PasswordLength: pulumi.IntRef(length), ExcludePunctuation: pulumi.BoolRef(true), RequireEachIncludedType: pulumi.BoolRef(true),
	}, pulumi.Parent(parent))
	if err != nil {
		return generated{}, fmt.Errorf("draw a password: %w", err)
	}
	secret, err := secretsmanager.NewSecret(ctx, name, &secretsmanager.SecretArgs{
		Name:                 pulumi.String(s.meta.Stack + "/" + name),
		Description:          pulumi.String(purpose),
		KmsKeyId:             s.key.arn,
		RecoveryWindowInDays: pulumi.Int(s.recoveryDays()),
		Tags:                 s.tags(tier, name),
	}, s.keeps(parent)...)
	if err != nil {
		return generated{}, err
	}
	version, err := secretsmanager.NewSecretVersion(ctx, name, &secretsmanager.SecretVersionArgs{
		SecretId:     secret.ID(),
		SecretString: pulumi.ToSecret(pulumi.String(text(drawn.RandomPassword))).(pulumi.StringOutput),
	}, s.keeps(parent, pulumi.IgnoreChanges([]string{"secretString"}))...)
	if err != nil {
		return generated{}, err
	}
	return generated{arn: secret.Arn, stored: pulumi.ToSecret(version.SecretString.Elem()).(pulumi.StringOutput)}, nil
}

// stored names a secret for servers; key picks a field of its JSON.
func stored(arn pulumi.StringOutput, key string) platform.Secret {
	return platform.Secret{ARN: arn, Key: key, Stored: true}
}
