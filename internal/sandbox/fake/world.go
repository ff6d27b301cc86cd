package fake

import "sync"

// World is what a stack has made, by kind and name, for look-ups to find. A
// segment made through one provider is a network that another one looks up.
type World struct {
	mu    sync.Mutex
	known map[string]map[string]any
}

// Add makes a thing known: data is for whoever looks it up.
func (w *World) Add(kind, name string, data any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.known == nil {
		w.known = map[string]map[string]any{}
	}
	if w.known[kind] == nil {
		w.known[kind] = map[string]any{}
	}
	w.known[kind][name] = data
}

// Find gives what was added under a kind and a name.
func (w *World) Find(kind, name string) (any, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	data, ok := w.known[kind][name]
	return data, ok
}
