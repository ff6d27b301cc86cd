package inventory

import (
	"encoding/json"
	"regexp"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

func (h ansibleHost) text(name string) string {
	var s string
	if json.Unmarshal(h.facts[name], &s) != nil {
		return ""
	}
	return strings.TrimSpace(s)
}

func (h ansibleHost) number(name string) int64 {
	var n json.Number
	if json.Unmarshal(h.facts[name], &n) != nil {
		return 0
	}
	f, err := n.Float64()
	if err != nil || f < 0 || f > 1<<50 {
		return 0
	}
	return int64(f)
}

func (h ansibleHost) list(name string) []string {
	var l []string
	if json.Unmarshal(h.facts[name], &l) != nil {
		return nil
	}
	return l
}

// server makes a server of the facts.
func (h ansibleHost) server(acc *account) (migrate.Server, time.Time) {
	s := migrate.Server{Name: h.text("hostname"), FQDN: strings.ToLower(h.text("fqdn")), Kind: migrate.KindUnknown, Power: migrate.PowerOn}
	if s.Name == "" {
		s.Name = h.name
	}
	if !fqdnLike.MatchString(s.FQDN) || strings.HasPrefix(s.FQDN, "localhost") {
		s.FQDN = ""
	}
	if s.FQDN == "" && fqdnLike.MatchString(h.name) {
		if _, isAddr := parseAddr(h.name); !isAddr {
			s.FQDN = strings.ToLower(h.name)
		}
	}
	keepCustom(&s, "inventory_hostname", h.name)
	s.UUID = canonUUID(h.text("product_uuid"))
	if n := canonSerial(h.text("product_serial")); n != "" {
		s.Serial = h.text("product_serial")
	}
	s.Addresses = h.addresses()
	h.system(&s)
	h.network(&s)
	h.disks(&s)
	if dns, ok := object(h.facts["dns"]); ok {
		s.DNSServers = ansibleHost{facts: dns}.list("nameservers")
	}
	var asOf time.Time
	if clock, ok := object(h.facts["date_time"]); ok {
		asOf, _ = jsonTime(clock["iso8601"])
	}
	return s, asOf
}

// innerCard names the cards of bridges to containers and virtual machines
// within the server. Every server has the same address there.
var innerCard = regexp.MustCompile(`^(docker|virbr|br-|cni|flannel|cali|veth|lxc|lxd|podman|vmnet)`)

// addresses are the server's own, without those of inner bridges.
func (h ansibleHost) addresses() []string {
	inner := map[string]bool{}
	for _, name := range h.list("interfaces") {
		card, ok := object(h.card(name))
		if !ok || !innerCard.MatchString(name) {
			continue
		}
		if v4, ok := object(card["ipv4"]); ok {
			inner[ansibleHost{facts: v4}.text("address")] = true
		}
	}
	var own []string
	for _, a := range append(append(h.list("all_ipv4_addresses"), h.list("all_ipv6_addresses")...), h.text("host")) {
		if !inner[a] {
			own = append(own, a)
		}
	}
	return usableAddresses(own)
}

// card is the fact about an interface; its name has "_" where the interface's
// has "-", "." or ":".
func (h ansibleHost) card(name string) json.RawMessage {
	return h.facts[strings.NewReplacer("-", "_", ".", "_", ":", "_").Replace(name)]
}

// system takes processors, memory, operating system and kind.
func (h ansibleHost) system(s *migrate.Server) {
	s.CPUs = int(min(h.number("processor_vcpus"), 1<<20))
	s.MemoryMiB = h.number("memtotal_mb")
	s.OS = strings.TrimSpace(h.text("distribution") + " " + h.text("distribution_version"))
	if s.OSFamily = osFamilyOf(s.OS); s.OSFamily == "" {
		s.OSFamily = osFamilyOf(h.text("system"))
	}
	switch h.text("virtualization_role") {
	case "guest":
		s.Kind = migrate.KindVM
	case "host", "NA":
		s.Kind = migrate.KindPhysical
	}
	keepCustom(s, "kernel", h.text("kernel"))
	keepCustom(s, "virtualization_type", h.text("virtualization_type"))
	keepCustom(s, "architecture", h.text("architecture"))
	var uptime json.Number
	if json.Unmarshal(h.facts["uptime_seconds"], &uptime) == nil {
		keepCustom(s, "uptime_seconds", uptime.String())
	}
}

// network takes the cards that have a hardware address.
func (h ansibleHost) network(s *migrate.Server) {
	for _, name := range h.list("interfaces") {
		card, ok := object(h.card(name))
		if !ok || innerCard.MatchString(name) {
			continue
		}
		c := ansibleHost{facts: card}
		mac := canonMAC(c.text("macaddress"))
		if mac == "" || c.text("type") == "loopback" {
			continue
		}
		var up bool
		json.Unmarshal(card["active"], &up)
		nic := migrate.NIC{MAC: mac, Network: name, Connected: up}
		if v4, ok := object(card["ipv4"]); ok {
			nic.Addresses = usableAddresses([]string{ansibleHost{facts: v4}.text("address")})
		}
		s.NICs = append(s.NICs, nic)
		s.MACs = distinct(map[string]bool{}, s.MACs, []string{mac})
	}
}

// disks takes block devices with a size, but for CD drives and loop devices.
func (h ansibleHost) disks(s *migrate.Server) {
	devices, _ := object(h.facts["devices"])
	for _, name := range sortedKeys(devices) {
		if d, ok := object(devices[name]); ok && !strings.HasPrefix(name, "loop") && !strings.HasPrefix(name, "sr") && !strings.HasPrefix(name, "dm-") && !strings.HasPrefix(name, "ram") {
			dev := ansibleHost{facts: d}
			if size := dev.bytes(); size >= 1<<20 {
				s.Disks = append(s.Disks, migrate.Disk{Label: name, CapacityMiB: size >> 20})
			}
		}
	}
	s.ProvisionedMiB = diskSum(s.Disks)
}

// bytes is a device's size from its sectors; they are written as text or as a
// number.
func (h ansibleHost) bytes() int64 {
	sectors, size := h.number("sectors"), h.number("sectorsize")
	if sectors == 0 {
		sectors = textNumber(h.text("sectors"))
	}
	if size == 0 {
		size = textNumber(h.text("sectorsize"))
	}
	if size <= 0 || sectors <= 0 || sectors > 1<<53/size {
		return 0
	}
	return sectors * size
}

func textNumber(s string) int64 {
	n, err := json.Number(s).Int64()
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// localFS are kinds of file system that hold data of the server itself.
var localFS = map[string]bool{"ext2": true, "ext3": true, "ext4": true, "xfs": true, "btrfs": true, "zfs": true, "vfat": true, "ntfs": true, "NTFS": true, "reiserfs": true, "jfs": true, "ocfs2": true, "gfs2": true, "f2fs": true}

// mounts takes file systems. One mounted from another server is a reference
// to it, which counts as a row of its own.
func (h ansibleHost) mounts(s *migrate.Server, acc *account, set *flowSet) {
	var list []struct {
		Mount, Device, Fstype string
		SizeTotal             float64 `json:"size_total"`
		SizeAvailable         float64 `json:"size_available"`
	}
	if raw := h.facts["mounts"]; len(raw) > 0 {
		// What has another type than Ansible gives it stays empty; the rest holds.
		if err := json.Unmarshal(raw, &list); err != nil {
			acc.Warn(migrate.Place{Note: s.Name + ": some of its mounts can't be read: " + err.Error()})
		}
	}
	for _, m := range list {
		if strings.HasPrefix(m.Fstype, "nfs") || m.Fstype == "cifs" || m.Fstype == "ceph" || m.Fstype == "glusterfs" {
			h.remote(m.Device, m.Fstype, s, acc, set)
			continue
		}
		if !localFS[m.Fstype] || m.SizeTotal < 1<<20 || m.SizeTotal > 1<<60 || m.SizeAvailable < 0 || m.SizeAvailable > m.SizeTotal {
			continue
		}
		p := migrate.Partition{Path: m.Mount, CapacityMiB: int64(m.SizeTotal) >> 20, FreeMiB: int64(m.SizeAvailable) >> 20}
		p.ConsumedMiB = p.CapacityMiB - p.FreeMiB
		s.Partitions = append(s.Partitions, p)
		s.ConsumedMiB += p.ConsumedMiB
	}
}

func (h ansibleHost) remote(device, fs string, s *migrate.Server, acc *account, set *flowSet) {
	host, _, _ := strings.Cut(device, ":/")
	port := map[string]int{"cifs": 445, "ceph": 6789, "glusterfs": 24007}[fs]
	if strings.HasPrefix(fs, "nfs") {
		port = 2049
	}
	if fs == "cifs" {
		host, _, _ = strings.Cut(strings.TrimLeft(device, `/\`), "/")
	}
	from := s.FQDN
	if from == "" {
		from = s.Name
	}
	from, to, reason := flowEnds(from, host)
	if reason != "" {
		acc.leave(reason, migrate.Place{Note: s.Name + " mounts " + device})
		return
	}
	acc.flowOrFact(set.add(migrate.Flow{From: from, To: to, Port: port, Protocol: "tcp", Process: fs, Kind: flowReferenced}))
}
