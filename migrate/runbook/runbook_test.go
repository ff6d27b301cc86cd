package runbook

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/internal/golden"
)

func build(t *testing.T, wave string, o Options) *Runbook {
	t.Helper()
	rb, err := Build(shopPlan(), wave, shopEstate(), o)
	require.NoError(t, err)
	return rb
}

func (rb *Runbook) step(id string) *Step {
	for i := range rb.Steps {
		if rb.Steps[i].ID == id {
			return &rb.Steps[i]
		}
	}
	return nil
}

func TestGolden(t *testing.T) {
	for _, wave := range []string{"W01", "W02"} {
		rb := build(t, wave, shopOptions)
		for ext, write := range map[string]func(io.Writer) error{"md": rb.WriteMarkdown, "json": rb.WriteJSON, "html": rb.WriteHTML} {
			var b bytes.Buffer
			require.NoError(t, write(&b))
			golden.Equal(t, wave+"."+ext, b.Bytes())
		}
		var b bytes.Buffer
		require.NoError(t, rb.WriteJSON(&b))
		var back Runbook
		require.NoError(t, json.Unmarshal(b.Bytes(), &back))
		require.Equal(t, Schema, back.Schema)
		require.Equal(t, rb.Timing, back.Timing)
	}
}

func TestOrdersAreHeldBeforeTheDatabaseTurnsAndReleasedAfterTheDecision(t *testing.T) {
	rb := build(t, "W02", shopOptions)
	order := []string{"orders-hold", "drain", "last-order", "db-readonly", "db-lag", "servers-stop", "sync-mgn", "launch-mgn", "db-promote",
		"names", "services", "smoke", "shop-test", "share-all", "look", "decide", "take", "reconcile"}
	for i := 1; i < len(order); i++ {
		a, b := rb.step(order[i-1]), rb.step(order[i])
		require.NotNil(t, a, order[i-1])
		require.NotNil(t, b, order[i])
		require.LessOrEqual(t, a.Finish, b.Start, "%s before %s", a.ID, b.ID)
	}
	require.Equal(t, []string{"db-primary01"}, rb.step("db-readonly").Servers, "a replica takes no writes")
	require.Nil(t, rb.step("share-first"), "no visitor may write to both sides")
	require.True(t, rb.step("take").PointOfNoReturn)
	require.LessOrEqual(t, rb.step("take").Finish, rb.step("cron-on").Start, "schedulers run on one side only")
	require.Equal(t, []string{"ftp01"}, rb.step("retire").Servers)
}

func TestSwitchNamesTheStackFilesChannel(t *testing.T) {
	first := build(t, "W01", shopOptions)
	require.Len(t, first.Switch, 1)
	require.Equal(t, 0, first.Switch[0].From)
	require.Equal(t, 50, first.Switch[0].To, "one of two web servers")
	require.Equal(t, 5, first.Switch[0].First)
	require.Contains(t, first.step("share-first").Commands, "pulumi config set --stack prod --path 'storefront:topology.channels[1].cutover.newShare' 5")
	require.Contains(t, first.step("cutover-prepare").Commands, "pulumi config set --stack prod --path 'storefront:topology.channels[1].cutover.legacy[0]' 198.51.100.7")
	require.Nil(t, first.step("cutover-end"), "half of the visitors are at the old site")

	second := build(t, "W02", shopOptions)
	require.Equal(t, 50, second.Switch[0].From)
	require.Equal(t, 100, second.Switch[0].To)
	require.Contains(t, second.step("share-all").Undo.Commands, "pulumi config set --stack prod --path 'storefront:topology.channels[1].cutover.newShare' 50")
	require.NotNil(t, second.step("cutover-end"))

	bare := build(t, "W02", Options{})
	require.Contains(t, bare.step("share-all").Commands, "pulumi config set --stack STACK --path 'storefront:topology.channels[NUMBER-OF-uk].cutover.newShare' 100")
}

func TestStepsFollowTheMover(t *testing.T) {
	plan := shopPlan()
	for i := range plan.Waves[1].Servers {
		s := &plan.Waves[1].Servers[i]
		if s.Action == "move" {
			s.Mover = []string{"mgn", "hcx", "veeam", "copy"}[i%4]
		}
	}
	rb, err := Build(plan, "W02", shopEstate(), shopOptions)
	require.NoError(t, err)
	for _, m := range []string{"mgn", "hcx", "veeam", "copy"} {
		require.NotNil(t, rb.step("replication-"+m), m)
		require.NotNil(t, rb.step("launch-"+m), m)
		require.Contains(t, rb.step("services").After, "launch-"+m)
	}
	plan.Waves[1].Servers[0].Mover = "lorry"
	rb, err = Build(plan, "W02", shopEstate(), shopOptions)
	require.NoError(t, err)
	require.Contains(t, strings.Join(rb.Notes, "\n"), `nothing is known of the mover "lorry"`)
}

