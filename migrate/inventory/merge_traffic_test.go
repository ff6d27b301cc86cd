package inventory

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// trafficRecord is a record of a log, its times in seconds.
type trafficRecord struct {
	start, length, bytes         int64
	from, to, iface, client, uid int
}

const trafficEpoch = 1757000000

func drawTraffic(t *rapid.T) []trafficRecord {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) trafficRecord {
		return trafficRecord{
			start: rapid.Int64Range(0, 80000).Draw(t, "start"), length: rapid.Int64Range(0, 4000).Draw(t, "length"), bytes: rapid.Int64Range(0, 1e12).Draw(t, "bytes"),
			from: rapid.IntRange(1, 3).Draw(t, "from"), to: rapid.IntRange(4, 5).Draw(t, "to"), iface: rapid.IntRange(1, 2).Draw(t, "iface"),
			client: rapid.IntRange(40000, 40004).Draw(t, "client"), uid: rapid.Int().Draw(t, "uid"),
		}
	}), 1, 40).Draw(t, "records")
}

func vpcText(records []trafficRecord) string {
	var b strings.Builder
	b.WriteString(strings.Join(vpcDefault, " ") + "\n")
	for _, r := range records {
		fmt.Fprintf(&b, "2 1 eni-%d 10.0.0.%d 10.0.0.%d %d 3306 6 1 %d %d %d ACCEPT OK\n", r.iface, r.from, r.to, r.client, r.bytes, trafficEpoch+r.start, trafficEpoch+r.start+r.length)
	}
	return b.String()
}

func zeekText(records []trafficRecord) string {
	var b strings.Builder
	for _, r := range records {
		fmt.Fprintf(&b, `{"ts":%d.0,"uid":"%d","id.orig_h":"10.0.0.%d","id.orig_p":%d,"id.resp_h":"10.0.0.%d","id.resp_p":3306,"proto":"tcp","duration":%d.0,"orig_bytes":%d,"resp_bytes":0,"conn_state":"SF"}`+"\n",
			trafficEpoch+r.start, r.uid, r.from, r.client, r.to, r.length, r.bytes)
	}
	return b.String()
}

// mergedFlows reads texts as files of a log, and gives the flows of their merge
// without their sources.
func mergedFlows(t require.TestingT, dir string, r Reader, texts ...string) []migrate.Flow {
	var batches []Batch
	for i, text := range texts {
		name := fmt.Sprintf("log-%d.log", i)
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		b, err := r.Read(context.Background(), Input{Name: name, Path: path, Head: table.DecodeHead([]byte(text)), Size: int64(len(text))})
		require.NoError(t, err)
		batches = append(batches, b)
	}
	flows := Merge(batches).Flows
	for i := range flows {
		flows[i].Sources = nil
	}
	return flows
}

// A log gives the same flows in one file and in several, wherever it is cut: by
// the starts of its records or by their ends.
func TestALogMayBeCutAnywhere(t *testing.T) {
	dir := t.TempDir()
	for _, log := range []struct {
		reader Reader
		text   func([]trafficRecord) string
	}{{vpcFlowLog{}, vpcText}, {zeekLog{}, zeekText}} {
		t.Run(log.reader.Format(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				records := drawTraffic(t)
				cuts := rapid.SliceOfN(rapid.Int64Range(0, 84000), 0, 6).Draw(t, "cuts")
				byEnd := rapid.Bool().Draw(t, "by end")
				parts := map[int][]trafficRecord{}
				for _, r := range records {
					n, at := 0, r.start
					if byEnd {
						at += r.length
					}
					for _, c := range cuts {
						if at >= c {
							n++
						}
					}
					parts[n] = append(parts[n], r)
				}
				var texts []string
				for n := range len(cuts) + 1 {
					if len(parts[n]) > 0 {
						texts = append(texts, log.text(parts[n]))
					}
				}
				texts = rapid.Permutation(texts).Draw(t, "order")
				require.Equal(t, asText(mergedFlows(t, dir, log.reader, log.text(records))), asText(mergedFlows(t, dir, log.reader, texts...)))
			})
		})
	}
}

func asText(v any) string {
	data, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		panic(err) // flows can always be written
	}
	return string(data)
}

// A log that is given twice, whole and in pieces, is counted once.
func TestALogGivenTwiceCountsOnce(t *testing.T) {
	var whole []trafficRecord
	var texts []string
	for hour := range int64(24) {
		piece := []trafficRecord{}
		for i := range int64(3) {
			piece = append(piece, trafficRecord{start: hour*3600 + i*60, length: 59, bytes: 1000, from: 1, to: 4, iface: 1, client: 40000 + int(hour*3+i), uid: int(hour*3 + i)})
		}
		whole = append(whole, piece...)
		texts = append(texts, vpcText(piece))
	}
	for _, log := range []struct {
		reader Reader
		text   func([]trafficRecord) string
	}{{vpcFlowLog{}, vpcText}, {zeekLog{}, zeekText}} {
		texts = texts[:0]
		for i := 0; i < len(whole); i += 3 {
			texts = append(texts, log.text(whole[i:i+3]))
		}
		one := mergedFlows(t, t.TempDir(), log.reader, log.text(whole))
		require.Len(t, one, 1)
		require.EqualValues(t, 72000, one[0].Bytes)
		require.EqualValues(t, 72, one[0].Connections)
		require.Equal(t, asText(one), asText(mergedFlows(t, t.TempDir(), log.reader, texts...)), "in pieces")
		require.Equal(t, asText(one), asText(mergedFlows(t, t.TempDir(), log.reader, append(texts, log.text(whole))...)), "in pieces and whole")
		require.Equal(t, asText(one), asText(mergedFlows(t, t.TempDir(), log.reader, log.text(whole), log.text(whole))), "twice")
	}
}

