package awscloud

import (
	"regexp"
	"strings"
)

var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// called is the name that a resource has in the account, of at most n
// characters: lower-case letters, digits and single dashes, which every service
// takes. It follows from the resource's own name and the stack's alone, so
// that nothing is ever replaced for its name's sake.
func (s *site) called(name string, n int) string {
	whole := strings.ToLower(name + "-" + s.meta.Stack)
	clean := strings.Trim(notInNames.ReplaceAllString(whole, "-"), "-")
	if clean != whole {
		// shop_1 and shop-1 are two stacks.
		clean += "-" + checksum(whole)
	}
	return short(clean, n)
}
