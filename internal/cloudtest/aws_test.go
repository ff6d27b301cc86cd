package cloudtest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/acm"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/stacks"
)

// simulated are the settings with which the provider takes a simulator.
var simulated = map[string]string{
	"aws:region": "eu-west-1", "aws:s3UsePathStyle": "true",
	"aws:skipCredentialsValidation": "true", "aws:skipMetadataApiCheck": "true",
	// What the simulator can't do fails at once, not after minutes.
	"aws:maxRetries": "2",
}

// The stacks' campaign lies in November 2027.
var now = time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC)

// TestAWS brings prod and staging up, sees that nothing is left to do, and
// takes them down again.
func TestAWS(t *testing.T) {
	c := start(t)
	if !c.has(t, "aws") {
		t.Skip("the Terraform AWS provider is absent")
	}
	root := c.account(t)
	for _, name := range []string{"prod", "staging"} {
		t.Run(name, func(t *testing.T) {
			// Most of the time is spent waiting for load balancers and the like.
			t.Parallel()
			config := map[string]string{"storefront:aws.clientRootCertificateArn": root}
			for k, v := range simulated {
				config[k] = v
			}
			live(t, c.open(t, "storefront", name, stacks.DeployAt(now), config))
		})
	}
}

// parallel is how many resources wait side by side.
const parallel = 64

// live takes a stack through its life. The simulator has no gaps that show.
func live(t *testing.T, s auto.Stack) {
	ctx := context.Background()
	began := time.Now()
	said := func(format string, args ...any) {
		t.Helper()
		t.Logf(format+" (%.0f s)", append(args, time.Since(began).Seconds())...)
		began = time.Now()
	}

	events, wait := watch()
	_, err := s.Preview(ctx, optpreview.EventStreams(events), optpreview.Parallel(parallel))
	first := wait()
	require.Empty(t, worded(first.problems), "the preview has provider errors")
	require.NoError(t, err)
	said("preview: %d resources, 0 provider errors", len(first.creates))

	events, wait = watch()
	_, err = s.Up(ctx, optup.EventStreams(events), optup.ContinueOnError(), optup.Parallel(parallel))
	up := wait()
	require.Empty(t, worded(up.problems), "up failed")
	require.NoError(t, err)
	said("up: %d resources, 0 errors", len(up.creates))

	events, wait = watch()
	_, err = s.Preview(ctx, optpreview.EventStreams(events), optpreview.Parallel(parallel))
	second := wait()
	require.Empty(t, worded(second.problems))
	require.NoError(t, err)
	require.Empty(t, gaps(nil).unexplained(second.changes), "a second preview changes something")
	said("second preview: 0 changes")

	require.NoError(t, s.SetConfigWithOptions(ctx, "storefront:topology.protect", auto.ConfigValue{Value: "false"}, &auto.ConfigOptions{Path: true}))
	events, wait = watch()
	_, err = s.Up(ctx, optup.EventStreams(events), optup.ContinueOnError(), optup.Parallel(parallel))
	lifted := wait()
	require.Empty(t, worded(lifted.problems), "lifting the protection failed")
	require.NoError(t, err)
	said("protection lifted: %d resources changed", len(lifted.updates))

	events, wait = watch()
	_, err = s.Destroy(ctx, optdestroy.EventStreams(events), optdestroy.Parallel(parallel), optdestroy.ContinueOnError())
	down := wait()
	require.Empty(t, worded(down.problems), "destroy failed")
	require.NoError(t, err)
	said("destroy: %d resources", len(down.deletes))
}

func worded(list []problem) string {
	var lines []string
	for _, p := range list {
		lines = append(lines, nameOf(p.urn)+": "+p.message)
	}
	return strings.Join(lines, "\n")
}

// account makes what an account has before the first stack: the DNS zones and
// the authority of the VPN clients' certificates. It returns the authority's ARN.
func (c *cloud) account(t *testing.T) string {
	t.Helper()
	body, key := authority(t)
	program := func(ctx *pulumi.Context) error {
		for _, zone := range []string{"shop.example", "au.shop.example", "fr.shop.example", "us.shop.example", "de.shop.example", "es.shop.example", "staging.shop.example"} {
			if _, err := route53.NewZone(ctx, zone, &route53.ZoneArgs{Name: pulumi.String(zone), ForceDestroy: pulumi.Bool(true)}); err != nil {
				return err
			}
		}
		cert, err := acm.NewCertificate(ctx, "vpn-authority", &acm.CertificateArgs{
			CertificateBody: pulumi.String(body), PrivateKey: pulumi.String(key).ToStringOutput(),
		})
		if err != nil {
			return err
		}
		ctx.Export("authority", cert.Arn)
		return nil
	}
	s := c.open(t, "account", "test", program, simulated)
	result, err := s.Up(context.Background())
	require.NoError(t, err)
	return fmt.Sprint(result.Outputs["authority"].Value)
}

// authority is a certificate that signs itself.
func authority(t *testing.T) (body, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "vpn.shop.example"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	require.NoError(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}))
}
