// Package inventory reads what people have of a legacy site (hypervisor
// exports, cloud discovery files, flow dumps, measurements) and merges it into
// one estate in which every fact keeps its source. One file holds one format.
package inventory

import (
	"context"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// Reader turns one kind of file into a Batch. Readers don't know each other;
// the order of Readers decides nothing, since Detect gives a score.
type Reader interface {
	// Format is the reader's stable name, such as "rvtools-xlsx".
	Format() string
	// Detect says how sure the reader is, from 0 (not mine) to 100, that it
	// can read the input. It must be cheap: it sees the name and the head.
	Detect(in Input) int
	// Read returns everything in the input. Rows that can't be used are
	// counted in Batch.Source.LeftOut with the reason; an error means that
	// nothing of the input can be trusted.
	Read(ctx context.Context, in Input) (Batch, error)
}

// Input is a file or a folder to read.
type Input struct {
	Name string // as the user gave it
	Path string
	Dir  bool
	Head []byte // the first 64 KiB, with a byte-order mark removed and UTF-16 turned into UTF-8
	Size int64
	// Sheets are the names of a workbook's sheets, or of the files in a folder
	// (without their extension); nil for anything else.
	Sheets []string
	// Progress is told of rows done; nil where nobody listens.
	Progress func(rows int)
}

// Batch is what one input gave, before the merge. IDs are not set yet: servers
// are matched by their identity, flows name their ends by address or host name.
type Batch struct {
	Source     migrate.Source
	Servers    []migrate.Server
	Hosts      []migrate.Host
	Clusters   []migrate.Cluster
	Datastores []migrate.Datastore
	Health     []migrate.Health
	Flows      []migrate.Flow
	Uses       []Series
	Access     *migrate.AccessHistory
	AsOf       time.Time // zero: the input does not tell

	// watch is when the flows were seen, and talks what a VPC flow log
	// recorded of each: what tells a log that goes on in another file from a
	// second look at the same traffic.
	watch watch
	talks map[flowKey]*vpcTalk
}

// Series is a run of samples of one metric of one server, named by whatever
// the measuring system calls it.
type Series struct {
	Server string
	Metric Metric
	Times  []time.Time
	Values []float64
	// Step is the sampling interval by which coverage is judged; 0: take the
	// median distance of Times.
	Step time.Duration
}

// Metric is a measured quantity, in the unit of migrate.Use.
type Metric string

const (
	CPUPercent    Metric = "cpuPercent"
	MemoryPercent Metric = "memoryPercent"
	DiskIOPS      Metric = "diskIOPS"
	DiskMBps      Metric = "diskMBps"
	NetMBps       Metric = "netMBps"
)
