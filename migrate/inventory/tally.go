package inventory

import (
	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// account keeps book of what became of every row of a source, such that at
// the end Rows = Servers + Flows + Facts + the rows left out. A row is counted
// once, by the first thing it gave.
type account struct {
	table.Tally
	src migrate.Source
}

// newAccount starts the account of one input.
func newAccount(in Input, format string) *account {
	return &account{src: migrate.Source{Name: in.Name, Format: format}}
}

// server counts a row that declared a server.
func (a *account) server() { a.Rows++; a.src.Servers++ }

// flow counts a row that declared a flow.
func (a *account) flow() { a.Rows++; a.src.Flows++ }

// fact counts a row that only adds to what another row declares.
func (a *account) fact() { a.Rows++; a.Facts++ }

// flowOrFact counts a row by whether its flow was a new one.
func (a *account) flowOrFact(isNew bool) {
	if isNew {
		a.flow()
		return
	}
	a.fact()
}

// leave counts a row that gave nothing, with the reason.
func (a *account) leave(reason string, at migrate.Place) {
	a.Rows++
	a.LeaveOut(reason, at)
}

// done returns the source with its counts.
func (a *account) done() migrate.Source {
	a.Into(&a.src)
	return a.src
}
