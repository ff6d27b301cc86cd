// Package site describes a simulated data centre: what vCenter and NSX already
// hold before a stack is brought up. A look-up of anything else is refused, as
// the real ones would.
package site

import (
	"bytes"
	"fmt"
	"os"

	"go.yaml.in/yaml/v3"
)

// Site is one vCenter with its NSX manager.
type Site struct {
	VSphere VSphere `yaml:"vsphere"`
	NSX     NSX     `yaml:"nsx"`
}

// VSphere is what vCenter holds.
type VSphere struct {
	Datacenters []Datacenter `yaml:"datacenters"`
	// StoragePolicies are vCenter's own, of no data centre.
	StoragePolicies []string `yaml:"storagePolicies"`
	// TagCategories and Tags are those that administrators made before.
	TagCategories []string `yaml:"tagCategories"`
	// ContentLibraries hold images, by library.
	ContentLibraries map[string][]string `yaml:"contentLibraries"`
}

// Datacenter is a data centre's inventory, by name.
type Datacenter struct {
	Name              string     `yaml:"name"`
	Clusters          []Cluster  `yaml:"clusters"`
	Datastores        []string   `yaml:"datastores"`
	DatastoreClusters []string   `yaml:"datastoreClusters"`
	Networks          []string   `yaml:"networks"`
	Switches          []string   `yaml:"switches"`
	Folders           []string   `yaml:"folders"`
	ResourcePools     []string   `yaml:"resourcePools"`
	Templates         []Template `yaml:"templates"`
}

// Cluster is a compute cluster with its hosts.
type Cluster struct {
	Name  string   `yaml:"name"`
	Hosts []string `yaml:"hosts"`
}

// Template is a virtual machine to clone.
type Template struct {
	Name     string `yaml:"name"`
	GuestID  string `yaml:"guestId"`
	Firmware string `yaml:"firmware"`
	// DisksGiB are the sizes of its disks.
	DisksGiB []int `yaml:"disksGiB"`
}

// NSX is what the NSX manager holds, by display name.
type NSX struct {
	Tier0Gateways  []string `yaml:"tier0Gateways"`
	Tier1Gateways  []string `yaml:"tier1Gateways"`
	EdgeClusters   []string `yaml:"edgeClusters"`
	TransportZones []string `yaml:"transportZones"`
	Segments       []string `yaml:"segments"`
	Certificates   []string `yaml:"certificates"`
	IPPools        []string `yaml:"ipPools"`
}

// Default is a site of one data centre with six hosts. Its names are those of
// govmomi's vCenter simulator, so that the same stack runs on both.
func Default() *Site {
	hosts := make([]string, 6)
	for i := range hosts {
		hosts[i] = fmt.Sprintf("DC0_C0_H%d", i)
	}
	disk := []int{40}
	return &Site{
		VSphere: VSphere{
			Datacenters: []Datacenter{{
				Name: "DC0", Clusters: []Cluster{{Name: "DC0_C0", Hosts: hosts}},
				Datastores: []string{"LocalDS_0"}, Networks: []string{"VM Network", "DC0_DVPG0", "DC0_DVPG1"},
				Switches: []string{"DVS0"}, ResourcePools: []string{"DC0_C0/Resources"},
				Templates: []Template{
					{Name: "DC0_C0_RP0_VM0", GuestID: "debian12_64Guest", Firmware: "efi", DisksGiB: disk},
					{Name: "DC0_C0_RP0_VM1", GuestID: "debian12_64Guest", Firmware: "efi", DisksGiB: disk},
					{Name: "debian-12", GuestID: "debian12_64Guest", Firmware: "efi", DisksGiB: disk},
				},
			}},
			StoragePolicies: []string{"VM Encryption Policy", "vSAN Default Storage Policy"},
		},
		NSX: NSX{
			Tier0Gateways: []string{"T0-gw"}, EdgeClusters: []string{"edge-cluster"},
			TransportZones: []string{"overlay-tz", "vlan-tz"}, Certificates: []string{"shop"},
		},
	}
}

// Read reads a site from a YAML file. A key that a Site doesn't have is an
// error.
func Read(path string) (*Site, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the site: %w", err)
	}
	var s Site
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(&s); err != nil {
		return nil, fmt.Errorf("read the site %s: %w", path, err)
	}
	return &s, nil
}
