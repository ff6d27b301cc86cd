package fake

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/big"
	"sort"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Object is a simulated resource while its outputs are made.
type Object struct {
	// URN, Type and Name are the resource's in the program.
	URN        resource.URN
	Type, Name string
	// ID is the provider's identifier; empty until it is made.
	ID string
	// Inputs are what the program gave, without secrecy.
	Inputs resource.PropertyMap
	// Settings are the provider's.
	Settings map[string]string

	arn     string
	unknown bool // a template met a value that isn't known yet
}

// Text gives an input as text, and "" where it is absent, unknown or not a
// plain value.
func (o *Object) Text(name string) string {
	v, known := unwrap(o.Inputs[resource.PropertyKey(name)])
	if !known {
		o.unknown = true
	}
	return textOf(v)
}

// Has tells whether the program gave an input.
func (o *Object) Has(name string) bool {
	return !isAbsent(o.Inputs[resource.PropertyKey(name)])
}

// ARN gives the resource's Amazon Resource Name, or "" for other packages.
func (o *Object) ARN() string { return o.arn }

// Hex gives n hexadecimal digits that depend on the resource and on the label.
func (o *Object) Hex(label string, n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		sum := o.sum(label + strconv.Itoa(i))
		b.WriteString(hex.EncodeToString(sum[:]))
	}
	return b.String()[:n]
}

// Number gives a number from 0 to n-1 that depends on the resource and on the
// label.
func (o *Object) Number(label string, n uint32) uint32 {
	sum := o.sum(label)
	return binary.BigEndian.Uint32(sum[:4]) % n
}

// Upper gives n capital letters and digits, as CloudFront and Route 53 use.
func (o *Object) Upper(label string, n int) string {
	sum := o.sum(label)
	s := strings.ToUpper(new(big.Int).SetBytes(sum[:]).Text(36))
	for len(s) < n {
		s += s
	}
	return s[:n]
}

// UUID gives an identifier of that form.
func (o *Object) UUID(label string) string {
	h := o.Hex(label, 32)
	return fmt.Sprintf("%s-%s-4%s-a%s-%s", h[:8], h[8:12], h[13:16], h[17:20], h[20:])
}

func (o *Object) sum(label string) [sha256.Size]byte {
	return sha256.Sum256([]byte(string(o.URN) + "\n" + o.ID + "\n" + label))
}

// Expand fills a template. In braces stand: a number, for so many hexadecimal
// digits; U and a number, for capitals and digits; uuid; id; arn; logical, for
// the name in the program; name, for the name in the cloud; a provider's
// setting such as region; or the name of an input. Of words joined by a bar the
// first that gives anything stands.
func (o *Object) Expand(label, template string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(template, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		word, after, _ := strings.Cut(rest, "}")
		b.WriteString(o.firstOf(label, strings.Split(word, "|")))
		template = after
	}
}

func (o *Object) firstOf(label string, words []string) string {
	for _, word := range words {
		if text := o.word(label, word); text != "" || o.unknown {
			return text
		}
	}
	return ""
}

func (o *Object) word(label, word string) string {
	if n, err := strconv.Atoi(word); err == nil {
		return o.Hex(label, n)
	}
	if n, err := strconv.Atoi(strings.TrimPrefix(word, "U")); err == nil && word[0] == 'U' {
		return o.Upper(label, n)
	}
	switch word {
	case "uuid":
		return o.UUID(label)
	case "id":
		return o.ID
	case "arn":
		if o.arn == "" {
			return o.Text("arn")
		}
		return o.arn
	case "logical":
		return o.Name
	case "name":
		if o.Has("name") {
			return o.Text("name")
		}
		return o.Name
	}
	if v, ok := o.Settings[word]; ok {
		return v
	}
	return o.Text(word)
}

// autoname is the name that a resource gets where the program gives none: the
// logical name and seven digits, as the real bridge makes it, but the same on
// every run.
func autoname(urn resource.URN) string {
	sum := sha256.Sum256([]byte(urn))
	return urn.Name() + "-" + hex.EncodeToString(sum[:])[:7]
}

// fingerprint gives digits that change with a resource's inputs, so that a
// replacement gets another identifier. Secrets are left out of it.
func fingerprint(inputs resource.PropertyMap) string {
	keys := make([]string, 0, len(inputs))
	for k := range inputs {
		keys = append(keys, string(k))
	}
	sort.Strings(keys)
	h := sha256.New()
	for _, k := range keys {
		v := inputs[resource.PropertyKey(k)]
		if v.ContainsSecrets() {
			continue
		}
		fmt.Fprintf(h, "%s=%s\n", k, v.String())
	}
	return hex.EncodeToString(h.Sum(nil))
}

// textOf gives a plain value as text, and "" for any other.
func textOf(v resource.PropertyValue) string {
	v, known := unwrap(v)
	switch {
	case !known:
		return ""
	case v.IsString():
		return v.StringValue()
	case v.IsNumber():
		return strconv.FormatFloat(v.NumberValue(), 'f', -1, 64)
	case v.IsBool():
		return strconv.FormatBool(v.BoolValue())
	}
	return ""
}
