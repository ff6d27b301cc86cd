package sample

import (
	"slices"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// Fault is something wrong that was planted in the sample, and the check of the
// audit that has to find it on exactly these servers.
type Fault struct {
	ID       string           `json:"id"`
	Check    string           `json:"check"`
	Severity migrate.Severity `json:"severity"`
	Servers  []string         `json:"servers"` // empty: it concerns the shop as a whole
	Text     string           `json:"text"`

	// plant changes the healthy site. It is nil where the fault is in how the
	// site is laid out.
	plant func(*site)
}

// Faults lists the planted faults, the gravest first.
func Faults() []Fault {
	out := slices.Clone(faults)
	for i := range out {
		out[i].plant = nil
		out[i].Servers = append([]string{}, out[i].Servers...)
	}
	return out
}

var faults = []Fault{
	{ID: "F01", Check: "database-single", Severity: migrate.SeverityHigh, Servers: []string{"oms-db01"},
		Text: "The orders' database has no replica."},
	{ID: "F02", Check: "load-balancer-single", Severity: migrate.SeverityHigh, Servers: []string{"es-lb01"},
		Text: "Spain has one load balancer."},
	{ID: "F03", Check: "pair-on-one-host", Severity: migrate.SeverityHigh, Servers: []string{"de-lb01", "de-lb02"},
		Text: "Both of Germany's load balancers run on one host.", plant: pairOnOneHost},
	{ID: "F04", Check: "disk-nearly-full", Severity: migrate.SeverityHigh, Servers: []string{"db-primary01"},
		Text: "The shop's database holds 200 GB on a volume of 200 GiB.", plant: databaseNearlyFull},
	{ID: "F05", Check: "cpu-campaign", Severity: migrate.SeverityHigh, Servers: numbered("us-web", 12),
		Text: "The American web servers reached 96 % CPU in the campaign.", plant: hotWebServers},
	{ID: "F06", Check: "campaign-errors", Severity: migrate.SeverityHigh, Servers: []string{},
		Text: "In the campaign's hour about 6 % of requests were answered 503.", plant: errorsAtTheSurge},
	{ID: "F07", Check: "backup-missing", Severity: migrate.SeverityHigh, Servers: []string{"pim-db01"},
		Text: "The products' database is in no backup.", plant: noBackup},
	{ID: "F08", Check: "backup-stale", Severity: migrate.SeverityHigh, Servers: []string{"wms-db01"},
		Text: "The warehouse's database was last backed up nine days ago.", plant: staleBackup},
	{ID: "F09", Check: "admin-port-internet", Severity: migrate.SeverityHigh, Servers: []string{"bi01"},
		Text: "The reporting server takes remote desktops from the internet.", plant: func(s *site) {
			s.flow("192.0.2.77", "bi01", 3389, 0.05, 40)
			s.flow("192.0.2.141", "bi01", 3389, 0.01, 9)
		}},
	{ID: "F10", Check: "environments-mixed", Severity: migrate.SeverityHigh, Servers: []string{"db-replica01", "test-web02"},
		Text: "A test server uses a live database.", plant: func(s *site) { s.flow("test-web02", "db-replica01", 3306, 0.3, 2_000) }},
	{ID: "F11", Check: "business-service-on-shop-server", Severity: migrate.SeverityMedium, Servers: []string{"us-web04"},
		Text: "A web server of the shop is a mail server too.", plant: mailOnWebServer},
	{ID: "F12", Check: "media-on-web-disk", Severity: migrate.SeverityMedium, Servers: []string{"au-web02"},
		Text: "180 GB of pictures lie on a web server's own disk.", plant: func(s *site) {
			s.byName["au-web02"].addVolume(volume{path: "/var/www/shop/pub/media", gib: 300, used: 56})
		}},
	{ID: "F13", Check: "media-on-database-disk", Severity: migrate.SeverityMedium, Servers: []string{"db-replica02"},
		Text: "Pictures lie on a database server.", plant: func(s *site) {
			s.byName["db-replica02"].addVolume(volume{path: "/srv/media", gib: 500, used: 61})
		}},
	{ID: "F14", Check: "os-end-of-life", Severity: migrate.SeverityMedium, Servers: []string{"pim-app01", "pim-app02"},
		Text: "The product system runs on CentOS 7.", plant: func(s *site) {
			s.byName["pim-app01"].OS, s.byName["pim-app02"].OS = centos7, centos7
		}},
	{ID: "F15", Check: "software-end-of-life", Severity: migrate.SeverityMedium, Servers: numbered("es-web", 6),
		Text: "The Spanish web servers run PHP 7.4.", plant: oldPHP},
	{ID: "F16", Check: "snapshot-old", Severity: migrate.SeverityMedium, Servers: []string{"wms-app01"},
		Text: "A snapshot was left behind 43 days ago.", plant: snapshotLeftBehind},
	{ID: "F17", Check: "database-from-dmz", Severity: migrate.SeverityMedium, Servers: []string{"au-static01", "db-replica03"},
		Text: "A server in the DMZ asks a database.", plant: func(s *site) { s.flow("au-static01", "db-replica03", 3306, 0.2, 900) }},
	{ID: "F18", Check: "tools-not-running", Severity: migrate.SeverityMedium, Servers: []string{"uk-web07"},
		Text: "VMware Tools do not run on a web server.", plant: func(s *site) {
			m := s.byName["uk-web07"]
			m.ToolsStatus, m.toolsOff = "notRunning", true
		}},
	{ID: "F19", Check: "disk-shared", Severity: migrate.SeverityMedium, Servers: []string{"erp-db01", "erp-db02"},
		Text: "The ERP's database servers share a disk.", plant: sharedDisk},
	{ID: "F20", Check: "zombie-vm", Severity: migrate.SeverityLow, Servers: []string{"legacy-shop01"},
		Text: "The shop of 2016 still runs, and nobody uses it.", plant: unusedServer},
}

// numbered lists the names of a group's members.
func numbered(kin string, count int) (names []string) {
	for n := range count {
		names = append(names, kin+string(rune('0'+(n+1)/10))+string(rune('0'+(n+1)%10)))
	}
	return names
}

func pairOnOneHost(s *site) { s.byName["de-lb02"].Host = s.byName["de-lb01"].Host }

// databaseNearlyFull puts 200·10⁹ bytes into 200·2³⁰.
func databaseNearlyFull(s *site) {
	m := s.byName["db-primary01"]
	m.setPartition("/var/lib/mysql", 200*1024, 200_000_000_000/(1<<20))
	m.Disks[1].CapacityMiB = 200 * 1024
}

func hotWebServers(s *site) {
	for _, name := range numbered("us-web", 12) {
		s.byName[name].peak = 96
	}
}

func errorsAtTheSurge(s *site) {
	h := &s.hours[int(campaign.Sub(accessLogFrom)/time.Hour)]
	for i := range h.errors {
		h.errors[i] = h.requests[i] * 6 / 100
	}
}

func noBackup(s *site) {
	s.byName["pim-db01"].Backup = &migrate.Backup{Policy: "none"}
	s.dropFlow(func(t traffic) bool { return t.from == "backup01" && t.to == "pim-db01" })
}

func staleBackup(s *site) {
	last := s.byName["wms-db01"].Backup.Last.AddDate(0, 0, -9)
	s.byName["wms-db01"].Backup.Last = &last
}

func mailOnWebServer(s *site) {
	m := s.byName["us-web04"]
	m.processes[25], m.processes[993] = "exim4", "dovecot"
	m.Software = append(m.Software, programs("Exim", "4.96", "Dovecot", "2.3.19")...)
	s.flow("erp-app02", "us-web04", 25, 0.1, 700)
}

func oldPHP(s *site) {
	for _, name := range numbered("es-web", 6) {
		software := s.byName[name].Software
		for i := range software {
			if software[i].Name == "PHP" {
				software[i].Version = "7.4.33"
			}
		}
	}
}

func snapshotLeftBehind(s *site) {
	made := asOf.AddDate(0, 0, -43).Truncate(time.Hour)
	s.byName["wms-app01"].Snapshots = []migrate.Snapshot{{Name: "before upgrade 4.2", Created: &made, SizeMiB: 38_412}}
}

func sharedDisk(s *site) {
	for _, name := range []string{"erp-db01", "erp-db02"} {
		m := s.byName[name]
		m.addVolume(volume{path: `Q:\`, gib: 20, used: 6})
		m.Disks[len(m.Disks)-1].Sharing = "sharingMultiWriter"
	}
}

func unusedServer(s *site) {
	m := s.byName["legacy-shop01"]
	m.quiet, m.peak = 1.4, 2.2
	s.dropFlow(func(t traffic) bool {
		noise := t.port == 53 || t.port == 123 || t.port == 10050 || t.port == 6514 || strings.HasPrefix(t.from, "backup")
		return (t.from == m.Name || t.to == m.Name) && !noise
	})
}

func (s *site) dropFlow(drop func(traffic) bool) { s.flows = slices.DeleteFunc(s.flows, drop) }
