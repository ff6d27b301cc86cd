package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/storefront-toolkit/storefront/"

// A rule says what packages below a folder may not import, directly or not.
type layer struct {
	from   string   // import path prefix within the module
	except []string // prefixes below it that the rule leaves alone
	not    []string
	may    []string // what not would cover but is meant
	why    string
}

var layers = []layer{
	{from: "components/topology", not: []string{"github.com/pulumi/"}, why: "the declaration is data that any tool may read"},
	{from: "components/guest", not: []string{"github.com/pulumi/", module + "components/topology", module + "components/platform"}, why: "servers are rendered from plain values"},
	{from: "migrate", not: []string{"github.com/pulumi/", module + "components/awscloud", module + "components/privatecloud", module + "stacks"}, why: "the migration helpers run without a cloud SDK"},
	{from: "cmd/storefront", not: []string{"github.com/pulumi/"}, why: "the command builds in seconds"},
	{from: "components/awscloud", not: []string{module + "components/privatecloud", "github.com/pulumi/pulumi-vsphere"}, why: "platforms don't know each other"},
	{from: "components/privatecloud", not: []string{module + "components/awscloud", "github.com/pulumi/pulumi-aws"}, why: "platforms don't know each other"},
	{from: "components/platform", except: []string{"components/platform/platformtest"}, not: []string{module + "components/awscloud", module + "components/privatecloud", "github.com/pulumi/pulumi-aws", "github.com/pulumi/pulumi-vsphere"}, why: "the interface knows no platform"},
	{from: "migrate/inventory", not: []string{module + "migrate/wave", module + "migrate/audit", module + "migrate/sizing", module + "migrate/report"}, why: "readers don't know what is done with the estate"},
	{from: "migrate/audit", not: []string{module + "migrate/inventory", module + "migrate/wave"}, why: "checks work on the estate, wherever it came from"},
	{from: "migrate/wave", not: []string{module + "migrate/inventory", module + "migrate/audit", module + "migrate/report"}, why: "the planner works on the estate, wherever it came from"},
	{from: "migrate/wavecheck", not: []string{module + "migrate/wave"}, may: []string{module + "migrate/wave/planfile"}, why: "the checker shares nothing with what it checks but the plan's configuration"},
	{from: "migrate/sizing", not: []string{module + "migrate/inventory", module + "migrate/wave"}, why: "sizing works on the estate, wherever it came from"},
	{from: "migrate/report", not: []string{module + "migrate/inventory"}, why: "a report shows what it is given"},
	{from: "internal", not: []string{module + "stacks", module + "cmd"}, except: []string{"internal/cloudtest"}, why: "what is below does not know what is above"},
}

type listed struct {
	ImportPath string
	Deps       []string
}

func TestImportsPointDown(t *testing.T) {
	var packages []listed
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Deps", "./...")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	for d := json.NewDecoder(out); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else {
			require.NoError(t, err)
		}
		packages = append(packages, p)
	}
	require.NoError(t, cmd.Wait())
	require.Greater(t, len(packages), 10)
	for _, l := range layers {
		matched := false
		for _, p := range packages {
			path := strings.TrimPrefix(p.ImportPath, module)
			if !below(path, l.from) || anyBelow(path, l.except) {
				continue
			}
			matched = true
			for _, dep := range p.Deps {
				if slices.Contains(l.may, dep) {
					continue
				}
				for _, not := range l.not {
					if dep == not || strings.HasPrefix(dep, strings.TrimSuffix(not, "/")+"/") {
						t.Errorf("%s imports %s: %s", path, dep, l.why)
					}
				}
			}
		}
		if !matched {
			t.Errorf("no package lies below %s: take the rule out or mend it", l.from)
		}
	}
}

func below(path, prefix string) bool { return path == prefix || strings.HasPrefix(path, prefix+"/") }

func anyBelow(path string, prefixes []string) bool {
	for _, p := range prefixes {
		if below(path, p) {
			return true
		}
	}
	return false
}
