package runbook

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/internal/browsertest"
)

// TestBrowserShowsTheRunbook opens the page in headless Chromium; it skips
// where there is none, unless STOREFRONT_REQUIRE_DAEMONS=1.
func TestBrowserShowsTheRunbook(t *testing.T) {
	ctx := browsertest.Start(t)
	var b bytes.Buffer
	require.NoError(t, build(t, "W02", shopOptions).WriteHTML(&b))
	path := filepath.Join(t.TempDir(), "runbook.html")
	require.NoError(t, os.WriteFile(path, b.Bytes(), 0o644))

	var mu sync.Mutex
	var requests, complaints []string
	require.NoError(t, chromedp.Do(ctx))
	require.NoError(t, chromedp.Listen(ctx, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			requests = append(requests, e.Request.URL)
		case *log.EventEntryAdded:
			complaints = append(complaints, e.Entry.Text)
		}
	}))
	_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
	require.NoError(t, err)
	_, err = chromedp.Call(ctx, log.Enable, cdp.Empty{})
	require.NoError(t, err)
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate("file://"+path)))
	fits, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.documentElement.scrollWidth <= innerWidth`))
	require.NoError(t, err)
	require.True(t, fits)
	broken, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`[...document.querySelectorAll('a[href^="#"]')].map(a => a.getAttribute('href')).filter(h => !document.getElementById(h.slice(1)))`))
	require.NoError(t, err)
	require.Empty(t, broken, "links to steps that are not there")
	mu.Lock()
	defer mu.Unlock()
	require.Equal(t, []string{"file://" + path}, requests, "the page asks for nothing else")
	require.Empty(t, complaints)
}
