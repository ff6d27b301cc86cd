package guest

import (
	"bytes"
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"go.yaml.in/yaml/v3"
)

//go:embed files
var files embed.FS

var templates = template.Must(template.New("").Option("missingkey=error").ParseFS(files, "files/*"))

// cloudConfig is the part of cloud-init's schema that a role needs, in the
// order in which it is written.
type cloudConfig struct {
	Hostname          string      `yaml:"hostname,omitempty"`
	ManageEtcHosts    string      `yaml:"manage_etc_hosts,omitempty"`
	Timezone          string      `yaml:"timezone"`
	SSHPwauth         bool        `yaml:"ssh_pwauth"`
	DisableRoot       bool        `yaml:"disable_root"`
	SSHAuthorizedKeys []string    `yaml:"ssh_authorized_keys,omitempty"`
	Apt               aptConfig   `yaml:"apt"`
	PackageUpdate     bool        `yaml:"package_update"`
	PackageUpgrade    bool        `yaml:"package_upgrade"`
	Packages          []string    `yaml:"packages"`
	WriteFiles        []writeFile `yaml:"write_files"`
	Runcmd            [][]string  `yaml:"runcmd"`
}

type aptConfig struct {
	Conf  string `yaml:"conf"`
	Proxy string `yaml:"http_proxy,omitempty"`
}

type writeFile struct {
	Path        string `yaml:"path"`
	Permissions string `yaml:"permissions"`
	// Defer lays the file after the packages, so that no package finds a
	// configuration that it would take for a changed one of its own, or for a
	// data folder that isn't mounted yet.
	Defer   bool   `yaml:"defer,omitempty"`
	Content string `yaml:"content"`
}

// config collects a document.
type config struct {
	cloud cloudConfig
	setup setupModel
	ready *readyModel // nil where no group waits for the server
	logs  logModel
	errs  []error
}

// logModel is what the forwarding of logs is rendered from; without a host or a
// domain nothing is forwarded.
type logModel struct {
	Host, Port, Domain string
	Files              []logFile
}

type logFile struct{ Tag, Path string }

// setupModel is what the set-up script of the first boot is rendered from.
type setupModel struct {
	DataDisk       bool
	SecretsFetched bool
	RoleStep       bool
	SSH            bool
	Agents         bool
	Waited         bool
	Packages       []string
	Start          []string
}

// readyModel is what the report to the Auto Scaling group is rendered from.
type readyModel struct {
	Region, Group, Hook string
	// Release tells that the server fetches the current release before.
	Release bool
	// URL answers once the server can work; empty asks nobody.
	URL string
	// After are the units that have to run.
	After []string
}

// newConfig starts a document with what every role has. Stateful names the
// packages whose upgrade restarts a daemon that others depend on: the operator
// upgrades those, one server at a time.
func newConfig(b Base, stateful ...string) *config {
	c := &config{}
	c.cloud = cloudConfig{
		Hostname:          b.Hostname,
		Timezone:          b.Timezone,
		DisableRoot:       true,
		SSHAuthorizedKeys: b.SSHAuthorizedKeys,
		Apt:               aptConfig{Conf: "APT::Install-Recommends \"false\";\n", Proxy: b.PackageProxy},
		PackageUpdate:     true,
		PackageUpgrade:    true,
		Runcmd: [][]string{
			{"systemctl", "daemon-reload"},
			{"systemctl", "enable", "storefront-setup.service"},
			{"systemctl", "start", "--no-block", "storefront-setup.service"},
		},
	}
	if b.Hostname != "" {
		c.cloud.ManageEtcHosts = "localhost"
	}
	c.pkg("ca-certificates", "chrony", "curl", "logrotate", "unattended-upgrades")
	// The packages' daemons stay down until disk, secrets and configuration
	// are there; the set-up script takes this file away again.
	c.add(writeFile{Path: "/usr/sbin/policy-rc.d", Permissions: "0755", Content: "#!/bin/sh\nexit 101\n"})
	c.render("/etc/apt/apt.conf.d/52storefront", "apt.conf", stateful)
	c.render("/etc/systemd/journald.conf.d/storefront.conf", "journald.conf", nil)
	c.render("/etc/chrony/sources.d/storefront.sources", "chrony.sources", b.TimeServers)
	c.enable("chrony.service")
	c.setup.SSH = len(b.SSHAuthorizedKeys) > 0
	c.logs.Host, c.logs.Port, _ = strings.Cut(b.LogServer, ":")
	c.logs.Domain = b.LogDomain
	c.addMetrics(b)
	c.addDataDisk(b)
	if b.Cloud != nil && b.Cloud.Group != "" {
		c.pkg("awscli")
		c.setup.Waited = true
		c.ready = &readyModel{Region: b.Cloud.Region, Group: b.Cloud.Group, Hook: ReadyHook}
	}
	return c
}

