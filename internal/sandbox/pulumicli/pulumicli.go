// Package pulumicli finds the Pulumi command line, or builds the pinned one
// from its Go module, so that a machine with only Go can run a stack.
package pulumicli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/rogpeppe/go-internal/lockedfile"
)

// Pinned is the version that tools/pulumi holds, and the oldest that does.
const Pinned = "3.255.0"

// toolModule is where the pinned command line's module lies in the repository.
var toolModule = filepath.Join("tools", "pulumi")

// Finder says where to look.
type Finder struct {
	// Root is the repository, which holds the module to build from.
	Root string
	// Cache is the folder that the built command line is kept in; by default
	// the user's cache folder, below storefront.
	Cache string
	// Progress hears of a build, which takes minutes; nil for silence.
	Progress io.Writer
}

// Command is a command line that was found.
type Command struct {
	auto.PulumiCommand
	// Path is the executable, and Built tells whether it is the pinned one.
	Path  string
	Built bool
}

// Find gives the Pulumi on PATH where it is new enough, or else the pinned one,
// which it builds the first time.
func (f Finder) Find(ctx context.Context) (*Command, error) {
	if cmd := onPath(); cmd != nil {
		return cmd, nil
	}
	dir, err := f.folder()
	if err != nil {
		return nil, err
	}
	binary := executable(dir)
	if cmd, err := open(dir); err == nil {
		return &Command{PulumiCommand: cmd, Path: binary, Built: true}, nil
	}
	if err := f.build(ctx, binary); err != nil {
		return nil, fmt.Errorf("build the Pulumi command line %s: %w", Pinned, err)
	}
	cmd, err := open(dir)
	if err != nil {
		return nil, fmt.Errorf("run the built Pulumi command line %s: %w", binary, err)
	}
	return &Command{PulumiCommand: cmd, Path: binary, Built: true}, nil
}

// onPath gives the Pulumi on PATH, or nil where there is none or an older one.
func onPath() *Command {
	path, err := exec.LookPath("pulumi")
	if err != nil {
		return nil
	}
	cmd, err := auto.NewPulumiCommand(&auto.PulumiCommandOptions{SkipVersionCheck: true})
	if err != nil || !newEnough(cmd.Version()) {
		return nil
	}
	return &Command{PulumiCommand: cmd, Path: path}
}

func newEnough(v semver.Version) bool {
	pinned := semver.MustParse(Pinned)
	return v.Major == pinned.Major && v.GE(pinned)
}

func open(dir string) (auto.PulumiCommand, error) {
	if _, err := os.Stat(executable(dir)); err != nil {
		return nil, err
	}
	return auto.NewPulumiCommand(&auto.PulumiCommandOptions{Root: dir, SkipVersionCheck: true})
}

func executable(dir string) string {
	name := "pulumi"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return filepath.Join(dir, "bin", name)
}

func (f Finder) folder() (string, error) {
	cache := f.Cache
	if cache == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("find the user's cache folder: %w", err)
		}
		cache = filepath.Join(user, "storefront")
	}
	return filepath.Join(cache, "pulumi-v"+Pinned), nil
}

// build makes the executable appear in one piece. A second run that wants it
// meanwhile waits for the first.
func (f Finder) build(ctx context.Context, binary string) error {
	module := filepath.Join(f.Root, toolModule)
	if _, err := os.Stat(filepath.Join(module, "go.mod")); err != nil {
		return fmt.Errorf("neither a Pulumi %s or newer on PATH nor the module to build it from: %w", Pinned, err)
	}
	if err := os.MkdirAll(filepath.Dir(binary), 0o755); err != nil {
		return err
	}
	unlock, err := lockedfile.MutexAt(binary + ".lock").Lock()
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := os.Stat(binary); err == nil {
		return nil
	}
	temp := filepath.Join(filepath.Dir(binary), fmt.Sprintf(".pulumi.%d", os.Getpid()))
	defer os.Remove(temp)
	if err := f.compile(ctx, module, temp); err != nil {
		return err
	}
	return os.Rename(temp, binary)
}

func (f Finder) compile(ctx context.Context, module, out string) error {
	progress := f.Progress
	if progress == nil {
		progress = io.Discard
	}
	fmt.Fprintf(progress, "building the Pulumi command line %s from its Go module, once (some minutes)\n", Pinned)
	start := time.Now()
	cmd := exec.CommandContext(ctx, "go", "build", "-o", out,
		"-ldflags", "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v"+Pinned,
		"github.com/pulumi/pulumi/pkg/v3/cmd/pulumi")
	cmd.Dir = module
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=readonly", "GOWORK=off")
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Run(); err != nil {
		return errors.Join(fmt.Errorf("go build in %s: %w", module, err), errors.New(strings.TrimSpace(output.String())))
	}
	fmt.Fprintf(progress, "built in %s: %s\n", time.Since(start).Round(time.Second), filepath.Dir(out))
	return nil
}
