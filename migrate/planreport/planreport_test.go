package planreport

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/storefront-toolkit/storefront/internal/golden"
	"github.com/storefront-toolkit/storefront/migrate"
)

func write(t require.TestingT, p *migrate.Plan) string {
	var b bytes.Buffer
	require.NoError(t, Write(&b, p))
	return b.String()
}

func TestGolden(t *testing.T) {
	golden.Equal(t, "plan.html", []byte(write(t, smallPlan())))
}

func TestPicturesAreWellFormedAndSaidAsTables(t *testing.T) {
	v := newView(smallPlan())
	for _, c := range []chart{v.calendar(), v.dependencies(), v.exposure(), v.link(), v.burnDown()} {
		d := xml.NewDecoder(strings.NewReader(string(c.SVG)))
		for {
			_, err := d.Token()
			if err == io.EOF {
				break
			}
			require.NoError(t, err, c.ID)
		}
		require.NotEmpty(t, c.Rows, c.ID)
		for _, r := range c.Rows {
			require.Len(t, r, len(c.Head), c.ID)
		}
	}
}

func TestReplicationByDaySumsToAll(t *testing.T) {
	p := smallPlan()
	sum, want := 0.0, 0.0
	for _, d := range newView(p).load() {
		sum += d.gb
	}
	for _, w := range p.Waves {
		want += w.ReplicationGB
	}
	require.InDelta(t, want, sum, 1e-6)
}

func TestBurnDownEndsAtZero(t *testing.T) {
	rows := newView(smallPlan()).burnDown().Rows
	require.Equal(t, []string{"W01", "Thu 3 Sep 05:00", "17", "18"}, rows[0])
	require.Equal(t, "0", rows[2][2])
}

func TestNamesFromExportsStayText(t *testing.T) {
	p := smallPlan()
	p.Waves[0].Servers[0].ID = "<script>alert(1)</script>"
	p.Freezes[0].Name = `"><img src=x onerror=alert(1)>`
	page := write(t, p)
	require.NotContains(t, page, "<script")
	require.NotContains(t, page, "<img")
}

func TestEmptyPlanIsRefused(t *testing.T) {
	require.EqualError(t, Write(io.Discard, &migrate.Plan{}), "report of the plan: it has no wave")
}

// TestAnyPlanIsDrawn looks for numbers that no picture can show, whatever is
// missing from the plan.
func TestAnyPlanIsDrawn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := smallPlan()
		p.Waves = p.Waves[:rapid.IntRange(1, 3).Draw(t, "waves")]
		for i := range p.Waves {
			w := &p.Waves[i]
			w.CrossingGBPerDay = rapid.Float64Range(0, 1e6).Draw(t, "crossing")
			w.ReplicationGB = rapid.Float64Range(0, 1e6).Draw(t, "gb")
			if rapid.Bool().Draw(t, "no replication") {
				w.ReplicationStart, w.ReplicationEnd = nil, nil
			}
			w.Servers = w.Servers[:rapid.IntRange(0, len(w.Servers)).Draw(t, "servers")]
		}
		p.Link.GBPerDay = rapid.SampledFrom([]float64{0, 0.01, 9000}).Draw(t, "link")
		p.Deadline = p.Start.AddDate(0, 0, rapid.IntRange(-1, 400).Draw(t, "days"))
		p.TimeZone = rapid.SampledFrom([]string{"", "Europe/London", "nowhere"}).Draw(t, "zone")
		page := write(t, p)
		for _, bad := range []string{"NaN", "Inf", `width="-`, `height="-`} {
			if strings.Contains(page, bad) {
				t.Fatalf("the page has %q: %s", bad, page[strings.Index(page, bad)-80:][:120])
			}
		}
	})
}
