package guest

import (
	"fmt"
	"slices"
	"strings"
)

// PHP is how the application's processes are sized. Zero values take the
// role's defaults.
type PHP struct {
	// ProcessMiB is what one PHP process uses under load, in MiB, as measured
	// on the legacy servers: resident memory less what is shared. Empty means
	// 128 on web and 256 on admin servers.
	ProcessMiB int
	// ProcessesPerVCPU bounds the processes where memory would allow more;
	// past about ten a virtual CPU they only wait for each other. Empty is 10.
	ProcessesPerVCPU int
	// MemoryLimitMiB is PHP's memory_limit. Empty means 768 on web and 2048 on
	// admin servers.
	MemoryLimitMiB int
	// RequestSeconds after which a request is ended. Empty means 60 on web and
	// 600 on admin servers.
	RequestSeconds int
}

// webTuning is how the memory of a web server is divided.
type webTuning struct {
	ReserveMiB, OpcacheMiB, ApacheMiB, CronMiB int
	// MaxChildren is PHP-FPM's pm.max_children.
	MaxChildren, StartServers, MinSpare, MaxSpare int
	ProcessMiB                                    int
	// The event module's processes and threads.
	ServerLimit, ThreadsPerChild, MaxRequestWorkers, MinSpareThreads, MaxSpareThreads int
}

// Measures of Apache's event module with mod_proxy_fcgi: a process with its
// modules, and what one of its threads adds while it passes a request on.
const (
	apacheProcessMiB = 24
	apacheThreads    = 64
	apacheThreadKiB  = 256
	healthChildren   = 2
)

// tuneWeb divides the memory: a reserve for the system (512 MiB, or a tenth
// where that is more), the opcode cache, cron where it runs, Apache, and the
// rest to PHP processes by what one of them uses. Apache gets four threads a
// PHP process, since a thread also serves static files and waits for slow
// visitors, in whole processes.
func tuneWeb(s Size, php PHP, cronMiB int) (webTuning, error) {
	t := webTuning{
		ReserveMiB: max(512, s.MemoryMiB/10),
		OpcacheMiB: 256,
		CronMiB:    cronMiB,
		ProcessMiB: php.ProcessMiB,
	}
	if s.MemoryMiB >= 8192 {
		t.OpcacheMiB = 512
	}
	free := s.MemoryMiB - t.ReserveMiB - t.OpcacheMiB - t.CronMiB
	for n := s.VCPU * php.ProcessesPerVCPU; n >= 1; n-- {
		t.apache(n)
		if (n+healthChildren)*php.ProcessMiB+t.ApacheMiB <= free {
			t.MaxChildren = n
			break
		}
	}
	if t.MaxChildren < 2 {
		return t, fmt.Errorf("%d MiB leave room for %d PHP processes of %d MiB; take a larger size",
			s.MemoryMiB, t.MaxChildren, php.ProcessMiB)
	}
	t.StartServers = max(1, t.MaxChildren/4)
	t.MinSpare = max(1, t.MaxChildren/8)
	t.MaxSpare = max(t.StartServers, t.MaxChildren/2)
	return t, nil
}

func (t *webTuning) apache(children int) {
	t.ThreadsPerChild = apacheThreads
	t.ServerLimit = max(2, (4*children+apacheThreads-1)/apacheThreads)
	t.MaxRequestWorkers = t.ServerLimit * apacheThreads
	t.MinSpareThreads = apacheThreads
	t.MaxSpareThreads = min(t.MaxRequestWorkers, 3*apacheThreads)
	t.ApacheMiB = t.ServerLimit*apacheProcessMiB + (t.MaxRequestWorkers*apacheThreadKiB+1023)/1024
}

// TotalMiB is the most that all parts use together, in MiB.
func (t webTuning) TotalMiB() int {
	return t.ReserveMiB + t.OpcacheMiB + t.CronMiB + t.ApacheMiB + (t.MaxChildren+healthChildren)*t.ProcessMiB
}

func (p PHP) resolved(process, memoryLimit, request int) PHP {
	p.ProcessMiB = orNumber(p.ProcessMiB, process)
	p.ProcessesPerVCPU = orNumber(p.ProcessesPerVCPU, 10)
	p.MemoryLimitMiB = orNumber(p.MemoryLimitMiB, memoryLimit)
	p.RequestSeconds = orNumber(p.RequestSeconds, request)
	return p
}

func (p PHP) check(at problems) {
	at.at("processMiB").between(p.ProcessMiB, 16, 4096, "MiB")
	at.at("processesPerVCPU").between(p.ProcessesPerVCPU, 1, 64, "processes")
	at.at("memoryLimitMiB").between(p.MemoryLimitMiB, 64, 16384, "MiB")
	at.at("requestSeconds").between(p.RequestSeconds, 5, 7200, "s")
}

// phpStack is what web and admin servers share.
type phpStack struct {
	base    Base
	shop    Shop
	balance LoadBalancer
	php     PHP
	tuning  webTuning
	dynamic bool
}

// phpModel is what the files of Apache and PHP-FPM are rendered from.
type phpModel struct {
	webTuning
	PHP              PHP
	Dynamic          bool
	KeepAliveSeconds int
	ProxySeconds     int
	TrustedProxies   []string
	VisitorHeader    string
	ServerName       string
	Aliases          []string
	MediaMount       bool
	MediaWritable    bool
	MediaOrigin      string
	Environment      []string
	SecretsFetched   bool
	Release, Region  string
	ReleaseInS3      bool
	DatabaseTLS      bool
	Proxy            string
}

var phpPackages = []string{
	"php-redis", "php8.2-bcmath", "php8.2-cli", "php8.2-curl", "php8.2-fpm", "php8.2-gd", "php8.2-intl",
	"php8.2-mbstring", "php8.2-mysql", "php8.2-opcache", "php8.2-soap", "php8.2-xml", "php8.2-zip",
}

func (s phpStack) model() phpModel {
	m := phpModel{
		webTuning: s.tuning, PHP: s.php, Dynamic: s.dynamic,
		KeepAliveSeconds: s.balance.IdleTimeoutSeconds + 5,
		ProxySeconds:     s.php.RequestSeconds + 5,
		TrustedProxies:   s.balance.TrustedProxies,
		VisitorHeader:    s.balance.VisitorHeader,
		MediaMount:       s.shop.Media.Mount != "",
		MediaWritable:    s.shop.Media.Mount != "" && !s.shop.Media.ReadOnly,
		MediaOrigin:      s.shop.Media.Origin,
		Release:          s.shop.Release,
		DatabaseTLS:      s.shop.DatabaseTLS,
		ReleaseInS3:      strings.HasPrefix(s.shop.Release, "s3://"),
		Proxy:            s.base.PackageProxy,
	}
	if s.base.Cloud != nil {
		m.Region = s.base.Cloud.Region
	}
	for _, ch := range s.shop.Channels {
		m.Aliases = append(m.Aliases, ch.Hosts...)
	}
	m.ServerName, m.Aliases = m.Aliases[0], m.Aliases[1:]
	for _, f := range s.shop.facts(s.base) {
		m.Environment = append(m.Environment, f.Name)
	}
	for _, sec := range s.base.Secrets {
		m.Environment = append(m.Environment, sec.Env)
		m.SecretsFetched = m.SecretsFetched || sec.AWS != nil
	}
	slices.Sort(m.Environment)
	return m
}
