package migrate

import "time"

// PlanSchema names the version of the plan document. A reader refuses a
// document whose schema it does not know.
const PlanSchema = "storefront.plan/v1"

// Plan says which servers move in which window, what crosses between the sites
// meanwhile, and which conditions that keeps or breaks. Waves are in order of
// time; all other slices are sorted, so that the same inputs give the same
// bytes. GB are 10⁹ bytes throughout, moments are in the plan's time zone.
type Plan struct {
	Schema   string    `json:"schema"`
	Status   string    `json:"status"` // optimal, feasible, interrupted
	Seed     uint64    `json:"seed"`
	TimeZone string    `json:"timeZone"`
	Start    time.Time `json:"start"`    // no replication before it
	Deadline time.Time `json:"deadline"` // no window ends after it

	Windows []PlanWindow `json:"windows"`
	Freezes []PlanFreeze `json:"freezes,omitempty"`
	Link    PlanLink     `json:"link"`
	Teams   []PlanTeam   `json:"teams,omitempty"`

	Groups   []MoveGroup `json:"groups"`
	Waves    []Wave      `json:"waves"`
	Retained []LeftOver  `json:"retained,omitempty"` // stay at the old site
	Excluded []LeftOver  `json:"excluded,omitempty"` // no part of the plan at all

	Crossings  []Crossing      `json:"crossings,omitempty"`
	Flows      []CrossingFlow  `json:"flows,omitempty"` // the heaviest crossing flows
	Objective  PlanObjective   `json:"objective"`
	Conditions []PlanCondition `json:"conditions"`
	Changes    []PlanChange    `json:"changes,omitempty"` // against the plan that was kept
	Notes      []string        `json:"notes,omitempty"`   // what was assumed or not counted
}

// PlanWindow is one change window between start and deadline, used or not.
type PlanWindow struct {
	Number int       `json:"number"` // from 1, in order of time
	Start  time.Time `json:"start"`
	End    time.Time `json:"end"`
	Frozen string    `json:"frozen,omitempty"` // the freeze that closes it
}

// PlanFreeze is a time in which nothing is changed, such as a campaign.
type PlanFreeze struct {
	Name string    `json:"name"`
	From time.Time `json:"from"`
	To   time.Time `json:"to"` // exclusive
}

// PlanLink is the link between the sites, as the plan reckons with it.
type PlanLink struct {
	Mbps        float64 `json:"mbps"` // 0: no limit
	Efficiency  float64 `json:"efficiency"`
	HoursPerDay float64 `json:"hoursPerDay"`
	GBPerDay    float64 `json:"gbPerDay"` // usable
	LeadDays    float64 `json:"leadDays"` // replication starts this long before a window at most
	MarginHours float64 `json:"marginHours"`
}

// PlanTeam is a team and what it can do in one window.
type PlanTeam struct {
	Name   string  `json:"name"`
	People int     `json:"people"`
	Hours  float64 `json:"hours"` // of each person in one window
}

// MoveGroup is a set of servers that have to move together.
type MoveGroup struct {
	ID      string   `json:"id"` // "G001"
	Servers []string `json:"servers"`
	Wave    string   `json:"wave"`
	Why     []string `json:"why,omitempty"` // the conditions that hold it together
}

// Wave is the work of one change window, or of one lane of it where waves run
// in parallel.
type Wave struct {
	ID     string    `json:"id"`     // "W01", in order of time
	Window int       `json:"window"` // PlanWindow.Number
	Lane   int       `json:"lane"`   // from 1; above 1 only where waves run in parallel
	Start  time.Time `json:"start"`
	End    time.Time `json:"end"`
	Pilot  bool      `json:"pilot,omitempty"`

	Servers []WaveServer `json:"servers"`

	DataGB           float64    `json:"dataGB"`
	ChangeGBPerDay   float64    `json:"changeGBPerDay"`
	ReplicationGB    float64    `json:"replicationGB"` // data and what changes during the lead
	ReplicationStart *time.Time `json:"replicationStart,omitempty"`
	ReplicationEnd   *time.Time `json:"replicationEnd,omitempty"`

	Hours  []TeamHours `json:"hours,omitempty"`
	Movers []MoverLoad `json:"movers,omitempty"`
	Risk   float64     `json:"risk"` // sum over its servers
	// CrossingGBPerDay is what crosses between the sites after this wave.
	CrossingGBPerDay float64 `json:"crossingGBPerDay"`
}

