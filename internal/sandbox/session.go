package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optrefresh"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"github.com/storefront-toolkit/storefront/internal/phrase"
	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
)

// session is a stack that is ready to run.
type session struct {
	options   Options
	folder    *folder
	cloud     *fake.Cloud
	server    *fake.Server
	workspace auto.Workspace
	stack     auto.Stack
	run       *Run
}

// open sets a stack up: its folder, the simulated providers, the engine.
func open(ctx context.Context, o Options) (*session, error) {
	s := &session{options: o, run: &Run{Stack: o.Stack, Outputs: map[string]any{}}}
	if err := s.start(ctx); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *session) start(ctx context.Context) (err error) {
	if s.folder, err = openFolder(s.options.Dir); err != nil {
		return err
	}
	project, notes, err := copyProject(ctx, &s.options, s.folder)
	if err != nil {
		return err
	}
	s.run.Notes = notes
	if s.cloud, err = fake.NewCloud(s.options.Packages...); err != nil {
		return err
	}
	if s.server, err = s.cloud.Serve(); err != nil {
		return err
	}
	cli, err := s.options.CLI.Find(ctx)
	if err != nil {
		return err
	}
	s.run.CLI = cli.Version().String()
	return s.openStack(ctx, project, cli)
}

func (s *session) openStack(ctx context.Context, project string, cli auto.PulumiCommand) (err error) {
	s.workspace, err = auto.NewLocalWorkspace(ctx,
		auto.WorkDir(s.folder.work()),
		auto.PulumiHome(s.folder.home()),
		auto.SecretsProvider("passphrase"),
		auto.EnvVars(s.folder.env(s.server.DebugProviders())),
		auto.Pulumi(digesting{cli}),
	)
	if err != nil {
		return fmt.Errorf("open the workspace: %w", err)
	}
	if s.folder.hasState(project, s.options.Stack) {
		s.stack, err = auto.SelectStack(ctx, s.options.Stack, s.workspace)
	} else {
		s.stack, err = auto.NewStack(ctx, s.options.Stack, s.workspace)
	}
	if err != nil {
		return fmt.Errorf("open stack %s: %w", s.options.Stack, commandLine(err))
	}
	return nil
}

func (s *session) close() {
	if s.server != nil {
		s.server.Close()
	}
	if s.folder != nil {
		s.folder.unlock()
	}
}

// digesting asks each preview for its digest, which holds the dependencies
// that the events leave out. It spares the engine the questions that the
// Automation API puts after each run: the events have told the answers, and
// without secrets in clear.
type digesting struct{ auto.PulumiCommand }

func (d digesting) Run(
	ctx context.Context, dir string, in io.Reader, out, errs []io.Writer, env []string, args ...string,
) (string, string, int, error) {
	switch {
	case hasPrefix(args, "stack", "output"):
		return "{}", "", 0, nil
	case hasPrefix(args, "stack", "history"):
		return "[]", "", 0, nil
	case hasPrefix(args, "preview"):
		args = append(args, "--json", "--show-sames")
	}
	return d.PulumiCommand.Run(ctx, dir, in, out, errs, env, args...)
}

func hasPrefix(args []string, words ...string) bool {
	return len(args) >= len(words) && slices.Equal(args[:len(words)], words)
}

// phase runs the engine once, with the program's errors and the events kept.
func (s *session) phase(name string, total int, run func(chan<- events.EngineEvent) error) (*recorder, error) {
	rec := newRecorder(name, total, s.options.Progress)
	s.workspace.SetProgram(rec.program(s.options.Program))
	ch, wait := rec.listen()
	err := run(ch)
	wait(err != nil)
	s.run.Seconds.Program = rec.programTime.Seconds()
	refusals := s.cloud.Refusals()
	if err == nil && len(refusals) == 0 {
		s.note(rec.warnings)
		return rec, nil
	}
	lines := problems(rec.programErr, refusals, rec.errors)
	switch {
	case len(lines) > 0:
		return rec, &Refused{Lines: lines}
	case err != nil:
		return rec, fmt.Errorf("%s stack %s: %w", name, s.options.Stack, commandLine(err))
	}
	return rec, errors.New("the simulated providers refused the stack without a reason")
}

// note adds what isn't noted yet.
func (s *session) note(notes []string) {
	for _, n := range notes {
		if !slices.Contains(s.run.Notes, n) {
			s.run.Notes = append(s.run.Notes, n)
		}
	}
}

