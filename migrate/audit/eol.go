package audit

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// support is what the tables know of one release of one product.
type support struct {
	product string
	release string
	end     time.Time // zero: the vendor has set no date
	source  string
	// oldest is the first release that the table has, where the one looked up
	// is older still: end is that of the oldest, by when support was over.
	oldest string
}

func (s support) name() string { return s.product + " " + s.release }

// ended words when support was over.
func (s support) ended() string {
	day := s.end.Format(time.DateOnly)
	if s.oldest != "" {
		return fmt.Sprintf("ended before %s, when that of %s %s did", day, s.product, s.oldest)
	}
	return "ended on " + day
}

// over tells whether support had ended at a moment.
func (s support) over(at time.Time) bool { return !s.end.IsZero() && at.After(s.end) }

// osPatterns find the product and the release in what exports call an
// operating system. The order matters: CentOS Stream before CentOS.
var osPatterns = []struct {
	product string
	pattern *regexp.Regexp
}{
	{"Debian", regexp.MustCompile(`(?i)\bdebian\b(?:\s+gnu/linux)?\s+(\d+)`)},
	{"Ubuntu", regexp.MustCompile(`(?i)\bubuntu\b(?:\s+linux)?\s+(\d+\.\d+)`)},
	{"CentOS Stream", regexp.MustCompile(`(?i)\bcentos stream\b(?:\s+release)?\s+(\d+)`)},
	{"CentOS", regexp.MustCompile(`(?i)\bcentos\b(?:\s+linux)?(?:\s+release)?\s+(\d+)`)},
	{"Red Hat Enterprise Linux", regexp.MustCompile(`(?i)\b(?:red hat enterprise linux|rhel)\b(?:\s+server)?(?:\s+release)?\s*(\d+)`)},
	{"Rocky Linux", regexp.MustCompile(`(?i)\brocky linux\b(?:\s+release)?\s+(\d+)`)},
	{"AlmaLinux", regexp.MustCompile(`(?i)\balma ?linux\b(?:\s+release)?\s+(\d+)`)},
	{"Oracle Linux", regexp.MustCompile(`(?i)\boracle linux\b(?:\s+server)?(?:\s+release)?\s+(\d+)`)},
	{"SUSE Linux Enterprise Server", regexp.MustCompile(`(?i)\b(?:suse linux enterprise(?:\s+server)?|sles)\s+(\d+(?:\.\d+|\s+sp\d+)?)`)},
	{"Amazon Linux", regexp.MustCompile(`(?i)\bamazon linux\b(?:\s+ami)?(?:\s+release)?\s+(\d{4}(?:\.\d+)?|2)\b`)},
	// Before 2008 the name had the year first: Windows 2000 Server.
	{"Windows Server", regexp.MustCompile(`(?i)\bwindows (?:server\b\D{0,3}\s*)?(20\d\d(?:\s+r2)?)`)},
	{"Windows", regexp.MustCompile(`(?i)\bwindows\s+(xp|8\.1|\d{1,2})\b`)},
}

// vague marks names of a guest type that covers several releases, such as
// "CentOS 4/5 or later": they say nothing of the one that is installed.
var vague = regexp.MustCompile(`(?i)or later|\d/\d`)

// osSupport looks an operating system up. The second result is false where the
// text does not name one release that the table has.
func osSupport(os string) (support, bool) {
	if vague.MatchString(os) {
		return support{}, false
	}
	for _, p := range osPatterns {
		if m := p.pattern.FindStringSubmatch(os); m != nil {
			word := strings.ToUpper(strings.Join(strings.Fields(m[1]), " "))
			return lookUp(operatingSystems, p.product, strings.ReplaceAll(word, " SP", "."))
		}
	}
	return support{}, false
}

