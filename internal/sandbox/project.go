package sandbox

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"

	"github.com/storefront-toolkit/storefront/internal/phrase"
)

// placeholder stands for each value that the stack's settings hold encrypted:
// the key to it is the real stack's.
const placeholder = "sandbox-placeholder"

// copyProject puts copies of the project's and the stack's settings into the
// folder, so that the engine writes nothing into the project. It gives the
// project's name and what a reader has to know.
func copyProject(ctx context.Context, o *Options, f *folder) (name string, notes []string, err error) {
	project, err := workspace.LoadProject(filepath.Join(o.Project, "Pulumi.yaml"))
	if err != nil {
		return "", nil, fmt.Errorf("read the project: %w", err)
	}
	path, err := stackFile(o, project)
	if err != nil {
		return "", nil, err
	}
	stack, err := workspace.LoadProjectStack(nil, project, path)
	if err != nil {
		return "", nil, fmt.Errorf("read the stack's settings: %w", err)
	}
	if notes, err = settle(ctx, o, f, project, stack); err != nil {
		return "", nil, err
	}
	if err := save(f, o.Stack, project, stack); err != nil {
		return "", nil, fmt.Errorf("copy the stack's settings: %w", err)
	}
	return string(project.Name), notes, nil
}

// stackFile finds the stack's settings, and names the stacks there are where
// it doesn't.
func stackFile(o *Options, project *workspace.Project) (string, error) {
	dir := filepath.Join(o.Project, project.StackConfigDir)
	path := filepath.Join(dir, "Pulumi."+o.Stack+".yaml")
	_, err := os.Stat(path)
	if err == nil {
		return path, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read the stack's settings: %w", err)
	}
	found, _ := filepath.Glob(filepath.Join(dir, "Pulumi.*.yaml"))
	var names []string
	for _, f := range found {
		names = append(names, strings.TrimSuffix(strings.TrimPrefix(filepath.Base(f), "Pulumi."), ".yaml"))
	}
	return "", fmt.Errorf("stack %q: no %s; stacks there are: %s", o.Stack, path, strings.Join(names, ", "))
}

// settle makes a stack's settings the sandbox's own: its key, the values
// standing over others, a placeholder for each encrypted one.
func settle(
	ctx context.Context, o *Options, f *folder, project *workspace.Project, stack *workspace.ProjectStack,
) (notes []string, err error) {
	salt, err := f.salt(ctx)
	if err != nil {
		return nil, err
	}
	if notes, err = replaceSecrets(f, stack, salt); err != nil {
		return nil, err
	}
	if stack.Environment != nil {
		notes = append(notes, "the environments that the stack imports are left out: they are in Pulumi Cloud")
		stack.Environment = nil
	}
	stack.SecretsProvider, stack.EncryptedKey, stack.EncryptionSalt = "", "", salt
	if err := override(stack, string(project.Name), o.Config); err != nil {
		return nil, err
	}
	missing, err := standIn(stack, o.Secrets)
	return append(notes, missing...), err
}

// standIn gives each secret setting that the program asks for a value of its
// own, since a program may refuse equal ones, and notes those that the stack
// does not have. A value that is there in clear stays.
func standIn(stack *workspace.ProjectStack, wanted func(get func(string) (string, bool)) []string) ([]string, error) {
	if wanted == nil {
		return nil, nil
	}
	get := func(path string) (string, bool) {
		key, err := config.ParseKey(path)
		if err != nil {
			return "", false
		}
		v, found, err := stack.Config.Get(key, true)
		if err != nil || !found {
			return "", false
		}
		if v.Secure() {
			return placeholder, true
		}
		text, err := v.Value(config.NopDecrypter)
		return text, err == nil
	}
	var missing []string
	for _, path := range wanted(get) {
		has, found := get(path)
		if found && has != placeholder {
			continue
		}
		if !found {
			missing = append(missing, path)
		}
		key, err := config.ParseKey(path)
		if err == nil {
			err = stack.Config.Set(key, config.NewValue(placeholder+"-"+path[strings.LastIndexAny(path, ".:")+1:]), true)
		}
		if err != nil {
			return nil, fmt.Errorf("stand in for %s: %w", path, err)
		}
	}
	if len(missing) == 0 {
		return nil, nil
	}
	return []string{fmt.Sprintf("%s missing in the stack, made up as %q: %s",
		phrase.Count(len(missing), "secret setting"), placeholder+"-…", strings.Join(missing, ", "))}, nil
}

