package sizing

import "github.com/storefront-toolkit/storefront/components/topology"

// The shapes are sizes that exist on AWS, where only certain pairs of vCPU and
// memory can be had; on vSphere any size can. They double from one to the next,
// so that a larger shape never carries less in all. A test beside the AWS
// platform holds that it knows every one.
var (
	serverShapes = []topology.Size{
		{VCPU: 2, MemoryGiB: 4}, {VCPU: 2, MemoryGiB: 8}, {VCPU: 2, MemoryGiB: 16},
		{VCPU: 4, MemoryGiB: 8}, {VCPU: 4, MemoryGiB: 16}, {VCPU: 4, MemoryGiB: 32},
		{VCPU: 8, MemoryGiB: 16}, {VCPU: 8, MemoryGiB: 32}, {VCPU: 8, MemoryGiB: 64},
		{VCPU: 16, MemoryGiB: 32}, {VCPU: 16, MemoryGiB: 64}, {VCPU: 16, MemoryGiB: 128},
		{VCPU: 32, MemoryGiB: 64}, {VCPU: 32, MemoryGiB: 128}, {VCPU: 32, MemoryGiB: 256},
		{VCPU: 64, MemoryGiB: 128}, {VCPU: 64, MemoryGiB: 256}, {VCPU: 64, MemoryGiB: 512},
	}
	databaseShapes = []topology.Size{
		{VCPU: 2, MemoryGiB: 4}, {VCPU: 2, MemoryGiB: 8}, {VCPU: 2, MemoryGiB: 16}, {VCPU: 4, MemoryGiB: 32},
		{VCPU: 8, MemoryGiB: 64}, {VCPU: 16, MemoryGiB: 128}, {VCPU: 32, MemoryGiB: 256}, {VCPU: 64, MemoryGiB: 512},
	}
	searchShapes = []topology.Size{
		{VCPU: 2, MemoryGiB: 4}, {VCPU: 2, MemoryGiB: 8}, {VCPU: 2, MemoryGiB: 16}, {VCPU: 4, MemoryGiB: 16},
		{VCPU: 4, MemoryGiB: 32}, {VCPU: 8, MemoryGiB: 32}, {VCPU: 8, MemoryGiB: 64}, {VCPU: 16, MemoryGiB: 64},
		{VCPU: 16, MemoryGiB: 128},
	}
)

// mostRedisGiB is the most data that one node holds.
const mostRedisGiB = 335

// Shapes lists every size that Size may choose for servers, for databases and
// for managed search domains, and the most data of a Redis node in GiB.
func Shapes() (servers, databases, searches []topology.Size, redisGiB float64) {
	return serverShapes, databaseShapes, searchShapes, mostRedisGiB
}

// smallest returns the first shape that has vcpu and gib; the largest, and
// false, where none has.
func smallest(shapes []topology.Size, vcpu, gib float64) (topology.Size, bool) {
	for _, z := range shapes {
		// A rounding error must not cost a size.
		if float64(z.VCPU) >= vcpu-1e-9 && z.MemoryGiB >= gib-1e-9 {
			return z, true
		}
	}
	return shapes[len(shapes)-1], false
}
