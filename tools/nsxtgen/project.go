package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/spf13/pflag"
	"golang.org/x/mod/modfile"
)

// CompareProject returns one line for each way in which the project in dir is
// not linked to the SDK in out: the `replace` line in go.mod, and the package's
// entry in Pulumi.yaml.
func CompareProject(sdk *SDK, dir, out string) ([]string, error) {
	differences, err := compareGoMod(sdk, dir, out)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "Pulumi.yaml")
	project, err := workspace.LoadProject(path)
	if err != nil {
		return nil, fmt.Errorf("read the project: %w", err)
	}
	got, ok := project.GetPackageSpecs()[sdk.Name]
	if !ok {
		return append(differences, fmt.Sprintf("%s: packages has no entry %q; it wants %s",
			path, sdk.Name, describe(sdk.Entry))), nil
	}
	same, err := sameEntry(got, sdk.Entry)
	if err != nil {
		return nil, fmt.Errorf("%s: packages.%s.parameters: %w", path, sdk.Name, err)
	}
	if !same {
		differences = append(differences, fmt.Sprintf("%s: packages.%s is %s; the schema was read with %s",
			path, sdk.Name, describe(got), describe(sdk.Entry)))
	}
	return differences, nil
}

// compareGoMod holds the project's go.mod to the line that replaces the SDK's
// module by its folder.
func compareGoMod(sdk *SDK, dir, out string) ([]string, error) {
	path := filepath.Join(dir, "go.mod")
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the project's go.mod: %w", err)
	}
	mod, err := modfile.Parse(path, raw, nil)
	if err != nil {
		return nil, fmt.Errorf("read the project's go.mod: %w", err)
	}
	want, err := relative(dir, out)
	if err != nil {
		return nil, err
	}
	for _, r := range mod.Replace {
		if r.Old.Path != sdk.ModulePath {
			continue
		}
		if r.New.Path == want {
			return nil, nil
		}
		return []string{fmt.Sprintf("%s: replaces %s by %s, not by %s", path, sdk.ModulePath, r.New.Path, want)}, nil
	}
	return []string{fmt.Sprintf("%s: has no line \"replace %s => %s\"", path, sdk.ModulePath, want)}, nil
}

// relative returns out as a replace line of dir's go.mod writes it.
func relative(dir, out string) (string, error) {
	from, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("resolve %s: %w", dir, err)
	}
	to, err := filepath.Abs(out)
	if err != nil {
		return "", fmt.Errorf("resolve %s: %w", out, err)
	}
	rel, err := filepath.Rel(from, to)
	if err != nil {
		return "", fmt.Errorf("resolve %s from %s: %w", out, dir, err)
	}
	return "./" + filepath.ToSlash(rel), nil
}

// sameEntry tells whether two entries ask for the same package. The list of
// what to include may be one comma-separated argument or many.
func sameEntry(a, b workspace.PackageSpec) (bool, error) {
	if a.Source != b.Source || a.Version != b.Version {
		return false, nil
	}
	aWhat, aIncludes, err := split(a.Parameters)
	if err != nil {
		return false, err
	}
	bWhat, bIncludes, err := split(b.Parameters)
	if err != nil {
		return false, err
	}
	return slices.Equal(aWhat, bWhat) && slices.Equal(aIncludes, bIncludes), nil
}

// split parses a bridge's arguments into the provider and version, and the
// included Terraform resources and data sources in their order.
func split(parameters []string) (provider, includes []string, err error) {
	flags := pflag.NewFlagSet("parameters", pflag.ContinueOnError)
	flags.StringSliceVar(&includes, "include", nil, "")
	if err := flags.Parse(parameters); err != nil {
		return nil, nil, err
	}
	return flags.Args(), includes, nil
}

// describe prints an entry on one line.
func describe(e workspace.PackageSpec) string {
	return fmt.Sprintf("%s@%s -- %s", e.Source, e.Version, strings.Join(e.Parameters, " "))
}
