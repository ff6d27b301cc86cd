package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
)

// terraformRegistry is the registry that the bridge resolves a bare provider name in.
const terraformRegistry = "registry.opentofu.org/"

// bridged is the parameter of a package that the Terraform bridge derives from
// a provider, as the bridge stores it in the schema.
type bridged struct {
	Remote *struct {
		URL     string `json:"url"`
		Version string `json:"version"`
	} `json:"remote"`
	Includes []string `json:"includes"`
}

// packageEntry returns what `pulumi package add` records in Pulumi.yaml for the
// package: the arguments from which the bridge made the parameter in the schema.
func packageEntry(pkg *schema.Package) (workspace.PackageSpec, error) {
	var entry workspace.PackageSpec
	if pkg.Parameterization == nil {
		return entry, errors.New("the schema has no parameterization, so no package of `pulumi package add` is described by it")
	}
	var parameter bridged
	if err := json.Unmarshal(pkg.Parameterization.Parameter, &parameter); err != nil {
		return entry, fmt.Errorf("read the schema's parameterization: %w", err)
	}
	if parameter.Remote == nil || parameter.Remote.URL == "" {
		return entry, errors.New("the schema's parameterization names no provider in a registry")
	}
	entry.Source = pkg.Parameterization.BasePlugin.Name
	entry.Version = pkg.Parameterization.BasePlugin.Version.String()
	entry.Parameters = []string{strings.TrimPrefix(parameter.Remote.URL, terraformRegistry), parameter.Remote.Version}
	if len(parameter.Includes) > 0 {
		entry.Parameters = append(entry.Parameters, "--include", strings.Join(parameter.Includes, ","))
	}
	return entry, nil
}
