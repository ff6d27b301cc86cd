#!/usr/bin/python3
"""Keeps a MariaDB server in its role within its cluster.

  storefront-db run               the controller; a service runs it
  storefront-db pre-start         before the server starts: whether its last transactions stand
  storefront-db status            what every server says of itself
  storefront-db force NAME...     make this server the primary while the named ones are off for good
  storefront-db rebuild           replace this server's data by a copy of the primary's
"""
import hashlib
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, os.environ.get("STOREFRONT_DB_LIBRARY", "/usr/local/lib/storefront"))

import pymysql
from storefront_cluster import Cluster, log

CONFIG = os.environ.get("STOREFRONT_DB_CONFIG", "/etc/storefront/db/cluster.json")


def write(path, content, mode=0o644):
    with open(path + ".new", "w", encoding="ascii", opener=lambda p, f: os.open(p, f, mode)) as f:
        f.write(content)
    os.replace(path + ".new", path)


def run(cluster):
    key = hashlib.sha256(b"clone:" + cluster.failover.encode()).hexdigest()
    write(cluster.run("db-psk"), f"storefront:{key}\n", 0o600)
    prepared, last = False, ""
    while True:
        began = time.monotonic()
        try:
            if not prepared:
                cluster.prepare_local()
                prepared = True
            role = cluster.tick()
            last = ""
        except (pymysql.err.Error, OSError, RuntimeError, subprocess.SubprocessError) as e:
            # Arguments of a failed statement may hold a password: only the number and the kind are told.
            text = str(e) if isinstance(e, (OSError, RuntimeError, subprocess.SubprocessError)) else f"{type(e).__name__} {e.args[0]}"
            if text != last:
                log(text)
            role, last = "other", text
        write(cluster.run("db-role"), role + "\n")
        time.sleep(max(0.1, cluster.c["tick"] - (time.monotonic() - began)))


def pre_start(cluster):
    """Where another server leads, what this one wrote last without an acknowledgement is taken back at
    its start (init_rpl_role=SLAVE), so that it can follow. Where none does, everything stands: after a
    loss of power everywhere the last transactions may be on this server alone."""
    role, began = "MASTER", time.monotonic()
    known = cluster.known_term()
    while known and cluster.size > 1 and not os.path.exists(cluster.run("db-force")):
        _, views = cluster.look_all()
        peers = [v for v in views if v.name != cluster.me["name"]]
        if any(v.leads() and v.term >= known for v in peers):
            role = "SLAVE"
            break
        waited = time.monotonic() - began
        seen = any(v.contact for v in peers)
        if seen and waited > (cluster.c["settle"] if cluster.size > 2 else 0) or cluster.size == 2 and waited > 10:
            break
        time.sleep(1)
    write(cluster.run("mariadbd.env"), f"MYSQLD_OPTS=--init-rpl-role={role}\n")


def status(cluster):
    for v in cluster.look_all()[1]:
        role = "away" if not v.up else "primary" if v.leads() and not v.read_only else "opening" if v.leads() else "replica"
        print(f"{v.name}\t{role}\tterm {v.term} of {v.candidate or '-'}\tat {v.seq}\treceives {v.io}\tapplies {v.sql}\t{v.broken}")


def main(args):
    with open(CONFIG, encoding="utf-8") as f:
        cluster = Cluster(json.load(f))
    os.makedirs(cluster.c["run"], exist_ok=True)
    if args == ["run"]:
        run(cluster)
    elif args == ["pre-start"]:
        pre_start(cluster)
    elif args == ["status"]:
        status(cluster)
    elif args[:1] == ["force"]:
        write(cluster.run("db-force"), " ".join(args[1:]) + "\n")
        print("asked the controller; follow it with: journalctl -fu storefront-db")
    elif args == ["rebuild"]:
        write(cluster.run("db-rebuild"), "\n")
        print("asked the controller; follow it with: journalctl -fu storefront-db")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
