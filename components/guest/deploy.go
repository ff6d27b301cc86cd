package guest

import (
	"regexp"
	"strings"
)

// Deploy is a CI runner that builds and deploys releases. It listens on
// nothing: it asks its CI server for work.
type Deploy struct {
	Base
	// Provider is gitlab or github.
	Provider string
	// URL of the GitLab server, or of the GitHub repository or organisation.
	URL string
	// TokenEnv names the secret with the runner's registration token. GitHub's
	// lives for an hour, so a server that is replaced later waits for a fresh
	// one; a personal access token is taken as well, and serves every time.
	TokenEnv string
	// Runner is the runner's program: GitLab's binary for linux-amd64, or
	// GitHub's archive (.tar.gz). Its SHA-256 is needed.
	Runner Download
	// Labels are GitHub's labels; GitLab keeps its tags with the token.
	Labels []string
	// Concurrency is the number of jobs at once on GitLab; empty is 1. GitHub
	// runs one a runner.
	Concurrency int
	// Rollout installs storefront-rollout, with which a CI job brings a release
	// to the servers that run it. AWS only.
	Rollout *Rollout
}

// Rollout says where a release goes and which servers fetch it from there.
type Rollout struct {
	// Release is the current release's place: s3://bucket/key.
	Release string
	// Groups are the Auto Scaling groups of the servers that run the release.
	Groups []string
	// StaticBucket takes a release's static files; empty where none does.
	StaticBucket string
}

// Render gives the document of a CI runner.
func (d Deploy) Render() (Document, error) {
	p := check("deploy")
	b := d.Base.resolved()
	d.Concurrency = orNumber(d.Concurrency, 1)
	b.check(p.at("base"))
	b.needSecret(p.at("tokenEnv"), d.TokenEnv)
	d.check(p)
	if d.Rollout != nil {
		d.Rollout.check(p.at("rollout"), b.Cloud != nil)
	}
	if err := p.err(); err != nil {
		return "", err
	}
	c := newConfig(b)
	c.pkg("composer", "git", "php8.2-bcmath", "php8.2-cli", "php8.2-curl", "php8.2-gd", "php8.2-intl",
		"php8.2-mbstring", "php8.2-mysql", "php8.2-soap", "php8.2-xml", "php8.2-zip", "rsync", "unzip")
	m := deployModel{Deploy: d, Proxy: b.PackageProxy, Labels: strings.Join(d.Labels, ",")}
	if b.Cloud != nil {
		c.pkg("awscli")
	}
	if d.Rollout != nil {
		c.script("/usr/local/sbin/storefront-rollout", "rollout.sh", rolloutModel{*d.Rollout, b.Cloud.Region})
	}
	c.addSecrets(b, nil)
	c.render("/etc/systemd/system/storefront-runner.service", d.Provider+"-runner.service", m)
	c.roleStep("role-"+d.Provider+".sh", m)
	c.enable("storefront-runner.service")
	return c.document()
}

var (
	objectPlace = regexp.MustCompile(`^s3://[a-z0-9][a-z0-9.-]{2,62}/[A-Za-z0-9._/-]+$`)
	bucketName  = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{2,62}$`)
	groupName   = regexp.MustCompile(`^[A-Za-z0-9._-]{1,255}$`)
)

func (r Rollout) check(p problems, onAWS bool) {
	if !onAWS {
		p.add("needs the cloud settings: only AWS has groups to roll")
	}
	if !objectPlace.MatchString(r.Release) {
		p.at("release").add("%q is no place of an object, such as s3://bucket/key", r.Release)
	}
	if len(r.Groups) == 0 {
		p.at("groups").add("is empty; a release would reach no server")
	}
	for i, g := range r.Groups {
		if !groupName.MatchString(g) {
			p.at("groups[%d]", i).add("%q is no Auto Scaling group", g)
		}
	}
	if r.StaticBucket != "" && !bucketName.MatchString(r.StaticBucket) {
		p.at("staticBucket").add("%q is no bucket", r.StaticBucket)
	}
}

type rolloutModel struct {
	Rollout
	Region string
}

type deployModel struct {
	Deploy
	Proxy, Labels string
}

func (d Deploy) check(p problems) {
	if d.Provider != "gitlab" && d.Provider != "github" {
		p.at("provider").add("%q is unknown; give gitlab or github", d.Provider)
	}
	p.at("url").url(d.URL, "https")
	d.Runner.check(p.at("runner"), true)
	for i, l := range d.Labels {
		p.at("labels[%d]", i).word(l)
	}
	if len(d.Labels) > 0 && d.Provider == "gitlab" {
		p.at("labels").add("are GitHub's; GitLab keeps a runner's tags with its token")
	}
	p.at("concurrency").between(d.Concurrency, 1, 64, "jobs")
	if d.Concurrency > 1 && d.Provider == "github" {
		p.at("concurrency").add("is %d; a GitHub runner takes one job at a time", d.Concurrency)
	}
}
