package planreport

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/internal/browsertest"
	"github.com/storefront-toolkit/storefront/migrate/sample"
	"github.com/storefront-toolkit/storefront/migrate/wave"
	"github.com/storefront-toolkit/storefront/migrate/wave/planfile"
)

// heard is what a page asks for and complains of.
type heard struct {
	sync.Mutex
	requests, complaints []string
}

func listen(t *testing.T, ctx context.Context) *heard {
	t.Helper()
	h := &heard{}
	require.NoError(t, chromedp.Do(ctx))
	require.NoError(t, chromedp.Listen(ctx, func(event any) {
		h.Lock()
		defer h.Unlock()
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			h.requests = append(h.requests, e.Request.URL)
		case *runtime.EventExceptionThrown:
			h.complaints = append(h.complaints, e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			h.complaints = append(h.complaints, "console "+string(e.Type))
		case *log.EventEntryAdded:
			h.complaints = append(h.complaints, e.Entry.Text)
		}
	}))
	for _, enable := range []func() error{
		func() error { _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); return err },
		func() error { _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); return err },
		func() error { _, err := chromedp.Call(ctx, runtime.Enable, cdp.Empty{}); return err },
	} {
		require.NoError(t, enable())
	}
	return h
}

// ask evaluates an expression on the page.
func ask[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	require.NoError(t, err)
	return v
}

// samplePage writes the report of the sample estate's plan.
func samplePage(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../sample/plan.yaml")
	require.NoError(t, err)
	cfg, err := planfile.Parse(data)
	require.NoError(t, err)
	plan, err := wave.Solve(t.Context(), sample.Estate(1), cfg, wave.Options{Seed: 1})
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "plan.html")
	require.NoError(t, os.WriteFile(path, []byte(write(t, plan)), 0o644))
	return "file://" + path
}

const fits = `document.documentElement.scrollWidth <= innerWidth`

func TestBrowserShowsTheReportWithoutNetworkOrComplaint(t *testing.T) {
	ctx, url := browsertest.Start(t), samplePage(t)
	h := listen(t, ctx)
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(url)))
	require.True(t, ask[bool](t, ctx, fits), "no sideways scrolling on a desk")
	require.Empty(t, ask[[]string](t, ctx, `[...document.querySelectorAll('figure svg')].filter(s => s.getBoundingClientRect().height < 100).map(s => s.getAttribute('aria-label'))`), "pictures without height")
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(400, 800)))
	require.True(t, ask[bool](t, ctx, fits), "no sideways scrolling of the page on a telephone")
	require.NoError(t, chromedp.Do(ctx, chromedp.ResetViewport()))
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	require.NoError(t, err)
	require.Equal(t, "visible", ask[string](t, ctx, `getComputedStyle(document.querySelector('.card details'), '::details-content').contentVisibility`), "on paper folded lists are open")
	require.True(t, ask[bool](t, ctx, `document.querySelector('.servers li').getBoundingClientRect().height > 0`))

	h.Lock()
	defer h.Unlock()
	require.Empty(t, h.complaints)
	require.NotEmpty(t, h.requests, "requests are heard")
	for _, r := range h.requests {
		require.True(t, r == url || r == "data:,", "the page asked for %s", r)
	}
}

func TestBrowserIsUsableByKeyboardAndPrints(t *testing.T) {
	ctx, url := browsertest.Start(t), samplePage(t)
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(url), chromedp.KeyEvent(kb.Tab)))
	require.Equal(t, "To the plan", ask[string](t, ctx, `document.activeElement.textContent`), "the first stop is the way past the menu")
	require.Regexp(t, `^W01: \d+ servers`, ask[string](t, ctx, `document.querySelector('#calendar svg a').focus(); document.activeElement.getAttribute('aria-label')`))
	require.NoError(t, chromedp.Do(ctx, chromedp.KeyEvent(kb.Enter)))
	require.Equal(t, "#W01", ask[string](t, ctx, `location.hash`), "Enter on a wave of the calendar leads to its card")
	pdf, err := chromedp.Run(ctx, chromedp.PrintToPDF())
	require.NoError(t, err)
	require.Greater(t, len(pdf), 20_000)
}

// TestBrowserScreenshot draws the picture of the README anew, with
// UPDATE_GOLDEN=1; else it holds it to its size.
func TestBrowserScreenshot(t *testing.T) {
	const path = "../../docs/plan.png"
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		ctx := browsertest.Start(t)
		require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(1180, 1500), chromedp.Navigate(samplePage(t))))
		png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, png, 0o644))
		if dir := os.Getenv("STOREFRONT_SCREENSHOTS"); dir != "" {
			png, err = chromedp.Run(ctx, chromedp.FullScreenshot(100))
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(dir, "plan-full.png"), png, 0o644))
		}
	}
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Less(t, info.Size(), int64(300_000))
	require.Greater(t, info.Size(), int64(20_000))
}
