package stacks

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/components/platform/platformtest"
)

// documentOf reads a server's boot document back from its launch template.
func documentOf(t *testing.T, list []platformtest.Registered, name string) string {
	t.Helper()
	packed := inputsOf(t, list, "aws:ec2/launchTemplate:LaunchTemplate", name)["userData"]
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
	return inputsOf(t, list, "aws:iam/rolePolicy:RolePolicy", name)["policy"].StringValue()
}

// TestLogsArriveAndPeopleReachTheReports holds both engines of the analytics
// tier to it, with an office behind a site-to-site VPN.
func TestLogsArriveAndPeopleReachTheReports(t *testing.T) {
	staging := stackFile(t, "Pulumi.staging.yaml")
	for engine, want := range map[string]struct {
		port     float64
		document string
	}{
		"servers":    {8080, `type="omfwd" target="`},
		"opensearch": {443, `type="omelasticsearch" server="`},
	} {
		t.Run(engine, func(t *testing.T) {
			var shop map[string]any
			require.NoError(t, json.Unmarshal([]byte(staging[keyTopology]), &shop))
			shop["analytics"] = map[string]any{"engine": engine}
			text, err := json.Marshal(shop)
			require.NoError(t, err)
			values := maps.Clone(staging)
			values[keyTopology] = string(text)
			made := emit(t, "staging", values)
			office := inputsOf(t, made, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "storefront-access-analytics-0")
			require.Equal(t, "192.168.10.0/24", office["cidrIpv4"].StringValue())
			require.Equal(t, want.port, office["fromPort"].NumberValue())
			for _, server := range []string{"storefront-web", "storefront-admin", "storefront-deploy", "storefront-search-0"} {
				require.Contains(t, documentOf(t, made, server), want.document, server)
			}
			if engine == "servers" {
				require.Equal(t, want.port, inputsOf(t, made, "aws:lb/listener:Listener", "storefront-analytics-people")["port"].NumberValue())
			}
		})
	}
}

func inputsOf(t *testing.T, list []platformtest.Registered, kind, name string) resource.PropertyMap {
	t.Helper()
	for _, r := range list {
		if r.Type == kind && r.Name == name {
			return r.Inputs
		}
	}
	t.Fatalf("no %s %s", kind, name)
	return nil
}
