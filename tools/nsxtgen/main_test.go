package main

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// committed is the SDK that the repository holds.
const committed = "../../sdks/nsxt"

func generated(t *testing.T) *SDK {
	t.Helper()
	raw, err := os.ReadFile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	sdk, err := Generate(t.Context(), raw)
	if err != nil {
		t.Fatal(err)
	}
	return sdk
}

func TestCommittedSDKIsGenerated(t *testing.T) {
	differences, err := Compare(generated(t).Files, committed)
	if err != nil {
		t.Fatal(err)
	}
	if len(differences) > 0 {
		t.Errorf("regenerate with: go run -C tools/nsxtgen . schema.json %s\n%s", committed, strings.Join(differences, "\n"))
	}
}

func TestGenerationIsRepeatable(t *testing.T) {
	first, second := generated(t), generated(t)
	if !maps.EqualFunc(first.Files, second.Files, bytes.Equal) {
		t.Error("two generations from one schema differ")
	}
}

func TestModulePathIsTheImportBase(t *testing.T) {
	sdk := generated(t)
	if want := "github.com/pulumi/pulumi-terraform-provider/sdks/go/nsxt/v3"; sdk.ModulePath != want {
		t.Errorf("module path %q, want %q", sdk.ModulePath, want)
	}
	for _, name := range []string{"go.mod", ".gitattributes", "nsxt/pulumi-plugin.json", "nsxt/internal/pulumiUtilities.go"} {
		if _, ok := sdk.Files[name]; !ok {
			t.Errorf("no file %s among %d", name, len(sdk.Files))
		}
	}
}

func TestRun(t *testing.T) {
	tests := []struct {
		name   string
		change func(t *testing.T, out string)
		status int
		lines  []string // each a piece of standard error, in order
	}{
		{name: "same", change: func(*testing.T, string) {}, status: exitSame},
		{
			name: "differing, missing and foreign files",
			change: func(t *testing.T, out string) {
				write(t, filepath.Join(out, "nsxt", "doc.go"), "package nsxt\n")
				remove(t, filepath.Join(out, "nsxt", "provider.go"))
				write(t, filepath.Join(out, "go.sum"), "")
			},
			status: exitDiffers,
			lines:  []string{"go.sum: not generated", "doc.go: differs", "provider.go: missing"},
		},
		{
			name:   "no SDK at all",
			change: func(t *testing.T, out string) { remove(t, out) },
			status: exitDiffers,
			lines:  []string{".gitattributes: missing", "go.mod: missing"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "sdks", "nsxt")
			var stdout, stderr bytes.Buffer
			if status := run([]string{"schema.json", out}, &stdout, &stderr); status != exitSame {
				t.Fatalf("status %d: %s", status, &stderr)
			}
			test.change(t, out)
			stderr.Reset()
			if status := run([]string{"-check", "schema.json", out}, &stdout, &stderr); status != test.status {
				t.Errorf("status %d, want %d: %s", status, test.status, &stderr)
			}
			inOrder(t, stderr.String(), test.lines)
			if test.status == exitSame {
				return
			}
			// Writing again mends what can be told to be the same SDK.
			if status := run([]string{"schema.json", out}, &stdout, &stderr); status != exitSame {
				t.Errorf("regenerate: status %d: %s", status, &stderr)
			}
			if differences, err := Compare(generated(t).Files, out); err != nil || len(differences) > 0 {
				t.Errorf("after regenerating: %v %v", differences, err)
			}
		})
	}
}

