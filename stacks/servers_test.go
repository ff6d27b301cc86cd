package stacks

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
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
