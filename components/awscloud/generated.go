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

// draw asks for a generated password.
type draw struct {
	name    string
	tier    topology.Tier
	purpose string
	length  int                 // characters
	text    func(string) string // what the secret holds, of the password
	// passing tells that the stack takes it away again by itself: it is not
	// protected, and its name is free again at once.
	passing bool
}

// generate draws a password of letters and digits and keeps d.text of it.
//
// Every run draws anew, but the version of the first run stands: what uses the
// password takes it from there, so both always agree. To rotate it, a new
// version is put by an operator together with the service's own change.
func (s *site) generate(ctx *pulumi.Context, parent pulumi.Resource, d draw) (generated, error) {
	recoveryDays, keeps := s.recoveryDays(), s.keeps(parent)
	if d.passing {
		recoveryDays, keeps = 0, []pulumi.ResourceOption{pulumi.Parent(parent)}
	}
	drawn, err := secretsmanager.GetRandomPassword(ctx, &secretsmanager.GetRandomPasswordArgs{
		PasswordLength: pulumi.IntRef(d.length), ExcludePunctuation: pulumi.BoolRef(true), RequireEachIncludedType: pulumi.BoolRef(true),
	}, pulumi.Parent(parent))
	if err != nil {
		return generated{}, fmt.Errorf("draw a password: %w", err)
	}
	secret, err := secretsmanager.NewSecret(ctx, d.name, &secretsmanager.SecretArgs{
		Name:                 pulumi.String(s.meta.Stack + "/" + d.name),
		Description:          pulumi.String(d.purpose),
		KmsKeyId:             s.key.arn,
		RecoveryWindowInDays: pulumi.Int(recoveryDays),
		Tags:                 s.tags(d.tier, d.name),
	}, keeps...)
	if err != nil {
		return generated{}, err
	}
	version, err := secretsmanager.NewSecretVersion(ctx, d.name, &secretsmanager.SecretVersionArgs{
		SecretId:     secret.ID(),
		SecretString: pulumi.ToSecret(pulumi.String(d.text(drawn.RandomPassword))).(pulumi.StringOutput),
	}, append(keeps, pulumi.IgnoreChanges([]string{"secretString"}))...)
	if err != nil {
		return generated{}, err
	}
	return generated{arn: secret.Arn, stored: pulumi.ToSecret(version.SecretString.Elem()).(pulumi.StringOutput)}, nil
}

// bare is the password alone.
func bare(password string) string { return password }

// stored names a secret for servers; key picks a field of its JSON.
func stored(arn pulumi.StringOutput, key string) platform.Secret {
	return platform.Secret{ARN: arn, Key: key, Stored: true}
}
