package planfile

import _ "embed"

// Template is a plan.yaml with every key, its default and its meaning.
//
//go:embed template.yaml
var Template []byte
