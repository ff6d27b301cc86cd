// Package runbook turns a wave of a plan into what people do on its night:
// steps with owners, durations and waits, the times from the start of
// replication to the point of no return, the switch of the traffic, the
// criteria to go on, and the way back. Steps are data; the schedule is
// computed from their waits by the critical path method.
package runbook

import (
	"time"
)

// Schema names the version of the runbook document.
const Schema = "storefront.runbook/v1"

// Phase orders the steps of a runbook.
type Phase string

// Phases in order of time. The night is all between PhasePrepare and
// PhaseAfter.
const (
	PhasePrepare Phase = "prepare" // days before the window
	PhaseHold    Phase = "hold"    // what could change data is held
	PhaseMove    Phase = "move"    // last differences, old servers off, new ones on
	PhaseData    Phase = "data"    // databases, sessions, media and search take over
	PhaseVerify  Phase = "verify"
	PhaseSwitch  Phase = "switch" // traffic goes to the new site
	PhaseOpen    Phase = "open"   // the decision, and all that follows it
	PhaseAfter   Phase = "after"  // days after the window
)

// Runbook is the work of one wave. All minutes count from T, the start of the
// change window; those before it are below 0.
type Runbook struct {
	Schema   string    `json:"schema"`
	Wave     string    `json:"wave"`
	Pilot    bool      `json:"pilot,omitempty"`
	TimeZone string    `json:"timeZone"`
	T        time.Time `json:"t"`   // start of the window
	End      time.Time `json:"end"` // of the window

	Servers []Server `json:"servers"`
	DataGB  float64  `json:"dataGB"`
	Timing  Timing   `json:"timing"`

	Criteria []Criterion `json:"criteria"`
	Switch   []Switch    `json:"switch,omitempty"`
	Steps    []Step      `json:"steps"`
	WayBack  []BackStep  `json:"wayBack"`
	Later    []BackStep  `json:"later,omitempty"` // of the way back, without haste
	Messages []Message   `json:"messages"`

	Warnings []string `json:"warnings,omitempty"`
	Notes    []string `json:"notes,omitempty"` // what was assumed
}

// Server is a server of the wave.
type Server struct {
	ID          string  `json:"id"`
	Action      string  `json:"action"`
	Role        string  `json:"role,omitempty"`
	Application string  `json:"application,omitempty"`
	Environment string  `json:"environment,omitempty"`
	Mover       string  `json:"mover,omitempty"`
	Owner       string  `json:"owner,omitempty"`
	Address     string  `json:"address,omitempty"` // at the old site
	DataGB      float64 `json:"dataGB"`
}

// Step is one thing that somebody does.
type Step struct {
	ID      string   `json:"id"`
	Phase   Phase    `json:"phase"`
	Title   string   `json:"title"`
	Owner   string   `json:"owner"`
	Minutes int      `json:"minutes"`
	After   []string `json:"after,omitempty"` // steps that it waits for
	// NotBefore is the earliest minute at which it may start.
	NotBefore *int     `json:"notBefore,omitempty"`
	Servers   []string `json:"servers,omitempty"`
	Actions   []string `json:"actions,omitempty"`
	Commands  []string `json:"commands,omitempty"`
	Checks    []string `json:"checks,omitempty"`
	// Changes says that the step changes the state of either site, so that it
	// has an Undo unless it comes after the point of no return.
	Changes         bool  `json:"changes,omitempty"`
	Undo            *Undo `json:"undo,omitempty"`
	Decision        bool  `json:"decision,omitempty"`
	PointOfNoReturn bool  `json:"pointOfNoReturn,omitempty"`

	Start    int  `json:"start"`
	Finish   int  `json:"finish"`
	Slack    int  `json:"slack"` // minutes by which it may slip without a longer night
	Critical bool `json:"critical,omitempty"`
	// BackMinutes is how long the way back takes once this step is done; only
	// for steps of the night before the point of no return.
	BackMinutes int `json:"backMinutes,omitempty"`
}

