package guest

import (
	"regexp"
	"strings"
)

// ShopUser is the shop's own user in a database that comes with a master alone,
// whose password its service changes by itself: the shop would be locked out
// until each server has read the new one. AWS only.
//
// The server makes the user with the least rights that the application needs on
// its schema, over TLS, and puts name and password into a secret that the other
// servers read. storefront-database-user --rotate moves the shop to a second
// user with a new password; the first stays valid until the next time.
type ShopUser struct {
	// Server is the host:port of the database itself, past any pool of connections.
	Server string
	// Schema is the shop's.
	Schema string
	// MasterARN names the secret with the master's username and password.
	MasterARN string
	// ShopARN names the secret that the shop's servers read.
	ShopARN string
	// PooledARNs name the secrets of users a and b, which a pool of connections
	// before the database reads; empty without one.
	PooledARNs []string
}

var schemaName = regexp.MustCompile(`^[A-Za-z0-9_]{1,64}$`)

func (u ShopUser) check(p problems, onAWS bool) {
	if !onAWS {
		p.add("needs the cloud settings and a database that speaks TLS")
	}
	p.at("server").endpoint(u.Server)
	if !schemaName.MatchString(u.Schema) {
		p.at("schema").add("%q is no schema", u.Schema)
	}
	AWSSecret{ARN: u.MasterARN}.check(p.at("master"))
	AWSSecret{ARN: u.ShopARN}.check(p.at("shop"))
	if n := len(u.PooledARNs); n != 0 && n != 2 {
		p.at("pooled").add("has %d secrets; give one for each of the two users, or none", n)
	}
	for i, arn := range u.PooledARNs {
		AWSSecret{ARN: arn}.check(p.at("pooled[%d]", i))
	}
}

// shopUserModel is what the script is rendered from.
type shopUserModel struct {
	ShopUser
	Host, Port, Region string
	// The shop's own way to the database.
	ShopHost, ShopPort string
}

// Grantable is the schema as GRANT reads it: a bare underscore would stand for
// any character there.
func (u ShopUser) Grantable() string { return strings.ReplaceAll(u.Schema, "_", `\_`) }

// addShopUser makes the user before the server's own secrets are fetched, at
// every boot: a database that came from a snapshot may lack it.
func (c *config) addShopUser(u ShopUser, writer, region string) {
	m := shopUserModel{ShopUser: u, Region: region}
	m.Host, m.Port, _ = strings.Cut(u.Server, ":")
	m.ShopHost, m.ShopPort, _ = strings.Cut(writer, ":")
	c.pkg("awscli", "jq", "mariadb-client-core")
	c.script("/usr/local/sbin/storefront-database-user", "database-user.sh", m)
	c.render("/etc/systemd/system/storefront-database-user.service", "database-user.service", nil)
	c.file("/etc/systemd/system/storefront-secrets.service.d/database-user.conf",
		"[Unit]\nWants=storefront-database-user.service\nAfter=storefront-database-user.service\n")
}