// logFile forwards a daemon's own log file beside what goes to syslog.
func (c *config) logFile(tag, path string) {
	c.logs.Files = append(c.logs.Files, logFile{tag, path})
}

func (c *config) addLogs() {
	if c.logs.Host == "" && c.logs.Domain == "" {
		return
	}
	c.pkg("rsyslog")
	if c.logs.Domain != "" {
		c.pkg("rsyslog-elasticsearch")
	}
	c.render("/etc/rsyslog.d/50-storefront.conf", "rsyslog-forward.conf", c.logs)
	c.enable("rsyslog.service")
}

func (c *config) addMetrics(b Base) {
	if b.Cloud == nil {
		c.pkg("prometheus-node-exporter")
		c.enable("prometheus-node-exporter.service")
		return
	}
	c.setup.Agents = true
	c.render("/opt/aws/amazon-cloudwatch-agent/etc/storefront.json", "cloudwatch.json", b.Cloud)
	c.script("/usr/local/sbin/storefront-aws-agents", "aws-agents.sh", struct {
		*AWS
		Proxy string
	}{b.Cloud, b.PackageProxy})
}

func (c *config) addDataDisk(b Base) {
	d := b.DataDisk
	if d == nil {
		return
	}
	c.setup.DataDisk = true
	if d.VolumeID != "" {
		c.pkg("awscli")
	}
	if d.FileSystem == "xfs" {
		c.pkg("xfsprogs")
	}
	awsRegion := ""
	if b.Cloud != nil {
		awsRegion = b.Cloud.Region
	}
	c.script("/usr/local/sbin/storefront-data-disk", "data-disk.sh", struct {
		*DataDisk
		Serial, Region string
	}{d, strings.Replace(d.VolumeID, "-", "", 1), awsRegion})
}

// needsData makes a daemon wait for the data disk, so that it never starts on
// the empty folder below the mount point.
func (c *config) needsData(b Base, units ...string) {
	if b.DataDisk == nil {
		return
	}
	for _, u := range units {
		c.file("/etc/systemd/system/"+u+".d/data-disk.conf", "[Unit]\nRequiresMountsFor="+b.DataDisk.MountPoint+"\n")
	}
}

func (c *config) add(f writeFile) { c.cloud.WriteFiles = append(c.cloud.WriteFiles, f) }

func (c *config) file(path, content string) {
	c.add(writeFile{Path: path, Permissions: "0644", Defer: true, Content: content})
}

// secretFile is readable by root alone.
func (c *config) secretFile(path, content string) {
	c.add(writeFile{Path: path, Permissions: "0600", Defer: true, Content: content})
}

// render lays a file from an embedded template.
func (c *config) render(path, name string, model any) { c.file(path, c.expand(name, model)) }

// script is render for a program that root runs.
func (c *config) script(path, name string, model any) {
	c.add(writeFile{Path: path, Permissions: "0755", Defer: true, Content: c.expand(name, model)})
}

// roleStep is the role's own part of the set-up script.
func (c *config) roleStep(name string, model any) {
	c.script("/usr/local/sbin/storefront-role", name, model)
	c.setup.RoleStep = true
}

func (c *config) expand(name string, model any) string {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, model); err != nil {
		c.errs = append(c.errs, fmt.Errorf("render %s: %w", name, err))
	}
	return b.String()
}

func (c *config) pkg(names ...string) { c.cloud.Packages = append(c.cloud.Packages, names...) }

// enable starts units at the end of the set-up, in the order in which they
// were named, and at every boot.
func (c *config) enable(units ...string) { c.setup.Start = append(c.setup.Start, units...) }

// document closes the collection.
func (c *config) document() (Document, error) {
	c.addLogs()
	slices.Sort(c.cloud.Packages)
	c.cloud.Packages = slices.Compact(c.cloud.Packages)
	if c.ready != nil {
		c.ready.After = c.setup.Start
		c.script("/usr/local/sbin/storefront-ready", "ready.sh", c.ready)
		c.render("/etc/systemd/system/storefront-ready.service", "ready.service", c.ready)
	}
	c.setup.Packages = c.cloud.Packages
	c.script("/usr/local/sbin/storefront-setup", "setup.sh", c.setup)
	c.render("/etc/systemd/system/storefront-setup.service", "setup.service", nil)
	if len(c.errs) > 0 {
		return "", c.errs[0]
	}
	var b bytes.Buffer
	b.WriteString("#cloud-config\n")
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(c.cloud); err != nil {
		return "", fmt.Errorf("encode cloud-config: %w", err)
	}
	return Document(b.String()), nil
}

func itoa(n int) string { return strconv.Itoa(n) }
