package planfile

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/storefront-toolkit/storefront/internal/strict"
)

// Parse reads plan.yaml, fills in the defaults and validates the result. The
// error is strict.Problems, sorted by path.
func Parse(data []byte) (*Config, error) {
	var raw map[string]any
	if err := yaml.Unmarshal(data, &raw); err != nil {
		return nil, strict.Problems{{Message: fmt.Sprintf("read YAML: %v", err)}}
	}
	cfg := scalarDefaults()
	if err := strict.Fill(raw, cfg, "mapstructure", decodeValue).Err(); err != nil {
		return nil, err
	}
	cfg.listDefaults()
	if err := Validate(cfg).Err(); err != nil {
		return nil, err
	}
	return cfg, nil
}