func TestReplaceLeavesOtherFoldersAlone(t *testing.T) {
	sdk := generated(t)
	tests := []struct{ name, file, contents, want string }{
		{"no module", "notes.txt", "mine", "is no Go module"},
		{"another module", "go.mod", "module example.org/mine\n", `holds the module "example.org/mine"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			out := t.TempDir()
			write(t, filepath.Join(out, test.file), test.contents)
			err := Replace(sdk, out)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one that says %q", err, test.want)
			}
			got, err := os.ReadFile(filepath.Join(out, test.file))
			if err != nil || string(got) != test.contents {
				t.Errorf("%s holds %q, %v", test.file, got, err)
			}
		})
	}
}

func TestReplaceLeavesNothingBehind(t *testing.T) {
	parent := t.TempDir()
	if err := Replace(generated(t), filepath.Join(parent, "nsxt")); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(parent)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 || entries[0].Name() != "nsxt" {
		t.Errorf("left behind: %v", entries)
	}
}

func TestTrouble(t *testing.T) {
	dir := t.TempDir()
	file := func(name, contents string) string {
		path := filepath.Join(dir, name)
		write(t, path, contents)
		return path
	}
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"no arguments", nil, "usage:"},
		{"unknown flag", []string{"-nope"}, "not defined"},
		{"no schema", []string{filepath.Join(dir, "absent.json"), dir}, "read the schema"},
		{"not JSON", []string{file("bad.json", "{"), dir}, "parse the schema"},
		{"no version", []string{file("bare.json", `{"name": "x"}`), dir}, "no version"},
		{"no parameterization", []string{file("plain.json", `{"name": "x", "version": "1.0.0"}`), dir}, "no parameterization"},
		{
			"a local provider",
			[]string{file("local.json", `{"name": "x", "version": "1.0.0", "parameterization": {
				"baseProvider": {"name": "terraform-provider", "version": "1.0.0"}, "parameter": "eyJsb2NhbCI6e319"}}`), dir},
			"no provider in a registry",
		},
		{
			"another package's types",
			[]string{file("foreign.json", `{"name": "x", "version": "1.0.0", "types": {"x:index:T": {"type": "object",
				"properties": {"p": {"$ref": "/other/v1.0.0/schema.json#/types/other:index:T"}}}}}`), dir},
			`refers to package "other"`,
		},
		{"project without go.mod", []string{"-check", "-project", dir, "schema.json", committed}, "go.mod"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			if status := run(test.args, &stdout, &stderr); status != exitTrouble {
				t.Errorf("status %d, want %d", status, exitTrouble)
			}
			if !strings.Contains(stderr.String(), test.want) {
				t.Errorf("standard error %q lacks %q", &stderr, test.want)
			}
		})
	}
}

func TestProject(t *testing.T) {
	sdk := generated(t)
	includes := sdk.Entry.Parameters[len(sdk.Entry.Parameters)-1]
	goodMod := "module example.org/shop\n\ngo 1.26\n\nreplace " + sdk.ModulePath + " => ./sdks/nsxt\n"
	oneList := "name: shop\nruntime: go\npackages:\n  nsxt:\n    source: terraform-provider\n    version: 1.1.3\n" +
		"    parameters: [vmware/nsxt, 3.8.0, --include, \"" + includes + "\"]\n"
	many := "name: shop\nruntime: go\npackages:\n  nsxt:\n    source: terraform-provider\n    version: 1.1.3\n" +
		"    parameters:\n      - vmware/nsxt\n      - 3.8.0\n      - --include=" +
		strings.ReplaceAll(includes, ",", "\n      - --include=") + "\n"
	tests := []struct {
		name, mod, project string
		want               []string
	}{
		{"one list", goodMod, oneList, nil},
		{"one argument each", goodMod, many, nil},
		{"no replace line", "module example.org/shop\n", oneList, []string{`has no line "replace ` + sdk.ModulePath}},
		{"replaced by another folder", strings.ReplaceAll(goodMod, "./sdks/nsxt", "../nsxt"), oneList, []string{"by ../nsxt, not by ./sdks/nsxt"}},
		{"no entry", goodMod, "name: shop\nruntime: go\n", []string{`packages has no entry "nsxt"; it wants terraform-provider@1.1.3 -- vmware/nsxt 3.8.0 --include`}},
		{"another version", goodMod, strings.Replace(oneList, "3.8.0", "3.9.0", 1), []string{"packages.nsxt is terraform-provider@1.1.3 -- vmware/nsxt 3.9.0"}},
		{"a resource less", goodMod, strings.Replace(oneList, "nsxt_policy_group,", "", 1), []string{"packages.nsxt is"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, "go.mod"), test.mod)
			write(t, filepath.Join(dir, "Pulumi.yaml"), test.project)
			got, err := CompareProject(sdk, dir, filepath.Join(dir, "sdks", "nsxt"))
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != len(test.want) {
				t.Fatalf("got %q, want %q", got, test.want)
			}
			inOrder(t, strings.Join(got, "\n"), test.want)
		})
	}
}

// TestRepositoryLinksTheSDK holds the repository's own project to the SDK.
func TestRepositoryLinksTheSDK(t *testing.T) {
	sdk := generated(t)
	differences, err := compareGoMod(sdk, "../..", committed)
	if err != nil {
		t.Fatal(err)
	}
	if len(differences) > 0 {
		t.Error(differences)
	}
	raw, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(strings.Split(string(raw), "\n"), func(line string) bool {
		return strings.Contains(line, sdk.ModulePath+" v")
	}) {
		t.Errorf("go.mod does not require %s", sdk.ModulePath)
	}
}

func write(t *testing.T, path, contents string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(contents), 0o644); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

// inOrder demands that the pieces occur in the text one after the other.
func inOrder(t *testing.T, text string, pieces []string) {
	t.Helper()
	rest := text
	for _, piece := range pieces {
		_, after, ok := strings.Cut(rest, piece)
		if !ok {
			t.Errorf("%q lacks %q, or has it too early", text, piece)
			return
		}
		rest = after
	}
}
