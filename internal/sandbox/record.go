package sandbox

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// recorder collects what one run of the engine tells.
type recorder struct {
	phase string
	total int
	tell  func(Progress)

	mu        sync.Mutex
	resources map[string]*Resource
	through   map[string]bool
	counts    map[string]int
	errors    []diagnostic
	warnings  []string

	programErr  error
	programTime time.Duration
}

// diagnostic is an error that the engine reported.
type diagnostic struct{ urn, message string }

func newRecorder(phase string, total int, tell func(Progress)) *recorder {
	return &recorder{
		phase: phase, total: total, tell: tell,
		resources: map[string]*Resource{}, through: map[string]bool{}, counts: map[string]int{},
	}
}

// program wraps a program so that its error is kept as it was, before the
// engine dresses it.
func (r *recorder) program(run pulumi.RunFunc) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		start := time.Now()
		err := run(ctx)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.programErr, r.programTime = err, time.Since(start)
		return err
	}
}

// patience is how long the events of a run that failed are waited for: an
// engine that never came to send any doesn't close their channel.
const patience = 2 * time.Second

// listen gives a channel for the engine's events, and a function that waits
// for the last one.
func (r *recorder) listen() (chan<- events.EngineEvent, func(failed bool)) {
	ch, done := make(chan events.EngineEvent), make(chan struct{})
	go func() {
		defer close(done)
		for e := range ch {
			r.take(e)
		}
	}()
	return ch, func(failed bool) {
		if !failed {
			<-done
			return
		}
		select {
		case <-done:
		case <-time.After(patience):
		}
	}
}

func (r *recorder) take(e events.EngineEvent) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case e.ResourcePreEvent != nil:
		r.step(&e.ResourcePreEvent.Metadata)
	case e.ResOutputsEvent != nil:
		r.step(&e.ResOutputsEvent.Metadata)
		r.finish(e.ResOutputsEvent.Metadata.URN)
	case e.DiagnosticEvent != nil:
		r.diagnose(e.DiagnosticEvent)
	case e.Error != nil:
		r.errors = append(r.errors, diagnostic{message: e.Error.Error()})
	}
}

// step notes what the engine says of a resource. Of a replacement it says
// three things, which count as one.
func (r *recorder) step(m *apitype.StepEventMetadata) {
	known, ok := r.resources[m.URN]
	if !ok {
		known = &Resource{URN: m.URN, Type: m.Type, Name: resource.URN(m.URN).Name()}
		r.resources[m.URN] = known
	}
	if op := opOf(string(m.Op)); !ok || known.Op != Replace {
		known.Op = op
	}
	switch {
	case m.New != nil:
		known.fill(m.New)
	case m.Old != nil && !ok: // the old half of a replacement says nothing new
		known.fill(m.Old)
	}
	if len(m.Diffs) > 0 || len(m.DetailedDiff) > 0 {
		known.Changed, known.Replacing = changed(m)
	}
}

func (r *Resource) fill(s *apitype.StepEventStateMetadata) {
	r.Custom, r.Protect, r.Parent = s.Custom, s.Protect, s.Parent
	if s.ID != "" && s.ID != plugin.UnknownStringValue {
		r.ID = s.ID
	}
	r.Inputs, r.Outputs = plainMap(s.Inputs), plainMap(s.Outputs)
}

func changed(m *apitype.StepEventMetadata) (paths, replacing []string) {
	for path, d := range m.DetailedDiff {
		paths = append(paths, path)
		if strings.HasSuffix(string(d.Kind), "-replace") {
			replacing = append(replacing, path)
		}
	}
	if len(paths) == 0 {
		paths, replacing = append(paths, m.Diffs...), append(replacing, m.Keys...)
	}
	sort.Strings(paths)
	sort.Strings(replacing)
	return paths, replacing
}

// opOf reduces the engine's operations to those of a Graph.
func opOf(op string) Op {
	switch op {
	case "create", "import":
		return Create
	case "update":
		return Update
	case "replace", "create-replacement", "delete-replaced", "read-replacement", "import-replacement", "discard-replaced",
		"remove-pending-replace":
		return Replace
	case "delete", "discard":
		return Delete
	case "read":
		return Read
	}
	return Same
}

