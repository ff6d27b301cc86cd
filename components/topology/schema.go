package topology

import (
	"encoding/json"

	"github.com/invopop/jsonschema"
)

// JSONSchema describes a declaration to editors, as an indented JSON Schema
// (draft 2020-12) of the value under storefront:topology.
func JSONSchema() ([]byte, error) { return SchemaOf(&Storefront{}) }

// SchemaOf describes any configuration struct of the toolkit in the same way.
func SchemaOf(v any) ([]byte, error) {
	r := jsonschema.Reflector{
		ExpandedStruct:             true,
		RequiredFromJSONSchemaTags: true,
		Anonymous:                  true,
	}
	out, err := json.MarshalIndent(r.Reflect(v), "", "  ")
	return append(out, '\n'), err
}
