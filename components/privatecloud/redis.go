package privatecloud

import (
	"fmt"
	"math"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/guest"
	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// envRedis is the name under which Redis' servers find its password.
const envRedis = "STOREFRONT_REDIS_PASSWORD"

// redisNodes is how many servers a Redis has: one without replicas, else an odd
// number, of which the sentinels' larger part decides about a failover. An even
// number asked for brings one more.
func redisNodes(r topology.Redis) int {
	if *r.Replicas == 0 {
		return 1
	}
	return max(3, (1+*r.Replicas)|1)
}

// Redis makes servers of one Redis each, with a Sentinel beside it where there
// is more than one. Clients ask the sentinels for the primary; there is no
// address that follows it.
func (s *site) Redis(ctx *pulumi.Context, parent pulumi.Resource, in platform.RedisArgs) (platform.Redis, error) {
	m, out, err := s.planRedis(in)
	if err != nil {
		return platform.Redis{}, err
	}
	_, err = s.addMachines(ctx, parent, m)
	return out, err
}

// planRedis says which servers there will be and where they answer.
func (s *site) planRedis(in platform.RedisArgs) (machines, platform.Redis, error) {
	m := machines{
		name: in.Name, tier: in.Tier, size: redisSize(in.Redis.MemoryGiB, in.Evict), count: redisNodes(in.Redis),
		diskGiB: serverDiskGiB, apart: true,
	}
	m.most = m.count
	if !in.Evict {
		// Sessions are kept on disk: their log, while it is rewritten, and what
		// replaces it. A cache fills itself again.
		m.dataGiB = max(10, int(math.Ceil(4*in.Redis.MemoryGiB)))
	}
	role := guest.Redis{
		Size: guestSize(m.size), Purpose: string(in.Tier), Port: topology.PortRedis, SentinelPort: topology.PortSentinel, PasswordEnv: envRedis,
	}
	var sentinels []string
	for i := range m.count {
		a, err := s.addressOf(in.Tier, i)
		if err != nil {
			return m, platform.Redis{}, err
		}
		role.Nodes = append(role.Nodes, a.String())
		sentinels = append(sentinels, fmt.Sprintf("%s:%d", a, topology.PortSentinel))
	}
	password := s.secrets.CachePassword
	if in.Tier == topology.TierSessions {
		password = s.secrets.SessionsPassword
	}
	m.boot = s.secretDocument(map[string]string{envRedis: password}, func(member int, base guest.Base) guest.Role {
		one := role
		one.Base, one.Position = base, member
		return one
	})
	first := pulumi.String(role.Nodes[0]).ToStringOutput()
	out := platform.Redis{Primary: first, Reader: first, Port: topology.PortRedis, Password: secret(password)}
	if m.count > 1 {
		out.Sentinels = pulumi.String(strings.Join(sentinels, ",")).ToStringOutput()
	}
	return m, out, nil
}

// redisSize is the server that holds memoryGiB of data: guest.Redis leaves a
// reserve of 256 MiB, or an eighth where that is more, and of what is left three
// quarters hold a cache's data and three fifths hold sessions. Redis works on
// one processor; the second one is for the forked child that writes, and for
// the sentinel.
func redisSize(memoryGiB float64, evict bool) topology.Size {
	share := 3.0 / 5
	if evict {
		share = 3.0 / 4
	}
	free := memoryGiB * 1024 / share
	total := max(free+256, free*8/7)
	return topology.Size{VCPU: 2, MemoryGiB: math.Ceil(total/256) / 4}
}
