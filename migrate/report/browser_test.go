package report

import (
	"bytes"
	"compress/zlib"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/internal/browsertest"
	"github.com/storefront-toolkit/storefront/migrate/sample"
)

// complaints gathers what the page asks of the network and says on the console.
type complaints struct {
	sync.Mutex
	requests, errors []string
}

func watch(t *testing.T, ctx context.Context) *complaints {
	t.Helper()
	c := &complaints{}
	require.NoError(t, chromedp.Listen(ctx, func(ev any) {
		c.Lock()
		defer c.Unlock()
		switch ev := ev.(type) {
		case *network.EventRequestWillBeSent:
			c.requests = append(c.requests, ev.Request.URL)
		case *runtime.EventExceptionThrown:
			c.errors = append(c.errors, ev.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			c.errors = append(c.errors, string(ev.Type))
		case *log.EventEntryAdded:
			c.errors = append(c.errors, ev.Entry.Text)
		}
	}))
	for _, err := range []error{
		second(chromedp.Call(ctx, network.Enable, network.EnableParams{})),
		second(chromedp.Call(ctx, log.Enable, cdp.Empty{})),
		second(chromedp.Call(ctx, runtime.Enable, cdp.Empty{})),
	} {
		require.NoError(t, err)
	}
	return c
}

func second[T any](_ T, err error) error { return err }

// evaluate returns what an expression is in the page.
func evaluate[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	require.NoError(t, err)
	return v
}

func keys(t *testing.T, ctx context.Context, text string) {
	t.Helper()
	require.NoError(t, chromedp.Do(ctx, chromedp.KeyEvent(text)))
}

func TestTheReportInABrowser(t *testing.T) {
	ctx := browsertest.Start(t)
	file := filepath.Join(t.TempDir(), "report.html")
	require.NoError(t, os.WriteFile(file, []byte(written(t, WriteHTML, full(t))), 0o600))
	seen := watch(t, ctx)
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate("file://"+file), chromedp.WaitReady("main")))
	servers := evaluate[int](t, ctx, `document.querySelectorAll("#servers-table tbody tr").length`)
	figures := evaluate[int](t, ctx, `document.querySelectorAll("svg rect").length`)
	unnamed := evaluate[int](t, ctx, `[...document.querySelectorAll("[aria-labelledby],[aria-describedby],nav a")].filter(e => !document.getElementById(e.getAttribute("aria-labelledby") || e.getAttribute("aria-describedby") || e.hash.slice(1))).length`)
	duplicate := evaluate[int](t, ctx, `(ids => ids.length - new Set(ids).size)([...document.querySelectorAll("[id]")].map(e => e.id))`)
	wider := evaluate[int](t, ctx, `document.documentElement.scrollWidth - document.documentElement.clientWidth`)
	require.Equal(t, sample.Servers, servers)
	require.Greater(t, figures, 200)
	require.Zero(t, unnamed, "labels and links without a target")
	require.Zero(t, duplicate, "ids that are not unique")
	require.LessOrEqual(t, wider, 0, "the page itself never scrolls sideways")
	filterByKeyboard(t, ctx)
	paper(t, ctx)
	seen.Lock()
	defer seen.Unlock()
	require.Empty(t, seen.errors)
	for _, r := range seen.requests {
		require.True(t, r == "file://"+file || strings.HasPrefix(r, "data:"), r)
	}
}

// filterByKeyboard reaches the filter of servers by Tab alone and types.
func filterByKeyboard(t *testing.T, ctx context.Context) {
	focused := ""
	for range 200 {
		keys(t, ctx, kb.Tab)
		focused = evaluate[string](t, ctx, `document.activeElement.dataset.table || ""`)
		if focused == "servers-table" {
			break
		}
	}
	require.Equal(t, "servers-table", focused)
	count := `[...document.querySelectorAll("#servers-table tbody tr")].filter(r => r.offsetParent !== null).length`
	keys(t, ctx, "UK-web")
	shown := evaluate[int](t, ctx, count)
	require.NotZero(t, shown)
	require.Less(t, shown, 30)
	require.Equal(t, fmt.Sprintf("%d of 172 rows", shown), evaluate[string](t, ctx, `document.activeElement.parentElement.querySelector("[role=status]").textContent`))
	keys(t, ctx, " nothing")
	require.Zero(t, evaluate[int](t, ctx, count))
	keys(t, ctx, strings.Repeat(kb.Backspace, len("UK-web nothing")))
	require.Equal(t, sample.Servers, evaluate[int](t, ctx, count))
}

// paper prints to PDF and looks at what lies on the pages: text, and pages on
// which the last table has come.
func paper(t *testing.T, ctx context.Context) {
	require.NotZero(t, evaluate[int](t, ctx, `document.querySelectorAll("details").length`))
	pdf, err := chromedp.Run(ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	require.NoError(t, err)
	unfolded := evaluate[int](t, ctx, `document.querySelectorAll("details[open]").length`)
	require.Zero(t, unfolded, "what was unfolded for paper is folded again")
	pages := len(regexp.MustCompile(`/Type\s*/Page\b`).FindAll(pdf, -1))
	require.Greater(t, pages, 5)
	require.Less(t, pages, 80)
	require.Greater(t, textOperators(t, pdf), 2000, "runs of text on the pages")
	if program, err := exec.LookPath("pdftotext"); err == nil {
		name := filepath.Join(t.TempDir(), "report.pdf")
		require.NoError(t, os.WriteFile(name, pdf, 0o600))
		out, err := exec.Command(program, "-layout", name, "-").Output()
		require.NoError(t, err)
		for _, want := range []string{"uk-web01", "web.capacity.max", "Findings, gravest first", "Servers that no tier was sized from"} {
			require.Contains(t, string(out), want)
		}
		require.NotContains(t, string(out), "Filter", "controls are not for paper")
	}
}

// textOperators counts the operators that show text in a PDF's page streams.
func textOperators(t *testing.T, pdf []byte) (n int) {
	shows := regexp.MustCompile(`[>\])]\s*T[jJ]\b`)
	for _, part := range bytes.Split(pdf, []byte("stream"))[1:] {
		r, err := zlib.NewReader(bytes.NewReader(bytes.TrimLeft(part, "\r\n")))
		if err != nil {
			continue // another kind of stream, or the end of one
		}
		data, _ := io.ReadAll(r)
		n += len(shows.FindAll(data, -1))
	}
	return n
}
