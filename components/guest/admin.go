package guest

import (
	"regexp"
	"strings"
)

// Admin is the back office: the web stack with longer limits, and the one
// server on which the application's cron runs.
type Admin struct {
	Base
	// Size of the server; at least 4096 MiB.
	Size Size
	// PHP sizes the processes.
	PHP PHP
	// Shop says where the application finds what it works with.
	Shop Shop
	// StaticMount is an NFS export, host:/path, mounted at /srv/static, into
	// which a deployment lays files for the static servers. Empty mounts none.
	StaticMount string
	// DatabaseUser has the server make the shop's own user in a database that
	// comes with a master alone; nil elsewhere.
	DatabaseUser *ShopUser
	// LoadBalancer is the internal one before the server.
	LoadBalancer LoadBalancer
	// Cron jobs; empty means the application's own, every minute.
	Cron []CronJob
	// CronMiB is the memory kept free for cron jobs, in MiB; empty is 1024.
	CronMiB int
}

// CronJob is a command of the application that runs by the clock.
type CronJob struct {
	// Name of the job, a lower-case word.
	Name string
	// OnCalendar is a systemd calendar expression, such as *:0/5.
	OnCalendar string
	// Command and its arguments, run as www-data in the release's folder. The
	// first is an absolute path.
	Command []string
}

// Render gives the document of an admin server.
func (a Admin) Render() (Document, error) {
	p := check("admin")
	s := phpStack{
		base: a.Base.resolved(), shop: a.Shop, balance: a.LoadBalancer, dynamic: true,
		php: a.PHP.resolved(256, 2048, 600),
	}
	jobs := a.Cron
	if len(jobs) == 0 {
		jobs = []CronJob{{
			Name: "application", OnCalendar: "*-*-* *:*:00",
			Command: []string{"/usr/bin/php", "bin/magento", "cron:run"},
		}}
	}
	checkCron(p.at("cron"), jobs)
	cronMiB := orNumber(a.CronMiB, 1024)
	if a.StaticMount != "" {
		p.at("staticMount").mount(a.StaticMount)
	}
	if a.DatabaseUser != nil {
		a.DatabaseUser.check(p.at("databaseUser"), s.base.Cloud != nil && a.Shop.DatabaseTLS)
	}
	p.at("cronMiB").between(cronMiB, 128, 1<<20, "MiB")
	s.check(p, a.Size, 4096, cronMiB)
	if err := p.err(); err != nil {
		return "", err
	}
	c := newConfig(s.base)
	s.lay(c)
	if a.StaticMount != "" {
		c.addMount("/srv/static", a.StaticMount, false)
	}
	if a.DatabaseUser != nil {
		c.addShopUser(*a.DatabaseUser, a.Shop.DatabaseWriter, s.base.Cloud.Region)
	}
	c.addCron(jobs, s.model())
	return c.document()
}

var calendar = regexp.MustCompile(`^[A-Za-z0-9*:,./~ -]{1,100}$`)

func checkCron(p problems, jobs []CronJob) {
	seen := map[string]string{}
	for i, j := range jobs {
		p := p.index(i)
		p.at("name").word(j.Name)
		p.at("name").unique(seen, j.Name)
		if !calendar.MatchString(j.OnCalendar) {
			p.at("onCalendar").add("%q is no systemd calendar expression", j.OnCalendar)
		}
		if len(j.Command) == 0 {
			p.at("command").add("is empty")
			continue
		}
		p.at("command[0]").dir(j.Command[0])
		for k, a := range j.Command {
			p.at("command[%d]", k).text(a)
		}
	}
}

// cronModel is one job as its unit is written.
type cronModel struct {
	CronJob
	ExecStart      string
	MediaMount     bool
	SecretsFetched bool
}

// addCron gives every job a timer of systemd rather than a line of cron: it
// reads the secrets as root, and never starts a job that still runs.
func (c *config) addCron(jobs []CronJob, m phpModel) {
	for _, j := range jobs {
		args := make([]string, len(j.Command))
		for i, a := range j.Command {
			args[i] = unitArgument(a)
		}
		unit := "/etc/systemd/system/storefront-cron-" + j.Name
		c.render(unit+".service", "cron.service", cronModel{j, strings.Join(args, " "), m.MediaMount, m.SecretsFetched})
		c.render(unit+".timer", "cron.timer", j)
		c.enable("storefront-cron-" + j.Name + ".timer")
	}
}

var unitEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, `%`, `%%`, `$`, `$$`)

// unitArgument quotes one argument of a unit's command line.
func unitArgument(s string) string { return `"` + unitEscapes.Replace(s) + `"` }
