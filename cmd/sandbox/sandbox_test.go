package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/internal/sandbox"
)

func TestMoment(t *testing.T) {
	for text, want := range map[string]time.Time{
		"2026-11-27":                time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC),
		"2026-11-27T08:30":          time.Date(2026, 11, 27, 8, 30, 0, 0, time.UTC),
		"2026-11-27T08:30:00+01:00": time.Date(2026, 11, 27, 7, 30, 0, 0, time.UTC),
	} {
		got, err := moment(text)
		require.NoError(t, err)
		require.True(t, want.Equal(got), text)
	}
	_, err := moment("black friday")
	require.ErrorContains(t, err, `--at: "black friday" is no time`)
}

func TestProgressLine(t *testing.T) {
	require.Equal(t, "up: 3 of 9 resources: network 1, web 2",
		progressLine(sandbox.Progress{Phase: "up", Done: 3, Total: 9, Tiers: map[string]int{"web": 2, "network": 1}}))
	require.Equal(t, "preview: 1 resources: web 1",
		progressLine(sandbox.Progress{Phase: "preview", Done: 1, Tiers: map[string]int{"web": 1}}))
}
