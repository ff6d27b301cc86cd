package guest

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
