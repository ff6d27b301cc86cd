package inventory

import "regexp"

var osProducts = []struct {
	name string
	re   *regexp.Regexp
}{
	{"windows server", regexp.MustCompile(`(?i)windows.*server`)},
	{"windows", regexp.MustCompile(`(?i)windows`)},
	{"centos", regexp.MustCompile(`(?i)centos`)},
	{"oracle linux", regexp.MustCompile(`(?i)oracle.*linux|^ol\b`)},
	{"rhel", regexp.MustCompile(`(?i)red ?hat|rhel`)},
	{"rocky", regexp.MustCompile(`(?i)rocky`)},
	{"alma", regexp.MustCompile(`(?i)alma`)},
	{"ubuntu", regexp.MustCompile(`(?i)ubuntu`)},
	{"debian", regexp.MustCompile(`(?i)debian`)},
	{"sles", regexp.MustCompile(`(?i)suse|sles`)},
	{"amazon linux", regexp.MustCompile(`(?i)amazon`)},
	{"fedora", regexp.MustCompile(`(?i)fedora`)},
}

var (
	mainVersion = regexp.MustCompile(`\d+`)
	bits        = regexp.MustCompile(`(?i)\(?\b(32|64)[- ]?bit\)?|x86_64|x64|amd64|i[3-6]86`)
)

// sameOS says whether two wordings can mean one system: the same product, and
// the same main version where both tell it. "Linux" agrees with any Linux.
func sameOS(a, b string) bool {
	pa, va := osProduct(a)
	pb, vb := osProduct(b)
	if pa == "" || pb == "" {
		return osFamilyOf(a) == osFamilyOf(b)
	}
	return pa == pb && (va == "" || vb == "" || va == vb)
}

// osProduct names the product and its main version.
func osProduct(os string) (product, version string) {
	os = bits.ReplaceAllString(os, "")
	for _, p := range osProducts {
		if p.re.MatchString(os) {
			return p.name, mainVersion.FindString(os)
		}
	}
	return "", ""
}
