package audit

// databasePorts are the ports that databases listen on by default (IANA's
// service name registry and the makers' manuals).
var databasePorts = map[int]string{
	1433: "SQL Server", 1521: "Oracle", 3306: "MySQL", 5432: "PostgreSQL", 27017: "MongoDB",
	4567: "Galera", 5022: "SQL Server mirroring",
}

// storePorts are the ports of in-memory stores, which hold sessions and caches.
var storePorts = map[int]string{6379: "Redis", 11211: "memcached", 26379: "Redis Sentinel"}

// adminPorts open a server, or its data, to whoever reaches them.
var adminPorts = map[int]string{
	22: "SSH", 23: "telnet", 445: "SMB", 512: "rexec", 513: "rlogin", 1433: "SQL Server",
	1521: "Oracle", 2375: "Docker", 3306: "MySQL", 3389: "RDP", 5432: "PostgreSQL", 5900: "VNC",
	5985: "WinRM", 5986: "WinRM", 6379: "Redis", 8983: "Solr", 9200: "Elasticsearch", 10000: "Webmin",
	11211: "memcached", 27017: "MongoDB",
}

// clearTextPorts carry passwords that anybody on the path can read. Port 514 is
// not among them: on most sites it is the system log and not rsh.
var clearTextPorts = map[int]string{
	21: "FTP", 23: "telnet", 512: "rexec", 513: "rlogin", 5900: "VNC",
}

// mailPorts are a mail server's.
var mailPorts = map[int]string{25: "SMTP", 110: "POP3", 143: "IMAP", 465: "SMTPS", 587: "submission", 993: "IMAPS", 995: "POP3S"}

// businessPorts are services of the office and not of a shop.
var businessPorts = map[int]string{88: "Kerberos", 139: "SMB", 389: "LDAP", 445: "SMB", 548: "AFP", 631: "printing", 636: "LDAPS", 3268: "global catalogue"}
