package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestCampaignErrors(t *testing.T) {
	quietErrors := access(estate(), 47, 0)
	quietErrors.Access.Hours[3].Errors = 60
	twoHours := access(estate(), 47, 0.1)
	twoHours.Access.Hours[51] = migrate.AccessHour{Start: twoHours.Access.Hours[51].Start, Requests: 2000, Errors: 400}
	try(t, campaignErrors,
		scenario{"errors at the surge", access(estate(), 47, 0.1), want("high"), 0},
		scenario{"two hours are one finding", twoHours, want("high"), 0},
		scenario{"a few errors", access(estate(), 47, 0.01), nil, 0},
		scenario{"errors in a quiet hour", quietErrors, nil, 0},
		scenario{"no surge in the log", access(estate(), 2, 0.5), nil, 1},
		scenario{"no log", estate(), nil, 1},
	)
}