// WaveServer is a server's part in a wave, with what a runbook needs of it.
type WaveServer struct {
	ID             string      `json:"id"`
	Group          string      `json:"group,omitempty"`
	Action         string      `json:"action"` // move, switch-off
	Disposition    string      `json:"disposition"`
	Mover          string      `json:"mover,omitempty"`
	Role           string      `json:"role,omitempty"`
	Environment    string      `json:"environment,omitempty"`
	Application    string      `json:"application,omitempty"`
	Criticality    string      `json:"criticality,omitempty"`
	Owner          string      `json:"owner,omitempty"`
	Team           string      `json:"team,omitempty"`
	DataGB         float64     `json:"dataGB"`
	ChangeGBPerDay float64     `json:"changeGBPerDay"`
	Hours          []TeamHours `json:"hours,omitempty"`
	Risk           float64     `json:"risk"`
	DependsOn      []string    `json:"dependsOn,omitempty"`
}

// TeamHours is work for one team.
type TeamHours struct {
	Team  string  `json:"team"`
	Hours float64 `json:"hours"`
}

// MoverLoad counts servers by the tool that moves them.
type MoverLoad struct {
	Mover   string `json:"mover"`
	Servers int    `json:"servers"`
	Jobs    int    `json:"jobs"` // at the tool's limit of servers a job
}

// LeftOver is a server in no wave, and why.
type LeftOver struct {
	Server string `json:"server"`
	Reason string `json:"reason"`
}

// Crossing sums the traffic between two waves ("stays" for retained servers).
type Crossing struct {
	A        string  `json:"a"`
	B        string  `json:"b"`
	Flows    int     `json:"flows"` // pairs of servers
	GBPerDay float64 `json:"gbPerDay"`
	Days     float64 `json:"days"`
	GBDays   float64 `json:"gbDays"`
}

// CrossingFlow is the traffic of one pair of servers that crosses for a while.
type CrossingFlow struct {
	A        string  `json:"a"`
	B        string  `json:"b"`
	GBPerDay float64 `json:"gbPerDay"`
	Days     float64 `json:"days"`
	GBDays   float64 `json:"gbDays"`
}

// PlanObjective is the worth of a plan, less being better, in GB·days.
type PlanObjective struct {
	Exposure float64 `json:"exposure"` // Σ GB a day × days between the two ends' windows
	Risk     float64 `json:"risk"`
	Penalty  float64 `json:"penalty"` // weights of broken weighted conditions
	Total    float64 `json:"total"`   // the sum of the three

	Windows   int     `json:"windows"`   // windows used
	Imbalance float64 `json:"imbalance"` // standard deviation of wave sizes over their mean

	// Bound is proven: no plan that keeps the hard conditions has a Total
	// below it. Gap is (Total − Bound) / Total.
	Bound       float64 `json:"bound"`
	Gap         float64 `json:"gap"`
	BoundMethod string  `json:"boundMethod"`
	Moves       int64   `json:"moves"` // tried by the search
}

// PlanCondition tells of one condition whether the plan keeps it.
type PlanCondition struct {
	ID        string      `json:"id"`
	Title     string      `json:"title"`
	Severity  string      `json:"severity"` // hard, weighted, off
	Weight    float64     `json:"weight,omitempty"`
	State     string      `json:"state"` // kept, broken, not applicable
	Instances int         `json:"instances"`
	Broken    int         `json:"broken"`
	Waived    int         `json:"waived,omitempty"`
	Penalty   float64     `json:"penalty,omitempty"`
	Evidence  []string    `json:"evidence,omitempty"` // what was counted
	Breaks    []PlanBreak `json:"breaks,omitempty"`
	// MoreBreaks counts those that are not listed.
	MoreBreaks int `json:"moreBreaks,omitempty"`
}

// PlanBreak is one broken instance of a condition.
type PlanBreak struct {
	Servers  []string `json:"servers,omitempty"`
	Waves    []string `json:"waves,omitempty"`
	Evidence string   `json:"evidence"`
	Cost     float64  `json:"cost,omitempty"` // GB·days
	Waived   string   `json:"waived,omitempty"`
}

// PlanChange is a server whose window differs from the plan that was kept.
type PlanChange struct {
	Server string `json:"server"`
	From   string `json:"from"` // its old window, "" for a new server
	To     string `json:"to"`
	Why    string `json:"why"`
}