// programPatterns recognise the packages that are the program itself, and not
// its client, its module for another program or its documentation.
var programPatterns = []struct {
	product string
	pattern *regexp.Regexp
}{
	{"PHP", regexp.MustCompile(`(?i)^php[- ]?(\d(?:\.\d)?)?([-_ ]?(fpm|cli|common))?$`)},
	{"MySQL", regexp.MustCompile(`(?i)^mysql(d| server|[- ]community[- ]server|-server|-server-[\d.]+)?$`)},
	{"MariaDB", regexp.MustCompile(`(?i)^mariadb(d| server|-server|-server-[\d.]+)?$`)},
	{"Apache HTTP Server", regexp.MustCompile(`(?i)^(apache2?|httpd|apache (http|httpd|http server|httpd server))$`)},
	{"Redis", regexp.MustCompile(`(?i)^redis([- ]server)?$`)},
	{"Solr", regexp.MustCompile(`(?i)^(apache[- ])?solr$`)},
	{"PostgreSQL", regexp.MustCompile(`(?i)^(postgresql|postgres)([- ]server|-\d+)?$`)},
	{"Elasticsearch", regexp.MustCompile(`(?i)^elasticsearch$`)},
	{sqlServerProduct, regexp.MustCompile(`(?i)^(microsoft |ms )?sql server( 20\d\d)?( r2)?( (standard|enterprise|express|web|developer)( edition)?)?( \(64-bit\))?$`)},
	{"Magento", regexp.MustCompile(`(?i)^magento([- ]?[12])?( (open source|community)( edition)?)?$`)},
	{"Adobe Commerce", regexp.MustCompile(`(?i)^(adobe commerce|magento (commerce|enterprise)( edition)?)$`)},
	{"nginx", regexp.MustCompile(`(?i)^nginx([- ](core|full|light|extras))?$`)},
	{"Tomcat", regexp.MustCompile(`(?i)^(apache[- ])?tomcat[- ]?\d*$`)},
}

// sqlServerProduct is the one whose releases are years, while its programs carry
// numbers.
const sqlServerProduct = "SQL Server"

// sqlServerYear finds the year in a name or a version.
var sqlServerYear = regexp.MustCompile(`(?i)\b20\d\d(?: r2)?\b`)

// sqlServerNumbers are the versions of the releases, as
// learn.microsoft.com/troubleshoot/sql/releases lists them.
var sqlServerNumbers = []struct{ number, year string }{
	{"17", "2025"}, {"16", "2022"}, {"15", "2019"}, {"14", "2017"}, {"13", "2016"}, {"12", "2014"}, {"11", "2012"},
	{"10.50", "2008 R2"}, {"10", "2008"}, {"9", "2005"}, {"8", "2000"},
}

// sqlServerRelease is the year of a SQL Server.
func sqlServerRelease(s migrate.Software) string {
	if year := sqlServerYear.FindString(s.Version); year != "" {
		return strings.ToUpper(year)
	}
	if year := sqlServerYear.FindString(s.Name); year != "" {
		return strings.ToUpper(year)
	}
	for _, r := range sqlServerNumbers {
		if within(strings.TrimSpace(s.Version), r.number) {
			return r.year
		}
	}
	return ""
}

// versionNumber finds the number of a version behind a package's epoch.
var versionNumber = regexp.MustCompile(`^(?:\d+:)?v?(\d+(?:\.\d+)*)`)

// programSupport looks a program up by its name and version. The product is
// empty where the tables have no such program; the last result is false where
// they don't have this version of it.
func programSupport(s migrate.Software) (found support, product string, known bool) {
	for _, p := range programPatterns {
		if !p.pattern.MatchString(strings.TrimSpace(s.Name)) {
			continue
		}
		version := ""
		if m := versionNumber.FindStringSubmatch(strings.TrimSpace(s.Version)); m != nil {
			version = m[1]
		}
		if p.product == sqlServerProduct {
			version = sqlServerRelease(s)
		}
		if version == "" {
			return support{}, p.product, false
		}
		found, known = lookUp(programs, p.product, version)
		return found, p.product, known
	}
	return support{}, "", false
}

