package topology

import (
	"math"
	"slices"
	"time"
)

// Resolve returns a copy of s in which every default stands. It changes nothing
// of s and resolves a resolved declaration to itself.
func (s Storefront) Resolve() Storefront {
	prod := s.Environment == Production
	pick := func(v *int, production, staging int) {
		if *v == 0 {
			*v = choose(prod, production, staging)
		}
	}
	s.Protect = pointer(s.Protect, prod)
	pick(&s.Network.Zones, 3, 2)
	if s.Network.NAT == "" {
		s.Network.NAT = choose(prod, NATZone, NATSingle)
	}
	s.Channels = slices.Clone(s.Channels)
	for i := range s.Channels {
		s.Channels[i].Hostnames = slices.Clone(s.Channels[i].Hostnames)
		if c := s.Channels[i].Cutover; c != nil {
			s.Channels[i].Cutover = &Cutover{Legacy: slices.Clone(c.Legacy), NewShare: c.NewShare}
		}
	}
	s.Access.OfficeCIDRs = slices.Clone(s.Access.OfficeCIDRs)
	s.Edge = s.Edge.resolve()

	pick(&s.Web.CPUTarget, 55, 55)
	pick(&s.Web.DiskGiB, 40, 20)
	pick(&s.Web.PHPMemoryMiB, 256, 256)

	pick(&s.Static.Count, 2, 1)
	pick(&s.Static.DiskGiB, 20, 20)
	pick(&s.Static.KeepDays, 30, 7)
	s.Static.Size = s.Static.Size.or(Size{2, 4}, Size{1, 2}, prod)

	pick(&s.Admin.DiskGiB, 60, 30)
	s.Admin.Size = s.Admin.Size.or(Size{4, 16}, Size{2, 4}, prod)
	if s.Admin.Hostname == "" && len(s.Channels) > 0 {
		s.Admin.Hostname = "admin." + s.Channels[0].Zone
	}
	pick(&s.Deploy.DiskGiB, 80, 40)
	s.Deploy.Size = s.Deploy.Size.or(Size{4, 8}, Size{2, 4}, prod)

	s.Database = s.Database.resolve(prod)
	s.Sessions = s.Sessions.resolve(prod, choose(prod, 7, 1))
	s.Cache = s.Cache.resolve(prod, 1)

	text((*string)(&s.Search.Engine), string(Solr))
	pick(&s.Search.Count, 2, 1)
	pick(&s.Search.DiskGiB, 50, 20)
	s.Search.Size = s.Search.Size.or(Size{4, 16}, Size{2, 4}, prod)
	text((*string)(&s.Analytics.Engine), string(Servers))
	pick(&s.Analytics.Count, 1, 1)
	pick(&s.Analytics.DiskGiB, 100, 50)
	s.Analytics.Size = s.Analytics.Size.or(Size{4, 16}, Size{2, 4}, prod)

	text((*string)(&s.Media.Kind), string(ObjectMedia))
	pick(&s.Media.StorageGiB, 100, 100)

	s.Campaigns = slices.Clone(s.Campaigns)
	for i := range s.Campaigns {
		pick(&s.Campaigns[i].LeadMinutes, 60, 60)
		if s.Campaigns[i].WebServers == 0 {
			s.Campaigns[i].WebServers = max(s.ServersFor(s.Campaigns[i].Multiple), s.Web.Capacity.Min)
		}
	}
	return s
}

func (e Edge) resolve() Edge {
	e.CDN = pointer(e.CDN, true)
	e.WAF = pointer(e.WAF, true)
	if e.Offload == 0 && *e.CDN {
		e.Offload = 0.7
	}
	if e.RateLimit == 0 {
		e.RateLimit = 2000
	}
	return e
}

func (d Database) resolve(prod bool) Database {
	if d.Serverless != nil {
		limits := *d.Serverless
		d.Serverless = &limits
	} else {
		d.Size = d.Size.or(Size{4, 32}, Size{2, 4}, prod)
	}
	text(&d.Version, choose(d.Engine == MariaDB, "10.11", "8.0"))
	text(&d.Name, "shop")
	if d.BackupDays == 0 {
		d.BackupDays = choose(prod, 14, 1)
	}
	if d.Readers == (Readers{}) {
		d.Readers.Min = choose(prod, 1, 0)
	}
	d.Readers.Max = max(d.Readers.Max, d.Readers.Min)
	return d
}

func (r Redis) resolve(prod bool, snapshotDays int) Redis {
	if r.MemoryGiB == 0 {
		r.MemoryGiB = choose(prod, 6.0, 1.0)
	}
	r.Replicas = pointer(r.Replicas, choose(prod, 2, 0))
	r.SnapshotDays = pointer(r.SnapshotDays, snapshotDays)
	return r
}

func (z Size) or(production, staging Size, prod bool) Size {
	if z == (Size{}) {
		return choose(prod, production, staging)
	}
	return z
}

// RequestsPerSecond is what reaches the web servers in a normal busy hour.
func (s Storefront) RequestsPerSecond() float64 {
	var sum float64
	for _, c := range s.Channels {
		sum += c.RequestsPerSecond
	}
	return sum * (1 - s.Edge.Offload)
}

// ServersFor is how many web servers answer multiple times normal traffic.
func (s Storefront) ServersFor(multiple float64) int {
	if s.Web.RequestsPerServer <= 0 {
		return 0
	}
	// A rounding error must not cost a server.
	return int(math.Ceil(s.RequestsPerSecond()*multiple/s.Web.RequestsPerServer - 1e-9))
}

// WebServersAt is the least number of web servers that have to stand at a
// moment: the fleet's minimum, or more while a campaign (with its lead) runs.
func (s Storefront) WebServersAt(now time.Time) int {
	n := s.Web.Capacity.Min
	for _, c := range s.Campaigns {
		if !now.Before(c.ScaleUp()) && now.Before(c.End) {
			n = max(n, c.WebServers)
		}
	}
	return n
}

// ScaleUp is the moment at which a campaign's servers are asked for.
func (c Campaign) ScaleUp() time.Time {
	return c.Start.Add(-time.Duration(c.LeadMinutes) * time.Minute)
}

func choose[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}

func text(v *string, otherwise string) {
	if *v == "" {
		*v = otherwise
	}
}

// pointer returns a new pointer to what v points at, or to otherwise.
func pointer[T any](v *T, otherwise T) *T {
	if v != nil {
		otherwise = *v
	}
	return &otherwise
}
