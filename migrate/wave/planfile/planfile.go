// Package planfile is plan.yaml: what a migration lead decides before waves
// are planned. It is plain data with its reading, defaults and validation, and
// knows nothing of how a plan is made or checked.
package planfile

import (
	"time"
)

// Schema names the version of plan.yaml.
const Schema = "storefront.plan-config/v1"

// Config is plan.yaml.
type Config struct {
	Schema   string `mapstructure:"schema" yaml:"schema"`
	Target   Target `mapstructure:"target" yaml:"target"`
	TimeZone string `mapstructure:"timeZone" yaml:"timeZone"`

	Windows Windows  `mapstructure:"windows" yaml:"windows"`
	Freezes []Freeze `mapstructure:"freezes" yaml:"freezes,omitempty"`

	Link        Link        `mapstructure:"link" yaml:"link"`
	Replication Replication `mapstructure:"replication" yaml:"replication"`
	Movers      Movers      `mapstructure:"movers" yaml:"movers"`

	Teams  map[string]Team `mapstructure:"teams" yaml:"teams,omitempty"`
	Effort []Effort        `mapstructure:"effort" yaml:"effort,omitempty"`

	Waves Waves `mapstructure:"waves" yaml:"waves"`
	Pilot Pilot `mapstructure:"pilot" yaml:"pilot"`

	Pins           []Pin         `mapstructure:"pins" yaml:"pins,omitempty"`
	Exclude        []Exclusion   `mapstructure:"exclude" yaml:"exclude,omitempty"`
	Together       []Set         `mapstructure:"together" yaml:"together,omitempty"`
	Apart          []Set         `mapstructure:"apart" yaml:"apart,omitempty"`
	Dispositions   []Disposition `mapstructure:"dispositions" yaml:"dispositions,omitempty"`
	Redundancy     Redundancy    `mapstructure:"redundancy" yaml:"redundancy"`
	SharedServices []Match       `mapstructure:"sharedServices" yaml:"sharedServices"`

	Environments Environments `mapstructure:"environments" yaml:"environments"`
	Dependencies Dependencies `mapstructure:"dependencies" yaml:"dependencies"`
	Latency      Latency      `mapstructure:"latency" yaml:"latency"`
	Complexity   Complexity   `mapstructure:"complexity" yaml:"complexity"`

	Conditions map[string]Severity `mapstructure:"conditions" yaml:"conditions"`
	Waivers    []Waiver            `mapstructure:"waivers" yaml:"waivers,omitempty"`
	Objective  Objective           `mapstructure:"objective" yaml:"objective"`
}

// Target holds the dates between which all has to happen, both inclusive.
type Target struct {
	Start    Date `mapstructure:"start" yaml:"start"`
	Deadline Date `mapstructure:"deadline" yaml:"deadline"`
}

// Windows are the change windows: a weekly pattern, single dates, or both.
type Windows struct {
	Weekly []Weekly `mapstructure:"weekly" yaml:"weekly,omitempty"`
	Dates  []Single `mapstructure:"dates" yaml:"dates,omitempty"`
}

// Weekly is a window that comes back every week.
type Weekly struct {
	Day    Weekday `mapstructure:"day" yaml:"day"`
	Start  Clock   `mapstructure:"start" yaml:"start"`
	Length Span    `mapstructure:"length" yaml:"length"`
}

// Single is a window on one date.
type Single struct {
	Date   Date  `mapstructure:"date" yaml:"date"`
	Start  Clock `mapstructure:"start" yaml:"start"`
	Length Span  `mapstructure:"length" yaml:"length"`
}

// Freeze closes every window that touches it, both dates inclusive.
type Freeze struct {
	Name string `mapstructure:"name" yaml:"name"`
	From Date   `mapstructure:"from" yaml:"from"`
	To   Date   `mapstructure:"to" yaml:"to"`
}

// Link is the line between the sites. Mbps 0 means that it is no limit.
type Link struct {
	Mbps       float64 `mapstructure:"mbps" yaml:"mbps"`
	Efficiency float64 `mapstructure:"efficiency" yaml:"efficiency"` // share that replication gets, in (0, 1]
	// From and To are the hours of a day in which replication may use it; equal
	// means all day, and To before From goes over midnight.
	From Clock `mapstructure:"from" yaml:"from"`
	To   Clock `mapstructure:"to" yaml:"to"`
}

