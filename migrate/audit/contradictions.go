package audit

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/migrate"
)

var contradictions = Check{
	ID:       "contradictions",
	Category: "operations",
	Severity: migrate.SeverityLow,
	Title:    "Sources contradict each other",
	Why:      "One of them is wrong, and a plan made from it sizes or moves the wrong thing.",
	Remedy:   "Settle each with the server's owner and write the answer into the override file.",
	Answer:   "The estate keeps every claim with its source, and says which value it took and why.",
	Find: func(in *Input) (hits []Hit, unjudged []Unjudged) {
		fields := map[string][]migrate.Contradiction{}
		for _, c := range in.Estate.Contradictions {
			fields[c.Field] = append(fields[c.Field], c)
		}
		for _, field := range keys(fields) {
			hits = append(hits, in.contradictionHit(field, fields[field]))
		}
		return hits, nil
	},
}

// mostExamples bounds the evidence of one field; what is left out is counted.
const mostExamples = 10

func (in *Input) contradictionHit(field string, list []migrate.Contradiction) Hit {
	hit := Hit{Title: "Sources contradict each other on " + field}
	for i, c := range list {
		if c.Server != "" {
			hit.Subjects = append(hit.Subjects, c.Server)
		}
		if i >= mostExamples {
			continue
		}
		text := c.Server + ":"
		for _, claim := range c.Values {
			text += fmt.Sprintf(" %s%s", claim.Value, in.sourceNames([]string{claim.Source}))
		}
		if c.Chosen != "" {
			text += "; taken: " + c.Chosen
		}
		hit.Evidence = append(hit.Evidence, text)
	}
	if len(list) > mostExamples {
		hit.Evidence = append(hit.Evidence, fmt.Sprintf("and %d more", len(list)-mostExamples))
	}
	return hit
}
