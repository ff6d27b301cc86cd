package audit

import (
	"errors"
	"fmt"
	"time"
)

// Options are the limits that checks judge by. Start from DefaultOptions.
type Options struct {
	// AsOf is the moment at which ages and ends of life are judged. Zero takes
	// the estate's own.
	AsOf time.Time `json:"asOf,omitzero"`
	// AsOfWhy says where AsOf is from, for the head of the report.
	AsOfWhy string `json:"asOfWhy,omitempty"`
	// CampaignMultiple is the load to prepare for, as a multiple of the
	// median hour. 47 is the peak hour of the 1998 World Cup web site, the
	// hardest public trace of such an event, over its median hour.
	CampaignMultiple float64 `json:"campaignMultiple"`
	// RPOHours is the recovery point of a server that states none. One day is
	// what a nightly backup gives.
	RPOHours float64 `json:"rpoHours"`
	// CPULimit is the projected peak, in percent of a server's vCPUs, above
	// which response times climb steeply: in an M/M/1 queue at 85 % use the
	// wait is already near six service times.
	CPULimit float64 `json:"cpuLimitPercent"`
	// MemoryLimit is the peak, in percent of a server's memory, above which
	// page cache is gone and the next process swaps.
	MemoryLimit float64 `json:"memoryLimitPercent"`
	// DiskLimit is the share of a file system, in percent, above which it is
	// nearly full. Monitoring templates commonly warn from 80 to 90 %.
	DiskLimit float64 `json:"diskLimitPercent"`
	// DiskFreeGiB is the free space that is enough whatever the share.
	DiskFreeGiB float64 `json:"diskFreeGiB"`
	// MinCoverage is the share of a period that samples must cover for a
	// measured value to be judged.
	MinCoverage float64 `json:"minCoverage"`
	// SnapshotHours is the age at which a snapshot is left behind. VMware's
	// best practices for snapshots (KB 318825, formerly 1025279) say: no
	// single snapshot for more than 72 hours.
	SnapshotHours float64 `json:"snapshotHours"`
	// VCPUsPerCore is the share of vCPUs to physical cores of a cluster above
	// which servers wait for each other at a peak.
	VCPUsPerCore float64 `json:"vcpusPerCore"`
	// IdleCPUPercent is the highest measured CPU use of an idle server.
	IdleCPUPercent float64 `json:"idleCPUPercent"`
	// SpareCPUPercent is the measured CPU peak below which half of the vCPUs
	// would do.
	SpareCPUPercent float64 `json:"spareCPUPercent"`
	// LinkMbps is the line to the new site in Mbit/s, of which LinkShare may
	// carry replication.
	LinkMbps  float64 `json:"linkMbps"`
	LinkShare float64 `json:"linkShare"`
	// LargeDiskGiB is the size from which one disk decides how long the first
	// copy of its server takes.
	LargeDiskGiB float64 `json:"largeDiskGiB"`
	// ErrorShare is the share of requests answered with 5xx, from 0 to 1, that
	// is no longer noise in a busy hour.
	ErrorShare float64 `json:"errorShare"`
	// SurgeMultiple is the multiple of the median hour from which an hour of
	// an access log counts as a campaign.
	SurgeMultiple float64 `json:"surgeMultiple"`
}

// DefaultOptions returns the limits that fit most shops.
func DefaultOptions() Options {
	return Options{
		CampaignMultiple: 47,
		RPOHours:         24,
		CPULimit:         85,
		MemoryLimit:      92,
		DiskLimit:        90,
		DiskFreeGiB:      200,
		MinCoverage:      0.5,
		SnapshotHours:    72,
		VCPUsPerCore:     4,
		IdleCPUPercent:   5,
		SpareCPUPercent:  20,
		LinkMbps:         1000,
		LinkShare:        0.7,
		LargeDiskGiB:     4096,
		ErrorShare:       0.02,
		SurgeMultiple:    5,
	}
}

// Validate returns everything that is wrong with the options.
func (o Options) Validate() error {
	var errs []error
	positive := func(name string, v float64) {
		if !(v > 0) {
			errs = append(errs, fmt.Errorf("%s: %v is not above 0", name, v))
		}
	}
	within := func(name string, v, most float64) {
		if !(v > 0 && v <= most) {
			errs = append(errs, fmt.Errorf("%s: %v is not above 0 and at most %v", name, v, most))
		}
	}
	if !(o.CampaignMultiple >= 1) {
		errs = append(errs, fmt.Errorf("campaignMultiple: %v is below 1, the load of every day", o.CampaignMultiple))
	}
	positive("rpoHours", o.RPOHours)
	within("cpuLimitPercent", o.CPULimit, 100)
	within("memoryLimitPercent", o.MemoryLimit, 100)
	within("diskLimitPercent", o.DiskLimit, 100)
	positive("diskFreeGiB", o.DiskFreeGiB)
	within("minCoverage", o.MinCoverage, 1)
	positive("snapshotHours", o.SnapshotHours)
	positive("vcpusPerCore", o.VCPUsPerCore)
	within("idleCPUPercent", o.IdleCPUPercent, 100)
	within("spareCPUPercent", o.SpareCPUPercent, 100)
	positive("linkMbps", o.LinkMbps)
	within("linkShare", o.LinkShare, 1)
	positive("largeDiskGiB", o.LargeDiskGiB)
	within("errorShare", o.ErrorShare, 1)
	positive("surgeMultiple", o.SurgeMultiple)
	return errors.Join(errs...)
}
