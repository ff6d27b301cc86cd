package planfile

import "time"

// Default is a configuration with every default and the given dates.
func Default(start, deadline Date) *Config {
	c := scalarDefaults()
	c.Target = Target{Start: start, Deadline: deadline}
	c.listDefaults()
	return c
}

// scalarDefaults are values that decoding overwrites one by one.
func scalarDefaults() *Config {
	return &Config{
		Schema:      Schema,
		TimeZone:    "UTC",
		Link:        Link{Mbps: 1000, Efficiency: 0.8},
		Replication: Replication{Lead: 7 * 24 * 60, Margin: 4 * 60, DailyChangePercent: 2},
		Movers: Movers{Default: "mgn", Profiles: map[string]Mover{
			// https://docs.aws.amazon.com/general/latest/gr/mgn.html and the HCX
			// configuration limits; Veeam and plain copy have no published one.
			"mgn": {AtOnce: 150, PerJob: 200}, "hcx": {AtOnce: 300}, "veeam": {AtOnce: 50}, "copy": {}, "none": {},
		}},
		Waves:        Waves{Min: 5, Max: 60, Parallel: 1},
		Pilot:        Pilot{Max: 9, MaxRisk: 1.5},
		Redundancy:   Redundancy{Detect: true},
		Environments: Environments{Scope: "estate"},
		Dependencies: Dependencies{StrongGBPerDay: 1, UnmeasuredGBPerDay: 0.01, AssumeDays: 1},
		Latency:      Latency{AddedMs: 8, BudgetMs: 100},
		Complexity:   Complexity{Peers: 12, GB: 1000},
		Conditions:   defaultSeverities(),
		Objective:    Objective{Risk: 1, Window: 0.1, Balance: 0.01},
	}
}

func defaultSeverities() map[string]Severity {
	hard := Severity{Hard: true}
	return map[string]Severity{
		CondComplete: hard, CondCalendar: hard, CondPins: hard, CondTogether: hard, CondApart: hard, CondStrong: hard,
		CondApplication: {Weight: 20}, CondOrder: {Weight: 5}, CondEnvOrder: hard, CondEnvMix: hard, CondCritical: hard,
		CondComplex: {Weight: 20}, CondRedundancy: hard, CondLatency: hard, CondSize: hard, CondReplication: hard,
		CondMovers: hard, CondHours: hard, CondPilot: hard, CondShared: {Weight: 1}, CondRetired: hard,
	}
}

// listDefaults fills lists that were not given; a list that was given, even an
// empty one, stands as it is.
func (c *Config) listDefaults() {
	if c.Windows.Weekly == nil && c.Windows.Dates == nil {
		c.Windows.Weekly = []Weekly{{Day: Weekday(time.Thursday), Start: 60, Length: 4 * 60}}
	}
	if c.SharedServices == nil {
		c.SharedServices = []Match{{Roles: []string{"dns", "time", "ntp", "directory", "ldap", "monitoring", "logging", "backup", "mail"}}}
	}
	if c.Environments.First == nil {
		c.Environments.First = []string{"development", "test", "staging"}
	}
	if c.Dependencies.Classes == nil {
		c.Dependencies.Classes = []string{"application"}
	}
	if c.Latency.RoundTrips == nil {
		c.Latency.RoundTrips = []RoundTrip{
			{Ports: []int{3306, 5432, 1433, 1521}, PerRequest: 40},
			{Ports: []int{6379, 11211}, PerRequest: 20},
			{Ports: []int{2049, 445}, PerRequest: 10},
			{Ports: []int{8983, 9200}, PerRequest: 2},
		}
	}
	if c.Movers.Rules == nil {
		c.Movers.Rules = []MoverRule{
			{Match: Match{Dispositions: []string{"replatform", "refactor"}}, Mover: "copy"},
			{Match: Match{Dispositions: []string{"relocate"}}, Mover: "hcx"},
			{Match: Match{Dispositions: []string{"repurchase"}}, Mover: "none"},
		}
	}
	if c.Exclude == nil {
		c.Exclude = []Exclusion{{Match: Match{Kinds: []string{"template", "placeholder"}}, Reason: "templates and placeholders run nothing"}}
	}
}
