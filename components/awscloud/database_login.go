package awscloud

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// login is how the shop logs in to its database: by one of two users of its own
// in turn, so that servers which still know the last password are not turned
// away. The back office's server makes the users and puts the values; none of
// them passes through Pulumi.
type login struct {
	// shop is the ARN of what the shop's servers read.
	shop pulumi.StringOutput
	// pooled are the ARNs of the two users' own secrets, which only a proxy
	// needs: it wants one a user.
	pooled []pulumi.StringOutput
}

func (l login) pooledSecrets() (out []platform.Secret) {
	for _, arn := range l.pooled {
		out = append(out, stored(arn, ""))
	}
	return out
}

// addLogin makes the places for the shop's login, all of them empty.
func (s *site) addLogin(ctx *pulumi.Context, parent pulumi.Resource, d *database) (l login, err error) {
	if l.shop, err = s.addEmptySecret(ctx, parent, d.name+"-shop", topology.TierDatabase, "Login of the shop at its database; made by the back office's server"); err != nil || !d.args.Proxy {
		return l, err
	}
	for _, user := range []string{"a", "b"} {
		arn, err := s.addEmptySecret(ctx, parent, d.name+"-shop-"+user, topology.TierProxy, "Login of user shop_"+user+", for the proxy; made by the back office's server")
		if err != nil {
			return l, err
		}
		l.pooled = append(l.pooled, arn)
	}
	return l, nil
}

// managedLogin returns the ARN of the secret that AWS keeps for a master. A
// preview that hands the password over to AWS still finds none.
func managedLogin[T any](ctx *pulumi.Context, secrets pulumi.Output, arn func(T) *string) pulumi.StringOutput {
	return secrets.ApplyT(func(list []T) (pulumi.StringOutput, error) {
		if len(list) > 0 && arn(list[0]) != nil {
			return pulumi.String(*arn(list[0])).ToStringOutput(), nil
		}
		if !ctx.DryRun() {
			return pulumi.StringOutput{}, errors.New("the database has no secret for its master, though AWS manages the password")
		}
		return pulumi.UnsafeUnknownOutput(nil).ApplyT(func(any) string { return "" }).(pulumi.StringOutput), nil
	}).(pulumi.StringOutput)
}

// ownPassword draws the master's password, for a database whose password AWS
// can't manage, and sets d.master. Passing tells that it is for a while only.
func (s *site) ownPassword(ctx *pulumi.Context, parent pulumi.Resource, d *database, passing bool) (pulumi.StringPtrInput, error) {
	// RDS takes 41 characters at the most.
	drawn, err := s.generate(ctx, parent, draw{
		name: d.name + "-login", tier: topology.TierDatabase, purpose: "Login of the database's master", length: 40, passing: passing,
		text: func(password string) string {
			b, _ := json.Marshal(map[string]string{"username": masterUser, "password": password})
			return string(b)
		},
	})
	if err != nil {
		return nil, err
	}
	d.master = drawn.arn
	return drawn.stored.ApplyT(func(text string) (string, error) {
		var v struct{ Password string }
		if err := json.Unmarshal([]byte(text), &v); err != nil || v.Password == "" {
			return "", fmt.Errorf("secret %s-login is not JSON with a password", d.name)
		}
		return v.Password, nil
	}).(pulumi.StringOutput).ToStringPtrOutput(), nil
}

// writeGrants let servers draw a password and put it into secrets.
func (s *site) writeGrants(secrets []platform.Secret) []statement {
	if len(secrets) == 0 {
		return nil
	}
	var arns []pulumi.StringInput
	for _, secret := range secrets {
		arns = append(arns, secret.ARN)
	}
	return []statement{
		{Action: []string{"secretsmanager:PutSecretValue"}, Resource: arns},
		{Action: []string{"secretsmanager:GetRandomPassword"}, Resource: all},
		{Action: []string{"kms:GenerateDataKey"}, Resource: []pulumi.StringInput{s.key.arn},
			Condition: map[string]any{"StringEquals": map[string]string{"kms:ViaService": "secretsmanager." + s.settings.Region + ".amazonaws.com"}}},
	}
}
