// Package sizing turns an estate's measured use into the sizes of a topology:
// fleets, database, caches, search, media. Every figure carries its formula and
// what it rests on; what can't be measured is taken at its nameplate and said
// so. The same estate and options give the same result.
package sizing

import (
	"errors"
	"fmt"

	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/migrate"
)

// Options are what the estate can't tell. Start from DefaultOptions.
type Options struct {
	// CampaignMultiple is the load to size for, in multiples of the median
	// hour. 0 takes the greatest of past surges and declared campaigns.
	CampaignMultiple float64
	// Headroom is the growth to allow for on top of measured use, as a share.
	Headroom float64
	// CDNRelief is the share of the web servers' CPU that a CDN saves. It is 0
	// by default: what a CDN answers are files, which cost a web server next
	// to nothing, while pages go on being made.
	CDNRelief float64
	// Offload is the share of requests that the CDN answers; nil keeps the
	// topology's own, as far as the access logs have as many for files.
	Offload *float64
	// LogShare is the share of all requests that the access logs hold, for
	// balancers that log a sample.
	LogShare float64
	// Application is the first word of the shop's applications; "" takes the
	// one that most web servers have.
	Application string
	// FixedReaders is the most readers of a platform where their number can't
	// follow the load: as many as a campaign needs then stand all the time. 0
	// is for a platform where it can.
	FixedReaders int
	// MinCoverage is the share of a period that samples have to cover for a
	// measurement to be used.
	MinCoverage float64
}

// DefaultOptions returns the values that fit most shops.
func DefaultOptions() Options {
	return Options{Headroom: 0.2, LogShare: 1, MinCoverage: 0.5}
}

// Validate returns everything that is wrong with the options.
func (o Options) Validate() error {
	var errs []error
	if o.CampaignMultiple != 0 && !(o.CampaignMultiple >= 1 && o.CampaignMultiple <= mostMultiple) {
		errs = append(errs, fmt.Errorf("campaignMultiple: %v is not between 1, the load of every day, and %v", o.CampaignMultiple, mostMultiple))
	}
	share := func(name string, v, least, most float64) {
		if !(v >= least && v <= most) {
			errs = append(errs, fmt.Errorf("%s: %v is not between %v and %v", name, v, least, most))
		}
	}
	share("headroom", o.Headroom, 0, 4)
	share("cdnRelief", o.CDNRelief, 0, 0.95)
	share("logShare", o.LogShare, 1e-9, 1)
	share("minCoverage", o.MinCoverage, 0, 1)
	if o.FixedReaders < 0 || o.FixedReaders > mostReaders {
		errs = append(errs, fmt.Errorf("fixedReaders: %d is not between 0 and %d", o.FixedReaders, mostReaders))
	}
	if o.Offload != nil {
		share("offload", *o.Offload, 0, 0.99)
	}
	return errors.Join(errs...)
}

// Figure is one value of the topology and why it is that.
type Figure struct {
	Path   string `json:"path"` // within the topology: "web.capacity.max"
	Value  any    `json:"value"`
	Reason string `json:"reason"`
}

// Result is the answer of Size.
type Result struct {
	Environment topology.Environment `json:"environment"`
	// CampaignMultiple is the load that was sized for, and MultipleWhy where
	// it comes from.
	CampaignMultiple float64  `json:"campaignMultiple"`
	MultipleWhy      string   `json:"multipleWhy"`
	Figures          []Figure `json:"figures"`
	Tiers            []Tier   `json:"tiers"`
	Totals           Tier     `json:"totals"`
	// LeftOut holds every server of the estate that no tier was sized from.
	LeftOut  []LeftOut `json:"leftOut"`
	Warnings []string  `json:"warnings"`
	// Topology is what was given, with the figures in it.
	Topology topology.Storefront `json:"-"`
}

// Tier compares one tier with today's servers of its role.
type Tier struct {
	Name     string   `json:"name"`
	Today    Amount   `json:"today"`
	Normal   Amount   `json:"normal"`   // on an ordinary day
	Campaign Amount   `json:"campaign"` // at the campaign multiple
	Servers  []Server `json:"servers,omitempty"`
}

// Amount is how much of everything there is. Hosts are hypervisor hosts: those
// that carry the servers today, and how many of today's median host the new
// ones would take on a private cloud.
type Amount struct {
	Servers    int     `json:"servers"`
	VCPU       int     `json:"vcpu"`
	MemoryGiB  float64 `json:"memoryGiB"`
	StorageTiB float64 `json:"storageTiB"`
	Hosts      int     `json:"hosts"`
}

// Server is one server that a tier was sized from.
type Server struct {
	ID        string  `json:"id"`
	VCPU      int     `json:"vcpu"`
	MemoryGiB float64 `json:"memoryGiB"`
	CPU       Basis   `json:"cpuBasis"`
	Memory    Basis   `json:"memoryBasis"`
	// PeakVCPU is the number of vCPUs that it keeps busy at the load that its
	// tier is sized for; UsedGiB the memory that it needs then.
	PeakVCPU float64 `json:"peakVCPU"`
	UsedGiB  float64 `json:"usedGiB"`
	Note     string  `json:"note,omitempty"`
}

// Basis is what a server's use rests on.
type Basis string

const (
	Measured  Basis = "measured"
	Stated    Basis = "stated"    // one figure of an export, of an unknown period
	Nameplate Basis = "nameplate" // as large as it was built
)

// LeftOut names servers that no tier was sized from, and why.
type LeftOut struct {
	Reason  string   `json:"reason"`
	Servers []string `json:"servers"`
}

// Size sizes the tiers of base from the estate. What base already declares,
// such as channels, campaigns and engines, is kept and taken into account; base
// itself is not changed.
func Size(e *migrate.Estate, base topology.Storefront, o Options) (Result, error) {
	if err := o.Validate(); err != nil {
		return Result{}, err
	}
	s := newSizer(e, base, o)
	if len(s.members[tierWeb]) == 0 {
		return Result{}, fmt.Errorf("size: the estate has no live %s web servers of the shop%s: set roles, environments and applications with `storefront inventory --overrides`", s.environment, s.shopText())
	}
	s.web()
	s.static()
	s.admin()
	s.deploy()
	s.database()
	s.redis(tierSessions)
	s.redis(tierCache)
	s.search()
	s.analytics()
	s.media()
	return s.done(), nil
}
