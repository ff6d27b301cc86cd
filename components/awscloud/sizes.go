package awscloud

import (
	"fmt"
	"hash/crc32"
	"slices"
	"strings"

	"github.com/storefront-toolkit/storefront/components/topology"
)

func checksum(s string) string {
	return fmt.Sprintf("%06x", crc32.ChecksumIEEE([]byte(s))&0xffffff)
}

// A shape is an instance type in the topology's terms.
type shape struct {
	vcpu int
	gib  float64
	name string
}

// families lists the sizes of one use, smallest first, each with the types that
// have it (aws.amazon.com/ec2/instance-types, …/rds/instance-types,
// …/elasticache/pricing, docs.aws.amazon.com/opensearch-service). Burstable
// types stand only where a steady load is not expected.
var serverShapes = []shape{
	{2, 2, "t3.small"}, {2, 4, "t3.medium"}, {2, 8, "m6i.large"}, {2, 16, "r6i.large"},
	{4, 8, "c6i.xlarge"}, {4, 16, "m6i.xlarge"}, {4, 32, "r6i.xlarge"},
	{8, 16, "c6i.2xlarge"}, {8, 32, "m6i.2xlarge"}, {8, 64, "r6i.2xlarge"},
	{16, 32, "c6i.4xlarge"}, {16, 64, "m6i.4xlarge"}, {16, 128, "r6i.4xlarge"},
	{32, 64, "c6i.8xlarge"}, {32, 128, "m6i.8xlarge"}, {32, 256, "r6i.8xlarge"},
	{48, 96, "c6i.12xlarge"}, {48, 192, "m6i.12xlarge"}, {48, 384, "r6i.12xlarge"},
	{64, 128, "c6i.16xlarge"}, {64, 256, "m6i.16xlarge"}, {64, 512, "r6i.16xlarge"},
}

var databaseShapes = []shape{
	{2, 4, "db.t3.medium"}, {2, 8, "db.t3.large"}, {2, 16, "db.r6g.large"}, {4, 32, "db.r6g.xlarge"}, {8, 64, "db.r6g.2xlarge"},
	{16, 128, "db.r6g.4xlarge"}, {32, 256, "db.r6g.8xlarge"}, {48, 384, "db.r6g.12xlarge"}, {64, 512, "db.r6g.16xlarge"},
}

// redisShapes counts memory that data may take, a fifth kept for the copy that
// a snapshot writes (docs.aws.amazon.com/AmazonElastiCache, reserved-memory).
var redisShapes = []shape{
	{2, 0.4, "cache.t4g.micro"}, {2, 1.0, "cache.t4g.small"}, {2, 2.4, "cache.t4g.medium"}, {2, 5.1, "cache.m6g.large"},
	{2, 10.4, "cache.r6g.large"}, {4, 21, "cache.r6g.xlarge"}, {8, 42, "cache.r6g.2xlarge"}, {16, 84, "cache.r6g.4xlarge"},
	{32, 168, "cache.r6g.8xlarge"}, {48, 254, "cache.r6g.12xlarge"}, {64, 335, "cache.r6g.16xlarge"},
}

var searchShapes = []shape{
	{2, 4, "t3.medium.search"}, {2, 8, "m6g.large.search"}, {2, 16, "r6g.large.search"}, {4, 16, "m6g.xlarge.search"},
	{4, 32, "r6g.xlarge.search"}, {8, 32, "m6g.2xlarge.search"}, {8, 64, "r6g.2xlarge.search"}, {16, 64, "m6g.4xlarge.search"},
	{16, 128, "r6g.4xlarge.search"},
}

// shapeOf returns the type that has exactly the size: a near one would be a
// silent change of what was declared.
func shapeOf(shapes []shape, z topology.Size) (string, error) {
	for _, s := range shapes {
		if s.vcpu == z.VCPU && s.gib == z.MemoryGiB {
			return s.name, nil
		}
	}
	return "", fmt.Errorf("no instance type has %d vCPU and %v GiB; nearest: %s", z.VCPU, z.MemoryGiB, nearest(shapes, z))
}

// nearest words the three sizes that differ least, by vCPU first.
func nearest(shapes []shape, z topology.Size) string {
	distance := func(s shape) float64 {
		return abs(float64(s.vcpu-z.VCPU))*4 + abs(s.gib-z.MemoryGiB)
	}
	sorted := slices.Clone(shapes)
	slices.SortStableFunc(sorted, func(a, b shape) int {
		switch d := distance(a) - distance(b); {
		case d < 0:
			return -1
		case d > 0:
			return 1
		}
		return 0
	})
	words := make([]string, 3)
	for i, s := range sorted[:3] {
		words[i] = fmt.Sprintf("%d vCPU and %v GiB", s.vcpu, s.gib)
	}
	return strings.Join(words, ", ")
}

// redisNode returns the smallest node type that holds gib of data.
func redisNode(gib float64) (string, error) {
	for _, s := range redisShapes {
		if s.gib >= gib {
			return s.name, nil
		}
	}
	return "", fmt.Errorf("no node holds %v GiB of data; the largest holds %v", gib, redisShapes[len(redisShapes)-1].gib)
}

func abs(f float64) float64 {
	if f < 0 {
		return -f
	}
	return f
}
