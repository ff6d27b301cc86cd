package inventory

import (
	"encoding/hex"
	"net"
	"regexp"
	"sort"
	"strings"
)

var uuidPattern = regexp.MustCompile(`(?i)^\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$`)

// canonUUID writes a UUID in lower case with dashes; empty for what is none,
// or stands for none as firmware writes it (all zeroes, all ones, a series).
func canonUUID(s string) string {
	m := uuidPattern.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return ""
	}
	u := strings.ToLower(strings.Join(m[1:], "-"))
	switch strings.Trim(strings.ReplaceAll(u, "-", ""), u[:1]) {
	case "": // one digit all through
		return ""
	}
	if u == "03000200-0400-0500-0006-000700080009" || u == "12345678-1234-5678-90ab-cddeefaabbcc" {
		return "" // boards that were never given one
	}
	return u
}

// uuidKey is one key for both ways in which the first three parts of an SMBIOS
// UUID are written: Linux guests on older virtual hardware show their bytes in
// the other order (SMBIOS 2.6, 7.2.1).
func uuidKey(u string) string {
	if len(u) != 36 {
		return u
	}
	turned := turn(u[0:8]) + "-" + turn(u[9:13]) + "-" + turn(u[14:18]) + u[18:]
	return min(u, turned)
}

func turn(hexText string) string {
	b, err := hex.DecodeString(hexText)
	if err != nil {
		return hexText
	}
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return hex.EncodeToString(b)
}

var vmwareSerial = regexp.MustCompile(`(?i)^vmware[-: ]*((?:[0-9a-f]{2}[ -]?){16})$`)

// serialUUID takes the UUID out of a virtual machine's serial number, such as
// "VMware-42 08 18 ab 0e 22 9e ac-a6 61 f9 ff b9 bd ba 1d".
func serialUUID(serial string) string {
	m := vmwareSerial.FindStringSubmatch(strings.TrimSpace(serial))
	if m == nil {
		return ""
	}
	return canonUUID(strings.NewReplacer(" ", "", "-", "").Replace(m[1]))
}

// noSerial are what firmware says in place of a serial number.
var noSerial = regexp.MustCompile(`(?i)^(none|n/?a|null|unknown|default( string)?|not (specified|available|applicable)|to be filled.*|system serial number|chassis serial.*|serial|[0. -]+|x+|1234567890?|0123456789)$`)

func canonSerial(s string) string {
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	if len(s) < 4 || noSerial.MatchString(s) {
		return ""
	}
	return s
}

// canonMAC writes a hardware address as 00:50:56:ab:cd:ef; empty for what is
// none.
func canonMAC(s string) string {
	s = strings.TrimSpace(s)
	if len(s) == 12 && !strings.ContainsAny(s, ":-.") {
		s = s[0:4] + "." + s[4:8] + "." + s[8:12]
	}
	m, err := net.ParseMAC(s)
	if err != nil || len(m) != 6 {
		return ""
	}
	all := m[0] | m[1] | m[2] | m[3] | m[4] | m[5]
	if all == 0 || m[0]&1 != 0 { // no address, or a group's
		return ""
	}
	return m.String()
}

// usableAddresses keeps the addresses that can tell a server from another,
// sorted.
func usableAddresses(list []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, s := range list {
		s, _, _ = strings.Cut(s, "/")
		a, ok := parseAddr(s)
		if !ok || !usableAddr(a) || seen[a.String()] {
			continue
		}
		seen[a.String()] = true
		out = append(out, a.String())
	}
	sort.Strings(out)
	return out
}

// shortName is a host name without its domain, in lower case; an address stays
// whole.
func shortName(name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	if _, ok := parseAddr(name); ok {
		return name
	}
	short, _, _ := strings.Cut(name, ".")
	return short
}
