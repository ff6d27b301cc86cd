package privatecloud_test

import (
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/components/platform/platformtest"
	"github.com/storefront-toolkit/storefront/components/privatecloud"
	"github.com/storefront-toolkit/storefront/components/topology"
)

const (
	virtualMachine = "vsphere:index/virtualMachine:VirtualMachine"
	antiAffinity   = "vsphere:index/computeClusterVmAntiAffinityRule:ComputeClusterVmAntiAffinityRule"
	machineTags    = "nsxt:index/policyVmTags:PolicyVmTags"
	virtualDisk    = "vsphere:index/virtualDisk:VirtualDisk"
)

func web(n int) func(*topology.Storefront) {
	return func(s *topology.Storefront) { s.Web.Capacity.Min = n }
}

func TestFromFourToTwelveTouchesServersTagsAndAntiAffinityAlone(t *testing.T) {
	before, after := record(t, settings(), web(4)), record(t, settings(), web(12))
	var added, changed []string
	for _, key := range slices.Sorted(maps.Keys(after)) {
		old, stood := before[key]
		switch {
		case !stood:
			added = append(added, key)
		case !cmp.Equal(old.Inputs, after[key].Inputs):
			changed = append(changed, key)
		}
	}
	var want []string
	for n := 5; n <= 12; n++ {
		want = append(want, fmt.Sprintf("%s storefront-web-%d", virtualMachine, n), fmt.Sprintf("%s storefront-web-%d", machineTags, n))
	}
	want = append(want, antiAffinity+" storefront-web-apart-2")
	slices.Sort(want)
	require.Equal(t, want, added)
	require.Equal(t, []string{antiAffinity + " storefront-web-apart-1"}, changed)
	require.Len(t, after[antiAffinity+" storefront-web-apart-1"].Inputs["virtualMachineIds"].ArrayValue(), 6)
	for key := range before {
		require.Contains(t, after, key)
	}
}

func TestARunningCampaignSetsTheNumberOfWebServers(t *testing.T) {
	got := record(t, settings(), func(s *topology.Storefront) {
		s.Campaigns[0].Start, s.Campaigns[0].End = platformtest.Now.Add(-1), platformtest.Now.AddDate(0, 0, 1)
		s.Campaigns[0].WebServers = 9
	})
	require.Contains(t, got, virtualMachine+" storefront-web-9")
	require.NotContains(t, got, virtualMachine+" storefront-web-10")
}

func TestThreeServersThatFailOverNeverShareAHost(t *testing.T) {
	got := record(t, settings(), nil)
	for _, name := range []string{"database", "sessions", "cache"} {
		rule := got[antiAffinity+" storefront-"+name+"-apart-1"]
		require.Len(t, rule.Inputs["virtualMachineIds"].ArrayValue(), 3, name)
		require.True(t, rule.Inputs["mandatory"].BoolValue(), name)
	}
	in := settings()
	in.Hosts = 3
	require.False(t, record(t, in, nil)[antiAffinity+" storefront-database-apart-1"].Inputs["mandatory"].BoolValue(),
		"with as many hosts as servers no host could be emptied")
	in.Hosts = 2
	list, err := platformtest.Record(arguments(in, nil), probes(t))
	require.ErrorContains(t, err, "database.readers.min")
	require.Empty(t, list)
}

func TestServersCarryTheirMarks(t *testing.T) {
	got := record(t, settings(), nil)
	count := 0
	for key, r := range got {
		if r.Type != virtualMachine {
			continue
		}
		count++
		// project, stack, environment, owner, wave and tier.
		require.Len(t, r.Inputs["tags"].ArrayValue(), 6, key)
		require.Contains(t, got, machineTags+" "+r.Name)
		require.Contains(t, r.Ignored, "extraConfig", "a changed document would touch the server")
	}
	// 4 web, 2 static, 2 search, 3 each of database, sessions and cache, and one each of admin, deploy, analytics and media.
	require.Equal(t, 21, count)
}

