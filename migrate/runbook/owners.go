package runbook

import (
	"cmp"
	"slices"

	"github.com/storefront-toolkit/storefront/migrate"
)

// Duties of a night. A duty goes to the plan's team of that name; a technical
// one that has no team goes to the team with most hours.
const (
	dutyLead     = "migration lead"
	dutyComms    = "communications"
	dutyBusiness = "business owner"
	dutyPlatform = "platform"
	dutyDatabase = "dba"
	dutyNetwork  = "network"
	dutyApp      = "application"
	dutyOps      = "operations"
)

// owners maps duties to teams.
func owners(plan *migrate.Plan) map[string]string {
	out := map[string]string{dutyLead: dutyLead, dutyComms: dutyComms, dutyBusiness: dutyBusiness}
	names := map[string]bool{}
	teams := slices.Clone(plan.Teams)
	for _, t := range teams {
		names[t.Name] = true
	}
	slices.SortFunc(teams, func(a, b migrate.PlanTeam) int {
		return cmp.Or(cmp.Compare(float64(b.People)*b.Hours, float64(a.People)*a.Hours), cmp.Compare(a.Name, b.Name))
	})
	for _, duty := range []string{dutyPlatform, dutyDatabase, dutyNetwork, dutyApp, dutyOps} {
		out[duty] = duty
		if !names[duty] && len(teams) > 0 {
			out[duty] = teams[0].Name
		}
	}
	return out
}