func TestFinalSyncGrowsWithChangeAndShrinksWithBandwidth(t *testing.T) {
	// 200 GB a day, a copy a day old, 800 Mbit/s: 2,000 s.
	require.Equal(t, 34, syncMinutes(200, 24, 800))
	require.Equal(t, 67, syncMinutes(200, 24, 400))
	require.Equal(t, 5, syncMinutes(200, 0.1, 800), "never below 5 minutes")
	require.Equal(t, 5, syncMinutes(200, 24, 0), "no limit")
}

func TestShortWindowIsWarnedOf(t *testing.T) {
	plan := shopPlan()
	plan.Waves[1].End = plan.Waves[1].Start.Add(90 * 60 * 1e9)
	rb, err := Build(plan, "W02", shopEstate(), shopOptions)
	require.NoError(t, err)
	require.Negative(t, rb.Timing.SlackMinutes)
	require.Contains(t, rb.Warnings[0], "ask for a longer window")
	require.Contains(t, rb.Warnings[1], "would not end in the window")
}

func TestMissingWaveAndServerAreSaid(t *testing.T) {
	_, err := Build(shopPlan(), "W09", shopEstate(), Options{})
	require.EqualError(t, err, `wave "W09" is not in the plan, which has W01, W02`)
	e := shopEstate()
	e.Servers = slices.DeleteFunc(e.Servers, func(s migrateServer) bool { return s.ID == "dns01" })
	rb, err := Build(shopPlan(), "W01", e, Options{})
	require.NoError(t, err)
	require.Contains(t, fmt.Sprint(rb.Warnings), "server dns01 is in the plan and not in the estate")
}

func TestNamesFromExportsStayText(t *testing.T) {
	plan := shopPlan()
	plan.Waves[0].Servers[0].ID = `<script>alert(1)</script>|*x*`
	rb, err := Build(plan, "W01", shopEstate(), shopOptions)
	require.NoError(t, err)
	var h, m bytes.Buffer
	require.NoError(t, rb.WriteHTML(&h))
	require.NoError(t, rb.WriteMarkdown(&m))
	require.NotContains(t, h.String(), "<script>")
	require.NotContains(t, m.String(), "<script>")
	require.Contains(t, m.String(), `\|\*x\*`)
}

func TestTheWaveBeforeIsThatOfTheLastWindow(t *testing.T) {
	plan := shopPlan()
	plan.Waves[0].Lane = 1
	twin := plan.Waves[0]
	twin.ID, twin.Servers = "W01b", nil
	plan.Waves = append(plan.Waves[:1:1], twin, plan.Waves[1])
	rb, err := Build(plan, "W02", shopEstate(), shopOptions)
	require.NoError(t, err)
	require.Contains(t, fmt.Sprint(rb.Criteria), "the window before is accepted: W01 and W01b")
	rb, err = Build(plan, "W01b", shopEstate(), shopOptions)
	require.NoError(t, err)
	require.NotContains(t, fmt.Sprint(rb.Criteria), "the window before", "waves of one window don't wait for one another")
}

func TestDatabasesAndSessionsMoveAsTheirMoverDoes(t *testing.T) {
	whole := build(t, "W02", shopOptions)
	require.NotContains(t, fmt.Sprint(whole.step("db-promote").Commands), "RESET REPLICA")
	require.Contains(t, whole.step("db-promote").Actions[0], "let it recover")
	require.Contains(t, whole.step("servers-stop").Actions[0], "Stop the database engines first")
	require.Contains(t, whole.step("sessions-copy").Commands, "redis-cli BGSAVE")
	require.Contains(t, whole.step("reindex").Title, "up to date")

	plan := shopPlan()
	for i := range plan.Waves[1].Servers {
		plan.Waves[1].Servers[i].Disposition = "replatform"
	}
	native, err := Build(plan, "W02", shopEstate(), shopOptions)
	require.NoError(t, err)
	require.Contains(t, native.step("db-promote").Commands, "STOP REPLICA; RESET REPLICA ALL;")
	require.Contains(t, native.step("sessions-take").Commands, "redis-cli REPLICAOF NO ONE")
	require.Contains(t, native.step("reindex").Title, "anew")
	require.Greater(t, native.step("reindex").Minutes, whole.step("reindex").Minutes)
}
