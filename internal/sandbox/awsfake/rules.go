package awsfake

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
)

// epoch is the time at which everything in the simulated account was made.
const epoch = "2025-01-01T00:00:00Z"

// cloudfrontZone is the hosted zone of every CloudFront distribution.
const cloudfrontZone = "Z2FDTNDATAQYW2"

// output gives the outputs that AWS's types share.
func output(o *fake.Object, name string, t reflect.Type) (any, bool) {
	switch name {
	case "tagsAll":
		return allTags(o), true
	case "status":
		return "ACTIVE", true
	case "state":
		return "available", true
	case "engineVersionActual":
		return o.Text("engineVersion"), o.Has("engineVersion")
	case "availabilityZones":
		return zones(o.Settings["region"]), true
	case "availabilityZone", "availabilityZoneName":
		return o.Settings["region"] + "abc"[o.Number("zone", 3):][:1], true
	case "arnSuffix":
		return afterColon(o.ARN(), 5), true
	}
	if template, ok := shared[name]; ok && t.Kind() == reflect.String {
		return o.Expand(name, template), true
	}
	if strings.HasSuffix(name, "Ip") || strings.HasSuffix(name, "Address") && t.Kind() == reflect.String {
		return address(o, name), true
	}
	return nil, false
}

// shared are the templates of outputs that many types have.
var shared = map[string]string{
	"ownerId":            "{account}",
	"owner":              "{account}",
	"region":             "{region}",
	"createDate":         epoch,
	"createTime":         epoch,
	"createdDate":        epoch,
	"creationTime":       epoch,
	"uniqueId":           "A{U20}",
	"etag":               "E{U13}",
	"lockToken":          "{uuid}",
	"vpcId":              "vpc-{17}",
	"networkInterfaceId": "eni-{17}",
	"associationId":      "assoc-{17}",
	"kmsKeyId":           "arn:{partition}:kms:{region}:{account}:key/{uuid}",
	"availabilityZoneId": "{region}-az1",
	"privateDns":         "ip-10-0-0-1.{region}.compute.internal",
	"callerReference":    "{uuid}",
	"lastModifiedTime":   epoch,
}

// allTags are the provider's default tags with the resource's own over them.
func allTags(o *fake.Object) map[string]any {
	tags := map[string]any{}
	for k, v := range o.Settings {
		if name, ok := strings.CutPrefix(k, defaultTag); ok {
			tags[name] = v
		}
	}
	if own := o.Inputs["tags"]; own.IsObject() {
		for k, v := range own.ObjectValue() {
			tags[string(k)] = v.Mappable()
		}
	}
	return tags
}

// address makes an address up: one of the documentation range 203.0.113.0/24
// for a public one, one of 10.0.0.0/8 for any other.
func address(o *fake.Object, label string) string {
	n := o.Number(label, 1<<24)
	if strings.Contains(strings.ToLower(label), "public") || strings.HasPrefix(label, "tunnel") {
		return fmt.Sprintf("203.0.113.%d", 1+n%254)
	}
	return fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, 1+n%254)
}

func zones(region string) []any {
	return []any{region + "a", region + "b", region + "c"}
}

// afterColon gives what follows the nth colon.
func afterColon(s string, n int) string {
	parts := strings.SplitN(s, ":", n+1)
	return parts[len(parts)-1]
}

// list gives a list input's strings.
func list(o *fake.Object, name string) []string {
	var out []string
	if v := o.Inputs[resource.PropertyKey(name)]; v.IsArray() {
		for _, e := range v.ArrayValue() {
			if e.IsString() {
				out = append(out, e.StringValue())
			}
		}
	}
	return out
}

// portOr gives the port that the program set, or the service's own.
func portOr(standard int) func(*fake.Object) any {
	return func(o *fake.Object) any { return numberOr(o, "port", standard) }
}

// versionOr gives the engine version that the program set, or a standard one.
func versionOr(standard string) func(*fake.Object) any { return givenOr("engineVersion", standard) }

// givenOr gives what the program set, or a standard text.
func givenOr(input, standard string) func(*fake.Object) any {
	return func(o *fake.Object) any {
		if o.Has(input) {
			return o.Text(input)
		}
		return standard
	}
}

func numberOr(o *fake.Object, input string, standard int) int {
	if n, err := strconv.Atoi(o.Text(input)); err == nil {
		return n
	}
	return standard
}

func pad3(n int) string { return fmt.Sprintf("%03d", n) }

// suffixAfter gives the part of an ARN that metrics use to name a resource.
func suffixAfter(marker string) func(*fake.Object) any {
	return func(o *fake.Object) any {
		_, suffix, _ := strings.Cut(o.ARN(), marker)
		return suffix
	}
}
