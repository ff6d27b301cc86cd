package handoff

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// hcxWave is the HcxMigrationWaveRequest of the HCX workload migration API
// (developer.broadcom.com/xapis/hcx-workload-migration-apis), which makes one
// mobility group of each application of a wave.
type hcxWave struct {
	Name           string     `json:"name"`
	LocalSite      *hcxSite   `json:"localSite,omitempty"`
	RemoteSite     *hcxSite   `json:"remoteSite,omitempty"`
	MobilityGroups []hcxGroup `json:"mobilityGroups"`
}

type hcxSite struct {
	InfraManagerID string `json:"infraManagerId"`
}

type hcxGroup struct {
	Name string  `json:"name"`
	VMs  []hcxVM `json:"vms"`
}

type hcxVM struct {
	ID   string   `json:"id"` // the VM's managed object reference, vm-123
	Apps []string `json:"apps,omitempty"`
}

// vmID is the column of RVTools in which the estate keeps a VM's reference.
const vmID = "VM ID"

// hcxNameLength is the longest name of a wave that the API takes.
const hcxNameLength = 100

func writeHCX(in *input) ([]File, error) {
	var files []File
	for _, w := range in.waves {
		apps := map[string][]hcxVM{}
		for _, s := range w.Servers {
			id := in.source(s.ID).Custom[vmID]
			switch {
			case s.Action != "move":
				in.skip(s.ID, "is switched off, not moved")
			case s.Mover != "hcx":
				in.skip(s.ID, "moves with "+named(s.Mover))
			case id == "":
				in.skip(s.ID, fmt.Sprintf("has no %q in the estate: read RVTools' vInfo, which has it", vmID))
			default:
				apps[application(s)] = append(apps[application(s)], hcxVM{ID: id, Apps: []string{application(s)}})
			}
		}
		if len(apps) == 0 {
			continue
		}
		request := hcxWave{Name: clip(fmt.Sprintf("%s %s", w.ID, w.Start.Format("2006-01-02")), hcxNameLength), LocalSite: site(in.options.LocalVCenter), RemoteSite: site(in.options.RemoteVCenter)}
		for _, app := range slices.Sorted(maps.Keys(apps)) {
			request.MobilityGroups = append(request.MobilityGroups, hcxGroup{Name: clip(w.ID+" "+app, hcxNameLength), VMs: apps[app]})
		}
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(request); err != nil {
			return nil, err
		}
		files = append(files, File{"hcx-" + w.ID + ".json", b.Bytes()})
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no server moves with hcx and has a %q; set movers in plan.yaml", vmID)
	}
	return files, nil
}

func site(id string) *hcxSite {
	if id == "" {
		return nil
	}
	return &hcxSite{id}
}

func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n])
}
