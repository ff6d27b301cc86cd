package privatecloud

import (
	"net/netip"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/guest"
	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/components/topology/address"
)

// databaseUser owns the schema: the shop's own setup scripts make triggers and
// alter tables.
const databaseUser = "storefront"

// Names under which database servers find their secrets.
const (
	envShop        = "STOREFRONT_DATABASE_PASSWORD"
	envReplication = "STOREFRONT_REPLICATION_PASSWORD"
	envFailover    = "STOREFRONT_FAILOVER_PASSWORD"
)

// databaseNodes is how many servers a database has: one without readers, and
// three with. One reader asked for brings a third server too, since of two
// neither can tell the other's loss from its own, and nobody would take over
// without an operator.
func databaseNodes(d topology.Database) int {
	if d.Readers.Min == 0 {
		return 1
	}
	return 3
}

// Database makes a MariaDB server, or three that fail over by themselves: a
// primary and two semi-synchronous replicas, with a virtual address that
// follows the primary and one that follows a healthy replica.
func (s *site) Database(ctx *pulumi.Context, parent pulumi.Resource, in platform.DatabaseArgs) (platform.Database, error) {
	m, out, err := s.planDatabase(in)
	if err != nil {
		return platform.Database{}, err
	}
	_, err = s.addMachines(ctx, parent, m)
	return out, err
}

// planDatabase says which servers there will be and where they answer.
func (s *site) planDatabase(in platform.DatabaseArgs) (machines, platform.Database, error) {
	m := machines{
		name: in.Name, tier: topology.TierDatabase, size: in.Database.Size, count: databaseNodes(in.Database),
		diskGiB: serverDiskGiB, dataGiB: in.Database.StorageGiB, apart: true,
	}
	m.most = m.count
	role, err := s.databaseRole(m, in.Database)
	if err != nil {
		return m, platform.Database{}, err
	}
	m.boot = s.secretDocument(s.databaseSecrets(m.count), func(member int, base guest.Base) guest.Role {
		one := role
		one.Base, one.Position = base, member
		return one
	})
	host := func(virtual string) pulumi.StringOutput {
		if virtual == "" {
			return pulumi.String(role.Nodes[0].Address).ToStringOutput()
		}
		return pulumi.String(netip.MustParsePrefix(virtual).Addr().String()).ToStringOutput()
	}
	return m, platform.Database{
		Writer: host(role.WriterAddress), Reader: host(role.ReaderAddress), Port: topology.PortMySQL,
		User: platform.Secret{Value: pulumi.String(databaseUser).ToStringOutput()}, Password: secret(s.secrets.DatabasePassword),
	}, nil
}

// databaseRole is what all servers of the database have in common.
func (s *site) databaseRole(m machines, d topology.Database) (guest.Database, error) {
	role := guest.Database{
		Size: guestSize(m.size), Port: topology.PortMySQL, Schemas: []string{d.Name},
		Users: []guest.DatabaseUser{{Name: databaseUser, PasswordEnv: envShop, Schema: d.Name}},
		// The application and the back office; the firewall names the tiers.
		ClientNetworks: []string{s.segments[address.App].cidr.String(), s.segments[address.Admin].cidr.String()},
	}
	for i := range m.count {
		a, err := s.addressOf(m.tier, i)
		if err != nil {
			return role, err
		}
		role.Nodes = append(role.Nodes, guest.Node{Name: s.machineName(m.name, i), Address: a.String()})
	}
	if m.count == 1 {
		return role, nil
	}
	role.ReplicationPasswordEnv, role.FailoverPasswordEnv = envReplication, envFailover
	for which, to := range map[int]*string{writerAddress: &role.WriterAddress, readerAddress: &role.ReaderAddress} {
		a, err := s.virtualAddress(m.tier, which)
		if err != nil {
			return role, err
		}
		*to = netip.PrefixFrom(a, s.segmentOf(m.tier).cidr.Bits()).String()
	}
	return role, nil
}

// databaseSecrets are what the servers have to know; one by itself has nobody
// to copy from.
func (s *site) databaseSecrets(count int) map[string]string {
	out := map[string]string{envShop: s.secrets.DatabasePassword}
	if count > 1 {
		out[envReplication], out[envFailover] = s.secrets.ReplicationPassword, s.secrets.FailoverPassword
	}
	return out
}