// programPart recognises what comes with a program of the tables and is judged
// with it: clients, modules, documentation.
var programPart = regexp.MustCompile(`(?i)^(lib)?(php|mysql|mariadb|apache|httpd|redis|solr|postgres|elasticsearch|magento|nginx|tomcat)|sql server`)

// packagedVersion marks a version that a distribution builds and patches.
var packagedVersion = regexp.MustCompile(`(?i)deb\d+u?|ubuntu|\.el\d|\.amzn`)

// packaged tells whether a distribution patches this version, so that its own
// end of life counts and not the maker's.
func packaged(version string) bool { return packagedVersion.MatchString(version) }

var esxiVersion = regexp.MustCompile(`(?i)esxi?\s+(\d+\.\d+)`)

// hypervisorSupport looks up what a host calls its version.
func hypervisorSupport(version string) (support, bool) {
	if m := esxiVersion.FindStringSubmatch(version); m != nil {
		return lookUp(hypervisors, "VMware ESXi", m[1])
	}
	if m := versionNumber.FindStringSubmatch(version); m != nil {
		// A number alone may be another hypervisor's: one that is older than
		// all of ESXi says nothing.
		found, known := lookUp(hypervisors, "VMware ESXi", m[1])
		return found, known && found.oldest == ""
	}
	return support{}, false
}

// lookUp finds the release that a version belongs to: the longest that it
// begins with. Where the version is only the first part of releases ("15" of
// "15.5"), the one that lives longest answers, so that nothing is called dead
// that may be alive. A release below all of the table's was over by the end of
// the lowest one.
func lookUp(table []lifeCycle, product, version string) (support, bool) {
	for _, cycle := range table {
		if cycle.product != product {
			continue
		}
		best := support{product: product, source: cycle.source}
		for _, r := range cycle.releases {
			if within(version, r.name) && len(r.name) > len(best.release) {
				best.release, best.end = r.name, date(r.end)
			}
		}
		if best.release == "" {
			best = newestWithin(best, cycle, version)
		}
		if best.release == "" {
			best = belowAll(best, cycle, version)
		}
		return best, best.release != ""
	}
	return support{}, false
}

func newestWithin(best support, cycle lifeCycle, version string) support {
	for _, r := range cycle.releases {
		end := date(r.end)
		if !within(r.name, version) {
			continue
		}
		if best.release == "" || end.IsZero() || (!best.end.IsZero() && end.After(best.end)) {
			best.release, best.end = version, end
		}
	}
	return best
}

// belowAll answers for a release that is older than the oldest of the table.
func belowAll(best support, cycle lifeCycle, version string) support {
	var oldest release
	for _, r := range cycle.releases {
		if numbers(r.name) != nil && (oldest.name == "" || slices.Compare(numbers(r.name), numbers(oldest.name)) < 0) {
			oldest = r
		}
	}
	asked := numbers(version)
	if asked == nil || oldest.end == "" || slices.Compare(asked, numbers(oldest.name)) >= 0 {
		return best
	}
	// Two numbers name a release, or as many as the table has; the rest is its
	// patches.
	named := min(len(asked), max(2, len(numbers(oldest.name))))
	best.release, best.oldest, best.end = strings.Join(strings.Split(version, ".")[:named], "."), oldest.name, date(oldest.end)
	return best
}

// numbers splits a version at its points; nil where it is more than numbers.
func numbers(version string) (out []int) {
	for _, part := range strings.Split(version, ".") {
		n, err := strconv.Atoi(part)
		if err != nil {
			return nil
		}
		out = append(out, n)
	}
	return out
}

// within tells whether a version is a release or lies below it: 7.4.33 in 7.4.
func within(version, release string) bool {
	rest, ok := strings.CutPrefix(version, release)
	return ok && (rest == "" || rest[0] == '.')
}

// date reads a table's date as the end of that day; the empty one is zero. The
// table is checked by a test.
func date(text string) time.Time {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}
	}
	return day.Add(24*time.Hour - time.Second)
}