// Replication tells how long before a window its servers replicate.
type Replication struct {
	Lead               Span     `mapstructure:"lead" yaml:"lead"`     // earliest start before the window
	Margin             Span     `mapstructure:"margin" yaml:"margin"` // done this long before the window
	DailyChangePercent float64  `mapstructure:"dailyChangePercent" yaml:"dailyChangePercent"`
	Change             []Change `mapstructure:"change" yaml:"change,omitempty"`
}

// Change sets the daily change of the servers that match; the last match wins.
type Change struct {
	Match   Match   `mapstructure:"match" yaml:"match"`
	Percent float64 `mapstructure:"percent" yaml:"percent"`
}

// Movers are the tools that move servers.
type Movers struct {
	Default  string           `mapstructure:"default" yaml:"default"`
	Profiles map[string]Mover `mapstructure:"profiles" yaml:"profiles"`
	Rules    []MoverRule      `mapstructure:"rules" yaml:"rules,omitempty"`
}

// Mover is a tool's limits; 0 means none.
type Mover struct {
	AtOnce int `mapstructure:"atOnce" yaml:"atOnce"` // servers that replicate at the same time
	PerJob int `mapstructure:"perJob" yaml:"perJob"` // servers in one job
}

// MoverRule gives the servers that match a mover; the last match wins.
type MoverRule struct {
	Match Match  `mapstructure:"match" yaml:"match"`
	Mover string `mapstructure:"mover" yaml:"mover"`
}

// Team is people with hours in each window.
type Team struct {
	People int     `mapstructure:"people" yaml:"people"`
	Hours  float64 `mapstructure:"hours" yaml:"hours"`
}

// Effort adds a team's hours for every server that matches; all matches count.
type Effort struct {
	Match Match   `mapstructure:"match" yaml:"match"`
	Team  string  `mapstructure:"team" yaml:"team"`
	Hours float64 `mapstructure:"hours" yaml:"hours"`
}

// Waves bounds the servers of a wave and the waves of a window. The pilot and
// the last wave may be smaller than Min.
type Waves struct {
	Min      int `mapstructure:"min" yaml:"min"`
	Max      int `mapstructure:"max" yaml:"max"`
	Parallel int `mapstructure:"parallel" yaml:"parallel"`
}

// Pilot is the first wave. Max 0 means that there is none.
type Pilot struct {
	Max     int     `mapstructure:"max" yaml:"max"`
	MaxRisk float64 `mapstructure:"maxRisk" yaml:"maxRisk"` // of each server in it
}

// Pin holds servers to a window, or to one side of a date.
type Pin struct {
	Match     Match  `mapstructure:"match" yaml:"match"`
	Window    int    `mapstructure:"window" yaml:"window,omitempty"` // number, from 1
	On        Date   `mapstructure:"on" yaml:"on,omitempty"`         // the window that starts on this date
	NotBefore Date   `mapstructure:"notBefore" yaml:"notBefore,omitempty"`
	NotAfter  Date   `mapstructure:"notAfter" yaml:"notAfter,omitempty"`
	Reason    string `mapstructure:"reason" yaml:"reason,omitempty"`
}

// Exclusion leaves servers out of the plan.
type Exclusion struct {
	Match  Match  `mapstructure:"match" yaml:"match"`
	Reason string `mapstructure:"reason" yaml:"reason"`
}

// Set is servers that must move together, or never in one window.
type Set struct {
	Name   string `mapstructure:"name" yaml:"name"`
	Match  Match  `mapstructure:"match" yaml:"match"`
	Reason string `mapstructure:"reason" yaml:"reason,omitempty"`
}

// Disposition sets what becomes of the servers that match; the last match wins.
type Disposition struct {
	Match       Match  `mapstructure:"match" yaml:"match"`
	Disposition string `mapstructure:"disposition" yaml:"disposition"`
}

// Redundancy tells which servers are halves of a pair.
type Redundancy struct {
	// Detect pairs two servers, and no more, of one application, environment
	// and role whose names differ only in a number or letter at the end.
	Detect bool       `mapstructure:"detect" yaml:"detect"`
	Pairs  [][]string `mapstructure:"pairs" yaml:"pairs,omitempty"`
}

// Environments names those that go first. All others, and servers whose
// environment is not known, count as production.
type Environments struct {
	First []string `mapstructure:"first" yaml:"first"`
	Scope string   `mapstructure:"scope" yaml:"scope"` // estate, application
}

