package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func tools(status string) edit { return func(s *migrate.Server) { s.ToolsStatus = status } }

func TestToolsNotRunning(t *testing.T) {
	try(t, toolsNotRunning,
		scenario{"stopped and missing", estate(server("a", tools("notRunning")), server("b", tools("notInstalled"))), want("medium a b"), 0},
		scenario{"running or old", estate(server("a", tools("running")), server("b", tools("old"))), nil, 0},
		scenario{"a server that is off runs none", estate(server("a", off, tools("notRunning"))), nil, 0},
		scenario{"unknown", estate(server("a")), nil, 1},
	)
}
