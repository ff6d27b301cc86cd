package handoff

import (
	"fmt"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

// mgnHeader are import parameters of AWS Application Migration Service (User
// Guide, "Importing your data inventory", docs.aws.amazon.com/mgn/latest/ug/
// import-main.html). The launch columns are for the engineer to fill in: empty
// cells change nothing on import.
var mgnHeader = []string{
	"mgn:account-id", "mgn:region", "mgn:wave:name", "mgn:wave:description", "mgn:app:name",
	"mgn:server:user-provided-id", "mgn:server:platform", "mgn:server:fqdn-for-action-framework",
	"mgn:server:tag:Name", "mgn:server:tag:role", "mgn:server:tag:owner", "mgn:server:tag:move-group",
	"mgn:launch:instance-type", "mgn:launch:nic:0:subnet-id", "mgn:launch:nic:0:security-group-id:0", "mgn:launch:placement:tenancy",
	"mgn:launch:iam-instance-profile:name", "mgn:launch:transfer-server-tags",
}

func writeMGN(in *input) ([]File, error) {
	var rows [][]string
	for _, w := range in.waves {
		for _, s := range w.Servers {
			src := in.source(s.ID)
			address := reach(src)
			platform := platformOf(src)
			reason := strange(s.ID, address)
			switch {
			case s.Action != "move":
				reason = "is switched off, not moved"
			case s.Mover != "mgn":
				reason = "moves with " + named(s.Mover)
			case address == "":
				reason = "has neither a full name nor an address in the estate; the import asks for one"
			case platform == "":
				reason = fmt.Sprintf("has operating system %q; the import takes Linux and Windows", src.OS)
			}
			if reason != "" {
				in.skip(s.ID, reason)
				continue
			}
			rows = append(rows, []string{in.options.Account, in.options.Region, w.ID, waveText(w), application(s),
				s.ID, platform, address, s.ID, s.Role, s.Owner, s.Group, "", "", "", "", "", ""})
		}
	}
	data, err := table(mgnHeader, rows)
	return []File{{"mgn-import.csv", data}}, err
}

func named(mover string) string {
	if mover == "" {
		return "no mover that the plan names"
	}
	return mover
}

func platformOf(s *migrate.Server) string {
	switch s.OSFamily {
	case "linux":
		return "Linux"
	case "windows":
		return "Windows"
	}
	return ""
}

func waveText(w migrate.Wave) string {
	return fmt.Sprintf("change window %s to %s", w.Start.Format("2006-01-02 15:04 -0700"), w.End.Format("15:04"))
}

// cmfHeader are the columns of the intake form that Cloud Migration Factory on
// AWS documents as its example; the names are the factory's attributes.
var cmfHeader = []string{
	"wave_name", "app_name", "aws_region", "aws_accountid", "server_name", "server_os_family", "server_os_version", "server_fqdn",
	"server_tier", "server_environment", "r_type", "subnet_IDs", "securitygroup_IDs", "subnet_IDs_test", "securitygroup_IDs_test",
	"instanceType", "tenancy", "tags",
}

// cmfTypes are the factory's migration strategies, in its own spelling.
var cmfTypes = map[string]string{
	"rehost": "Rehost", "replatform": "Replatform", "refactor": "Reachitect", "repurchase": "Repurchase",
	"relocate": "Relocate", "retire": "Retire", "retain": "Retain",
}

func writeCMF(in *input) ([]File, error) {
	var rows [][]string
	for _, w := range in.waves {
		for _, s := range w.Servers {
			src := in.source(s.ID)
			reason := strange(s.ID, reach(src))
			switch {
			case src.OSFamily != "linux" && src.OSFamily != "windows":
				reason = fmt.Sprintf("has operating system %q; the factory takes linux and windows", src.OS)
			case reach(src) == "":
				reason = "has neither a full name nor an address in the estate; the factory asks for server_fqdn"
			}
			if reason != "" {
				in.skip(s.ID, reason)
				continue
			}
			kind, ok := cmfTypes[s.Disposition]
			if !ok {
				kind = "TBC"
			}
			rows = append(rows, []string{w.ID, application(s), in.options.Region, in.options.Account, s.ID, src.OSFamily, osVersion(src), reach(src),
				s.Role, s.Environment, kind, "", "", "", "", "", "", cmfTags(s)})
		}
	}
	if in.options.Wave == "" {
		for _, l := range in.plan.Retained {
			in.skip(l.Server, "stays: "+l.Reason)
		}
	}
	data, err := table(cmfHeader, rows)
	return []File{{"cmf-intake.csv", data}}, err
}

func osVersion(s *migrate.Server) string {
	if s.OS == "" {
		return s.OSFamily
	}
	return s.OS
}

// cmfTags joins tags as the factory splits them: key=value;key=value.
func cmfTags(s migrate.WaveServer) string {
	var out []string
	for _, t := range [][2]string{{"Name", s.ID}, {"owner", s.Owner}, {"move-group", s.Group}} {
		if t[1] != "" {
			out = append(out, t[0]+"="+strings.NewReplacer(";", " ", "=", " ").Replace(t[1]))
		}
	}
	return strings.Join(out, ";")
}
