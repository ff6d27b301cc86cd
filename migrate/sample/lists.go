package sample

import (
	"encoding/csv"
	"io"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

func writeCSV(w io.Writer, header []string, rows [][]string) error {
	out := csv.NewWriter(w)
	if err := out.Write(header); err != nil {
		return err
	}
	return out.WriteAll(rows)
}

// rolesStated are the servers whose role no name, program or port tells, or not
// surely: an admin server runs what a web server runs. For the others the list
// leaves it empty, as such lists do.
var rolesStated = regexp.MustCompile(`^(oms-app|wms-app|intranet|sftp|legacy-shop|cms|.*-admin)\d+$`)

// writeServers writes the operators' list of servers, in the columns of the
// inventory's own template.
func (s *site) writeServers(w io.Writer) error {
	header := []string{"name", "fqdn", "addresses", "role", "application", "owner", "team", "criticality", "monitoring", "software", "time_servers", "dns_servers"}
	var rows [][]string
	for _, m := range s.servers {
		role := ""
		if rolesStated.MatchString(m.Name) {
			role = m.Role.Value
		}
		rows = append(rows, []string{m.Name, m.FQDN, strings.Join(m.Addresses, ";"), role, m.Application.Value, m.Owner, m.Team, m.Criticality, "yes",
			softwareCell(m.Software), strings.Join(m.TimeServers, ";"), strings.Join(m.DNSServers, ";")})
	}
	return writeCSV(w, header, rows)
}

func softwareCell(list []migrate.Software) string {
	var parts []string
	for _, p := range list {
		parts = append(parts, strings.TrimSpace(p.Name+" "+p.Version))
	}
	return strings.Join(parts, ";")
}

// writeBackups writes what the backup system reports.
func (s *site) writeBackups(w io.Writer) error {
	var rows [][]string
	for _, m := range s.servers {
		last, rpo := "", ""
		if m.Backup.Last != nil {
			last = m.Backup.Last.Format("2006-01-02 15:04")
		}
		if m.Backup.RPOHours > 0 {
			rpo = strconv.FormatFloat(m.Backup.RPOHours, 'f', -1, 64)
		}
		rows = append(rows, []string{m.Name, m.Backup.Policy, last, rpo})
	}
	return writeCSV(w, []string{"name", "backup_policy", "last_backup", "rpo_hours"}, rows)
}

// writeFlows writes the network's sums of a week, end by address.
func (s *site) writeFlows(w io.Writer) error {
	header := []string{"source_ip", "destination_ip", "destination_port", "protocol", "bytes", "connections", "first_seen", "last_seen"}
	var rows [][]string
	for _, t := range s.flows {
		rows = append(rows, []string{s.address(t.from), s.address(t.to), strconv.Itoa(t.port), t.protocol, strconv.FormatInt(t.bytes, 10),
			strconv.FormatInt(t.connections, 10), trafficFrom.Format(time.RFC3339), trafficTo.Format(time.RFC3339)})
	}
	return writeCSV(w, header, rows)
}

// address is a server's own, or the end itself where it is outside.
func (s *site) address(end string) string {
	if m := s.byName[end]; m != nil {
		return m.Addresses[0]
	}
	return netip.MustParseAddr(end).String()
}

// writeUse writes one measured quantity as Grafana exports a Prometheus query:
// a row for each hour, a column for each server.
func (s *site) writeUse(w io.Writer, samples func(*machine) []float64) error {
	header := []string{"Time"}
	for _, m := range s.servers {
		header = append(header, m.Name)
	}
	var rows [][]string
	for i, t := 0, useFrom; t.Before(useTo); i, t = i+1, t.Add(time.Hour) {
		row := []string{t.Format(time.DateTime)}
		for _, m := range s.servers {
			row = append(row, strconv.FormatFloat(samples(m)[i], 'f', -1, 64))
		}
		rows = append(rows, row)
	}
	return writeCSV(w, header, rows)
}
