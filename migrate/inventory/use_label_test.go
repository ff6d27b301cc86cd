package inventory

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// readText reads a text as a file of a name.
func readText(t *testing.T, r Reader, name, text string) Batch {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	b, err := r.Read(context.Background(), Input{Name: name, Path: path, Head: table.DecodeHead([]byte(text)), Size: int64(len(text))})
	require.NoError(t, err)
	checkAccount(t, b)
	return b
}

// prometheusAnswer makes an answer of two equal samples a series.
func prometheusAnswer(series ...string) string {
	var out []string
	for _, s := range series {
		labels, value, _ := strings.Cut(s, " ")
		out = append(out, fmt.Sprintf(`{"metric":{"instance":"web01:9100"%s},"values":[[1784541600,"%s"],[1784541660,"%s"]]}`, labels, value, value))
	}
	return `{"status":"success","data":{"resultType":"matrix","result":[` + strings.Join(out, ",\n") + `]}}`
}

func TestSeriesOfOneServer(t *testing.T) {
	for name, c := range map[string]struct {
		series []string
		want   float64 // mean CPU; below zero: none
		told   string
	}{
		"idle and other modes":    {[]string{`,"mode":"idle" 90`, `,"mode":"user" 8`, `,"mode":"system" 2`}, 10, ""},
		"modes without idle":      {[]string{`,"mode":"user" 8`, `,"mode":"system" 2`}, 10, ""},
		"modes beside the whole":  {[]string{` 12`, `,"mode":"idle" 90`}, 12, ""},
		"modes by CPU":            {[]string{`,"cpu":"0","mode":"idle" 90`, `,"cpu":"1","mode":"idle" 70`, `,"cpu":"0","mode":"user" 9`}, 20, ""},
		"modes as ratios":         {[]string{`,"mode":"idle" 0.9`, `,"mode":"user" 0.1`}, 10, ""},
		"idle time of four CPUs":  {[]string{`,"mode":"idle" 360`, `,"mode":"user" 30`}, -1, ""},
		"CPUs":                    {[]string{`,"cpu":"0" 50`, `,"cpu":"1" 30`}, 40, ""},
		"two scrapes of one":      {[]string{`,"job":"a" 50`, `,"job":"b" 40`}, 50, ""},
		"one label more for all":  {[]string{`,"cpu":"0","team":"shop" 50`, `,"cpu":"1","team":"shop" 30`}, 40, ""},
		"a label nobody knows":    {[]string{`,"pod":"a" 50`, `,"pod":"b" 30`}, -1, `differ in the label "pod"`},
		"containers of a host":    {[]string{`,"name":"nginx" 50`, `,"name":"php" 30`}, -1, `differ in the label "name"`},
		"a label that one hasn't": {[]string{` 50`, `,"pod":"b" 30`}, -1, `differ in the label "pod"`},
	} {
		b := readText(t, prometheusUse{}, "cpu.json", prometheusAnswer(c.series...))
		var told []string
		for _, w := range b.Source.Warnings {
			told = append(told, w.Note)
		}
		if c.told != "" {
			require.Len(t, told, 1, name)
			require.Contains(t, told[0], c.told, name)
		}
		cpu := MeasureUse(b.Uses)["web01"].CPU
		if c.want < 0 {
			require.Nil(t, cpu, name)
			continue
		}
		require.NotNil(t, cpu, name)
		require.InDelta(t, c.want, cpu.Mean, 1e-9, name)
	}
}

func TestSeriesOfOneServerInTables(t *testing.T) {
	for name, text := range map[string]string{
		"columns": "Time,\"{instance=\"\"web01:9100\"\",mode=\"\"idle\"\"}\",\"{instance=\"\"web01:9100\"\",mode=\"\"user\"\"}\"\n2026-07-20 10:00:00,90,8\n2026-07-20 10:01:00,90,8\n",
		"rows":    "Series,Time,Value\n\"{instance=\"\"web01:9100\"\",mode=\"\"idle\"\"}\",2026-07-20 10:00:00,90\n\"{instance=\"\"web01:9100\"\",mode=\"\"user\"\"}\",2026-07-20 10:00:00,8\n",
		"a mode":  "timestamp,instance,cpu,mode,metric,value\n2026-07-20T10:00:00Z,web01:9100,0,idle,cpu_percent,90\n2026-07-20T10:00:00Z,web01:9100,1,idle,cpu_percent,90\n2026-07-20T10:00:00Z,web01:9100,1,user,cpu_percent,10\n",
	} {
		cpu := MeasureUse(readText(t, prometheusUse{}, "cpu.csv", text).Uses)["web01"].CPU
		require.NotNil(t, cpu, name)
		require.InDelta(t, 10, cpu.Mean, 1e-9, name)
	}
}

func TestDevicesAddUpAndCPUsDoNot(t *testing.T) {
	text := `"MetricId","Timestamp","Value","Unit","Instance","Entity","IntervalSecs"` + "\n"
	for i := range 4 {
		text += fmt.Sprintf(`"cpu.usage.average","2026-07-01 00:00:00","50","%%","%d","web01","1800"`+"\n"+`"disk.usage.average","2026-07-01 00:00:00","1000","KBps","disk%d","web01","1800"`+"\n", i, i)
	}
	u := MeasureUse(readText(t, vcenterUse{}, "stat.csv", text).Uses)["web01"]
	require.Equal(t, 50.0, u.CPU.Max)
	require.InDelta(t, 4.0, u.DiskMBps.Max, 1e-9)
}
