package guest

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestTuneWeb(t *testing.T) {
	php := PHP{}.resolved(128, 768, 60)
	for _, c := range []struct {
		name string
		size Size
		want webTuning
	}{
		{"small: memory decides", Size{VCPU: 4, MemoryMiB: 4096}, webTuning{ReserveMiB: 512, OpcacheMiB: 256, ApacheMiB: 80, ProcessMiB: 128,
			MaxChildren: 23, StartServers: 5, MinSpare: 2, MaxSpare: 11, ServerLimit: 2, ThreadsPerChild: 64, MaxRequestWorkers: 128, MinSpareThreads: 64, MaxSpareThreads: 128}},
		{"large: processors decide", Size{VCPU: 8, MemoryMiB: 16384}, webTuning{ReserveMiB: 1638, OpcacheMiB: 512, ApacheMiB: 200, ProcessMiB: 128,
			MaxChildren: 80, StartServers: 20, MinSpare: 10, MaxSpare: 40, ServerLimit: 5, ThreadsPerChild: 64, MaxRequestWorkers: 320, MinSpareThreads: 64, MaxSpareThreads: 192}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := tuneWeb(c.size, php, 0)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
	_, err := tuneWeb(Size{VCPU: 2, MemoryMiB: 1536}, PHP{}.resolved(512, 768, 60), 0)
	require.ErrorContains(t, err, "1536 MiB leave room for 0 PHP processes of 512 MiB")
}

func drawSize(t *rapid.T) Size {
	return Size{VCPU: rapid.IntRange(1, 448).Draw(t, "vcpu"), MemoryMiB: rapid.IntRange(512, 1<<21).Draw(t, "memory")}
}

func TestWebMemoryIsNeverOversubscribed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := drawSize(t)
		php := PHP{ProcessMiB: rapid.IntRange(16, 4096).Draw(t, "process"), ProcessesPerVCPU: rapid.IntRange(1, 64).Draw(t, "per vcpu")}
		w, err := tuneWeb(size, php, rapid.SampledFrom([]int{0, 1024, 4096}).Draw(t, "cron"))
		if err != nil {
			return
		}
		require.LessOrEqual(t, w.TotalMiB(), size.MemoryMiB)
		require.LessOrEqual(t, w.MaxChildren, size.VCPU*php.ProcessesPerVCPU)
		require.GreaterOrEqual(t, w.MaxChildren, 2)
		require.GreaterOrEqual(t, w.MaxRequestWorkers, 4*w.MaxChildren)
		require.Equal(t, w.ServerLimit*w.ThreadsPerChild, w.MaxRequestWorkers)
		// PHP-FPM refuses to start otherwise.
		require.LessOrEqual(t, w.MinSpare, w.StartServers)
		require.LessOrEqual(t, w.StartServers, w.MaxSpare)
		require.LessOrEqual(t, w.MaxSpare, w.MaxChildren)
	})
}

func TestMoreMemoryNeverMeansFewerProcesses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size, php := drawSize(t), PHP{ProcessMiB: 128, ProcessesPerVCPU: 10}
		// Steps of the opcode cache and the reserve aside, which cost less than this.
		more := Size{VCPU: size.VCPU, MemoryMiB: size.MemoryMiB + 1024}
		a, err := tuneWeb(size, php, 0)
		if err != nil {
			return
		}
		b, err := tuneWeb(more, php, 0)
		require.NoError(t, err)
		require.GreaterOrEqual(t, b.MaxChildren, a.MaxChildren)
	})
}

func TestTuneMariaDB(t *testing.T) {
	got, err := tuneMariaDB(Size{VCPU: 8, MemoryMiB: 32768}, 0)
	require.NoError(t, err)
	require.Equal(t, mariadbTuning{ReserveMiB: 3276, ConnectionsMiB: 1600, GlobalMiB: 192, BufferPoolMiB: 25088, PoolOverheadMiB: 2509,
		LogFileMiB: 6272, Connections: 400, Appliers: 8}, got)
	_, err = tuneMariaDB(Size{VCPU: 1, MemoryMiB: 2048}, 400)
	require.ErrorContains(t, err, "400 connections")
	rapid.Check(t, func(t *rapid.T) {
		size := drawSize(t)
		m, err := tuneMariaDB(size, rapid.SampledFrom([]int{0, 10, 500, 5000}).Draw(t, "connections"))
		if err != nil {
			return
		}
		require.LessOrEqual(t, m.TotalMiB(), size.MemoryMiB)
		require.Zero(t, m.BufferPoolMiB%128)
		require.GreaterOrEqual(t, m.BufferPoolMiB, 256)
		require.LessOrEqual(t, m.LogFileMiB, max(256, m.BufferPoolMiB/4))
	})
}

func TestTuneRedis(t *testing.T) {
	require.Equal(t, redisTuning{ReserveMiB: 1024, MaxMemoryMiB: 4300, ForkMiB: 2868}, tuneRedis(8192, true))
	require.Equal(t, redisTuning{ReserveMiB: 512, MaxMemoryMiB: 2688, ForkMiB: 896}, tuneRedis(4096, false))
	rapid.Check(t, func(t *rapid.T) {
		memory, sessions := rapid.IntRange(512, 1<<21).Draw(t, "memory"), rapid.Bool().Draw(t, "sessions")
		r := tuneRedis(memory, sessions)
		require.Equal(t, memory, r.ReserveMiB+r.MaxMemoryMiB+r.ForkMiB)
		require.Positive(t, r.MaxMemoryMiB)
		if sessions {
			require.GreaterOrEqual(t, r.ForkMiB*3, r.MaxMemoryMiB*2-3, "two thirds of the data may change during a fork")
		}
	})
}

func TestSolrHeap(t *testing.T) {
	for memory, want := range map[int]int{2048: 1024, 16384: 8192, 65536: 31744, 131072: 31744} {
		require.Equal(t, want, solrHeapMiB(memory))
	}
}

// TestCronLeavesItsChildrenAlone holds what systemd.kill(5) says: with the
// default, all that a job left behind is killed when the job itself returns, and
// Magento's cron:run returns at once. A private /tmp would go with the unit.
func TestCronLeavesItsChildrenAlone(t *testing.T) {
	files := lay(t, roles()["admin-aws"])
	for _, job := range []string{"application", "feeds"} {
		unit := files["/etc/systemd/system/storefront-cron-"+job+".service"].Content
		require.Contains(t, unit, "Type=oneshot\n")
		require.Contains(t, unit, "KillMode=process\n")
		require.NotContains(t, unit, "PrivateTmp=")
		require.NotContains(t, unit, "RemainAfterExit", "the timer could not start it again")
	}
}
