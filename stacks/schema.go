package stacks

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/storefront-toolkit/storefront/components/awscloud"
	"github.com/storefront-toolkit/storefront/components/privatecloud"
	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/internal/schema"
)

// Schema describes a whole Pulumi.<stack>.yaml to editors, as JSON Schema.
func Schema() ([]byte, error) {
	defs := map[string]any{}
	values := map[string]any{
		keyPlatform:  map[string]any{"enum": slices.Sorted(maps.Keys(open)), "description": "What the topology is emitted for"},
		"aws:region": map[string]any{"type": "string"},
	}
	for key, sample := range map[string]any{
		keyTopology: &topology.Storefront{}, keyAWS: &awscloud.Settings{}, keyPrivate: &privatecloud.Settings{},
		keySecrets: &privatecloud.Secrets{},
	} {
		text, err := schema.Of(sample)
		if err != nil {
			return nil, fmt.Errorf("describe %s: %w", key, err)
		}
		var one map[string]any
		if err := json.Unmarshal(text, &one); err != nil {
			return nil, fmt.Errorf("describe %s: %w", key, err)
		}
		// One document has one list of definitions.
		if inner, ok := one["$defs"].(map[string]any); ok {
			maps.Copy(defs, inner)
		}
		delete(one, "$defs")
		delete(one, "$schema")
		if key == keySecrets {
			encrypted(one)
		}
		values[key] = one
	}
	out, err := json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"title":   "A storefront stack",
		"$defs":   defs,
		"type":    "object",
		"properties": map[string]any{
			"config": map[string]any{
				"type": "object", "properties": values, "required": []string{keyPlatform, keyTopology},
				// A misspelt key of ours is an error; other namespaces are the providers'.
				"patternProperties":    map[string]any{"^storefront:(?!platform$|topology$|aws$|private$|secrets$)": false},
				"additionalProperties": true,
			},
		},
	}, "", "  ")
	return append(out, '\n'), err
}

// encrypted changes each property of a description to the form in which a stack
// file keeps a secret. None is needed there to begin with.
func encrypted(description map[string]any) {
	delete(description, "required")
	properties, _ := description["properties"].(map[string]any)
	for name, one := range properties {
		text, _ := one.(map[string]any)
		properties[name] = map[string]any{
			"type": "object", "description": text["description"], "required": []string{"secure"}, "additionalProperties": false,
			"properties": map[string]any{"secure": map[string]any{"type": "string"}},
		}
	}
}