// Undo takes back what a step changed.
type Undo struct {
	Title    string   `json:"title"`
	Owner    string   `json:"owner,omitempty"` // the step's owner where empty
	Minutes  int      `json:"minutes"`
	Actions  []string `json:"actions,omitempty"`
	Commands []string `json:"commands,omitempty"`
	Checks   []string `json:"checks,omitempty"`
	// Later says that it need not be done in the window.
	Later bool `json:"later,omitempty"`
	// Reopens says that people or jobs write again after it: it waits until the
	// old site has been checked.
	Reopens bool `json:"reopens,omitempty"`
}

// BackStep is a step of the way back; its times count from the decision to go
// back.
type BackStep struct {
	ID       string   `json:"id"` // "back-" and the ID of the step it takes back
	Title    string   `json:"title"`
	Owner    string   `json:"owner"`
	Minutes  int      `json:"minutes"`
	After    []string `json:"after,omitempty"`
	Actions  []string `json:"actions,omitempty"`
	Commands []string `json:"commands,omitempty"`
	Checks   []string `json:"checks,omitempty"`
	Start    int      `json:"start"`
	Finish   int      `json:"finish"`
	Critical bool     `json:"critical,omitempty"`
}

// Timing sums the schedule up.
type Timing struct {
	WindowMinutes int `json:"windowMinutes"`
	NightMinutes  int `json:"nightMinutes"` // from T to the end of the last step of the night
	SlackMinutes  int `json:"slackMinutes"` // to the end of the window; below 0 it doesn't fit
	// ReplicationStart and ReplicationEnd are what the plan reckons with.
	ReplicationStart *int `json:"replicationStart,omitempty"`
	ReplicationEnd   *int `json:"replicationEnd,omitempty"`
	// Decision is when the night decides to go on or back as scheduled,
	// DecisionLatest when it must, so that the way back ends in the window.
	Decision        int      `json:"decision"`
	DecisionLatest  int      `json:"decisionLatest"`
	WayBackMinutes  int      `json:"wayBackMinutes"` // from the decision
	PointOfNoReturn int      `json:"pointOfNoReturn"`
	Critical        []string `json:"critical"` // step IDs in order of time
}

// Criterion is something that has to hold to go on.
type Criterion struct {
	When  string `json:"when"` // before the window, before the point of no return
	Owner string `json:"owner"`
	Go    string `json:"go"`
	NoGo  string `json:"noGo"`
}

// Switch is how a channel's visitors go to the new site.
type Switch struct {
	Channel  string   `json:"channel"`
	Path     string   `json:"path"` // of its cutover in the stack file
	Hosts    []string `json:"hosts,omitempty"`
	From     int      `json:"from"` // percent on the new site before this wave
	To       int      `json:"to"`   // and after it
	First    int      `json:"first,omitempty"`
	Servers  int      `json:"servers"`  // web servers of the channel in this wave
	Commands []string `json:"commands"` // the whole switch
	Back     []string `json:"back"`
}

// Message is what is said to whom at which step.
type Message struct {
	At   int    `json:"at"` // minute; meaningless with OnlyBack
	Step string `json:"step"`
	To   string `json:"to"`
	From string `json:"from"`
	Text string `json:"text"`
	// OnlyBack marks what is said only if the night goes back.
	OnlyBack bool `json:"onlyBack,omitempty"`
}

// Channel is a channel of the stack file, in the order of that file.
type Channel struct {
	Code   string
	Hosts  []string
	Legacy []string // public addresses of the old site, where the file has them
}

// Options say what a plan doesn't.
type Options struct {
	// Stack is the name of the stack whose file holds the switch, "" if not known.
	Stack    string
	Channels []Channel
	Pace     Pace // zero: DefaultPace
}

// night says whether a phase lies in the window.
func (p Phase) night() bool { return p != PhasePrepare && p != PhaseAfter }
