package audit

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/migrate"
)

var notJudged = Check{
	ID:       "not-judged",
	Category: "coverage",
	Severity: migrate.SeverityInfo,
	Title:    "Some things could not be judged for lack of data",
	Why:      "That a check found nothing means little where it saw nothing.",
	Remedy:   "Add the export that tells: each line names what is missing.",
	Answer:   "Every new source is merged into the same estate; run the audit again.",
	// It runs last and reads what the others left.
	Find: func(in *Input) (hits []Hit, unjudged []Unjudged) {
		if len(in.unjudged) == 0 {
			return nil, nil
		}
		hit := Hit{}
		for _, u := range in.unjudged {
			text := u.Check + ": " + u.Reason
			if n := len(u.Subjects); n > 0 {
				text += fmt.Sprintf(" (%d of them, such as %s)", n, u.Subjects[0])
			}
			hit.Evidence = append(hit.Evidence, text)
		}
		return []Hit{hit}, nil
	},
}
