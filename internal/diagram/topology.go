// Package diagram draws what a run of a stack registered: a picture of its
// tiers as SVG and a page with what would be created. It works from the
// recorded resource graph alone, so it shows what is, not what was meant.
package diagram

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/storefront-toolkit/storefront/internal/sandbox"
)

// Tier is one component below the shop and what stands in it.
type Tier struct {
	URN, Kind, Name string
	// Count is how many resources it holds.
	Count int
	// Facts are short lines on the resources that matter, such as
	// "6 to 60 servers".
	Facts []string
	// Types counts its resources by type.
	Types map[string]int
}

// Link says that resources of one tier need resources of another.
type Link struct{ From, To string } // names

// Shop is a graph seen as tiers.
type Shop struct {
	Tiers []Tier
	Links []Link
}

// rows is the order in which a visitor's request meets the tiers.
var rows = [][]string{
	{"Access", "Edge"},
	{"LoadBalancer"},
	{"Web", "Admin", "Deploy", "Static"},
	{"Database", "Sessions", "Cache", "Search", "Analytics", "Media"},
}

func rank(kind string) int {
	for i, r := range rows {
		if j := slices.Index(r, kind); j >= 0 {
			return i*10 + j
		}
	}
	return 100
}

// Read finds the tiers of a graph and what links them.
func Read(g sandbox.Graph) Shop {
	byURN := map[string]sandbox.Resource{}
	for _, r := range g.Resources {
		byURN[r.URN] = r
	}
	owner := map[string]string{} // a resource's tier component
	tiers := map[string]*Tier{}
	for _, r := range g.Resources {
		at := tierOf(r, byURN)
		if at == "" || r.Op == sandbox.Delete {
			continue
		}
		owner[r.URN] = at
		t := tiers[at]
		if t == nil {
			c := byURN[at]
			t = &Tier{URN: at, Kind: c.Type[strings.LastIndex(c.Type, ":")+1:], Name: c.Name, Types: map[string]int{}}
			tiers[at] = t
		}
		if r.Custom {
			t.Count++
			t.Types[r.Type]++
		}
	}
	var shop Shop
	for urn, t := range tiers {
		t.Facts = facts(g, urn, owner)
		shop.Tiers = append(shop.Tiers, *t)
	}
	sort.Slice(shop.Tiers, func(i, j int) bool {
		a, b := shop.Tiers[i], shop.Tiers[j]
		if rank(a.Kind) != rank(b.Kind) {
			return rank(a.Kind) < rank(b.Kind)
		}
		return a.Name < b.Name
	})
	shop.Links = links(g, owner, tiers)
	return shop
}

// tierOf returns the URN of the component right below the shop that r stands in.
func tierOf(r sandbox.Resource, byURN map[string]sandbox.Resource) string {
	for at := r; at.URN != ""; at = byURN[at.Parent] {
		parent := byURN[at.Parent]
		if !at.Custom && strings.HasSuffix(parent.Type, ":Storefront") {
			return at.URN
		}
	}
	return ""
}

func links(g sandbox.Graph, owner map[string]string, tiers map[string]*Tier) []Link {
	seen := map[Link]bool{}
	for _, r := range g.Resources {
		for _, d := range r.Dependencies {
			from, to := tiers[owner[r.URN]], tiers[owner[d]]
			// Everything stands on the network: a line to it says nothing.
			if from == nil || to == nil || from == to || to.Kind == "Network" || from.Kind == "Network" {
				continue
			}
			seen[Link{from.Name, to.Name}] = true
		}
	}
	var out []Link
	for l := range seen {
		out = append(out, l)
	}
	sort.Slice(out, func(i, j int) bool {
		return out[i].From+"\x00"+out[i].To < out[j].From+"\x00"+out[j].To
	})
	return out
}

// A fact words what matters of one type of resource; "" says nothing.
type fact struct {
	token string
	word  func(in map[string]any) string
}

// server is the word of a fleet of one fixed size, whose servers are counted.
const server = "server"

// known lists the types worth a line in the picture.
var known = []fact{
	{"aws:autoscaling/group:Group", func(in map[string]any) string {
		if in["minSize"] == in["maxSize"] {
			return server
		}
		return fmt.Sprintf("%v to %v servers", in["minSize"], in["maxSize"])
	}},
	{"aws:ec2/launchTemplate:LaunchTemplate", text("instanceType")},
	{"aws:rds/cluster:Cluster", text("engine")},
	{"aws:rds/clusterInstance:ClusterInstance", text("instanceClass")},
	{"aws:rds/instance:Instance", func(in map[string]any) string { return join(in["engine"], in["instanceClass"]) }},
	{"aws:rds/proxy:Proxy", word("connection pool")},
	{"aws:elasticache/replicationGroup:ReplicationGroup", func(in map[string]any) string {
		return fmt.Sprintf("%v × %v", in["numCacheClusters"], in["nodeType"])
	}},
	{"aws:opensearch/domain:Domain", word("OpenSearch")},
	{"aws:lb/loadBalancer:LoadBalancer", func(in map[string]any) string {
		return fmt.Sprintf("%v load balancer", in["loadBalancerType"])
	}},
	{"aws:cloudfront/distribution:Distribution", word("CloudFront")},
	{"aws:wafv2/webAcl:WebAcl", word("web filter")},
	{"aws:s3/bucketV2:BucketV2", word("bucket")},
	{"aws:efs/fileSystem:FileSystem", word("EFS")},
	{"aws:ebs/volume:Volume", func(in map[string]any) string { return fmt.Sprintf("volume of %v GiB", in["size"]) }},
	{"aws:ec2clientvpn/endpoint:Endpoint", word("client VPN")},
	{"aws:ec2/vpnConnection:VpnConnection", word("site-to-site VPN")},
	{"vsphere:index/virtualMachine:VirtualMachine", func(in map[string]any) string {
		mib, _ := in["memory"].(float64)
		return fmt.Sprintf("VM of %v vCPU, %v GiB", in["numCpus"], mib/1024)
	}},
	{"nsxt:index/policyLbVirtualServer:PolicyLbVirtualServer", word("virtual server")},
	{"nsxt:index/policyIpsecVpnSession:PolicyIpsecVpnSession", word("IPsec tunnel")},
	{"nsxt:index/policyNatRule:PolicyNatRule", word("address translation")},
}

func text(key string) func(map[string]any) string {
	return func(in map[string]any) string {
		s, _ := in[key].(string)
		return s
	}
}

func word(w string) func(map[string]any) string { return func(map[string]any) string { return w } }

func join(a, b any) string { return strings.TrimSpace(fmt.Sprint(a) + " " + fmt.Sprint(b)) }

// facts words a tier's resources, equal lines counted, in the order of known.
func facts(g sandbox.Graph, tier string, owner map[string]string) []string {
	var lines []string
	count := map[string]int{}
	for _, k := range known {
		for _, r := range g.Resources {
			if owner[r.URN] != tier || r.Type != k.token {
				continue
			}
			line := k.word(r.Inputs)
			if line == "" {
				continue
			}
			if count[line] == 0 {
				lines = append(lines, line)
			}
			if n, fixed := r.Inputs["minSize"].(float64); fixed && line == server {
				count[line] += int(n) // one group a server, or one of several
				continue
			}
			count[line]++
		}
	}
	for i, l := range lines {
		switch n := count[l]; {
		case l == server && n == 1:
			lines[i] = "1 server"
		case l == server:
			lines[i] = fmt.Sprintf("%d servers", n)
		case n > 1:
			lines[i] = fmt.Sprintf("%d × %s", n, l)
		}
	}
	return lines
}
