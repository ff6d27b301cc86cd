package guest

import (
	"encoding/json"
	"fmt"
	"net/netip"
)

// clusterFile is what the failover controller reads (storefront_cluster.py).
// Times are in seconds unless the name says otherwise.
type clusterFile struct {
	Nodes []clusterNode `json:"nodes"`
	// From are the addresses from which the machinery's accounts may come.
	From           []string `json:"from"`
	Position       int      `json:"position"`
	Port           int      `json:"port"`
	DonorPort      int      `json:"donor_port"`
	Socket         string   `json:"socket"`
	Datadir        string   `json:"datadir"`
	Owner          string   `json:"owner"`
	Run            string   `json:"run"`
	Secrets        string   `json:"secrets"`
	FailoverEnv    string   `json:"failover_env"`
	ReplicationEnv string   `json:"replication_env"`
	// Hold is how many servers a primary has to see to stay one.
	Hold       int      `json:"hold"`
	SemisyncMS int      `json:"semisync_ms"`
	Tick       int      `json:"tick"`
	Lost       int      `json:"lost"`
	Isolated   int      `json:"isolated"`
	Settle     int      `json:"settle"`
	Lag        int      `json:"lag"`
	Start      []string `json:"start"`
	Stop       []string `json:"stop"`
	Kill       []string `json:"kill"`
	Schemas    []string `json:"schemas"`
	Users      []dbUser `json:"users"`
}

type clusterNode struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

type dbUser struct {
	Name   string   `json:"name"`
	Env    string   `json:"env"`
	Schema string   `json:"schema"`
	Rights string   `json:"rights"`
	Hosts  []string `json:"hosts"`
}

func (m databaseModel) clusterFile(c *config) string {
	f := clusterFile{
		Position: m.Position, Port: m.Port, DonorPort: m.DonorPort, Socket: "/run/mysqld/mysqld.sock",
		Datadir: m.Datadir, Owner: "mysql:mysql", Run: "/run/storefront", Secrets: "/etc/storefront/secrets.env",
		FailoverEnv: m.FailoverPasswordEnv, ReplicationEnv: m.ReplicationPasswordEnv,
		Hold: 1, SemisyncMS: m.SemisyncMS, Tick: 1, Lost: 10, Isolated: 6, Settle: 30, Lag: 30,
		Start:   []string{"systemctl", "start", "mariadb.service"},
		Stop:    []string{"systemctl", "stop", "mariadb.service"},
		Kill:    []string{"systemctl", "kill", "--signal=KILL", "mariadb.service"},
		Schemas: append([]string{}, m.Schemas...), Users: []dbUser{},
	}
	switch len(m.Nodes) {
	case 1:
		f.Lost = 0 // nobody else could be the primary
	case 3:
		f.Hold = 2
	}
	for _, n := range m.Nodes {
		f.Nodes = append(f.Nodes, clusterNode(n))
		f.From = append(f.From, n.Address)
	}
	for _, u := range m.Users {
		rights := "ALL PRIVILEGES"
		if u.ReadOnly {
			rights = "SELECT, SHOW VIEW"
		}
		f.Users = append(f.Users, dbUser{u.Name, u.PasswordEnv, u.Schema, rights, accountHosts(m.ClientNetworks)})
	}
	out, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		c.errs = append(c.errs, fmt.Errorf("encode the cluster: %w", err))
	}
	return string(out) + "\n"
}

// accountHosts writes networks as MariaDB wants them in an account's name:
// address/netmask.
func accountHosts(networks []string) []string {
	var hosts []string
	for _, n := range networks {
		p := netip.MustParsePrefix(n)
		mask := ^uint32(0) << (32 - p.Bits())
		hosts = append(hosts, fmt.Sprintf("%s/%d.%d.%d.%d", p.Addr(), mask>>24, mask>>16&255, mask>>8&255, mask&255))
	}
	return hosts
}

func (d Database) check(p problems, b Base) {
	d.checkNodes(p)
	p.at("port").port(d.Port)
	p.at("binlogDays").between(d.BinlogDays, 1, 99, "days")
	if d.MaxConnections != 0 {
		p.at("maxConnections").between(d.MaxConnections, 10, 100_000, "connections")
	}
	checkNetworks(p.at("clientNetworks"), d.ClientNetworks)
	schemas := map[string]string{}
	for i, s := range d.Schemas {
		p.at("schemas[%d]", i).word(s)
		p.at("schemas[%d]", i).unique(schemas, s)
		if s == "mysql" || s == "sys" || s == "storefront_ha" {
			p.at("schemas[%d]", i).add("%q is taken by the server itself", s)
		}
	}
	users := map[string]string{}
	for i, u := range d.Users {
		p := p.at("users[%d]", i)
		p.at("name").word(u.Name)
		p.at("name").unique(users, u.Name)
		if reservedAccounts[u.Name] {
			p.at("name").add("%q is taken by the server itself", u.Name)
		}
		b.needSecret(p.at("passwordEnv"), u.PasswordEnv)
		if _, ok := schemas[u.Schema]; !ok {
			p.at("schema").add("%q is none of the schemas", u.Schema)
		}
	}
	if len(d.Nodes) > 1 {
		b.needSecret(p.at("replicationPasswordEnv"), d.ReplicationPasswordEnv)
		b.needSecret(p.at("failoverPasswordEnv"), d.FailoverPasswordEnv)
	}
}

var reservedAccounts = map[string]bool{
	"root": true, "mysql": true, "mariadb": true, "storefront_replication": true, "storefront_failover": true,
}

func (d Database) checkNodes(p problems) {
	if n := len(d.Nodes); n < 1 || n > 3 {
		p.at("nodes").add("has %d servers; give 1, 2 or 3: a commit is acknowledged by one other server, "+
			"and only among three does every majority hold one that has it", n)
	}
	seen := map[string]string{}
	for i, n := range d.Nodes {
		at := p.at("nodes[%d]", i)
		at.at("name").host(n.Name)
		at.at("name").unique(seen, n.Name)
		at.at("address").address(n.Address)
		at.at("address").unique(seen, n.Address)
	}
	p.at("position").between(d.Position, 0, max(0, len(d.Nodes)-1), "th server")
	p.at("routerID").between(d.RouterID, 1, 254, "as a VRRP router id")
	virtual := []struct{ field, value string }{{"writerAddress", d.WriterAddress}, {"readerAddress", d.ReaderAddress}}
	for _, v := range virtual {
		switch {
		case len(d.Nodes) <= 1 && v.value != "":
			p.at("%s", v.field).add("%q needs more than one server", v.value)
		case v.value == "" && (v.field == "readerAddress" || len(d.Nodes) <= 1):
		default:
			p.at("%s", v.field).hostNetwork(v.value)
			a, _, _ := cutPrefix(v.value)
			p.at("%s", v.field).unique(seen, a)
		}
	}
}

func cutPrefix(s string) (string, int, error) {
	n, err := netip.ParsePrefix(s)
	return n.Addr().String(), n.Bits(), err
}

// hostNetwork wants an address with its network's prefix length.
func (p problems) hostNetwork(s string) {
	n, err := netip.ParsePrefix(s)
	if err != nil || !n.Addr().Is4() || n.Bits() < 8 || n.Masked().Addr() == n.Addr() {
		p.add("%q is no address with a prefix length; give it as 10.20.3.100/24", s)
	}
}