// replaceSecrets puts a placeholder for each encrypted value.
func replaceSecrets(f *folder, stack *workspace.ProjectStack, salt string) ([]string, error) {
	var hidden []string
	for _, k := range stack.Config.SecureKeys() {
		hidden = append(hidden, k.String())
	}
	if len(hidden) == 0 {
		return nil, nil
	}
	crypter, err := f.crypter(salt)
	if err != nil {
		return nil, err
	}
	if stack.Config, err = stack.Config.Copy(unreadable{}, crypter); err != nil {
		return nil, fmt.Errorf("replace encrypted settings: %w", err)
	}
	sort.Strings(hidden)
	return []string{fmt.Sprintf("%s replaced by %q: %s",
		phrase.Count(len(hidden), "encrypted setting"), placeholder, strings.Join(hidden, ", "))}, nil
}

// override sets values by path, as `pulumi config set --path` does.
func override(stack *workspace.ProjectStack, project string, settings []string) error {
	if stack.Config == nil {
		stack.Config = config.Map{}
	}
	var problems []error
	for _, s := range settings {
		path, value, found := strings.Cut(s, "=")
		if !found || path == "" {
			problems = append(problems, fmt.Errorf("setting %q: write path=value, such as storefront:topology.web.capacity.max=12", s))
			continue
		}
		if !strings.Contains(path, ":") {
			path = project + ":" + path
		}
		key, err := config.ParseKey(path)
		if err == nil {
			err = stack.Config.Set(key, config.NewValue(value), true)
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("setting %q: %w", s, err))
		}
	}
	return errors.Join(problems...)
}

// save writes the copies. What makes the engine look for programs, plugins or
// another backend is left out of the project's.
func save(f *folder, name string, project *workspace.Project, stack *workspace.ProjectStack) error {
	plain := &workspace.Project{
		Name:    project.Name,
		Runtime: workspace.NewProjectRuntimeInfo("go", nil),
		Config:  project.Config,
	}
	if err := plain.Save(filepath.Join(f.work(), "Pulumi.yaml")); err != nil {
		return err
	}
	path := filepath.Join(f.work(), "Pulumi."+name+".yaml")
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	settings := &workspace.ProjectStack{EncryptionSalt: stack.EncryptionSalt, Config: stack.Config}
	return settings.Save(path)
}

// unreadable stands in for the key of the real stack.
type unreadable struct{}

func (unreadable) DecryptValue(context.Context, string) (string, error) { return placeholder, nil }

func (unreadable) BatchDecrypt(_ context.Context, texts []string) ([]string, error) {
	out := make([]string, len(texts))
	for i := range out {
		out[i] = placeholder
	}
	return out, nil
}

// salt gives what a stack's settings hold of a key: a version, the salt, and a
// word to try the passphrase on. Making it takes a second, so it is kept.
func (f *folder) salt(ctx context.Context) (string, error) {
	return f.keep("salt", func() (string, error) {
		random := make([]byte, 8)
		rand.Read(random)
		proof, err := config.NewSymmetricCrypterFromPassphrase(f.passphrase, random).EncryptValue(ctx, "pulumi")
		return "v1:" + base64.StdEncoding.EncodeToString(random) + ":" + proof, err
	})
}

// crypter gives the folder's key.
func (f *folder) crypter(salt string) (config.Encrypter, error) {
	parts := strings.SplitN(salt, ":", 3)
	if len(parts) != 3 {
		return nil, fmt.Errorf("the sandbox's salt in %s is damaged: delete the folder", f.root)
	}
	raw, err := base64.StdEncoding.DecodeString(parts[1])
	if err != nil {
		return nil, fmt.Errorf("the sandbox's salt in %s is damaged: delete the folder: %w", f.root, err)
	}
	return config.NewSymmetricCrypterFromPassphrase(f.passphrase, raw), nil
}
