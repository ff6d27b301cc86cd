package inventory

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// CaptureSchema names the version of the document in which `storefront-vcenter`
// hands over what it read.
const CaptureSchema = "storefront.vcenter/v1"

// capture is a batch as a document.
type capture struct {
	Schema     string              `json:"schema"`
	AsOf       time.Time           `json:"asOf"`
	Source     migrate.Source      `json:"source"`
	Servers    []migrate.Server    `json:"servers"`
	Hosts      []migrate.Host      `json:"hosts"`
	Clusters   []migrate.Cluster   `json:"clusters"`
	Datastores []migrate.Datastore `json:"datastores"`
	Uses       []captureSeries     `json:"uses"`
}

// captureSeries is a Series with its times in seconds since 1970.
type captureSeries struct {
	Server string    `json:"server"`
	Metric Metric    `json:"metric"`
	Step   int64     `json:"stepSeconds"`
	Times  []int64   `json:"times"`
	Values []float64 `json:"values"`
}

// WriteCapture writes what was read of a vCenter.
func WriteCapture(w io.Writer, b Batch) error {
	c := capture{Schema: CaptureSchema, AsOf: b.AsOf, Source: b.Source, Servers: b.Servers, Hosts: b.Hosts, Clusters: b.Clusters, Datastores: b.Datastores}
	for _, s := range b.Uses {
		out := captureSeries{Server: s.Server, Metric: s.Metric, Step: int64(s.Step / time.Second), Values: s.Values}
		for _, t := range s.Times {
			out.Times = append(out.Times, t.Unix())
		}
		c.Uses = append(c.Uses, out)
	}
	return json.NewEncoder(w).Encode(c)
}

// vcenterCapture reads such a document.
type vcenterCapture struct{}

func (vcenterCapture) Format() string { return "vcenter" }

func (vcenterCapture) Detect(in Input) int {
	head := bytes.TrimSpace(in.Head[:min(len(in.Head), 256)])
	if !in.Dir && bytes.HasPrefix(head, []byte("{")) && bytes.Contains(head, []byte(`"storefront.vcenter/`)) {
		return 100
	}
	return 0
}

func (r vcenterCapture) Read(_ context.Context, in Input) (Batch, error) {
	f, err := os.Open(in.Path)
	if err != nil {
		return Batch{}, fmt.Errorf("read %s: %w", in.Name, err)
	}
	defer f.Close()
	var c capture
	dec := json.NewDecoder(io.LimitReader(f, table.DefaultLimits.Bytes))
	if err := dec.Decode(&c); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return Batch{}, fmt.Errorf("read %s: is cut off: copy it again or run storefront-vcenter again", in.Name)
		}
		return Batch{}, fmt.Errorf("read %s: %w", in.Name, err)
	}
	if c.Schema != CaptureSchema {
		return Batch{}, fmt.Errorf("read %s: schema %q is not %s: read the vCenter again with this version's storefront-vcenter", in.Name, c.Schema, CaptureSchema)
	}
	b := Batch{Source: c.Source, Servers: c.Servers, Hosts: c.Hosts, Clusters: c.Clusters, Datastores: c.Datastores, AsOf: c.AsOf}
	b.Source.Format = r.Format()
	if unaccounted(b.Source) != 0 || b.Source.Servers != len(b.Servers) {
		return Batch{}, fmt.Errorf("read %s: its counts don't add up: it was changed after it was written", in.Name)
	}
	for _, s := range c.Uses {
		if len(s.Times) != len(s.Values) {
			return Batch{}, fmt.Errorf("read %s: %s of %s has %d times but %d values: it was changed after it was written", in.Name, s.Metric, s.Server, len(s.Times), len(s.Values))
		}
		out := Series{Server: s.Server, Metric: s.Metric, Step: time.Duration(s.Step) * time.Second, Values: s.Values}
		for _, t := range s.Times {
			out.Times = append(out.Times, time.Unix(t, 0).UTC())
		}
		b.Uses = append(b.Uses, out)
	}
	return b, nil
}
