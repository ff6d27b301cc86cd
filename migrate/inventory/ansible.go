package inventory

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

// ansibleFacts reads the facts that Ansible's setup module gathers: one file a
// host (`ansible -m setup --tree`, or a fact cache), one document with many
// hosts by name, `ansible-inventory --list` with its hostvars, or the output
// of `ansible -m setup` with its "host | SUCCESS => {" lines. Only named facts
// are taken: variables of hosts may hold passwords.
type ansibleFacts struct{}

func (ansibleFacts) Format() string { return "ansible-facts" }

var adhocJSON = regexp.MustCompile(`(?m)^([A-Za-z0-9][A-Za-z0-9._-]*) \| ([A-Z!]+)(?: \| rc=\d+)? (?:=>|>>)`)

func (ansibleFacts) Detect(in Input) int {
	if in.Dir {
		return 0
	}
	head := bytes.TrimSpace(headText(in))
	if !bytes.HasPrefix(head, []byte("{")) {
		if adhocJSON.Match(head) && bytes.Contains(head, []byte(`"ansible_facts"`)) {
			return 95
		}
		return 0
	}
	for _, sign := range []string{`"ansible_facts"`, `"ansible_distribution"`, `"ansible_hostname"`, `"ansible_all_ipv4_addresses"`, `"ansible_nodename"`, `"hostvars"`, `"ansible_host"`} {
		if bytes.Contains(head, []byte(sign)) {
			return 93
		}
	}
	return 0
}

// ansibleHost is a host with its facts, the prefix "ansible_" taken off.
type ansibleHost struct {
	name  string
	facts map[string]json.RawMessage
}

func (r ansibleFacts) Read(ctx context.Context, in Input) (Batch, error) {
	acc := newAccount(in, r.Format())
	var hosts []ansibleHost
	var err error
	if bytes.HasPrefix(bytes.TrimSpace(headText(in)), []byte("{")) {
		hosts, err = ansibleDocument(in, acc)
	} else {
		hosts, err = ansibleOutput(ctx, in, acc)
	}
	if err != nil {
		return Batch{}, err
	}
	if len(hosts) == 0 && acc.Rows == 0 {
		return Batch{}, fmt.Errorf("read %s: no host with facts in it: gather them with `ansible all -m setup --tree facts/`", in.Name)
	}
	b := Batch{}
	set := newFlowSet()
	for _, h := range hosts {
		if err := ctx.Err(); err != nil {
			return Batch{}, err
		}
		s, asOf := h.server(acc)
		if s.Name == "" {
			acc.leave(reasonNoName, migrate.Place{Note: h.name})
			continue
		}
		acc.server()
		h.mounts(&s, acc, set)
		b.Servers = append(b.Servers, s)
		if asOf.After(b.AsOf) {
			b.AsOf = asOf
		}
	}
	b.Flows = set.sorted()
	b.Source = acc.done()
	return b, nil
}

// ansibleDocument takes a JSON document apart into hosts.
func ansibleDocument(in Input, acc *account) ([]ansibleHost, error) {
	var doc map[string]json.RawMessage
	if err := readJSON(in, &doc); err != nil {
		return nil, err
	}
	if meta, ok := object(doc["_meta"]); ok {
		if vars, ok := object(meta["hostvars"]); ok {
			return ansibleHosts(vars, acc), nil
		}
	}
	if isFacts(doc) {
		name := filepath.Base(filepath.ToSlash(in.Name))
		return []ansibleHost{{strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".json"), factsOf(doc)}}, nil
	}
	return ansibleHosts(doc, acc), nil
}

// ansibleHosts takes the hosts of a document that has them by name.
func ansibleHosts(doc map[string]json.RawMessage, acc *account) []ansibleHost {
	var out []ansibleHost
	for _, name := range sortedKeys(doc) {
		facts, ok := object(doc[name])
		switch {
		case !ok || !isFacts(facts):
			acc.leave("an entry without facts: unreachable when they were gathered, or no host", migrate.Place{Note: name})
		default:
			out = append(out, ansibleHost{name, factsOf(facts)})
		}
	}
	return out
}

// ansibleOutput reads what the command printed.
func ansibleOutput(ctx context.Context, in Input, acc *account) ([]ansibleHost, error) {
	var text strings.Builder
	err := eachLine(ctx, in, func(_ int, line string) error {
		if text.Len() > mostJSON {
			return fmt.Errorf("read %s: larger than %d bytes: split it", in.Name, mostJSON)
		}
		text.WriteString(line)
		text.WriteByte('\n')
		return nil
	})
	if err != nil {
		return nil, err
	}
	all := text.String()
	var out []ansibleHost
	for _, m := range adhocJSON.FindAllStringSubmatchIndex(all, -1) {
		name := all[m[2]:m[3]]
		var doc map[string]json.RawMessage
		if err := json.NewDecoder(strings.NewReader(all[m[1]:])).Decode(&doc); err != nil || !isFacts(doc) {
			acc.leave("an answer without facts ("+all[m[4]:m[5]]+")", migrate.Place{Note: name})
			continue
		}
		out = append(out, ansibleHost{name, factsOf(doc)})
	}
	return out, nil
}

func object(raw json.RawMessage) (map[string]json.RawMessage, bool) {
	var m map[string]json.RawMessage
	if len(raw) == 0 || json.Unmarshal(raw, &m) != nil || m == nil {
		return nil, false
	}
	return m, true
}

// isFacts says whether an object holds a host's facts, wrapped or not.
func isFacts(m map[string]json.RawMessage) bool {
	if _, ok := object(m["ansible_facts"]); ok {
		return true
	}
	for _, k := range []string{"ansible_hostname", "ansible_nodename", "ansible_distribution", "ansible_all_ipv4_addresses", "ansible_host", "ansible_memtotal_mb"} {
		if _, ok := m[k]; ok {
			return true
		}
	}
	return false
}

// factsOf unwraps facts and takes the prefix off their names.
func factsOf(m map[string]json.RawMessage) map[string]json.RawMessage {
	if inner, ok := object(m["ansible_facts"]); ok {
		m = inner
	}
	out := make(map[string]json.RawMessage, len(m))
	for k, v := range m {
		out[strings.TrimPrefix(k, "ansible_")] = v
	}
	return out
}
