// Package sandbox runs a Pulumi program in the real engine against simulated
// providers, with its state in a folder of its own: no account, no plugin, no
// network.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/internal/phrase"
	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
	"github.com/storefront-toolkit/storefront/internal/sandbox/pulumicli"
)

// Command is what to do with a stack.
type Command string

// The commands, as in the Pulumi command line.
const (
	Preview Command = "preview"
	Up      Command = "up"
	Refresh Command = "refresh"
	Destroy Command = "destroy"
)

// Options are a run's.
type Options struct {
	// Stack is the stack's name, as in Pulumi.<stack>.yaml.
	Stack string
	// Project is the folder of Pulumi.yaml and Pulumi.<stack>.yaml. Nothing is
	// written there.
	Project string
	// Dir is the folder that the run keeps its state in, by default
	// .sandbox/<stack> in the project's folder.
	Dir string
	// Program is the Pulumi program.
	Program pulumi.RunFunc
	// Packages are the simulated packages.
	Packages []*fake.Package
	// Config are settings of the form path=value that stand over the stack's
	// own, such as "storefront:web.capacity.max=12".
	Config []string
	// Secrets lists, by their paths, the secret settings without which the
	// program refuses the stack's other settings, which get tells of. Nil for
	// none. The sandbox makes up those that the stack does not have.
	Secrets func(get func(path string) (string, bool)) []string
	// Unprotect lifts the protection of all resources before a Destroy.
	Unprotect bool
	// CLI finds the Pulumi command line.
	CLI pulumicli.Finder
	// Progress hears of the run as it goes on; nil for silence. It is called
	// from one goroutine at a time.
	Progress func(Progress)
	// Log takes the engine's own output; nil to drop it.
	Log io.Writer
}

// Progress is how far a run has come.
type Progress struct {
	// Phase is what is being done, such as "preview".
	Phase string
	// Done counts the resources that are through, and Total those that there
	// are, where that is known.
	Done, Total int
	// Tiers counts the resources that are through by tier.
	Tiers map[string]int
}

// Run is what a command did.
type Run struct {
	// Stack and Command are as asked for.
	Stack   string  `json:"stack"`
	Command Command `json:"command"`
	// Graph holds every resource that the run met.
	Graph Graph `json:"graph"`
	// Outputs are the stack's. A secret stands as Secret and a value that
	// isn't known before the stack is up as Unknown.
	Outputs map[string]any `json:"outputs"`
	// Notes are what a reader has to know beside the result.
	Notes []string `json:"notes,omitempty"`
	// CLI is the command line's version.
	CLI string `json:"cli"`
	// Seconds says how long each part took.
	Seconds Seconds `json:"seconds"`
}

// Seconds are a run's times, in seconds.
type Seconds struct {
	// Setup is until the engine starts, Preview and Command are the engine's
	// runs, and Program is the program's own share of the last one.
	Setup   float64 `json:"setup"`
	Preview float64 `json:"preview,omitempty"`
	Command float64 `json:"command,omitempty"`
	Program float64 `json:"program,omitempty"`
}

// Refused is the error of a stack that was refused. Its state is as it was
// before.
type Refused struct {
	// Lines are what was wrong, each problem once.
	Lines []string
}

func (r *Refused) Error() string {
	return fmt.Sprintf("refused: %s, the first: %s", phrase.Count(len(r.Lines), "problem"), r.Lines[0])
}

// stackName is what names a file and, in Pulumi, a stack.
var stackName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$`)

// Do runs a command. The error is a *Refused where the program, a provider or
// the engine refused the stack.
func Do(ctx context.Context, command Command, o Options) (*Run, error) {
	if err := o.complete(); err != nil {
		return nil, err
	}
	start := time.Now()
	s, err := open(ctx, o)
	if err != nil {
		return nil, err
	}
	defer s.close()
	s.run.Command = command
	s.run.Seconds.Setup = seconds(start)
	switch command {
	case Preview:
		err = s.preview(ctx)
	case Up:
		err = s.up(ctx)
	case Refresh:
		err = s.refresh(ctx)
	case Destroy:
		err = s.destroy(ctx)
	default:
		err = fmt.Errorf("no command %q: take preview, up, refresh or destroy", command)
	}
	return s.run, err
}

// complete fills in what follows from the rest.
func (o *Options) complete() error {
	if !stackName.MatchString(o.Stack) {
		return fmt.Errorf("stack %q: a name has letters, digits and ._- only, and begins with a letter or a digit", o.Stack)
	}
	if o.Program == nil {
		return errors.New("run a stack: no program given")
	}
	project, err := filepath.Abs(o.Project)
	if err != nil {
		return fmt.Errorf("find the project's folder: %w", err)
	}
	o.Project = project
	if o.Dir == "" {
		o.Dir = filepath.Join(project, ".sandbox", o.Stack)
	}
	if o.Dir, err = filepath.Abs(o.Dir); err != nil {
		return fmt.Errorf("find the sandbox's folder: %w", err)
	}
	if o.CLI.Root == "" {
		o.CLI.Root = project
	}
	return nil
}

func seconds(since time.Time) float64 { return time.Since(since).Seconds() }

// timed adds the time until the returned function is called.
func timed(to *float64) func() {
	start := time.Now()
	return func() { *to += seconds(start) }
}
