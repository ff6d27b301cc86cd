package guest

import "strings"

// Deploy is a CI runner that builds and deploys releases. It listens on
// nothing: it asks its CI server for work.
type Deploy struct {
	Base
	// Provider is gitlab or github.
	Provider string
	// URL of the GitLab server, or of the GitHub repository or organisation.
	URL string
	// TokenEnv names the secret with the runner's registration token. GitHub's
	// lives for an hour, so it has to be fresh at the server's first boot.
	TokenEnv string
	// Runner is the runner's program: GitLab's binary for linux-amd64, or
	// GitHub's archive (.tar.gz). Its SHA-256 is needed.
	Runner Download
	// Labels are GitHub's labels; GitLab keeps its tags with the token.
	Labels []string
	// Concurrency is the number of jobs at once on GitLab; empty is 1. GitHub
	// runs one a runner.
	Concurrency int
}

// Render gives the document of a CI runner.
func (d Deploy) Render() (Document, error) {
	p := check("deploy")
	b := d.Base.resolved()
	d.Concurrency = orNumber(d.Concurrency, 1)
	b.check(p.at("base"))
	b.needSecret(p.at("tokenEnv"), d.TokenEnv)
	d.check(p)
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
	c.addSecrets(b, nil)
	c.render("/etc/systemd/system/storefront-runner.service", d.Provider+"-runner.service", m)
	c.roleStep("role-"+d.Provider+".sh", m)
	c.enable("storefront-runner.service")
	return c.document()
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