// watchedBatch is a table of one flow, seen from one day to another.
func watchedBatch(name, format string, from, to float64, bytes int64) Batch {
	at := func(day float64) *time.Time {
		t := time.Unix(trafficEpoch, 0).UTC().Add(time.Duration(day * 24 * float64(time.Hour)))
		return &t
	}
	set := newFlowSet()
	set.add(migrate.Flow{From: "a", To: "b", Port: 443, Protocol: "tcp", Kind: flowObserved, Bytes: bytes, Connections: bytes / 10, First: at(from), Last: at(to)})
	return Batch{Source: migrate.Source{Name: name, Format: format, Rows: 1, Flows: 1}, Flows: set.sorted(), watch: set.watch}
}

func TestTrafficOfSeveralSources(t *testing.T) {
	for name, c := range map[string]struct {
		batches []Batch
		bytes   int64
		days    float64
	}{
		"one after the other":           {[]Batch{watchedBatch("1.csv", "flows-csv", 0, 7, 700), watchedBatch("2.csv", "flows-csv", 7, 14, 1400)}, 2100, 14},
		"a week between":                {[]Batch{watchedBatch("1.csv", "flows-csv", 0, 1, 100), watchedBatch("2.csv", "flows-csv", 8, 9, 100)}, 200, 2},
		"the same time":                 {[]Batch{watchedBatch("a.csv", "flows-csv", 0, 7, 700), watchedBatch("b.csv", "flows-csv", 0, 7, 1400)}, 1400, 7},
		"two views of the same time":    {[]Batch{watchedBatch("a.csv", "flows-csv", 0, 7, 700), watchedBatch("b.log", "zeek", 0, 7, 600)}, 700, 7},
		"two views one after the other": {[]Batch{watchedBatch("a.csv", "flows-csv", 0, 7, 700), watchedBatch("b.log", "zeek", 7, 14, 600)}, 1300, 14},
		"half of the time in common":    {[]Batch{watchedBatch("a.csv", "flows-csv", 0, 10, 1000), watchedBatch("b.csv", "flows-csv", 5, 15, 2000)}, 2500, 15},
		"a day within a month":          {[]Batch{watchedBatch("a.csv", "flows-csv", 0, 30, 3000), watchedBatch("b.csv", "flows-csv", 3, 4, 100)}, 3000, 30},
		"no times":                      {[]Batch{watchedBatch("a.csv", "flows-csv", 0, 10, 1000), {Source: migrate.Source{Format: "ss", Rows: 1, Flows: 1}, Flows: []migrate.Flow{{From: "a", To: "b", Port: 443, Protocol: "tcp", Kind: flowObserved, Connections: 7}}}}, 1000, 10},
	} {
		flows := Merge(c.batches).Flows
		require.Len(t, flows, 1, name)
		require.Equal(t, c.bytes, flows[0].Bytes, name)
		require.InDelta(t, c.days, flows[0].Days, 1e-9, name)
	}
}

// A flow that only one of two observers of the same time saw is counted over
// that one's days.
func TestDaysAreThoseOfTheObserver(t *testing.T) {
	long, short := watchedBatch("a.csv", "flows-csv", 0, 30, 3000), watchedBatch("b.csv", "flows-csv", 3, 4, 100)
	short.Flows[0].To = "c"
	flows := Merge([]Batch{long, short}).Flows
	require.Len(t, flows, 2)
	require.InDelta(t, 30, flows[0].Days, 1e-9)
	require.InDelta(t, 1, flows[1].Days, 1e-9)
}

// Two sensors that both rotate their logs stay two observers.
func TestSensorsThatRotateTogether(t *testing.T) {
	var batches []Batch
	for hour := range 24 {
		h := float64(hour) / 24
		a, b := watchedBatch(fmt.Sprintf("a/conn.%02d.log", hour), "zeek", h, h+1.0/24, 100), watchedBatch(fmt.Sprintf("b/conn.%02d.log", hour), "zeek", h, h+1.0/24, 50)
		b.Flows[0].To = "c"
		batches = append(batches, b, a)
	}
	flows := Merge(batches).Flows
	require.Len(t, flows, 2)
	require.EqualValues(t, 2400, flows[0].Bytes)
	require.EqualValues(t, 1200, flows[1].Bytes)
	require.InDelta(t, 1, flows[1].Days, 1e-9)
}

func TestTogetherLiesBetweenTheLargestAndTheSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var sum, most int64
		list := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) observed {
			from := time.Unix(rapid.Int64Range(0, 50).Draw(t, "from"), 0)
			o := observed{bytes: rapid.Int64Range(0, 1e12).Draw(t, "bytes")}
			for range rapid.IntRange(1, 3).Draw(t, "spans") {
				to := from.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "length")) * time.Second)
				o.spans = append(o.spans, span{from, to})
				from = to.Add(time.Second)
			}
			return o
		}), 1, 5).Draw(t, "observations")
		for _, o := range list {
			sum, most = sum+o.bytes, max(most, o.bytes)
		}
		got, _ := together(list)
		other, _ := together(rapid.Permutation(list).Draw(t, "order"))
		if got < most || got > sum || got != other {
			t.Fatalf("%d, in another order %d, of %d at the most and %d together", got, other, most, sum)
		}
	})
}
