"""Decides which server of a MariaDB cluster is the primary, and keeps this one in its role.

How two primaries are avoided:
 1. Every server starts read-only and following nobody. Only this program opens one.
 2. Before it opens one, a majority of the servers has voted for it in a new term. A vote stops the
    voter's receiver, so that a former primary gets no acknowledgement any more, and with three
    servers its commits wait for one without end: it may think what it likes, it can't commit.
 3. Voters and candidate compare what they have received; the one that has most wins. The first
    transaction of a term takes its number from the term, so that a later term always counts more.
 4. A primary that sees no majority, or sees a later term, kills its server. It comes back read-only.
With two servers nobody outvotes anybody: a replica never opens by itself, an operator says `force`.
"""
import concurrent.futures as futures
import os
import shutil
import subprocess
import sys
import threading
import time

import pymysql
from pymysql.cursors import DictCursor

from storefront_server import TERM, View, account, ask, execute, inspect, locked, one, rows, secrets, sequence, vote


def log(text):
    print(text, file=sys.stderr, flush=True)


class Cluster:
    def __init__(self, config):
        self.c = config
        self.nodes = config["nodes"]
        self.me = config["nodes"][config["position"]]
        self.size = len(self.nodes)
        self.quorum = self.size // 2 + 1
        known = secrets(config["secrets"])
        self.passwords = {u["name"]: known[u["env"]] for u in config["users"]}
        self.failover = known.get(config["failover_env"], "")
        self.replication = known.get(config["replication_env"], "")
        self.pool = futures.ThreadPoolExecutor(max_workers=4)
        self.lost_since, self.held_at, self.opening, self.complained = None, time.monotonic(), None, ""
        self.provisioned = False

    def run(self, name):
        return os.path.join(self.c["run"], name)

    def local(self, timeout=15):
        return pymysql.connect(unix_socket=self.c["socket"], user="root", autocommit=True, cursorclass=DictCursor,
                               connect_timeout=3, read_timeout=timeout, write_timeout=timeout)

    def remote(self, node):
        return pymysql.connect(host=node["address"], port=self.c["port"], user="storefront_failover", password=self.failover,
                               autocommit=True, cursorclass=DictCursor, connect_timeout=2, read_timeout=4, write_timeout=4)

    def connect(self, node):
        return self.local() if node is self.me else self.remote(node)

    def look(self, node):
        """Asks one server. A server that doesn't answer is a view that isn't up."""
        view = View(node["name"])
        try:
            conn = self.connect(node)
        except pymysql.err.OperationalError as e:
            # Refused: the host lives and its server doesn't. Turned away: both live.
            view.refused = isinstance(getattr(e, "original_exception", None), ConnectionRefusedError)
            view.contact = view.refused or e.args[0] in (1040, 1045, 1130)
            return view
        except (pymysql.err.Error, OSError):
            return view
        try:
            with conn:
                inspect(conn, view)
        except (pymysql.err.Error, OSError):
            view.up = False
        if view.up and self.size == 1:
            view.semisync = True
        return view

    def look_all(self):
        views = list(self.pool.map(self.look, self.nodes))
        return views[self.c["position"]], views

    # A round

    def tick(self):
        mine, views = self.look_all()
        if not mine.up:
            self.lost_since = None
            return "other"
        self.remember(mine.term)
        if mine.leads():
            return self.lead(mine, views)
        if not mine.read_only:
            log("the server was open without being the primary; closing it")
            with self.local() as conn:
                execute(conn, "SET GLOBAL read_only=1")
        leaders = [v for v in views if v.leads() and v is not mine and v.term >= mine.term]
        if leaders:
            self.lost_since = None
            return self.follow(mine, max(leaders, key=lambda v: v.term))
        return self.without_leader(mine, views)

    def known_term(self):
        """The last term this server knew, for its start, when it can't be asked; 0 on an empty disk."""
        try:
            with open(self.c["datadir"] + ".term", encoding="ascii") as f:
                return int(f.read())
        except (FileNotFoundError, ValueError):
            return 0

    def remember(self, term):
        path = self.c["datadir"] + ".term"
        if term != self.known_term():
            with open(path + ".new", "w", encoding="ascii") as f:
                f.write(str(term))
            os.replace(path + ".new", path)

    def lead(self, mine, views):
        now = time.monotonic()
        forced = self.size == 3 and mine.timeout != self.c["semisync_ms"]
        later = [v for v in views if v.up and v.term > mine.term]
        if sum(v.up or v.refused for v in views) >= self.c["hold"]:
            self.held_at = now
        isolated = now - self.held_at > self.c["isolated"] and not forced
        if later or (isolated and not mine.read_only):
            log(f"giving up term {mine.term}: " + ("a later term is under way" if later else "no majority is in sight"))
            subprocess.run(self.c["kill"], check=False)
            return "other"
        with self.local() as conn:
            if forced and mine.clients:
                execute(conn, "SET GLOBAL rpl_semi_sync_master_timeout=%s", self.c["semisync_ms"])
            if mine.read_only:
                self.open(conn, mine.term)
                return "other"
        if not self.provisioned and (mine.clients or self.size < 3):
            self.provision()
            self.provisioned = True
        return "primary" if self.held_at == now or forced else "other"

    def open(self, conn, term):
        """Opens the server once its first transaction of the term has been acknowledged."""
        if one(conn, "SELECT COUNT(*) AS n FROM storefront_ha.epoch WHERE term=%s", term)["n"]:
            with locked(conn):
                if one(conn, "SELECT term, candidate FROM storefront_ha.vote") == {"term": term, "candidate": self.me["name"]}:
                    execute(conn, "SET GLOBAL read_only=0")
                    log(f"primary in term {term}")
                    self.provisioned = False
        elif self.opening is None or not self.opening.is_alive():
            # It waits for as long as it takes until another server follows.
            self.opening = threading.Thread(target=self.mark, args=(term,), daemon=True)
            self.opening.start()

    def mark(self, term):
        try:
            with self.local(timeout=None) as conn:
                if term * TERM > sequence(one(conn, "SELECT @@gtid_current_pos AS p")["p"]):
                    execute(conn, "SET SESSION gtid_seq_no=%s", term * TERM)
                execute(conn, "INSERT IGNORE INTO storefront_ha.epoch (term, node) VALUES (%s, %s)", term, self.me["name"])
        except pymysql.err.Error as e:
            log(f"first transaction of term {term}: {e.args[0]}")

    def follow(self, mine, leader):
        node = next(n for n in self.nodes if n["name"] == leader.name)
        if mine.term == 0 and mine.seq == 0 and not self.complete(node) or os.path.exists(self.run("db-rebuild")):
            self.clone(node)
            return "other"
        healthy = mine.io == "Yes" and mine.sql == "Yes" and mine.master == node["address"] and mine.term == leader.term
        if healthy:
            self.complained = ""
            return "replica" if mine.lag is not None and mine.lag <= self.c["lag"] else "other"
        if mine.broken and mine.term == leader.term and mine.master == node["address"]:
            if self.complained != mine.broken:
                log(f"replication from {leader.name} stopped ({mine.broken}). This server may hold transactions that nobody "
                    "acknowledged; look at them, then run: storefront-db rebuild")
                self.complained = mine.broken
            return "other"
        if mine.master == node["address"] and mine.term == leader.term and mine.io == "Connecting":
            return "other"
        with self.local() as conn, locked(conn):
            if one(conn, "SELECT MAX(term) AS t FROM storefront_ha.vote")["t"] > leader.term:
                return "other"
            execute(conn, "STOP SLAVE")
            vote(conn, leader.term, leader.name)
            execute(conn, "SET GLOBAL read_only=1")
            execute(conn, "SET GLOBAL rpl_semi_sync_master_enabled=0")
            execute(conn, "SET GLOBAL rpl_semi_sync_slave_enabled=1")
            demoted = ", MASTER_DEMOTE_TO_SLAVE=1" if one(conn, "SELECT @@gtid_binlog_pos AS p")["p"] else ""
            execute(conn, "CHANGE MASTER TO MASTER_HOST=%s, MASTER_PORT=%s, MASTER_USER='storefront_replication', "
                    "MASTER_PASSWORD=%s, MASTER_USE_GTID=slave_pos, MASTER_HEARTBEAT_PERIOD=2, MASTER_CONNECT_RETRY=1"
                    + demoted, node["address"], self.c["port"], self.replication)
            execute(conn, "START SLAVE")
            log(f"following {leader.name} in term {leader.term}")
        return "other"

    # Elections

    def without_leader(self, mine, views):
        now = time.monotonic()
        if mine.semisync and self.size > 1:  # voted away before it opened
            with self.local() as conn:
                execute(conn, "SET GLOBAL rpl_semi_sync_master_enabled=0")
        if any(v.up and not v.read_only and v.candidate == v.name for v in views if v is not mine):
            self.lost_since = None
            return "other"
        self.lost_since = self.lost_since or now
        up = [v for v in views if v.up]
        if os.path.exists(self.run("db-force")):
            return self.force(mine, views)
        closed = {n["address"] for n, v in zip(self.nodes, views) if v.up}  # they answer, and none of them leads
        if any(v.io == "Yes" and v.master not in closed for v in up):  # somebody still hears the primary
            return "replica" if mine.io == mine.sql == "Yes" and (mine.lag or 0) <= self.c["lag"] else "other"
        if now - self.lost_since < self.c["lost"]:
            return "other"
        # A server that has forgotten what it voted and received has no vote, except where all begin together.
        empty = len(up) == self.size and not any(v.seq for v in up)
        voters = up if empty else [v for v in up if v.term]
        if len(voters) < self.quorum or mine not in voters:
            return "other"
        if min(voters, key=lambda v: (-v.seq, views.index(v))) is not mine:
            return "other"
        self.stand(mine, voters, max(v.term for v in up) + 1)
        self.lost_since = now
        return "other"

    def stand(self, mine, voters, term):
        """Asks for votes, this server's first, and opens the server if it has most."""
        log(f"standing for term {term}")
        votes = []
        for v in sorted(voters, key=lambda v: v is not mine):
            node = next(n for n in self.nodes if n["name"] == v.name)
            try:
                with self.connect(node) as conn:
                    votes.append(ask(conn, v.name, term, self.me["name"]))
            except (pymysql.err.Error, OSError, RuntimeError) as e:
                log(f"no vote of {v.name} in term {term}: {e}")
                if v is mine:
                    return
        if len(votes) < self.quorum:
            return
        ahead = [v.name for v in votes if v.seq > votes[0].seq]
        if ahead:
            log(f"{ahead[0]} has received more; leaving term {term} to it")
            return
        self.promote(term, self.c["semisync_ms"])

    def promote(self, term, semisync_ms):
        while True:
            with self.local() as conn:
                view = inspect(conn, View(self.me["name"]))
                if (view.term, view.candidate) != (term, self.me["name"]):
                    return
                if not view.pending:
                    break
                if view.sql != "Yes":
                    execute(conn, "START SLAVE SQL_THREAD")
            time.sleep(0.2)
        with self.local() as conn, locked(conn):
            if one(conn, "SELECT term, candidate FROM storefront_ha.vote") != {"term": term, "candidate": self.me["name"]}:
                return
            execute(conn, "STOP SLAVE")
            execute(conn, "RESET SLAVE ALL")
            if self.size > 1:
                execute(conn, "SET GLOBAL rpl_semi_sync_slave_enabled=0")
                execute(conn, "SET GLOBAL rpl_semi_sync_master_timeout=%s", semisync_ms)
                execute(conn, "SET GLOBAL rpl_semi_sync_master_enabled=1")
        self.held_at = time.monotonic()

    def force(self, mine, views):
        """An operator's word that the named servers are off and stay off until this one leads."""
        with open(self.run("db-force"), encoding="ascii") as f:
            lost = f.read().split()
        os.remove(self.run("db-force"))
        missing = [v.name for v in views if not v.up]
        if sorted(lost) != sorted(missing):
            log(f"not forced: servers away are {missing}, named were {lost}")
            return "other"
        term = max(v.term for v in views) + 1
        with self.local() as conn:
            ask(conn, mine.name, term, mine.name)
        log(f"forced into term {term} by an operator")
        self.promote(term, 1000 if self.size > 1 else self.c["semisync_ms"])
        return "other"

    # What a server needs

    def make_tables(self, conn):
        """Lays, on this server alone, what the first election needs."""
        execute(conn, "SET SESSION sql_log_bin=0")
        execute(conn, "CREATE DATABASE IF NOT EXISTS storefront_ha")
        execute(conn, "CREATE TABLE IF NOT EXISTS storefront_ha.epoch (term BIGINT UNSIGNED PRIMARY KEY, "
                "node VARCHAR(64) NOT NULL, at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP) ENGINE=InnoDB")
        execute(conn, "CREATE TABLE IF NOT EXISTS storefront_ha.vote (id TINYINT PRIMARY KEY, term BIGINT UNSIGNED NOT NULL, "
                "candidate VARCHAR(64) NOT NULL) ENGINE=InnoDB")
        execute(conn, "INSERT IGNORE INTO storefront_ha.vote VALUES (1, 0, '')")

    def prepare_local(self):
        """Accounts of the machinery: on every server by itself, so that none depends on replication."""
        with self.local() as conn:
            execute(conn, "SET SESSION sql_log_bin=0")
            for row in rows(conn, "SELECT User AS u, Host AS h FROM mysql.user WHERE User=''"):
                execute(conn, "DROP USER %s@%s", row["u"], row["h"])
            if self.size > 1:
                for address in self.c["from"]:
                    account(conn, "storefront_replication", address, self.replication)
                    execute(conn, "GRANT REPLICATION SLAVE ON *.* TO 'storefront_replication'@%s", address)
                    account(conn, "storefront_failover", address, self.failover)
                    execute(conn, "GRANT REPLICATION SLAVE ADMIN, SLAVE MONITOR, BINLOG MONITOR, BINLOG ADMIN, READ_ONLY ADMIN "
                            "ON *.* TO 'storefront_failover'@%s", address)
            self.make_tables(conn)
            for address in self.c["from"] if self.size > 1 else []:
                execute(conn, "GRANT SELECT, UPDATE ON storefront_ha.vote TO 'storefront_failover'@%s", address)

    def provision(self):
        """Schemas and the application's accounts, written by the primary and replicated."""
        with self.local(timeout=60) as conn:
            for schema in self.c["schemas"]:
                execute(conn, f"CREATE DATABASE IF NOT EXISTS `{schema}` CHARACTER SET utf8mb4")
            for user in self.c["users"]:
                for host in user["hosts"]:
                    account(conn, user["name"], host, self.passwords[user["name"]])
                    execute(conn, f"GRANT {user['rights']} ON `{user['schema']}`.* TO %s@%s", user["name"], host)

    def complete(self, node):
        """Whether a server's binary logs still go back to the very beginning."""
        with self.remote(node) as conn:
            return rows(conn, "SHOW BINARY LOGS")[0]["Log_name"].endswith(".000001")

    def clone(self, node):
        """Takes a copy of the leader's data. What was here before is kept beside it, unless it was empty."""
        datadir, fresh = self.c["datadir"], not self.known_term()
        target = datadir + ".clone"
        shutil.rmtree(target, ignore_errors=True)
        os.mkdir(target, 0o700)
        log(f"copying the data of {node['name']}")
        with open(self.run("db-receive.conf"), "w", encoding="ascii") as f:
            f.write(f"client = yes\nsyslog = no\ndebug = warning\nconnect = {node['address']}:{self.c['donor_port']}\nciphers = PSK\n"
                    f"sslVersionMin = TLSv1.2\nPSKsecrets = {self.run('db-psk')}\n")
        with subprocess.Popen(["stunnel4", self.run("db-receive.conf")], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as stream:
            subprocess.run(["mbstream", "-x", "-C", target], stdin=stream.stdout, check=True)
        if not os.path.exists(os.path.join(target, "xtrabackup_info")):
            raise RuntimeError(f"the copy from {node['name']} ended too early")
        subprocess.run(["mariadb-backup", "--prepare", "--target-dir", target], check=True, capture_output=True)
        with open(os.path.join(target, "xtrabackup_binlog_info"), encoding="ascii") as f:
            position = f.read().split()[2]
        subprocess.run(self.c["stop"], check=True)
        if fresh:
            shutil.rmtree(datadir)
        else:
            os.rename(datadir, f"{datadir}.before-{time.time_ns()}")
        os.rename(target, datadir)
        subprocess.run(["chown", "-R", self.c["owner"], datadir], check=True)
        if os.path.exists(self.run("db-rebuild")):
            os.remove(self.run("db-rebuild"))
        subprocess.run(self.c["start"], check=True)
        with self.local() as conn:
            execute(conn, "STOP SLAVE")
            execute(conn, "SET GLOBAL gtid_slave_pos=%s", position)
        self.prepare_local()
        log(f"copy of {node['name']} is in place at {position}")
