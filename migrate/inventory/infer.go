package inventory

import (
	"fmt"
	"math"
	"sort"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

// Infer concludes roles, environments and applications that no source states,
// from name, operating system, software, listening ports and flows, each with a
// confidence and the evidence. What is stated (confidence 1) stays.
//
// Each piece of evidence is weighed as the chance that it is right alone; the
// chances of pieces that agree are put together as 1 - Π(1 - wᵢ) (a noisy OR,
// Pearl, "Probabilistic Reasoning in Intelligent Systems", 1988, 4.3.2), and
// the runner-up's weight is taken off, so that a server that could be two
// things is called neither with much confidence.
func Infer(e *migrate.Estate) {
	signs := newSigns(e)
	for i := range e.Servers {
		s := &e.Servers[i]
		if s.Role.Value == "" {
			s.Role = conclude(roleVotes(s, signs))
		}
		if s.Environment.Value == "" {
			s.Environment = conclude(environmentVotes(s))
		}
	}
	defaultEnvironment(e)
	inferApplications(e)
}

// vote is one piece of evidence for a value.
type vote struct {
	value    string
	weight   float64
	evidence string
}

// leastConfidence is where a conclusion is no better than none.
const leastConfidence = 0.3

// conclude picks the value with the most weight behind it. Equal weights are a
// draw, which concludes nothing.
func conclude(votes []vote) migrate.Inference {
	doubt, evidence := map[string]float64{}, map[string][]string{}
	for _, v := range votes {
		if _, known := doubt[v.value]; !known {
			doubt[v.value] = 1
		}
		doubt[v.value] *= 1 - v.weight
		evidence[v.value] = append(evidence[v.value], v.evidence)
	}
	values := sortedKeys(doubt)
	sort.SliceStable(values, func(i, j int) bool { return doubt[values[i]] < doubt[values[j]] })
	if len(values) == 0 {
		return migrate.Inference{}
	}
	best, confidence := values[0], 1-doubt[values[0]]
	why := distinct(map[string]bool{}, evidence[best])
	if len(values) > 1 {
		second := 1 - doubt[values[1]]
		confidence *= 1 - second/2
		why = append(why, fmt.Sprintf("against it, %s: %s", values[1], strings.Join(distinct(map[string]bool{}, evidence[values[1]]), "; ")))
		if doubt[values[0]] == doubt[values[1]] {
			return migrate.Inference{}
		}
	}
	confidence = math.Round(confidence*100) / 100
	if confidence < leastConfidence {
		return migrate.Inference{}
	}
	return migrate.Inference{Value: best, Confidence: min(confidence, 0.99), Evidence: why}
}
