package awsfake

import (
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
)

// statement is a policy's statement in the order in which AWS's provider
// writes it.
type statement struct {
	Sid          string                    `json:",omitempty"`
	Effect       string                    `json:",omitempty"`
	Principal    any                       `json:",omitempty"`
	NotPrincipal any                       `json:",omitempty"`
	Action       any                       `json:",omitempty"`
	NotAction    any                       `json:",omitempty"`
	Resource     any                       `json:",omitempty"`
	NotResource  any                       `json:",omitempty"`
	Condition    map[string]map[string]any `json:",omitempty"`
}

// document is a policy.
type document struct {
	Version   string
	ID        string `json:"Id,omitempty"`
	Statement []statement
}

// policyDocument writes a policy out, as the real provider does without asking
// AWS.
func policyDocument(q *fake.Query) (map[string]any, error) {
	if q.Args.HasValue("sourcePolicyDocuments") || q.Args.HasValue("overridePolicyDocuments") {
		return nil, fmt.Errorf("sourcePolicyDocuments and overridePolicyDocuments aren't simulated: give statements")
	}
	doc := document{Version: q.Text("version"), ID: q.Text("policyId"), Statement: []statement{}}
	if doc.Version == "" {
		doc.Version = "2012-10-17"
	}
	for _, s := range objects(q.Args["statements"]) {
		doc.Statement = append(doc.Statement, statementOf(s))
	}
	pretty, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the policy: %w", err)
	}
	compact, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("write the policy: %w", err)
	}
	return answer{"json": string(pretty), "minifiedJson": string(compact), "id": digits(string(compact), 10)}, nil
}

func statementOf(s resource.PropertyMap) statement {
	effect := text(s["effect"])
	if effect == "" {
		effect = "Allow"
	}
	return statement{
		Sid:          text(s["sid"]),
		Effect:       effect,
		Principal:    principals(s["principals"]),
		NotPrincipal: principals(s["notPrincipals"]),
		Action:       oneOrMany(s["actions"]),
		NotAction:    oneOrMany(s["notActions"]),
		Resource:     oneOrMany(s["resources"]),
		NotResource:  oneOrMany(s["notResources"]),
		Condition:    conditions(s["conditions"]),
	}
}

// principals groups identifiers by their kind; everyone is a bare star.
func principals(v resource.PropertyValue) any {
	byType := map[string][]string{}
	for _, p := range objects(v) {
		kind, ids := text(p["type"]), texts(p["identifiers"])
		if kind == "*" && len(ids) == 1 && ids[0] == "*" {
			return "*"
		}
		byType[kind] = append(byType[kind], ids...)
	}
	if len(byType) == 0 {
		return nil
	}
	out := map[string]any{}
	for kind, ids := range byType {
		out[kind] = single(ids)
	}
	return out
}

func conditions(v resource.PropertyValue) map[string]map[string]any {
	out := map[string]map[string]any{}
	for _, c := range objects(v) {
		test := text(c["test"])
		if out[test] == nil {
			out[test] = map[string]any{}
		}
		out[test][text(c["variable"])] = single(texts(c["values"]))
	}
	return out
}

func oneOrMany(v resource.PropertyValue) any {
	list := texts(v)
	if len(list) == 0 {
		return nil
	}
	return single(list)
}

// single gives the only element itself, and several as a list.
func single(list []string) any {
	if len(list) == 1 {
		return list[0]
	}
	return list
}

func objects(v resource.PropertyValue) []resource.PropertyMap {
	var out []resource.PropertyMap
	if v.IsArray() {
		for _, e := range v.ArrayValue() {
			if e.IsObject() {
				out = append(out, e.ObjectValue())
			}
		}
	}
	return out
}

func texts(v resource.PropertyValue) []string {
	var out []string
	if v.IsArray() {
		for _, e := range v.ArrayValue() {
			out = append(out, text(e))
		}
	}
	return out
}

func text(v resource.PropertyValue) string {
	if v.IsString() {
		return v.StringValue()
	}
	return ""
}
