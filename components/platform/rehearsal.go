package platform

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/topology"
)

// Rehearsal is what a Site would answer with, made up beforehand: in the same
// forms, and as long as the longest that the platform gives. Every server's
// document is rendered from it before anything is registered, so that what no
// server could be set up with is refused in time, and not after an hour of up.
type Rehearsal struct {
	// Host is what a server of a tier would see.
	Host            func(topology.Tier) Host
	Media           Media
	Static          Static
	Database        Database
	Sessions, Cache Redis
	Balancer        LoadBalancer
	Web, Admin      Fleet
	Token           Secret
	// Releases is nil where the site is no ReleaseStore.
	Releases *Bucket
	// Servers are the platform's own, beside those that the component asks for.
	Servers []Server
}

// Server is a server before its first boot.
type Server struct {
	Tier   topology.Tier
	Member int
	Host   Host
	Boot   Boot
}

// MadeUp is n lower-case letters and digits, a letter first, that follow from
// label. They compress as badly as what a cloud draws by lot.
func MadeUp(label string, n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", label, i))
		b.WriteString(strings.ToLower(strings.TrimRight(base32.StdEncoding.EncodeToString(sum[:]), "=")))
	}
	return "a" + b.String()[:n-1]
}

// Given is an output that is known already.
func Given(format string, args ...any) pulumi.StringOutput {
	return pulumi.String(fmt.Sprintf(format, args...)).ToStringOutput()
}