func (r *recorder) finish(urn string) {
	if r.through[urn] {
		return
	}
	r.through[urn] = true
	res := r.resources[urn]
	if res.Type == stackType {
		return
	}
	r.counts[tierOf(res, r.resources)]++
	if r.tell == nil {
		return
	}
	tiers := make(map[string]int, len(r.counts))
	done := 0
	for tier, n := range r.counts {
		tiers[tier] = n
		done += n
	}
	r.tell(Progress{Phase: r.phase, Done: done, Total: r.total, Tiers: tiers})
}

func (r *recorder) diagnose(d *apitype.DiagnosticEvent) {
	message := strings.TrimSpace(stripMarkup(d.Message))
	switch {
	case d.Ephemeral || message == "":
	case d.Severity == "error":
		r.errors = append(r.errors, diagnostic{urn: d.URN, message: strings.TrimPrefix(message, "error: ")})
	case d.Severity == "warning":
		r.warnings = append(r.warnings, strings.TrimPrefix(message, "warning: "))
	}
}

// graph gives what was recorded.
func (r *recorder) graph() Graph {
	r.mu.Lock()
	defer r.mu.Unlock()
	var g Graph
	for _, res := range r.resources {
		g.Resources = append(g.Resources, *res)
	}
	sort.Slice(g.Resources, func(i, j int) bool { return g.Resources[i].URN < g.Resources[j].URN })
	g.tiers()
	return g
}

// outputs gives the stack's outputs.
func (r *recorder) outputs() map[string]any {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, res := range r.resources {
		if res.Type == stackType && res.Outputs != nil {
			return res.Outputs
		}
	}
	return map[string]any{}
}

// plainMap copies properties, with the engine's marks turned into words.
func plainMap(m map[string]any) map[string]any {
	if m == nil {
		return nil
	}
	out := make(map[string]any, len(m))
	for k, v := range m {
		if !strings.HasPrefix(k, "__") {
			out[k] = plainValue(v)
		}
	}
	return out
}

func plainValue(v any) any {
	switch v := v.(type) {
	case string:
		if v == plugin.UnknownStringValue {
			return Unknown
		}
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = plainValue(e)
		}
		return out
	case map[string]any:
		if sig, ok := v[resource.SigKey]; ok {
			return marked(sig, v)
		}
		return plainMap(v)
	}
	return v
}

// marked turns a value that carries one of the engine's signatures into plain
// data.
func marked(sig any, v map[string]any) any {
	switch sig {
	case resource.SecretSig:
		return Secret
	case resource.OutputValueSig:
		if v["secret"] == true {
			return Secret
		}
		if inner, ok := v["value"]; ok {
			return plainValue(inner)
		}
		return Unknown
	case resource.ResourceReferenceSig:
		return v["urn"]
	}
	return plainMap(v)
}

// addDependencies takes from a preview's digest what its events leave out.
func (g *Graph) addDependencies(digest []byte) error {
	var d struct {
		Steps []auto.PreviewStep `json:"steps"`
	}
	if err := json.Unmarshal(digest, &d); err != nil {
		return fmt.Errorf("read the preview's digest: %w", err)
	}
	for _, step := range d.Steps {
		if step.NewState != nil {
			g.depend(*step.NewState)
		}
	}
	return nil
}

// depend notes the dependencies of one resource.
func (g *Graph) depend(state apitype.ResourceV3) {
	res, ok := g.Find(string(state.URN))
	if !ok {
		return
	}
	res.Dependencies = sortedURNs(state.Dependencies)
	res.PropertyDependencies = nil
	for property, urns := range state.PropertyDependencies {
		if len(urns) > 0 {
			if res.PropertyDependencies == nil {
				res.PropertyDependencies = map[string][]string{}
			}
			res.PropertyDependencies[string(property)] = sortedURNs(urns)
		}
	}
}

func sortedURNs(urns []resource.URN) []string {
	var out []string
	for _, u := range urns {
		out = append(out, string(u))
	}
	sort.Strings(out)
	return out
}

// inherit takes dependencies over from a graph of the same program.
func (g *Graph) inherit(from *Graph) {
	for i := range g.Resources {
		if known, ok := from.Find(g.Resources[i].URN); ok {
			g.Resources[i].Dependencies = known.Dependencies
			g.Resources[i].PropertyDependencies = known.PropertyDependencies
		}
	}
}
