// Package stacks turns a stack's configuration into one Storefront on one
// platform. It is the only place that knows every platform.
package stacks

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/awscloud"
	"github.com/storefront-toolkit/storefront/components/privatecloud"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// Keys of a stack's configuration, in the namespace storefront.
const (
	namespace   = "storefront:"
	keyPlatform = namespace + "platform"
	keyTopology = namespace + "topology"
	keyAWS      = namespace + "aws"
	keyPrivate  = namespace + "private"
	keySecrets  = namespace + "secrets"
)

// keys lists all that a stack may say in the namespace.
var keys = []string{keyPlatform, keyTopology, keyAWS, keyPrivate, keySecrets}

// Config is a stack's typed configuration.
type Config struct {
	Platform string
	Topology topology.Storefront
	AWS      awscloud.Settings
	Private  privatecloud.Settings
	// Secrets are what servers of the private cloud need, each a Pulumi secret.
	Secrets privatecloud.Secrets
}

// Lookup returns the value of a fully named configuration key.
type Lookup func(key string) (string, bool)

// Read decodes the configuration. Its error is topology.Problems with the full
// paths of all that can't be understood.
func Read(get Lookup, given []string) (Config, error) {
	var c Config
	var p topology.Problems
	for _, key := range given {
		if strings.HasPrefix(key, namespace) && !slices.Contains(keys, key) {
			p.Add(key, "unknown key%s", topology.Suggest(key, keys))
		}
	}
	c.Platform, _ = get(keyPlatform)
	platforms := slices.Sorted(maps.Keys(open))
	if open[c.Platform] == nil {
		p.Add(keyPlatform, "%q is not one of %s%s", c.Platform, strings.Join(platforms, ", "), topology.Suggest(c.Platform, platforms))
	}
	decode := func(key string, out any, needed bool) {
		text, given := get(key)
		if !given {
			if needed {
				p.Add(key, "is missing")
			}
			return
		}
		if problems, ok := topology.Decode([]byte(text), out).(topology.Problems); ok {
			p = append(p, problems.Under(key)...)
		}
	}
	decode(keyTopology, &c.Topology, true)
	decode(keyAWS, &c.AWS, c.Platform == awscloud.Name)
	decode(keyPrivate, &c.Private, c.Platform == privatecloud.Name)
	// Which of them are missing depends on the topology: the platform says so.
	decode(keySecrets, &c.Secrets, false)
	c.AWS.Region, _ = get("aws:region")
	return c, p.Err()
}

// given lists the configuration keys of a run. The engine hands a program all
// of its configuration in the environment; the SDK only answers for keys that
// one asks for.
func given(ctx *pulumi.Context) ([]string, error) {
	all := map[string]string{}
	if text := os.Getenv(pulumi.EnvConfig); text != "" {
		if err := json.Unmarshal([]byte(text), &all); err != nil {
			return nil, fmt.Errorf("read %s: %w", pulumi.EnvConfig, err)
		}
	}
	return slices.Sorted(maps.Keys(all)), nil
}
