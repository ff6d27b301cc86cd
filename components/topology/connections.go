package topology

// Tier is a layer of the topology.
type Tier string

const (
	TierEdge      Tier = "edge"
	TierBalancer  Tier = "balancer" // the load balancers of the channels
	TierInternal  Tier = "internal" // the load balancer of the back office
	TierWeb       Tier = "web"
	TierStatic    Tier = "static"
	TierAdmin     Tier = "admin"
	TierAccess    Tier = "access" // people behind the VPN
	TierDeploy    Tier = "deploy"
	TierDatabase  Tier = "database"
	TierProxy     Tier = "proxy" // connection pooling in front of the database
	TierSessions  Tier = "sessions"
	TierCache     Tier = "cache"
	TierSearch    Tier = "search"
	TierAnalytics Tier = "analytics"
	TierMedia     Tier = "media"
)

// Connection is traffic that the shop needs. All other traffic between tiers is
// refused. Both platforms make their firewall from the same list.
type Connection struct {
	From, To Tier
	Port     int // TCP
	Why      string
}

// Ports of the tiers, the same on both platforms.
const (
	PortHTTP     = 80
	PortHTTPS    = 443
	PortMySQL    = 3306
	PortRedis    = 6379
	PortSentinel = 26379
	PortSolr     = 8983
	PortNFS      = 2049
	PortSSH      = 22
	PortLogs     = 10514 // syslog over TCP (RFC 6587)
	PortReports  = 8080
)

// Connections lists what may talk to what in a resolved declaration.
func (s Storefront) Connections() []Connection {
	list := []Connection{
		{TierEdge, TierBalancer, PortHTTPS, "visitors"},
		{TierEdge, TierBalancer, PortHTTP, "visitors, sent on to HTTPS"},
		{TierBalancer, TierWeb, PortHTTP, "requests and health checks"},
		{TierAccess, TierInternal, PortHTTPS, "people in the back office"},
		{TierInternal, TierAdmin, PortHTTP, "requests and health checks"},
		{TierDeploy, TierWeb, PortSSH, "deployments"},
		{TierDeploy, TierAdmin, PortSSH, "deployments"},
	}
	for _, from := range []Tier{TierWeb, TierAdmin, TierDeploy} {
		list = append(list,
			Connection{from, TierDatabase, PortMySQL, "shop data"},
			Connection{from, TierSessions, PortRedis, "sessions"},
			Connection{from, TierCache, PortRedis, "page and object cache"},
			Connection{from, TierSearch, s.SearchPort(), "catalogue search"},
		)
		if s.Database.Proxy {
			list = append(list, Connection{from, TierProxy, PortMySQL, "pooled connections"})
		}
	}
	if s.Database.Proxy {
		list = append(list, Connection{TierProxy, TierDatabase, PortMySQL, "pooled connections"})
	}
	// A tier's own balancer stands in the tier.
	if s.Search.Engine == Solr {
		list = append(list, Connection{TierSearch, TierSearch, PortSolr, "balanced searches and index replication"})
	}
	if s.Analytics.Engine == Servers {
		list = append(list,
			Connection{TierAnalytics, TierAnalytics, PortLogs, "balanced logs"},
			Connection{TierAccess, TierAnalytics, PortReports, "people who read the reports"},
		)
	} else {
		list = append(list, Connection{TierAccess, TierAnalytics, PortHTTPS, "people who read the dashboards"})
	}
	for _, from := range []Tier{TierWeb, TierAdmin, TierStatic, TierSearch, TierDeploy} {
		list = append(list, Connection{from, TierAnalytics, s.AnalyticsPort(), "logs"})
	}
	if s.Media.Kind == NFSMedia {
		for _, from := range []Tier{TierWeb, TierAdmin, TierStatic} {
			list = append(list, Connection{from, TierMedia, PortNFS, "product images"})
		}
	}
	return list
}

// SearchPort is where the search engine answers.
func (s Storefront) SearchPort() int {
	if s.Search.Engine == OpenSearch {
		return PortHTTPS
	}
	return PortSolr
}

// AnalyticsPort is where logs are taken in.
func (s Storefront) AnalyticsPort() int {
	if s.Analytics.Engine == OpenSearch {
		return PortHTTPS
	}
	return PortLogs
}
