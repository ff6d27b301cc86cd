package runbook

import "math"

// Pace holds the durations that are the same for every wave, in minutes. A
// rehearsal gives better ones; the defaults are what a practised team needs.
type Pace struct {
	Roll      int // bridge call and roll call
	Hold      int // hold orders, mail or schedulers
	Drain     int // let open check-outs and payments end
	ReadOnly  int // set a database read-only, or writable again
	Lag       int // wait for the last transactions of a replica
	Promote   int // make the new primary writable
	Stop      int // shut down the old servers, or start them again
	Names     int // point internal names at new addresses, or back
	Services  int // start services in order
	Reindex   int // base of a search index; ReindexGB adds to it
	Smoke     int // technical checks
	Shop      int // test orders
	Decide    int
	Deploy    int // one pulumi up of a changed share, and the time to live
	Look      int // watch after a change of the share
	Reconcile int // orders against payments
	// ReindexGBPerHour is the speed of building an index from the database.
	ReindexGBPerHour float64
	// FirstShare is the percentage of visitors that tries the new site first.
	FirstShare int
	Movers     map[string]MoverPace
}

// MoverPace is how a tool behaves on the night.
type MoverPace struct {
	Name string // for people
	// LagHours is the age of the newest copy when the old servers stop: what
	// changed since then is the last difference.
	LagHours float64
	Launch   int // minutes to launch the servers of one job
	Back     int // minutes to take a launch back
	Start    string
	Sync     string
	Cut      string
	Undo     string
}

// DefaultPace is used where Options give none.
func DefaultPace() Pace {
	return Pace{Roll: 5, Hold: 5, Drain: 10, ReadOnly: 3, Lag: 5, Promote: 5, Stop: 10, Names: 5, Services: 10,
		Reindex: 10, Smoke: 15, Shop: 15, Decide: 5, Deploy: 8, Look: 10, Reconcile: 10, ReindexGBPerHour: 60, FirstShare: 5,
		Movers: map[string]MoverPace{
			"mgn": {Name: "AWS Application Migration Service", LagHours: 0.1, Launch: 20, Back: 5,
				Start: "Install the replication agent with each server's ID as user-provided ID, and wait for Healthy",
				Sync:  "Wait until the replication lag of every source server is none",
				Cut:   "Launch cut-over instances for the wave and wait for the job to complete",
				Undo:  "Revert the servers to ready for cut-over; the instances are terminated, replication goes on"},
			"hcx": {Name: "VMware HCX", LagHours: 2, Launch: 15, Back: 15,
				Start: "Start the wave's mobility group with a switch-over schedule at T",
				Sync:  "Wait for the last delta of every VM of the mobility group",
				Cut:   "Switch the mobility group over and wait until every VM runs at the new site",
				Undo:  "Power off the new VMs; power on the old ones, which HCX keeps renamed, without their suffix"},
			"veeam": {Name: "Veeam replication", LagHours: 1, Launch: 15, Back: 15,
				Start: "Start the replication jobs and let the first run end",
				Sync:  "Run the replication jobs once more after the old servers are down",
				Cut:   "Fail over to the replicas, without making it permanent",
				Undo:  "Undo the failover; replicas go back to their state before it"},
			"copy": {Name: "plain copy", LagHours: 24, Launch: 10, Back: 5,
				Start: "Build the new servers from the stack and copy the data once; repeat each night",
				Sync:  "Copy what changed since the last night's run, with deletions",
				Cut:   "Start the new servers on the copied data",
				Undo:  "Stop the services on the new servers; the old data is untouched"},
		}}
}

// mover gives a tool's pace; of an unknown tool that of a plain copy.
func (p Pace) mover(name string) (MoverPace, bool) {
	m, ok := p.Movers[name]
	if !ok {
		m = p.Movers["copy"]
		m.Name = name
	}
	return m, ok
}

// syncMinutes is the time to send the last difference: what changes in the
// given hours, in GB of 10⁹ bytes, over the usable part of the link in Mbit/s
// (GB × 8000 / Mbps seconds). It is at least 5 minutes, as every tool needs
// some to look; Mbps 0 means that the link is no limit.
func syncMinutes(changeGBPerDay, hours, usableMbps float64) int {
	if usableMbps <= 0 {
		return 5
	}
	seconds := changeGBPerDay * hours / 24 * 8000 / usableMbps
	return max(5, int(math.Ceil(seconds/60)))
}

// reindexMinutes grows with the size of the old index.
func (p Pace) reindexMinutes(gb float64) int {
	if p.ReindexGBPerHour <= 0 {
		return p.Reindex
	}
	return p.Reindex + int(math.Ceil(gb/p.ReindexGBPerHour*60))
}