func (s *session) logs() []io.Writer {
	if s.options.Log == nil {
		return nil
	}
	return []io.Writer{s.options.Log}
}

func (s *session) preview(ctx context.Context) error {
	defer timed(&s.run.Seconds.Preview)()
	s.cloud.Collect(true)
	defer s.cloud.Collect(false)
	var digest string
	rec, err := s.phase("preview", 0, func(ch chan<- events.EngineEvent) error {
		result, err := s.stack.Preview(ctx, optpreview.EventStreams(ch), optpreview.ErrorProgressStreams(s.logs()...))
		digest = result.StdOut
		return err
	})
	s.run.Graph, s.run.Outputs = rec.graph(), rec.outputs()
	if err != nil {
		return err
	}
	return s.run.Graph.addDependencies([]byte(digest))
}

// up previews first, so that a stack that is refused is left as it was.
func (s *session) up(ctx context.Context) error {
	if err := s.preview(ctx); err != nil {
		return err
	}
	defer timed(&s.run.Seconds.Command)()
	planned := s.run.Graph
	rec, err := s.phase("up", len(planned.Resources), func(ch chan<- events.EngineEvent) error {
		_, err := s.stack.Up(ctx, optup.EventStreams(ch), optup.ProgressStreams(s.logs()...))
		return err
	})
	s.run.Graph, s.run.Outputs = rec.graph(), rec.outputs()
	s.run.Graph.inherit(&planned)
	return err
}

func (s *session) refresh(ctx context.Context) error {
	defer timed(&s.run.Seconds.Command)()
	rec, err := s.phase("refresh", 0, func(ch chan<- events.EngineEvent) error {
		_, err := s.stack.Refresh(ctx, optrefresh.EventStreams(ch), optrefresh.ProgressStreams(s.logs()...))
		return err
	})
	s.run.Graph, s.run.Outputs = rec.graph(), rec.outputs()
	return err
}

func (s *session) destroy(ctx context.Context) error {
	defer timed(&s.run.Seconds.Command)()
	before, err := s.state(ctx)
	if err != nil {
		return err
	}
	if err := s.liftProtection(ctx, before); err != nil {
		return err
	}
	rec, err := s.phase("destroy", len(before), func(ch chan<- events.EngineEvent) error {
		_, err := s.stack.Destroy(ctx, optdestroy.EventStreams(ch), optdestroy.ProgressStreams(s.logs()...))
		return err
	})
	s.run.Graph = rec.graph()
	for _, r := range before {
		s.run.Graph.depend(r)
	}
	return err
}

// state gives the resources of the stack as they were last saved.
func (s *session) state(ctx context.Context) ([]apitype.ResourceV3, error) {
	exported, err := s.stack.Export(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the state of stack %s: %w", s.options.Stack, commandLine(err))
	}
	var deployment apitype.DeploymentV3
	if err := json.Unmarshal(exported.Deployment, &deployment); err != nil {
		return nil, fmt.Errorf("read the state of stack %s: %w", s.options.Stack, err)
	}
	return deployment.Resources, nil
}

// liftProtection makes protected resources ready to go where that is asked
// for, and refuses to touch anything where it isn't: the engine itself would
// only notice half-way.
func (s *session) liftProtection(ctx context.Context, resources []apitype.ResourceV3) error {
	protected := 0
	for _, r := range resources {
		if r.Protect {
			protected++
		}
	}
	switch {
	case protected == 0:
		return nil
	case !s.options.Unprotect:
		is := "are"
		if protected == 1 {
			is = "is"
		}
		return &Refused{Lines: []string{fmt.Sprintf("%s %s protected: run up with --config storefront:topology.protect=false, "+
			"then destroy with the same; or destroy with --unprotect", phrase.Count(protected, "resource"), is)}}
	}
	env := []string{"PULUMI_HOME=" + s.folder.home()}
	for k, v := range s.workspace.GetEnvVars() {
		env = append(env, k+"="+v)
	}
	_, stderr, _, err := s.workspace.PulumiCommand().Run(ctx, s.folder.work(), nil, nil, nil, env,
		"state", "unprotect", "--all", "--yes", "--stack", s.options.Stack)
	if err != nil {
		return fmt.Errorf("lift the protection of stack %s: %w: %s", s.options.Stack, err, stripMarkup(stderr))
	}
	return nil
}
