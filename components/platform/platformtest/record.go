// Package platformtest is the suite that every platform passes: the same tree
// of components, a parent and marks on every resource, protection of what keeps
// data, names that repeat, and refusal before anything is registered.
package platformtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components"
	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
)

// Registered is a resource as the program asked for it.
type Registered struct {
	Type, Name string
	// Parent is the parent's name; empty for the shop itself.
	Parent string
	// ParentType is the parent's type.
	ParentType string
	Custom     bool
	Protect    bool
	Inputs     resource.PropertyMap
	// Ignored lists the properties whose changes are ignored.
	Ignored []string
}

// key tells resources apart, as a URN would.
func (r Registered) key() string { return r.Type + "::" + r.Name }

// recorder stands in for the engine: it keeps what is registered and answers as
// the simulated providers do.
type recorder struct {
	mu     sync.Mutex
	probes map[string]*fake.Probe
	list   []Registered
}

// Record runs a shop on a platform without an engine and returns what it
// registered, sorted by type and name. Packages are the simulated providers
// that check every input; an input that they refuse is an error.
func Record(args components.Args, packages map[string]*fake.Probe) ([]Registered, error) {
	r := &recorder{probes: packages}
	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		_, err := components.NewStorefront(ctx, "storefront", args)
		return err
	}, pulumi.WithMocks("storefront", args.Meta.Stack, r))
	slices.SortFunc(r.list, func(a, b Registered) int { return strings.Compare(a.key(), b.key()) })
	return r.list, err
}

// NewResource implements pulumi.MockResourceMonitor.
func (r *recorder) NewResource(in pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	parent := resource.URN(in.RegisterRPC.GetParent())
	one := Registered{
		Type: in.TypeToken, Name: in.Name, Custom: in.Custom, Inputs: in.Inputs,
		Protect: in.RegisterRPC.GetProtect(), Ignored: in.RegisterRPC.GetIgnoreChanges(),
	}
	if parent.IsValid() && parent.Type() != resource.RootStackType {
		one.Parent, one.ParentType = parent.Name(), string(parent.Type())
	}
	r.mu.Lock()
	r.list = append(r.list, one)
	r.mu.Unlock()
	if !in.Custom {
		return in.Name, resource.PropertyMap{}, nil
	}
	if strings.HasPrefix(in.TypeToken, "pulumi:providers:") {
		return in.Name, in.Inputs, nil
	}
	pkg, _, _ := strings.Cut(in.TypeToken, ":")
	probe := r.probes[pkg]
	if probe == nil {
		return "", nil, fmt.Errorf("%s %s: no simulated package %q", in.TypeToken, in.Name, pkg)
	}
	return probe.Create(context.Background(), in.TypeToken, in.Name, in.Inputs)
}

// Call implements pulumi.MockResourceMonitor.
func (r *recorder) Call(in pulumi.MockCallArgs) (resource.PropertyMap, error) {
	pkg, _, _ := strings.Cut(in.Token, ":")
	probe := r.probes[pkg]
	if probe == nil {
		return nil, fmt.Errorf("%s: no simulated package %q", in.Token, pkg)
	}
	return probe.Lookup(context.Background(), in.Token, in.Args)
}

// meta is what the suite marks resources with.
func meta(env topology.Environment) platform.Meta {
	return platform.Meta{Project: "storefront", Stack: string(env), Owner: "suite", Wave: "w1", Environment: env}
}
