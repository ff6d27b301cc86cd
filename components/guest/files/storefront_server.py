"""What one MariaDB server of a cluster says of itself, and how it votes."""
import re

import pymysql

TERM = 10**12  # transactions that a term has numbers for


def secrets(path):
    """The file that systemd and the shell read as well: NAME="value" with four characters escaped."""
    found = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            name, _, value = line.rstrip("\n").partition("=")
            found[name] = re.sub(r'\\(["\\$`])', r"\1", value[1:-1])
    return found


def sequence(position):
    """The highest number in a GTID position such as 0-2-1000000000017."""
    return max([int(g.rsplit("-", 1)[1]) for g in (position or "").split(",") if g], default=0)


class View:
    """What one server says of itself. `up` where it does, `refused` where only its host lives, `contact` in either case."""

    def __init__(self, name):
        self.name, self.up, self.contact, self.refused = name, False, False, False
        self.term, self.candidate, self.read_only, self.semisync, self.timeout = 0, "", True, False, 0
        self.seq, self.io, self.sql, self.master, self.broken, self.lag, self.pending = 0, "No", "No", "", "", None, False
        self.clients = 0

    def leads(self):
        return self.up and self.candidate == self.name and self.semisync


def execute(conn, sql, *args):
    with conn.cursor() as cursor:
        cursor.execute(sql, args)


def rows(conn, sql, *args):
    with conn.cursor() as cursor:
        cursor.execute(sql, args)
        return cursor.fetchall()


def one(conn, sql, *args):
    return (rows(conn, sql, *args) or [None])[0]


class locked:
    """The lock that votes, promotion and following take on a server."""

    def __init__(self, conn):
        self.conn = conn

    def __enter__(self):
        if one(self.conn, "SELECT GET_LOCK('storefront_ha', 3) AS got")["got"] != 1:
            raise RuntimeError("another server is at it")

    def __exit__(self, *_):
        execute(self.conn, "DO RELEASE_LOCK('storefront_ha')")


def inspect(conn, view):
    v = one(conn, "SELECT @@read_only AS ro, @@rpl_semi_sync_master_enabled AS ss, @@rpl_semi_sync_master_timeout AS t, "
            "@@gtid_current_pos AS c, @@gtid_binlog_pos AS b, @@gtid_slave_pos AS s")
    view.read_only, view.semisync, view.timeout = bool(v["ro"]), bool(v["ss"]), v["t"]
    view.clients = int(one(conn, "SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_master_clients'")["Value"])
    try:
        row = one(conn, "SELECT term, candidate FROM storefront_ha.vote WHERE id=1")
        view.term, view.candidate = row["term"], row["candidate"]
    except (pymysql.err.Error, TypeError):
        pass  # not laid yet: a fresh server
    s = one(conn, "SHOW SLAVE STATUS") or {}
    view.io, view.sql = s.get("Slave_IO_Running", "No"), s.get("Slave_SQL_Running", "No")
    view.master, view.lag = s.get("Master_Host", ""), s.get("Seconds_Behind_Master")
    # 1236: the primary doesn't have what this server has; 1593: the two don't fit together.
    if view.io == "No" and s.get("Last_IO_Errno") in (1236, 1593):
        view.broken = s["Last_IO_Error"]
    if view.sql == "No" and s.get("Last_SQL_Errno"):
        view.broken = s["Last_SQL_Error"]
    received = sequence(s.get("Gtid_IO_Pos"))
    view.pending = received > max(sequence(v["s"]), sequence(v["b"]))
    view.seq = max(received, sequence(v["c"]), sequence(v["b"]))
    view.up = view.contact = True
    return view


def vote(conn, term, candidate):
    execute(conn, "SET SESSION sql_log_bin=0")
    execute(conn, "UPDATE storefront_ha.vote SET term=%s, candidate=%s WHERE id=1 AND term<=%s", term, candidate, term)
    execute(conn, "SET SESSION sql_log_bin=1")


def ask(conn, name, term, candidate):
    """One server's vote: it stops receiving, remembers the term, and tells what it has."""
    with locked(conn):
        view = inspect(conn, View(name))
        if view.term >= term:
            raise RuntimeError(f"it is in term {view.term}")
        if not view.read_only:
            raise RuntimeError("it is a primary")
        execute(conn, "STOP SLAVE IO_THREAD")
        vote(conn, term, candidate)
        view = inspect(conn, View(name))
        if (view.term, view.candidate) != (term, candidate):
            raise RuntimeError("it keeps no vote yet")
        return view


def account(conn, name, host, password):
    execute(conn, "CREATE USER IF NOT EXISTS %s@%s IDENTIFIED BY %s", name, host, password)
    execute(conn, "ALTER USER %s@%s IDENTIFIED BY %s", name, host, password)
