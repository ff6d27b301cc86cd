package runbook

import (
	"fmt"
	"io"
	"strings"
)

// WriteMarkdown writes the runbook for a wiki or a pull request. Boxes are to
// be ticked on the night.
func (rb *Runbook) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format, args...) }
	t := rb.Timing
	p("# Runbook of wave %s\n\n", md(rb.Wave))
	p("T is %s (%s); the window ends at %s.\n\n", rb.T.Format("Monday 2 January 2006, 15:04"), rb.TimeZone, rb.End.Format("15:04"))
	p("| | |\n|---|---|\n")
	for _, f := range rb.facts() {
		p("| %s | %s |\n", f[0], md(f[1]))
	}
	mdList(&b, "## Warnings", rb.Warnings)
	p("\n## Go or no-go\n\n| when | who | go | no-go |\n|---|---|---|---|\n")
	for _, c := range rb.Criteria {
		p("| %s | %s | %s | %s |\n", c.When, md(c.Owner), md(c.Go), md(c.NoGo))
	}
	rb.mdSwitch(&b)
	p("\n## Steps\n\nCritical steps are **bold**; a minute lost in them is a minute lost of the night.\n")
	for _, ph := range phaseNames {
		rb.mdPhase(&b, ph.Phase, ph.Name)
	}
	p("\n## The way back\n\nFrom the decision it takes %s; the last moment to decide is %s (%s). Times count from the decision to go back.\n\n",
		span(t.WayBackMinutes), label(t.DecisionLatest), rb.clock(t.DecisionLatest))
	for _, s := range rb.WayBack {
		mdBack(&b, s)
	}
	if len(rb.Later) > 0 {
		p("\nWithout haste, after the window:\n\n")
		for _, s := range rb.Later {
			p("- [ ] %s (%s)\n", md(s.Title), md(s.Owner))
		}
	}
	p("\n## Messages\n\n| when | to | text |\n|---|---|---|\n")
	for _, m := range rb.Messages {
		p("| %s | %s | %s |\n", rb.when(m), md(m.To), md(m.Text))
	}
	p("\n## Servers\n\n| server | role | application | environment | address | mover | GB | owner |\n|---|---|---|---|---|---|---:|---|\n")
	for _, s := range rb.Servers {
		p("| %s | %s | %s | %s | %s | %s | %.1f | %s |\n", md(s.ID), md(s.Role), md(s.Application), md(s.Environment), md(s.Address), md(mover(s)), s.DataGB, md(s.Owner))
	}
	mdList(&b, "## Assumed", rb.Notes)
	_, err := io.WriteString(w, b.String())
	return err
}

// facts are the head of the runbook.
func (rb *Runbook) facts() [][2]string {
	t := rb.Timing
	out := [][2]string{
		{"servers", fmt.Sprintf("%d, %.1f GB", len(rb.Servers), rb.DataGB)},
		{"night", fmt.Sprintf("%s of %s; slack %s", span(t.NightMinutes), span(t.WindowMinutes), span(t.SlackMinutes))},
	}
	if t.ReplicationStart != nil {
		out = append(out, [2]string{"replication", fmt.Sprintf("%s (%s) to %s (%s)", label(*t.ReplicationStart), rb.clock(*t.ReplicationStart), label(*t.ReplicationEnd), rb.clock(*t.ReplicationEnd))})
	}
	return append(out,
		[2]string{"decision", fmt.Sprintf("%s (%s), at the latest %s (%s)", label(t.Decision), rb.clock(t.Decision), label(t.DecisionLatest), rb.clock(t.DecisionLatest))},
		[2]string{"point of no return", fmt.Sprintf("%s (%s)", label(t.PointOfNoReturn), rb.clock(t.PointOfNoReturn))},
		[2]string{"way back", span(t.WayBackMinutes) + " from the decision"},
		[2]string{"critical path", strings.Join(t.Critical, " → ")})
}

func mover(s Server) string {
	if s.Action == "switch-off" {
		return "switched off"
	}
	return s.Mover
}

func (rb *Runbook) when(m Message) string {
	if m.OnlyBack {
		return "if the night goes back"
	}
	return label(m.At)
}

func (rb *Runbook) mdSwitch(b *strings.Builder) {
	if len(rb.Switch) == 0 {
		return
	}
	fmt.Fprint(b, "\n## The switch\n\n| channel | web servers | share before | share after | hosts |\n|---|---:|---:|---:|---|\n")
	for _, s := range rb.Switch {
		fmt.Fprintf(b, "| %s | %d | %d %% | %d %% | %s |\n", md(s.Channel), s.Servers, s.From, s.To, md(strings.Join(s.Hosts, ", ")))
	}
}

func (rb *Runbook) mdPhase(b *strings.Builder, phase Phase, name string) {
	first := true
	for _, s := range rb.Steps {
		if s.Phase != phase {
			continue
		}
		if first {
			fmt.Fprintf(b, "\n### %s\n\n", name)
			first = false
		}
		title := md(s.Title)
		if s.Critical {
			title = "**" + title + "**"
		}
		fmt.Fprintf(b, "- [ ] `%s` %s: %s (%s, %s)\n", s.ID, label(s.Start), title, md(s.Owner), span(s.Minutes))
		if len(s.After) > 0 {
			fmt.Fprintf(b, "  - waits for %s; slack %s\n", strings.Join(s.After, ", "), span(s.Slack))
		}
		if len(s.Servers) > 0 {
			fmt.Fprintf(b, "  - servers: %s\n", md(strings.Join(s.Servers, ", ")))
		}
		mdDetails(b, s.Actions, s.Commands, s.Checks)
		if s.Undo != nil {
			fmt.Fprintf(b, "  - back: %s\n", md(s.Undo.Title))
		}
	}
}

func mdBack(b *strings.Builder, s BackStep) {
	fmt.Fprintf(b, "- [ ] `%s` +%02d:%02d: %s (%s, %s)\n", s.ID, s.Start/60, s.Start%60, md(s.Title), md(s.Owner), span(s.Minutes))
	mdDetails(b, s.Actions, s.Commands, s.Checks)
}

func mdDetails(b *strings.Builder, actions, commands, checks []string) {
	for _, a := range actions {
		fmt.Fprintf(b, "  - %s\n", md(a))
	}
	for _, c := range commands {
		fmt.Fprintf(b, "  - `` %s ``\n", strings.ReplaceAll(c, "``", "` `"))
	}
	for _, c := range checks {
		fmt.Fprintf(b, "  - [ ] check: %s\n", md(c))
	}
}

func mdList(b *strings.Builder, head string, list []string) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n\n", head)
	for _, l := range list {
		fmt.Fprintf(b, "- %s\n", md(l))
	}
}

// md keeps text from being read as Markdown or HTML; names come from exports.
func md(s string) string {
	return mdEscaper.Replace(s)
}

var mdEscaper = strings.NewReplacer("\\", "\\\\", "|", "\\|", "<", "&lt;", ">", "&gt;", "*", "\\*", "_", "\\_", "`", "\\`", "[", "\\[", "]", "\\]", "\n", " ", "\r", " ")
