package audit

import (
	"testing"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestTablesHoldDates(t *testing.T) {
	for _, table := range [][]lifeCycle{operatingSystems, hypervisors, programs} {
		for _, cycle := range table {
			if cycle.source == "" {
				t.Errorf("%s names no source", cycle.product)
			}
			for _, r := range cycle.releases {
				if r.end == "" {
					continue
				}
				if _, err := time.Parse(time.DateOnly, r.end); err != nil {
					t.Errorf("%s %s: %v", cycle.product, r.name, err)
				}
			}
		}
	}
}

func TestOSSupport(t *testing.T) {
	for os, want := range map[string]string{
		"Debian GNU/Linux 9 (64-bit)":                     "Debian 9 2022-07-01",
		"Debian GNU/Linux 12.5 (bookworm)":                "Debian 12 2028-06-30",
		"Ubuntu 20.04.6 LTS":                              "Ubuntu 20.04 2025-05-31",
		"CentOS Linux release 7.9.2009 (Core)":            "CentOS 7 2024-06-30",
		"CentOS 7 (64-bit)":                               "CentOS 7 2024-06-30",
		"CentOS Stream 9":                                 "CentOS Stream 9 2027-05-31",
		"CentOS 4/5 or later (64-bit)":                    "",
		"CentOS 4/5/6/7 (64-bit)":                         "",
		"Red Hat Enterprise Linux 7 (64-bit)":             "Red Hat Enterprise Linux 7 2024-06-30",
		"Microsoft Windows Server 2012 R2 (64-bit)":       "Windows Server 2012 R2 2023-10-10",
		"Microsoft Windows Server 2008 (64-bit)":          "Windows Server 2008 2020-01-14",
		"Microsoft Windows Server 2016 or later (64-bit)": "",
		"Windows Server 2022 Datacenter":                  "Windows Server 2022 2031-10-14",
		"Microsoft Windows 7 (64-bit)":                    "Windows 7 2020-01-14",
		"SUSE Linux Enterprise 15 SP3 (64-bit)":           "SUSE Linux Enterprise Server 15.3 2022-12-31",
		"SUSE Linux Enterprise 15 (64-bit)":               "SUSE Linux Enterprise Server 15 2031-07-31",
		"Ubuntu Linux (64-bit)":                           "",
		"Other 3.x or later Linux (64-bit)":               "",
		"Microsoft Windows Server 2003 R2 Standard":       "Windows Server 2003 R2 2015-07-14",
		"Microsoft Windows 2000 Server":                   "Windows Server 2000 2010-07-13",
		"Debian GNU/Linux 5":                              "Debian 5 2012-02-06",
		"Red Hat Enterprise Linux 3":                      "Red Hat Enterprise Linux 3 2012-02-29 before that of 4",
		"Ubuntu 8.04.4 LTS":                               "Ubuntu 8.04 2013-05-09 before that of 10.04",
		"Amazon Linux 2 (64-bit)":                         "Amazon Linux 2 2026-06-30",
		"Amazon Linux AMI release 2018.03":                "Amazon Linux 2018 2023-12-31",
		"Amazon Linux 2023":                               "Amazon Linux 2023 2029-06-30",
		"Solaris 10":                                      "",
		"":                                                "",
	} {
		got := ""
		if s, ok := osSupport(os); ok {
			got = s.name() + " " + s.end.Format(time.DateOnly)
			if s.oldest != "" {
				got += " before that of " + s.oldest
			}
		}
		if got != want {
			t.Errorf("osSupport(%q) = %q, want %q", os, got, want)
		}
	}
}

func TestProgramSupport(t *testing.T) {
	for _, c := range []struct{ name, version, want string }{
		{"php", "7.4.33", "PHP 7.4"},
		{"PHP", "8.3.6", "PHP 8.3"},
		{"php7.4-fpm", "7.4.33", "PHP 7.4"},
		{"php-mysql", "7.4.33", ""},
		{"mysql-server-5.7", "5.7.40", "MySQL 5.7"},
		{"mysql-client", "5.7.40", ""},
		{"MariaDB", "1:10.3.39+maria~deb10", "MariaDB 10.3"},
		{"apache2", "2.4.57", "Apache HTTP Server 2.4"},
		{"Redis", "6.0.16", "Redis 6.0"},
		{"solr", "8.11.2", "Solr 8"},
		{"solr", "10.0.0", "Solr 10"},
		{"Solr", "", ""},
		{"postgresql", "9.6.24", "PostgreSQL 9.6"},
		{"toaster", "1.0", ""},
		{"MySQL", "5.1.73", "MySQL 5.1"},
		{"Redis", "3.2.12", "Redis 3.2"},
		{"Elasticsearch", "2.4.6", "Elasticsearch 2.4"},
		{"PHP", "4.4.9", "PHP 4.4"},
		{"PostgreSQL", "8.4", "PostgreSQL 8.4"},
		{"MySQL", "6.0", ""},
		{"Microsoft SQL Server", "2008", "SQL Server 2008"},
		{"Microsoft SQL Server 2008 R2 (64-bit)", "10.50.6000.34", "SQL Server 2008 R2"},
		{"SQL Server", "13.0.5026.0", "SQL Server 2016"},
		{"Microsoft SQL Server 2012 Native Client", "11.4.7001", ""},
		{"Magento", "1.9.4", "Magento 1.9"},
		{"Adobe Commerce", "2.4.5-p1", "Adobe Commerce 2.4.5"},
		{"Adobe Commerce", "2.4.3", "Adobe Commerce 2.4.3"},
		{"nginx", "1.10", "nginx 1.10"},
		{"Apache Tomcat", "7.0", "Tomcat 7"},
		{"tomcat9", "9.0.43", "Tomcat 9.0"},
	} {
		got := ""
		if s, _, ok := programSupport(migrate.Software{Name: c.name, Version: c.version}); ok {
			got = s.name()
		}
		if got != c.want {
			t.Errorf("programSupport(%s %s) = %q, want %q", c.name, c.version, got, c.want)
		}
	}
}

func TestHypervisorSupport(t *testing.T) {
	if s, ok := hypervisorSupport("VMware ESX 4.1.0 build-348481"); !ok || s.end.Format(time.DateOnly) != "2016-08-24" {
		t.Errorf("ESX 4.1 = %v %v", s, ok)
	}
	if s, ok := hypervisorSupport("2.12.0"); ok {
		t.Errorf("another hypervisor's number is judged: %v", s)
	}
	at := time.Date(2026, 9, 7, 0, 0, 0, 0, time.UTC)
	for version, over := range map[string]bool{
		"VMware ESXi 6.7.0 build-17700523": true, "VMware ESXi 8.0.3 build-24022510": false, "7.0.3": true,
	} {
		s, ok := hypervisorSupport(version)
		if !ok || s.over(at) != over {
			t.Errorf("hypervisorSupport(%q) = %v %v, want over %v", version, s, ok, over)
		}
	}
	if _, ok := hypervisorSupport("Nutanix AHV 20230302"); ok {
		t.Error("another hypervisor is judged by ESXi's dates")
	}
}

func TestSupportEndsAfterItsLastDay(t *testing.T) {
	s := support{end: date("2024-06-30")}
	if s.over(time.Date(2024, 6, 30, 20, 0, 0, 0, time.UTC)) {
		t.Error("over on its last day")
	}
	if !s.over(time.Date(2024, 7, 1, 0, 0, 1, 0, time.UTC)) {
		t.Error("not over on the day after")
	}
}
