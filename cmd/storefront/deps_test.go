package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// heavy are packages that the command must not come to depend on, since it is
// built from cold in under 20 s on two cores, each with the reason.
var heavy = map[string]string{
	"github.com/pulumi/":  "the engine and the providers' SDKs take minutes to build: what needs them is in cmd/sandbox",
	"github.com/vmware/":  "VMware's SDK takes longer than all the rest: what needs it is in cmd/storefront-vcenter",
	"github.com/aws/":     "no cloud SDK: the command works on files",
	"net/http":            "the command works on files; TLS and HTTP are a third of the build",
	"github.com/invopop/": "describing types to editors takes a second YAML library: internal/schema is for tests and stacks",
}

func TestTheCommandStaysQuickToBuild(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Skipf("go list: %v", err)
	}
	deps := strings.Fields(string(out))
	for path, why := range heavy {
		i := slices.IndexFunc(deps, func(d string) bool { return d == path || strings.HasSuffix(path, "/") && strings.HasPrefix(d, path) })
		if i >= 0 {
			t.Errorf("the command depends on %s: %s", deps[i], why)
		}
	}
}
