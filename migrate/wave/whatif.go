package wave

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/wave/planfile"
)

// Scenario is a plan under changed assumptions, or why there is none.
type Scenario struct {
	Name string
	Plan *migrate.Plan
	Err  error
}

// Compare plans the estate as configured and once more for each what-if, such
// as "deadline=+2w" or "bandwidth=50%,team.dba=-1".
func Compare(ctx context.Context, e *migrate.Estate, cfg *planfile.Config, opts Options, whatIfs []string) ([]Scenario, error) {
	type task struct {
		name string
		cfg  *planfile.Config
	}
	tasks := []task{{"as configured", cfg}}
	for _, text := range whatIfs {
		changed, err := Apply(cfg, text)
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, task{text, changed})
	}
	var out []Scenario
	for _, t := range tasks {
		plan, err := Solve(ctx, e, t.cfg, opts)
		out = append(out, Scenario{t.name, plan, err})
	}
	return out, nil
}

// Apply is a copy of the configuration with one what-if in it: changes that
// are separated by commas, each KEY=VALUE. A number with a sign is added, one
// with a per cent sign is taken of what was there.
func Apply(cfg *planfile.Config, whatIf string) (*planfile.Config, error) {
	c := *cfg
	c.Teams, c.Conditions = maps.Clone(cfg.Teams), maps.Clone(cfg.Conditions)
	c.Freezes = slices.Clone(cfg.Freezes)
	c.Movers.Profiles = maps.Clone(cfg.Movers.Profiles)
	for _, part := range strings.Split(whatIf, ",") {
		key, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok {
			return nil, fmt.Errorf("what-if %q: write KEY=VALUE, such as deadline=+2w", part)
		}
		if err := change(&c, key, value); err != nil {
			return nil, fmt.Errorf("what-if %q: %w", part, err)
		}
	}
	for _, p := range planfile.Validate(&c) {
		return nil, fmt.Errorf("what-if %q: %w", whatIf, p)
	}
	return &c, nil
}

const whatIfKeys = "deadline, start, bandwidth, lead, waves.max, waves.min, parallel, pilot, team.NAME, mover.NAME, freeze.NAME, condition.NAME"

func change(c *planfile.Config, key, value string) (err error) {
	kind, name, _ := strings.Cut(key, ".")
	switch {
	case key == "deadline":
		c.Target.Deadline, err = shiftDate(c.Target.Deadline, value)
	case key == "start":
		c.Target.Start, err = shiftDate(c.Target.Start, value)
	case key == "bandwidth":
		c.Link.Mbps, err = shiftNumber(c.Link.Mbps, value)
	case key == "lead":
		c.Replication.Lead, err = planfile.ParseSpan(value)
	case key == "waves.max":
		c.Waves.Max, err = shiftInt(c.Waves.Max, value)
	case key == "waves.min":
		c.Waves.Min, err = shiftInt(c.Waves.Min, value)
	case key == "parallel":
		c.Waves.Parallel, err = shiftInt(c.Waves.Parallel, value)
	case key == "pilot":
		c.Pilot.Max, err = shiftInt(c.Pilot.Max, value)
	case kind == "team":
		t, ok := c.Teams[name]
		if !ok {
			return fmt.Errorf("there is no team %q; there are %s", name, strings.Join(slices.Sorted(maps.Keys(c.Teams)), ", "))
		}
		t.People, err = shiftInt(t.People, value)
		t.People = max(0, t.People)
		c.Teams[name] = t
	case kind == "mover":
		m, ok := c.Movers.Profiles[name]
		if !ok {
			return fmt.Errorf("there is no mover %q; there are %s", name, strings.Join(slices.Sorted(maps.Keys(c.Movers.Profiles)), ", "))
		}
		m.AtOnce, err = shiftInt(m.AtOnce, value)
		c.Movers.Profiles[name] = m
	case kind == "freeze":
		return dropFreeze(c, name, value)
	case kind == "condition":
		return setCondition(c, name, value)
	default:
		return fmt.Errorf("%q is none of %s", key, whatIfKeys)
	}
	return err
}

func dropFreeze(c *planfile.Config, name, value string) error {
	at := slices.IndexFunc(c.Freezes, func(f planfile.Freeze) bool { return f.Name == name })
	if at < 0 || value != "off" {
		return fmt.Errorf("a freeze can be set off; there is none named %q, or the value is not off", name)
	}
	c.Freezes = slices.Delete(c.Freezes, at, at+1)
	return nil
}

func setCondition(c *planfile.Config, name, value string) error {
	if !slices.Contains(planfile.ConditionIDs, name) {
		return fmt.Errorf("there is no condition %q; there are %s", name, strings.Join(planfile.ConditionIDs, ", "))
	}
	switch value {
	case "hard":
		c.Conditions[name] = planfile.Severity{Hard: true}
	case "off":
		c.Conditions[name] = planfile.Severity{}
	default:
		w, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return fmt.Errorf("%q is not hard, off or a weight", value)
		}
		c.Conditions[name] = planfile.Severity{Weight: w}
	}
	return nil
}

func shiftDate(d planfile.Date, value string) (planfile.Date, error) {
	sign := 1
	switch {
	case strings.HasPrefix(value, "-"):
		sign = -1
	case !strings.HasPrefix(value, "+"):
		return planfile.ParseDate(value)
	}
	span, err := planfile.ParseSpan(value[1:])
	if err != nil {
		return d, err
	}
	return d.Add(sign * int(span.Days())), nil
}

func shiftNumber(n float64, value string) (float64, error) {
	text := strings.TrimSuffix(value, "%")
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return n, fmt.Errorf("%q is not a number, +n, -n or n%%", value)
	}
	relative := strings.HasPrefix(value, "+") || strings.HasPrefix(value, "-")
	switch {
	case text != value && relative:
		return n * (1 + v/100), nil
	case text != value:
		return n * v / 100, nil
	case relative:
		return n + v, nil
	}
	return v, nil
}

func shiftInt(n int, value string) (int, error) {
	v, err := shiftNumber(float64(n), value)
	return int(v), err
}
