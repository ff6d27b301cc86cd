package pulumicli

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// script puts a pulumi that only knows its version into a folder.
func script(t *testing.T, dir, version string) string {
	t.Helper()
	require.NoError(t, os.MkdirAll(dir, 0o755))
	path := filepath.Join(dir, "pulumi")
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\necho "+version+"\n"), 0o755))
	return path
}

// goOnly is a PATH with the Go command and what it needs, and no Pulumi.
func goOnly(t *testing.T) string {
	t.Helper()
	var dirs []string
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		if _, err := os.Stat(filepath.Join(dir, "pulumi")); err != nil {
			dirs = append(dirs, dir)
		}
	}
	return strings.Join(dirs, string(os.PathListSeparator))
}

func TestAPulumiOnPathIsTakenWhereItIsNewEnough(t *testing.T) {
	for version, taken := range map[string]bool{
		"v3.255.0": true, "v3.300.1": true, "v3.254.9": false, "v4.0.0": false, "nonsense": false,
	} {
		t.Run(version, func(t *testing.T) {
			dir, cache := t.TempDir(), t.TempDir()
			onPath := script(t, dir, version)
			pinned := script(t, filepath.Join(cache, "pulumi-v"+Pinned, "bin"), "v"+Pinned)
			t.Setenv("PATH", dir+string(os.PathListSeparator)+goOnly(t))
			got, err := Finder{Root: t.TempDir(), Cache: cache}.Find(context.Background())
			require.NoError(t, err)
			require.Equal(t, !taken, got.Built)
			if taken {
				require.Equal(t, onPath, got.Path)
			} else {
				require.Equal(t, pinned, got.Path)
			}
		})
	}
}

func TestWithoutPulumiAndModuleTheErrorSaysBoth(t *testing.T) {
	t.Setenv("PATH", goOnly(t))
	_, err := Finder{Root: t.TempDir(), Cache: t.TempDir()}.Find(context.Background())
	require.ErrorContains(t, err, "neither a Pulumi 3.255.0 or newer on PATH nor the module to build it from")
}

// module writes a stand-in for the pinned command line's module.
func module(t *testing.T, source string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range map[string]string{
		"tools/pulumi/go.mod": "module tool\n\ngo 1.26\n\ntool github.com/pulumi/pulumi/pkg/v3/cmd/pulumi\n\n" +
			"require github.com/pulumi/pulumi/pkg/v3 v3.255.0\n\nreplace github.com/pulumi/pulumi/pkg/v3 => ./cli\n",
		"tools/pulumi/cli/go.mod":             "module github.com/pulumi/pulumi/pkg/v3\n\ngo 1.26\n",
		"tools/pulumi/cli/cmd/pulumi/main.go": source,
	} {
		path := filepath.Join(root, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	return root
}

func TestThePinnedOneIsBuiltOnce(t *testing.T) {
	t.Setenv("PATH", goOnly(t))
	root := module(t, "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"v"+Pinned+"\") }\n")
	source := filepath.Join(root, "tools", "pulumi", "cli", "cmd", "pulumi", "main.go")
	cache := t.TempDir()
	var said strings.Builder
	finder := Finder{Root: root, Cache: cache, Progress: &said}
	got, err := finder.Find(context.Background())
	require.NoError(t, err)
	require.True(t, got.Built)
	require.Equal(t, Pinned, got.Version().String())
	require.Contains(t, said.String(), "building the Pulumi command line 3.255.0")

	said.Reset()
	require.NoError(t, os.WriteFile(source, []byte("broken"), 0o644))
	_, err = finder.Find(context.Background())
	require.NoError(t, err)
	require.Empty(t, said.String(), "it was built again")
}

func TestABuildThatFailsLeavesNothingBehind(t *testing.T) {
	t.Setenv("PATH", goOnly(t))
	cache := t.TempDir()
	_, err := Finder{Root: module(t, "package main\n\nfunc main() { oops }\n"), Cache: cache}.Find(context.Background())
	require.ErrorContains(t, err, "undefined: oops")
	left, err := filepath.Glob(filepath.Join(cache, "pulumi-v"+Pinned, "bin", "*pulumi*"))
	require.NoError(t, err)
	for _, f := range left {
		require.True(t, strings.HasSuffix(f, ".lock"), f)
	}
}
