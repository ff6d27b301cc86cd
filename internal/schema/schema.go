// Package schema describes configuration structs to editors as JSON Schema.
package schema

import (
	"encoding/json"

	"github.com/invopop/jsonschema"
)

// Of describes the struct that v points to, by its json and jsonschema tags, as
// an indented JSON Schema (draft 2020-12).
func Of(v any) ([]byte, error) {
	r := jsonschema.Reflector{
		ExpandedStruct:             true,
		RequiredFromJSONSchemaTags: true,
		Anonymous:                  true,
	}
	out, err := json.MarshalIndent(r.Reflect(v), "", "  ")
	return append(out, '\n'), err
}
