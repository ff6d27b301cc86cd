package report

import (
	"fmt"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate/sizing"
)

// AddSizing adds the sizes of the new site, why, and the difference to today.
func (d *Document) AddSizing(r sizing.Result) {
	d.Data.Sizing = &r
	t := r.Totals
	s := Section{ID: "sizing", Title: "Size of the new site", Facts: []Fact{
		{"times normal load", fmt.Sprintf("%.3g", r.CampaignMultiple)},
		{"servers today", whole(t.Today.Servers)}, {"on an ordinary day", whole(t.Normal.Servers)}, {"in a campaign", whole(t.Campaign.Servers)},
		{"vCPU today", whole(t.Today.VCPU)}, {"vCPU, ordinary day", whole(t.Normal.VCPU)}, {"vCPU, campaign", whole(t.Campaign.VCPU)},
	}}
	s.Notes = append(s.Notes, fmt.Sprintf("Sized for %s: %s.", r.Environment, r.MultipleWhy), sizing.HostsNote)
	s.Warnings = r.Warnings
	chart := Chart{ID: "tiers", Title: "vCPUs by tier, today and on the new site", Series: []string{"today", "ordinary day", "campaign"}}
	for _, tier := range r.Tiers {
		chart.Bars = append(chart.Bars, Bar{Label: tier.Name, Values: []float64{float64(tier.Today.VCPU), float64(tier.Normal.VCPU), float64(tier.Campaign.VCPU)}})
	}
	s.Charts = []Chart{chart}
	for _, table := range []Table{figureTable(r), tierTable(r), basisTable(r), unsizedTable(r)} {
		if len(table.Rows) > 0 {
			s.Tables = append(s.Tables, table)
		}
	}
	d.Sections = append(d.Sections, s)
}

// AddUnsized says why there is no sizing.
func (d *Document) AddUnsized(why error) {
	d.Sections = append(d.Sections, Section{ID: "sizing", Title: "Size of the new site", Warnings: []string{"Not sized: " + why.Error()}})
}

func figureTable(r sizing.Result) Table {
	t := Table{ID: "figures", Caption: "Figures of the topology, and why", Columns: columns("Setting", "#Value", "~Reason")}
	for _, f := range r.Figures {
		t.Rows = append(t.Rows, cells(f.Path, fmt.Sprint(f.Value), f.Reason))
	}
	return t
}

func tierTable(r sizing.Result) Table {
	t := Table{ID: "difference", Caption: "Today and the new site, by tier", Columns: columns("Tier", "When", "#Servers", "#vCPU", "#Memory GiB", "#Storage TiB", "#Hosts")}
	for _, tier := range append(append([]sizing.Tier{}, r.Tiers...), r.Totals) {
		for _, x := range []struct {
			when string
			a    sizing.Amount
		}{{"today", tier.Today}, {"ordinary day", tier.Normal}, {"campaign", tier.Campaign}} {
			row := cells(tier.Name, x.when, whole(x.a.Servers), whole(x.a.VCPU), fmt.Sprintf("%.0f", x.a.MemoryGiB), fmt.Sprintf("%.2f", x.a.StorageTiB), whole(x.a.Hosts))
			if tier.Name == r.Totals.Name {
				row.Class = "total"
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

func basisTable(r sizing.Result) Table {
	t := Table{ID: "basis", Caption: "What each server's need rests on", Columns: columns("Server", "Tier", "#vCPU", "#GiB", "CPU", "#vCPU busy", "Memory", "#GiB needed", "~Note")}
	for _, tier := range r.Tiers {
		for _, s := range tier.Servers {
			t.Rows = append(t.Rows, cells(s.ID, tier.Name, whole(s.VCPU), decimal(s.MemoryGiB, 1), string(s.CPU), decimal(s.PeakVCPU, 2), string(s.Memory), decimal(s.UsedGiB, 1), s.Note))
		}
	}
	return t
}

func unsizedTable(r sizing.Result) Table {
	t := Table{ID: "unsized", Caption: "Servers that no tier was sized from", Columns: columns("#Servers", "~Reason", "~Which")}
	for _, l := range r.LeftOut {
		t.Rows = append(t.Rows, cells(whole(len(l.Servers)), l.Reason, strings.Join(l.Servers, ", ")))
	}
	return t
}
