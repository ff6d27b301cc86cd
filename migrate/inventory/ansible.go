package inventory

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// ansibleFacts reads the facts that Ansible's setup module gathers: one file a
// host (`ansible -m setup --tree`, or a fact cache), one document with many
// hosts by name, `ansible-inventory --list` with its hostvars, or the output
// of `ansible -m setup` with its "host | SUCCESS => {" lines. Only named facts
// are taken: variables of hosts may hold passwords.
type ansibleFacts struct{}

func (ansibleFacts) Format() string { return "ansible-facts" }

var adhocJSON = regexp.MustCompile(`(?m)^([A-Za-z0-9][A-Za-z0-9._-]*) \| ([A-Z!]+)(?: \| rc=\d+)? (?:=>|>>)`)

func (ansibleFacts) Detect(in Input) int {
	if in.Dir {
		return 0
	}
	head := bytes.TrimSpace(headText(in))
	if !bytes.HasPrefix(head, []byte("{")) {
		if adhocJSON.Match(head) && bytes.Contains(head, []byte(`"ansible_facts"`)) {
			return 95
		}
		return 0
	}
	for _, sign := range []string{`"ansible_facts"`, `"ansible_distribution"`, `"ansible_hostname"`, `"ansible_all_ipv4_addresses"`, `"ansible_nodename"`, `"hostvars"`, `"ansible_host"`} {
		if bytes.Contains(head, []byte(sign)) {
			return 93
		}
	}
	return 0
}

// ansibleHost is a host with its facts, the prefix "ansible_" taken off.
type ansibleHost struct {
	name  string
	facts map[string]json.RawMessage
}

func (r ansibleFacts) Read(ctx context.Context, in Input) (Batch, error) {
	acc := newAccount(in, r.Format())
	var hosts []ansibleHost
	var err error
	if bytes.HasPrefix(bytes.TrimSpace(headText(in)), []byte("{")) {
		hosts, err = ansibleDocument(in, acc)
	} else {
		hosts, err = ansibleOutput(ctx, in, acc)
	}
	if err != nil {
		return Batch{}, err
	}
	if len(hosts) == 0 && acc.Rows == 0 {
		return Batch{}, fmt.Errorf("read %s: no host with facts in it: gather them with `ansible all -m setup --tree facts/`", in.Name)
	}
	b := Batch{}
	set := newFlowSet()
	for _, h := range hosts {
		if err := ctx.Err(); err != nil {
			return Batch{}, err
		}
		s, asOf := h.server(acc)
		if s.Name == "" {
			acc.leave(reasonNoName, migrate.Place{Note: h.name})
			continue
		}
		acc.server()
		h.mounts(&s, acc, set)
		b.Servers = append(b.Servers, s)
		if asOf.After(b.AsOf) {
			b.AsOf = asOf
		}
	}
	b.Flows = set.sorted()
	b.Source = acc.done()
	return b, nil
}

// ansibleDocument takes a JSON document apart into hosts.
func ansibleDocument(in Input, acc *account) ([]ansibleHost, error) {
	var doc map[string]json.RawMessage
	if err := readJSON(in, &doc); err != nil {
		return nil, err
	}
	if meta, ok := object(doc["_meta"]); ok {
		if vars, ok := object(meta["hostvars"]); ok {
			return ansibleHosts(vars, acc), nil
		}
	}
	if isFacts(doc) {
		name := filepath.Base(filepath.ToSlash(in.Name))
		return []ansibleHost{{strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".json"), factsOf(doc)}}, nil
	}
	return ansibleHosts(doc, acc), nil
}

// ansibleHosts takes the hosts of a document that has them by name.
func ansibleHosts(doc map[string]json.RawMessage, acc *account) []ansibleHost {
	var out []ansibleHost
	for _, name := range sortedKeys(doc) {
		facts, ok := object(doc[name])
		switch {
		case !ok || !isFacts(facts):
			acc.leave("an entry without facts: unreachable when they were gathered, or no host", migrate.Place{Note: name})
		default:
			out = append(out, ansibleHost{name, factsOf(facts)})
		}
	}
	return out
}

// ansibleOutput reads what the command printed.
func ansibleOutput(ctx context.Context, in Input, acc *account) ([]ansibleHost, error) {
	var text strings.Builder
	err := eachLine(ctx, in, func(_ int, line string) error {
		if text.Len() > mostJSON {
			return fmt.Errorf("read %s: larger than %d bytes: split it", in.Name, mostJSON)
		}
		text.WriteString(line)
		text.WriteByte('\n')
		return nil
	})
	if err != nil {
		return nil, err
	}
	all := text.String()
	var out []ansibleHost
	for _, m := range adhocJSON.FindAllStringSubmatchIndex(all, -1) {
		name := all[m[2]:m[3]]
		var doc map[string]json.RawMessage
		if err := json.NewDecoder(strings.NewReader(all[m[1]:])).Decode(&doc); err != nil || !isFacts(doc) {
			acc.leave("an answer without facts ("+all[m[4]:m[5]]+")", migrate.Place{Note: name})
			continue
		}
		out = append(out, ansibleHost{name, factsOf(doc)})
	}
	return out, nil
}

func object(raw json.RawMessage) (map[string]json.RawMessage, bool) {
	var m map[string]json.RawMessage
	if len(raw) == 0 || json.Unmarshal(raw, &m) != nil || m == nil {
		return nil, false
	}
	return m, true
}

// isFacts says whether an object holds a host's facts, wrapped or not.
func isFacts(m map[string]json.RawMessage) bool {
	if _, ok := object(m["ansible_facts"]); ok {
		return true
	}
	for _, k := range []string{"ansible_hostname", "ansible_nodename", "ansible_distribution", "ansible_all_ipv4_addresses", "ansible_host", "ansible_memtotal_mb"} {
		if _, ok := m[k]; ok {
			return true
		}
	}
	return false
}

// factsOf unwraps facts and takes the prefix off their names.
func factsOf(m map[string]json.RawMessage) map[string]json.RawMessage {
	if inner, ok := object(m["ansible_facts"]); ok {
		m = inner
	}
	out := make(map[string]json.RawMessage, len(m))
	for k, v := range m {
		out[strings.TrimPrefix(k, "ansible_")] = v
	}
	return out
}

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
	s.Addresses = usableAddresses(append(append(h.list("all_ipv4_addresses"), h.list("all_ipv6_addresses")...), h.text("host")))
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
		// A fact's name has "_" where an interface's has "-", "." or ":".
		card, ok := object(h.facts[strings.NewReplacer("-", "_", ".", "_", ":", "_").Replace(name)])
		if !ok {
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
