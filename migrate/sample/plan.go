package sample

import _ "embed"

//go:embed plan.yaml
var planFile []byte

// PlanFile is the plan.yaml with which the sample is moved in six weeks.
func PlanFile() []byte { return append([]byte(nil), planFile...) }
