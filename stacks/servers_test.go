package stacks

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/components/platform/platformtest"
)

// documentOf reads a server's boot document back from its launch template.
func documentOf(t *testing.T, list []platformtest.Registered, name string) string {
	t.Helper()
	for _, r := range list {
		if r.Type != "aws:ec2/launchTemplate:LaunchTemplate" || r.Name != name {
			continue
		}
		packed := r.Inputs["userData"]
		for packed.IsSecret() {
			packed = packed.SecretValue().Element
		}
		raw, err := base64.StdEncoding.DecodeString(packed.StringValue())
		require.NoError(t, err)
		z, err := gzip.NewReader(bytes.NewReader(raw))
		require.NoError(t, err)
		text, err := io.ReadAll(z)
		require.NoError(t, err)
		return string(text)
	}
	t.Fatalf("no launch template %s", name)
	return ""
}

// TestServersBehindTheCDNSeeVisitors reads what production's servers are told.
func TestServersBehindTheCDNSeeVisitors(t *testing.T) {
	made := emit(t, "prod", stackFile(t, "Pulumi.prod.yaml"))
	web, admin := documentOf(t, made, "storefront-web"), documentOf(t, made, "storefront-admin")
	require.Contains(t, web, "RemoteIPHeader CloudFront-Viewer-Address")
	require.NotContains(t, web, "RemoteIPHeader X-Forwarded-For")
	require.Contains(t, admin, "RemoteIPHeader X-Forwarded-For", "nobody comes to the back office through the CDN")
	for _, document := range []string{web, admin} {
		require.NotContains(t, document, "/media/media/")
		require.Equal(t, 1, strings.Count(document, "/media/$1 [R=302,L]"))
	}
}

// TestOnlyTheBackOfficeKnowsTheMaster reads who may read and put the logins.
func TestOnlyTheBackOfficeKnowsTheMaster(t *testing.T) {
	made := emit(t, "prod", stackFile(t, "Pulumi.prod.yaml"))
	admin, web, deploy := policyOf(t, made, "storefront-admin"), policyOf(t, made, "storefront-web"), policyOf(t, made, "storefront-deploy")
	master := regexp.MustCompile(`arn:aws:secretsmanager:[^"]*:secret:rds![^"]*`).FindString(admin)
	require.NotEmpty(t, master, admin)
	require.Contains(t, admin, "secretsmanager:PutSecretValue")
	shop := regexp.MustCompile(`arn:aws:secretsmanager:[^"]*database-shop-[^ab"][^"]*`).FindString(admin)
	require.NotEmpty(t, shop, admin)
	for _, others := range []string{web, deploy} {
		require.NotContains(t, others, master)
		require.NotContains(t, others, "PutSecretValue")
		require.Contains(t, others, shop)
	}
	require.Contains(t, documentOf(t, made, "storefront-admin"), "master='"+master+"'")
	for _, other := range []string{"storefront-web", "storefront-deploy"} {
		document := documentOf(t, made, other)
		require.NotContains(t, document, master)
		require.Contains(t, document, "'STOREFRONT_DATABASE_PASSWORD' '"+shop+"' 'password'")
	}
}

func policyOf(t *testing.T, list []platformtest.Registered, name string) string {
	t.Helper()
	for _, r := range list {
		if r.Type == "aws:iam/rolePolicy:RolePolicy" && r.Name == name {
			return r.Inputs["policy"].StringValue()
		}
	}
	t.Fatalf("no policy %s", name)
	return ""
}
