package runbook

import (
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

var (
	night = time.Date(2026, 9, 17, 1, 0, 0, 0, time.FixedZone("BST", 3600))
	link  = migrate.PlanLink{Mbps: 1000, Efficiency: 0.8, HoursPerDay: 24, GBPerDay: 8640, LeadDays: 7, MarginHours: 4}
)

func server(id, role, app string, gb float64) migrate.WaveServer {
	return migrate.WaveServer{ID: id, Action: "move", Disposition: "rehost", Mover: "mgn", Role: role, Environment: "production",
		Application: app, Owner: "Ada Vance", DataGB: gb, ChangeGBPerDay: gb / 50}
}

// shopPlan moves a small shop in two nights: a dns server and one of two web
// servers first, then the rest with the database.
func shopPlan() *migrate.Plan {
	retired := migrate.WaveServer{ID: "ftp01", Action: "switch-off", Disposition: "retire", Role: "other"}
	wave := func(id string, days int, servers ...migrate.WaveServer) migrate.Wave {
		start := night.AddDate(0, 0, days)
		from, to := start.AddDate(0, 0, -7), start.AddDate(0, 0, -6)
		w := migrate.Wave{ID: id, Start: start, End: start.Add(4 * time.Hour), Servers: servers, ReplicationStart: &from, ReplicationEnd: &to}
		for _, s := range servers {
			w.DataGB += s.DataGB
		}
		return w
	}
	web := server("uk-web01", "web", "storefront uk", 13)
	web.DependsOn = []string{"db-primary01"}
	return &migrate.Plan{Schema: migrate.PlanSchema, TimeZone: "Europe/London", Start: night.AddDate(0, 0, -16), Deadline: night.AddDate(0, 0, 25), Link: link,
		Teams: []migrate.PlanTeam{{Name: "dba", People: 2, Hours: 8}, {Name: "platform", People: 6, Hours: 8}},
		Waves: []migrate.Wave{
			wave("W01", 0, server("dns01", "dns", "network", 13), web),
			wave("W02", 7, server("db-primary01", "database", "storefront", 200), server("db-replica01", "database", "storefront", 200), retired,
				server("mail01", "mail", "mail", 20), server("nfs01", "media", "storefront", 10000), server("redis-session01", "sessions", "storefront", 13),
				server("solr01", "search", "storefront", 70), server("uk-lb01", "loadbalancer", "storefront uk", 13), server("uk-web02", "web", "storefront uk", 13)),
		},
		Crossings: []migrate.Crossing{{A: "W01", B: "W02", Flows: 3, GBPerDay: 4.5, Days: 7, GBDays: 31.5}},
		Conditions: []migrate.PlanCondition{
			{ID: "engineer-hours", Title: "Engineers have the hours", Severity: "hard", State: "broken"}},
	}
}

func shopEstate() *migrate.Estate {
	e := &migrate.Estate{Schema: migrate.EstateSchema}
	for _, w := range shopPlan().Waves {
		for _, s := range w.Servers {
			e.Servers = append(e.Servers, migrate.Server{ID: s.ID, Name: s.ID, Addresses: []string{"10.20.0.7"}})
		}
	}
	return e
}

var shopOptions = Options{Stack: "prod", Channels: []Channel{
	{Code: "de", Hosts: []string{"www.de.shop.example"}},
	{Code: "uk", Hosts: []string{"www.shop.example"}, Legacy: []string{"198.51.100.7"}},
}}
