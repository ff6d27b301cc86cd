package sandbox

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/lockedfile"

	"github.com/storefront-toolkit/storefront/internal/atomicfile"
)

// folder is what a stack's sandbox keeps on disk.
type folder struct {
	root       string
	passphrase string
	unlock     func()
}

func (f *folder) home() string  { return filepath.Join(f.root, "home") }
func (f *folder) state() string { return filepath.Join(f.root, "state") }
func (f *folder) work() string  { return filepath.Join(f.root, "work") }

// openFolder takes a folder for one run. A second run on the same folder waits
// for the first to end.
func openFolder(root string) (*folder, error) {
	f := &folder{root: root}
	for _, dir := range []string{f.home(), f.state(), f.work()} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("make the sandbox's folder: %w", err)
		}
	}
	unlock, err := lockedfile.MutexAt(filepath.Join(root, "lock")).Lock()
	if err != nil {
		return nil, fmt.Errorf("take the sandbox's folder %s: %w", root, err)
	}
	f.unlock = unlock
	if err := f.prepare(); err != nil {
		unlock()
		return nil, err
	}
	return f, nil
}

func (f *folder) prepare() error {
	if err := f.dropStaleLocks(); err != nil {
		return err
	}
	secret, err := f.keep("passphrase", randomText)
	f.passphrase = secret
	return err
}

// dropStaleLocks removes the locks of the engine's file backend. The folder is
// this run's alone, so they are left from one that was killed.
func (f *folder) dropStaleLocks() error {
	locks := filepath.Join(f.state(), ".pulumi", "locks")
	err := filepath.WalkDir(locks, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return os.Remove(path)
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the locks of a run that was killed: %w", err)
	}
	return nil
}

// keep gives the text that the folder keeps under a name, made the first time
// it is asked for.
func (f *folder) keep(name string, make func() (string, error)) (string, error) {
	path := filepath.Join(f.root, name)
	b, err := os.ReadFile(path)
	if err == nil {
		return strings.TrimSpace(string(b)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read the sandbox's %s: %w", name, err)
	}
	text, err := make()
	if err != nil {
		return "", fmt.Errorf("make the sandbox's %s: %w", name, err)
	}
	if err := atomicfile.Write(path, []byte(text+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("keep the sandbox's %s: %w", name, err)
	}
	return text, nil
}

// randomText gives a passphrase that nobody can guess.
func randomText() (string, error) {
	random := make([]byte, 24)
	_, err := rand.Read(random)
	return base64.RawURLEncoding.EncodeToString(random), err
}

// env is the environment that keeps the engine within the folder and away
// from the network.
func (f *folder) env(debugProviders string) map[string]string {
	return map[string]string{
		"PULUMI_BACKEND_URL":                            "file://" + filepath.ToSlash(f.state()),
		"PULUMI_CONFIG_PASSPHRASE":                      f.passphrase,
		"PULUMI_DEBUG_PROVIDERS":                        debugProviders,
		"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION":   "true",
		"PULUMI_SKIP_UPDATE_CHECK":                      "true",
		"PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
		// The simulated cloud remembers nothing but this state, so saving it
		// after each resource gains nothing and takes most of the time.
		"PULUMI_SKIP_CHECKPOINTS":  "true",
		"PULUMI_SUPPRESS_NEO_LINK": "true",
		"NO_COLOR":                 "1",
	}
}

// hasState tells whether a stack was made here before.
func (f *folder) hasState(project, stack string) bool {
	_, err := os.Stat(filepath.Join(f.state(), ".pulumi", "stacks", project, stack+".json"))
	return err == nil
}
