package guest

import (
	"regexp"
	"strings"
)

// Base is what every role has.
type Base struct {
	// Hostname of the server; empty keeps the name that the platform gives,
	// as servers of one scaling group need.
	Hostname string
	// Environment is the stack: production, staging, …
	Environment string
	// Timezone is an IANA name; empty means UTC.
	Timezone string
	// SSHAuthorizedKeys opens the SSH daemon for the user debian with these
	// keys. Without a key the daemon is stopped and masked.
	SSHAuthorizedKeys []string
	// TimeServers are names or addresses; empty means Debian's pool, or the
	// link-local time source on AWS.
	TimeServers []string
	// PackageProxy is an HTTP proxy for apt and for downloads (http://host:port);
	// empty goes out directly.
	PackageProxy string
	// LogServer is the host:port of the Analytics role; empty keeps logs local.
	LogServer string
	// LogDomain is the host name of an OpenSearch domain that takes logs over
	// HTTPS without a login; one of LogServer and LogDomain at the most.
	LogDomain string
	// Cloud holds what only AWS needs. Without it the server has a Prometheus
	// node exporter on port 9100 for its metrics.
	Cloud *AWS
	// DataDisk is the server's own disk for what has to outlive it.
	DataDisk *DataDisk
	// Secrets that the role's programs read from their environment.
	Secrets []Secret
}

// AWS holds what a server on AWS needs. The instance role gives the rights;
// no key is ever in a document.
type AWS struct {
	// Region, such as eu-west-1.
	Region string
	// SSMAgent is Amazon's Debian package of the Systems Manager agent; empty
	// means the latest from Amazon's own bucket of the region, over TLS.
	SSMAgent Download
	// MetricsAgent is Amazon's Debian package of the CloudWatch agent; empty
	// means the latest from Amazon's own bucket of the region, over TLS.
	MetricsAgent Download
	// MetricsNamespace in CloudWatch; empty means Storefront.
	MetricsNamespace string
	// Group is the Auto Scaling group that holds the server back, by the
	// lifecycle hook ReadyHook, until it reports that it can work. Empty where
	// nothing waits for it.
	Group string
}

// ReadyHook is the lifecycle hook of a launch that a server completes.
const ReadyHook = "storefront-ready"

// Download is a file from outside Debian.
type Download struct {
	// URL begins with https://.
	URL string
	// SHA256 of the file in lower-case hexadecimal. A file that differs is
	// deleted and the step fails.
	SHA256 string
}

// DataDisk is a disk that outlives its server. It is formatted only when it
// holds nothing at all (no file system, no partition table), and found again
// by its label, so a server that is replaced mounts what its predecessor left.
type DataDisk struct {
	// Device as the guest sees it, such as /dev/sdb or /dev/nvme1n1.
	Device string
	// VolumeID is an EBS volume that the server attaches to itself at Device
	// (/dev/sdf to /dev/sdp) with its instance role; then the disk is found by
	// its serial number and not by Device. AWS only.
	VolumeID string
	// Label of the file system; empty means storefront. At most 12 bytes.
	Label string
	// FileSystem is ext4 or xfs; empty means ext4.
	FileSystem string
	// MountPoint; empty means /srv/data.
	MountPoint string
}

// Size is what the server has.
type Size struct {
	// VCPU is the number of virtual processors.
	VCPU int
	// MemoryMiB is the memory in mebibytes.
	MemoryMiB int
}

// HasSecrets tells that the document carries a secret's value and has to be
// treated as a secret itself.
func (b Base) HasSecrets() bool {
	for _, s := range b.Secrets {
		if s.AWS == nil {
			return true
		}
	}
	return false
}

