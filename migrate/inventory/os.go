package inventory

import (
	"regexp"
	"strings"
)

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

// orLater is how vSphere words a guest of which it only knows a lower bound:
// "Windows Server 2016 or later".
var orLater = regexp.MustCompile(`(?i)or (later|above|newer)`)

// sameOS says whether two wordings can mean one system: the same product, and
// the same main version where both tell it. "Linux" agrees with any Linux, "2016
// or later" with 2019.
func sameOS(a, b string) bool {
	pa, va := osProduct(a)
	pb, vb := osProduct(b)
	if pa == "" || pb == "" {
		return osFamilyOf(a) == osFamilyOf(b)
	}
	switch {
	case pa != pb:
		return false
	case va == "" || vb == "" || va == vb:
		return true
	case orLater.MatchString(a):
		return atLeast(vb, va)
	case orLater.MatchString(b):
		return atLeast(va, vb)
	}
	return false
}

func atLeast(version, bound string) bool {
	return len(version) > len(bound) || len(version) == len(bound) && version >= bound
}

var fullVersion = regexp.MustCompile(`\d+(\.\d+)*`)

// exactOS grows with what a wording tells: the main version, the minor one, and
// that it is no lower bound.
func exactOS(os string) int {
	_, main := osProduct(os)
	n := 0
	if main != "" {
		n += 2 + strings.Count(fullVersion.FindString(bits.ReplaceAllString(os, "")), ".")
	}
	if main != "" && !orLater.MatchString(os) {
		n += 4
	}
	return n
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
