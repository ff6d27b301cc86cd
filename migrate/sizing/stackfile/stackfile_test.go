package stackfile

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/components/topology"
)

const text = `# The shop in production.
config:
  aws:region: eu-west-1
  storefront:topology:
    channels:
      # The first shop.
      - {code: uk, requestsPerSecond: 60} # busy hour
    campaigns:
      - start: 2027-11-25T23:00:00Z
    web:
      capacity: {min: 2, max: 4} # rehearsed
      requestsPerServer: 30
    deploy:
      runner: {kind: github}
other: kept
`

func open(t *testing.T, content string) (*File, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "Pulumi.prod.yaml")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	f, err := Read(path)
	require.NoError(t, err)
	return f, path
}

func TestOnlyWhatIsSetChanges(t *testing.T) {
	f, path := open(t, text)
	require.True(t, f.Declared)
	for _, one := range []struct {
		path  string
		value any
	}{
		{"channels[0].requestsPerSecond", 16.5}, {"web.capacity.max", 9}, {"web.size.vcpu", 8}, {"web.size.memoryGiB", 16.0},
		{"database.readers.min", 1},
	} {
		require.NoError(t, f.Set(one.path, one.value), one.path)
	}
	require.NoError(t, f.Write())
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, `# The shop in production.
config:
  aws:region: eu-west-1
  storefront:topology:
    channels:
      # The first shop.
      - {code: uk, requestsPerSecond: 16.5} # busy hour
    campaigns:
      - start: 2027-11-25T23:00:00Z
    web:
      capacity: {min: 2, max: 9} # rehearsed
      requestsPerServer: 30
      size:
        vcpu: 8
        memoryGiB: 16
    deploy:
      runner: {kind: github}
    database:
      readers:
        min: 1
other: kept
`, string(got))
	s, err := f.Topology()
	require.NoError(t, err)
	require.Equal(t, topology.Size{VCPU: 8, MemoryGiB: 16}, s.Web.Size)
	require.Equal(t, 2027, s.Campaigns[0].Start.Year())
}

func TestNothingSetGivesTheSameBytes(t *testing.T) {
	f, _ := open(t, text)
	got, err := f.Bytes()
	require.NoError(t, err)
	require.Equal(t, text, string(got))
	for _, name := range []string{"Pulumi.prod.yaml", "Pulumi.staging.yaml"} {
		data, err := os.ReadFile(filepath.Join("../../..", name))
		require.NoError(t, err)
		f, _ := open(t, string(data))
		got, err := f.Bytes()
		require.NoError(t, err)
		require.Equal(t, string(data), string(got), name)
	}
}

func TestATopologyIsLaidDownWhereThereIsNone(t *testing.T) {
	for _, content := range []string{"", "config:\n", "config:\n  storefront:topology:\n", "config:\n  storefront:platform: aws\n"} {
		f, _ := open(t, content)
		require.False(t, f.Declared)
		require.NoError(t, f.Declare([]byte("# ours\nowner: platform\n"), "aws"))
		require.NoError(t, f.Set("web.capacity.max", 3))
		s, err := f.Topology()
		require.NoError(t, err)
		require.Equal(t, "platform", s.Owner)
		require.Equal(t, 3, s.Web.Capacity.Max)
		got, err := f.Bytes()
		require.NoError(t, err)
		require.Contains(t, string(got), "storefront:platform: aws")
		require.Contains(t, string(got), "# ours")
	}
	f, err := Read(filepath.Join(t.TempDir(), "Pulumi.new.yaml"))
	require.NoError(t, err)
	require.True(t, f.New)
	require.NoError(t, f.Declare([]byte("owner: platform\n"), "aws"))
	got, err := f.Bytes()
	require.NoError(t, err)
	require.Equal(t, "# yaml-language-server: $schema=docs/schema/stack.schema.json\nconfig:\n  storefront:platform: aws\n"+
		"  storefront:topology:\n    owner: platform\n", string(got))
	f, err = Read(filepath.Join(t.TempDir(), "Pulumi.new.yaml"))
	require.NoError(t, err)
	require.Error(t, f.Set("web.capacity.max", 3))
	require.ErrorContains(t, f.Declare([]byte("[]"), "aws"), "no mapping")
	require.Error(t, f.Declare([]byte("a: ["), "aws"))
}

func TestWrongFilesAreRefusedWithTheirLine(t *testing.T) {
	for content, want := range map[string]string{
		"a: [":                                   "Pulumi.prod.yaml",
		"- a\n":                                  "line 1: the file is not a mapping",
		"config: []\n":                           "line 1: config is not a mapping",
		"config:\n  storefront:topology: text\n": "line 2: storefront:topology is not a mapping",
	} {
		path := filepath.Join(t.TempDir(), "Pulumi.prod.yaml")
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		_, err := Read(path)
		require.ErrorContains(t, err, want)
	}
	f, _ := open(t, "config:\n  storefront:topology:\n    web: {capacity: 3}\n    wep: {}\n")
	_, err := f.Topology()
	require.ErrorContains(t, err, "storefront:topology.web.capacity")
	require.ErrorContains(t, err, "storefront:topology.wep: unknown key; did you mean web?")
	f, _ = open(t, text)
	require.ErrorContains(t, f.Set("channels[7].requestsPerSecond", 1.0), "channels has 1 entries")
	require.ErrorContains(t, f.Set("deploy.runner", 1.0), "holds no single value")
}

// Whatever a file holds, an edit either fails or gives a file that can be read
// again and says what was set.
func FuzzSet(f *testing.F) {
	f.Add(text, "web.capacity.max")
	f.Add("config:\n  storefront:topology: &a\n    web: *a\n", "web.size.vcpu")
	f.Add("config: {storefront:topology: {web: null, channels: [1, {}]}}", "channels[1].requestsPerSecond")
	f.Fuzz(func(t *testing.T, content, path string) {
		file := &File{path: "fuzz.yaml"}
		if file.parse([]byte(content)) != nil || file.Set(path, 3) != nil {
			return
		}
		out, err := file.Bytes()
		if err != nil {
			return
		}
		again := &File{path: "fuzz.yaml"}
		if err := again.parse(out); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		_, _ = again.Topology()
	})
}
