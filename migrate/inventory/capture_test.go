package inventory

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/migrate"
)

func captured(t testing.TB) (Batch, []byte) {
	t.Helper()
	at := time.Date(2026, 7, 1, 6, 0, 0, 0, time.UTC)
	b := batchOf("vcenter", migrate.Server{Name: "web", Kind: migrate.KindVM, UUID: uuidA, CPUs: 4})
	b.AsOf, b.Hosts, b.Source.Rows, b.Source.Facts = at, []migrate.Host{{Name: "esx1"}}, 2, 1
	b.Uses = []Series{{Server: uuidA, Metric: CPUPercent, Step: time.Hour, Times: []time.Time{at, at.Add(time.Hour)}, Values: []float64{1, 2.5}}}
	var out bytes.Buffer
	require.NoError(t, WriteCapture(&out, b))
	return b, out.Bytes()
}

func TestACaptureComesBackAsItWas(t *testing.T) {
	want, data := captured(t)
	p := filepath.Join(t.TempDir(), "vcenter.json")
	require.NoError(t, os.WriteFile(p, data, 0o600))
	got, err := readPath(t, p)
	require.NoError(t, err)
	require.Equal(t, want, got)
}

func FuzzCapture(f *testing.F) {
	_, data := captured(f)
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		p := filepath.Join(t.TempDir(), "x.json")
		if os.WriteFile(p, data, 0o600) != nil {
			t.Skip("no disk")
		}
		b, err := vcenterCapture{}.Read(context.Background(), Input{Name: "x", Path: p})
		if err != nil {
			return
		}
		if _, err := Finish([]Batch{b}, nil); err != nil {
			t.Fatal(err)
		}
	})
}
