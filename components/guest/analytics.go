package guest

import "strings"

// Analytics receives every server's logs by syslog over TCP, keeps them on its
// data disk for a time, and makes visitor reports from the access logs. It is
// made of Debian's packages alone: rsyslog, logrotate, GoAccess and NGINX.
type Analytics struct {
	Base
	// LogPort for syslog over TCP; empty is 10514.
	LogPort int
	// ReportPort for the reports over HTTP; empty is 8080.
	ReportPort int
	// ClientNetworks may send logs; at least one.
	ClientNetworks []string
	// ReportNetworks may read the reports; at least one.
	ReportNetworks []string
	// RetentionDays that logs are kept; empty is 90.
	RetentionDays int
}

// Render gives the document of a log and statistics server.
func (a Analytics) Render() (Document, error) {
	p := check("analytics")
	b := a.Base.resolved()
	a.LogPort, a.ReportPort = orNumber(a.LogPort, 10514), orNumber(a.ReportPort, 8080)
	a.RetentionDays = orNumber(a.RetentionDays, 90)
	b.check(p.at("base"))
	if b.DataDisk == nil {
		p.at("base.dataDisk").add("is missing; logs live on a disk of their own")
	}
	if b.LogServer != "" {
		p.at("base.logServer").add("is set; this server is the log server")
	}
	p.at("logPort").port(a.LogPort)
	p.at("reportPort").port(a.ReportPort)
	if a.LogPort == a.ReportPort {
		p.at("reportPort").add("%d is the log port too", a.ReportPort)
	}
	p.at("retentionDays").between(a.RetentionDays, 1, 3650, "days")
	checkNetworks(p.at("clientNetworks"), a.ClientNetworks)
	checkNetworks(p.at("reportNetworks"), a.ReportNetworks)
	if err := p.err(); err != nil {
		return "", err
	}
	m := analyticsModel{Analytics: a, Data: b.DataDisk.MountPoint, Senders: strings.Join(a.ClientNetworks, ", ")}
	c := newConfig(b)
	c.pkg("goaccess", "nginx-light", "rsyslog")
	c.addSecrets(b, nil)
	c.render("/etc/rsyslog.d/50-storefront.conf", "rsyslog-receive.conf", m)
	c.render("/etc/nginx/nginx.conf", "nginx-reports.conf", m)
	c.script("/usr/local/sbin/storefront-reports", "reports.sh", m)
	c.render("/etc/systemd/system/storefront-reports.service", "reports.service", m)
	c.render("/etc/systemd/system/storefront-reports.timer", "reports.timer", m)
	c.script("/usr/local/sbin/storefront-retention", "retention.sh", m)
	c.render("/etc/systemd/system/storefront-retention.service", "retention.service", m)
	c.render("/etc/systemd/system/storefront-retention.timer", "retention.timer", m)
	c.needsData(b, "rsyslog.service", "nginx.service")
	c.roleStep("role-analytics.sh", m)
	c.enable("rsyslog.service", "nginx.service", "storefront-reports.timer", "storefront-retention.timer")
	return c.document()
}

type analyticsModel struct {
	Analytics
	Data, Senders string
}