// resolved is a completed copy; the caller's value stays as it was.
func (b Base) resolved() Base {
	if b.Timezone == "" {
		b.Timezone = "Etc/UTC"
	}
	if b.DataDisk != nil {
		d := *b.DataDisk
		d.Label = orElse(d.Label, "storefront")
		d.FileSystem = orElse(d.FileSystem, "ext4")
		d.MountPoint = orElse(d.MountPoint, "/srv/data")
		b.DataDisk = &d
	}
	if b.Cloud != nil {
		c := *b.Cloud
		c.MetricsNamespace = orElse(c.MetricsNamespace, "Storefront")
		domain := ".amazonaws.com"
		if strings.HasPrefix(c.Region, "cn-") {
			domain = ".amazonaws.com.cn"
		}
		c.SSMAgent.URL = orElse(c.SSMAgent.URL, "https://s3."+c.Region+domain+"/amazon-ssm-"+c.Region+
			"/latest/debian_amd64/amazon-ssm-agent.deb")
		c.MetricsAgent.URL = orElse(c.MetricsAgent.URL, "https://amazoncloudwatch-agent-"+c.Region+".s3."+c.Region+domain+
			"/debian/amd64/latest/amazon-cloudwatch-agent.deb")
		b.Cloud = &c
		if len(b.TimeServers) == 0 {
			b.TimeServers = []string{"169.254.169.123"}
		}
	}
	return b
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func orNumber(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

var (
	region    = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]$`)
	volumeID  = regexp.MustCompile(`^vol-[0-9a-f]{8,17}$`)
	device    = regexp.MustCompile(`^/dev/[a-z0-9/-]+$`)
	label     = regexp.MustCompile(`^[a-z][a-z0-9-]{0,11}$`)
	namespace = regexp.MustCompile(`^[A-Za-z0-9/_-]{1,64}$`)
	sshKey    = regexp.MustCompile(`^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-[a-z0-9@.-]+) [A-Za-z0-9+/=]+( [^\r\n]*)?$`)
)

// check looks at a resolved Base.
func (b Base) check(p problems) {
	if b.Hostname != "" {
		p.at("hostname").host(b.Hostname)
	}
	p.at("environment").word(b.Environment)
	p.at("timezone").timezone(b.Timezone)
	for i, k := range b.SSHAuthorizedKeys {
		if !sshKey.MatchString(k) {
			p.at("sshAuthorizedKeys[%d]", i).add("is no OpenSSH public key on one line")
		}
	}
	for i, s := range b.TimeServers {
		p.at("timeServers[%d]", i).host(s)
	}
	if b.PackageProxy != "" {
		p.at("packageProxy").url(b.PackageProxy, "http")
	}
	if b.LogServer != "" {
		p.at("logServer").endpoint(b.LogServer)
	}
	if b.LogDomain != "" {
		p.at("logDomain").host(b.LogDomain)
	}
	if b.LogServer != "" && b.LogDomain != "" {
		p.at("logDomain").add("is set beside the log server; logs go to one of them")
	}
	if b.Cloud != nil {
		b.Cloud.check(p.at("cloud"))
	}
	if b.DataDisk != nil {
		b.DataDisk.check(p.at("dataDisk"), b.Cloud != nil)
	}
	checkSecrets(p.at("secrets"), b.Secrets, b.Cloud)
}

func (c AWS) check(p problems) {
	if !region.MatchString(c.Region) {
		p.at("region").add("%q is no AWS region", c.Region)
		return
	}
	if c.Group != "" && !groupName.MatchString(c.Group) {
		p.at("group").add("%q is no Auto Scaling group", c.Group)
	}
	c.SSMAgent.check(p.at("ssmAgent"), false)
	c.MetricsAgent.check(p.at("metricsAgent"), false)
	if !namespace.MatchString(c.MetricsNamespace) {
		p.at("metricsNamespace").add("%q is no CloudWatch namespace", c.MetricsNamespace)
	}
}

func (d Download) check(p problems, sumNeeded bool) {
	p.at("url").url(d.URL, "https")
	if (sumNeeded || d.SHA256 != "") && !hex64.MatchString(d.SHA256) {
		p.at("sha256").add("%q is no SHA-256 sum; give the 64 lower-case hexadecimal digits that the publisher gives", d.SHA256)
	}
}

func (d DataDisk) check(p problems, onAWS bool) {
	if !device.MatchString(d.Device) {
		p.at("device").add("%q is no device; give a path such as /dev/sdb", d.Device)
	}
	if d.VolumeID != "" && !volumeID.MatchString(d.VolumeID) {
		p.at("volumeID").add("%q is no EBS volume", d.VolumeID)
	}
	if d.VolumeID != "" && !onAWS {
		p.at("volumeID").add("needs the cloud settings: only AWS has EBS volumes")
	}
	if !label.MatchString(d.Label) {
		p.at("label").add("%q is no label; give a lower-case letter, then letters, digits and dashes, 12 at most", d.Label)
	}
	if d.FileSystem != "ext4" && d.FileSystem != "xfs" {
		p.at("fileSystem").add("%q is not supported; give ext4 or xfs", d.FileSystem)
	}
	p.at("mountPoint").dir(d.MountPoint)
	if !strings.HasPrefix(d.MountPoint, "/srv/") {
		p.at("mountPoint").add("%q would hide a part of the system; give a path below /srv", d.MountPoint)
	}
}

func (s Size) check(p problems, leastMiB int) {
	p.at("vcpu").between(s.VCPU, 1, 448, "vCPU")
	if s.MemoryMiB < leastMiB || s.MemoryMiB > 24<<20 {
		p.at("memoryMiB").add("%d MiB is outside %d to %d; take a larger size for this role", s.MemoryMiB, leastMiB, 24<<20)
	}
}