func TestAServerBootsWithItsAddressAndDocument(t *testing.T) {
	got := record(t, settings(), nil)[virtualMachine+" storefront-web-2"]
	info := got.Inputs["extraConfig"]
	if info.IsSecret() {
		info = info.SecretValue().Element
	}
	metadata, err := base64.StdEncoding.DecodeString(text(info.ObjectValue()["guestinfo.metadata"]))
	require.NoError(t, err)
	var meta struct {
		Host    string   `json:"local-hostname"`
		Cleanup []string `json:"cleanup-guestinfo"`
		Network struct {
			Ethernets map[string]struct {
				Addresses []string
				Routes    []struct{ Via string }
			}
		}
	}
	require.NoError(t, json.Unmarshal(metadata, &meta))
	require.Equal(t, "storefront-web-2", meta.Host)
	require.Equal(t, []string{"userdata"}, meta.Cleanup)
	require.Equal(t, []string{"10.60.32.1/18"}, meta.Network.Ethernets["lan"].Addresses)
	require.Equal(t, "10.60.0.1", meta.Network.Ethernets["lan"].Routes[0].Via)

	document := unpack(t, text(info.ObjectValue()["guestinfo.userdata"]))
	require.True(t, strings.HasPrefix(document, "#cloud-config\n"))
	require.Contains(t, document, "hostname: storefront-web-2")
}

func text(v resource.PropertyValue) string {
	if v.IsSecret() {
		v = v.SecretValue().Element
	}
	return v.StringValue()
}

func unpack(t *testing.T, packed string) string {
	t.Helper()
	z, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(packed)))
	require.NoError(t, err)
	out, err := io.ReadAll(z)
	require.NoError(t, err)
	return string(out)
}

func TestAServerIsMadeAnewByItsMarkAlone(t *testing.T) {
	in := settings()
	in.Replace = map[string]string{"storefront-web-3": "2027-01-02"}
	before, after := record(t, settings(), nil), record(t, in, nil)
	for key, r := range after {
		if r.Type != virtualMachine {
			continue
		}
		if r.Name == "storefront-web-3" {
			require.Equal(t, "2027-01-02", r.Inputs["replaceTrigger"].StringValue())
			continue
		}
		require.Equal(t, before[key].Inputs, r.Inputs, key)
	}
	in.Replace = map[string]string{"storefront-web-99": "x", "web-1": "x"}
	_, err := platformtest.Record(arguments(in, nil), probes(t))
	require.ErrorContains(t, err, "$.replace.storefront-web-99: is no server of this stack")
	require.ErrorContains(t, err, "$.replace.web-1: is no server of this stack")
}

func TestADataDiskOutlivesItsServer(t *testing.T) {
	got := record(t, settings(), nil)
	for name, gib := range map[string]float64{"database-1": 200, "media-1": 500, "sessions-3": 24, "search-2": 50, "analytics-1": 100} {
		disk, ok := got[virtualDisk+" storefront-"+name+"-data"]
		require.True(t, ok, name)
		require.Equal(t, gib, disk.Inputs["size"].NumberValue(), name)
		require.True(t, disk.Protect, name)
		disks := got[virtualMachine+" storefront-"+name].Inputs["disks"].ArrayValue()
		require.True(t, disks[1].ObjectValue()["attach"].BoolValue(), name)
		require.Equal(t, disk.Inputs["vmdkPath"], disks[1].ObjectValue()["path"], name)
	}
	require.NotContains(t, got, virtualDisk+" storefront-cache-1-data")
}

func TestWhatVCenterLacksIsRefusedAllAtOnce(t *testing.T) {
	for path, change := range map[string]func(*privatecloud.Settings){
		"$.datacenter": func(s *privatecloud.Settings) { s.Datacenter = "nope" },
		"$.cluster":    func(s *privatecloud.Settings) { s.Cluster = "nope" },
		"$.datastore":  func(s *privatecloud.Settings) { s.Datastore = "nope" },
		"$.template":   func(s *privatecloud.Settings) { s.Template = "nope" },
		"$.resourcePool": func(s *privatecloud.Settings) {
			s.ResourcePool = "nope"
		},
		"$.storagePolicy": func(s *privatecloud.Settings) { s.StoragePolicy = "nope" },
	} {
		in := settings()
		change(&in)
		list, err := platformtest.Record(arguments(in, nil), probes(t))
		require.ErrorContains(t, err, path+`: vCenter doesn't find "nope"`)
		for _, r := range list {
			require.False(t, r.Custom, "%s: %s %s was registered first", path, r.Type, r.Name)
		}
	}
	in := settings()
	in.Cluster, in.Template = "nope", "no"
	_, err := platformtest.Record(arguments(in, nil), probes(t))
	require.ErrorContains(t, err, "$.cluster")
	require.ErrorContains(t, err, "$.template")
}