// Dependencies tells which flows count, and for what.
type Dependencies struct {
	Classes        []string `mapstructure:"classes" yaml:"classes"`
	MinGBPerDay    float64  `mapstructure:"minGBPerDay" yaml:"minGBPerDay"`       // below it a measured flow orders nothing
	StrongGBPerDay float64  `mapstructure:"strongGBPerDay" yaml:"strongGBPerDay"` // each way
	// UnmeasuredGBPerDay stands for a flow without bytes; AssumeDays for the
	// length of an observation that no source tells.
	UnmeasuredGBPerDay float64 `mapstructure:"unmeasuredGBPerDay" yaml:"unmeasuredGBPerDay"`
	AssumeDays         float64 `mapstructure:"assumeDays" yaml:"assumeDays"`
}

// Latency is the delay that a request may gain by its two ends lying apart.
type Latency struct {
	AddedMs    float64     `mapstructure:"addedMs" yaml:"addedMs"` // a round trip over the link
	BudgetMs   float64     `mapstructure:"budgetMs" yaml:"budgetMs"`
	RoundTrips []RoundTrip `mapstructure:"roundTrips" yaml:"roundTrips"`
}

// RoundTrip says how often a request goes to and fro on a port.
type RoundTrip struct {
	Ports      []int   `mapstructure:"ports" yaml:"ports"`
	PerRequest float64 `mapstructure:"perRequest" yaml:"perRequest"`
}

// Complexity says from where on a server counts as complex.
type Complexity struct {
	Peers int     `mapstructure:"peers" yaml:"peers"` // other servers it talks to
	GB    float64 `mapstructure:"gb" yaml:"gb"`
}

// Waiver accepts that a condition is broken for these servers.
type Waiver struct {
	Condition string   `mapstructure:"condition" yaml:"condition"`
	Servers   []string `mapstructure:"servers" yaml:"servers"`
	Reason    string   `mapstructure:"reason" yaml:"reason"`
}

// Objective weighs what is not exposure, in GB·days.
type Objective struct {
	Risk    float64 `mapstructure:"risk" yaml:"risk"`       // for a risk point in the very first window
	Window  float64 `mapstructure:"window" yaml:"window"`   // for each window used
	Balance float64 `mapstructure:"balance" yaml:"balance"` // for unequal waves
}

// Severity is how much a condition counts: hard, off, or a weight in GB·days.
type Severity struct {
	Hard   bool
	Weight float64 // 0 and not hard: off
}

// The conditions, by their names in plan.yaml.
const (
	CondStrong      = "strong-dependencies"
	CondApplication = "applications"
	CondOrder       = "dependency-order"
	CondEnvOrder    = "environment-order"
	CondEnvMix      = "environment-mix"
	CondCritical    = "critical-not-first"
	CondComplex     = "complex-not-first"
	CondRedundancy  = "redundancy"
	CondLatency     = "latency"
	CondSize        = "wave-size"
	CondReplication = "replication"
	CondMovers      = "movers"
	CondHours       = "engineer-hours"
	CondPilot       = "pilot"
	CondShared      = "shared-services"
	CondTogether    = "together"
	CondApart       = "apart"
	CondPins        = "pins"
	CondCalendar    = "calendar"
	CondComplete    = "complete"
	CondRetired     = "retired"
)

// ConditionIDs lists every condition in the order of a report.
var ConditionIDs = []string{CondComplete, CondCalendar, CondPins, CondTogether, CondApart, CondStrong, CondApplication,
	CondOrder, CondEnvOrder, CondEnvMix, CondCritical, CondComplex, CondRedundancy, CondLatency, CondSize, CondReplication,
	CondMovers, CondHours, CondPilot, CondShared, CondRetired}

// AlwaysHard are the conditions that no configuration weakens: without them
// there is no plan to speak of.
var AlwaysHard = []string{CondComplete, CondCalendar}

// MustBeHard are limits of tools, link, people and calendar: they are hard or
// off, as half a breach has no meaning.
var MustBeHard = []string{CondPins, CondTogether, CondSize, CondReplication, CondMovers, CondHours, CondPilot}

// Severity is the condition's, as configured.
func (c *Config) Severity(id string) Severity { return c.Conditions[id] }

// Location loads the time zone; Validate has made sure that it exists.
func (c *Config) Location() *time.Location {
	l, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return time.UTC
	}
	return l
}

// PeopleHours are a team's hours in one window.
func (t Team) PeopleHours() float64 { return float64(t.People) * t.Hours }
