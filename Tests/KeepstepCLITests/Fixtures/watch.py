"""Looks at a store from outside, with Python's sqlite3 alone.

  watch.py STORE beats STOP   until the file STOP is there, looks at each run's heartbeat; prints a line of JSON: the
                              longest time between two changes of a running run's, how far behind the clock one was
                              seen, the longest look, and how large the -wal got and is at the end
  watch.py STORE hold STOP    keeps one read transaction open until the file STOP is there; makes the file "holding"
"""

import calendar
import json
import os
import sqlite3
import sys
import time


def connect(store):
    return sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=30)


def hold(store, stop):
    db = connect(store)
    db.execute("BEGIN")
    db.execute("SELECT count(*) FROM runs").fetchone()
    open("holding", "w").close()
    while not os.path.exists(stop):
        time.sleep(0.05)
    db.execute("COMMIT")


def seconds(text):
    whole, milliseconds = text[:-1].split(".")
    return calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) + int(milliseconds) / 1000


def wal_bytes(store):
    try:
        return os.stat(store + "-wal").st_size
    except FileNotFoundError:
        return 0


def beats(store, stop):
    db = connect(store)
    last, gaps, looks, largest = {}, {}, 0, 0
    behind = slowest = 0.0
    while not os.path.exists(stop):
        began = time.monotonic()
        rows = db.execute("SELECT id, status, updated_at, steps_done FROM runs").fetchall()
        now = time.monotonic()
        slowest = max(slowest, now - began)
        for run, status, updated_at, _ in rows:
            before = last.get(run)
            if status == "running":
                behind = max(behind, time.time() - seconds(updated_at))
                if before and before[2] == "running":
                    gaps[run] = max(gaps.get(run, 0.0), now - before[0])
            if before is None or before[1:] != (updated_at, status):
                last[run] = (now, updated_at, status)
        largest = max(largest, wal_bytes(store))
        looks += 1
        time.sleep(0.02)
    print(json.dumps({
        "runs": len(last), "looks": looks, "gap": max(gaps.values(), default=0.0), "behind": behind,
        "look": slowest, "largestWAL": largest, "lastWAL": wal_bytes(store),
    }))


store, what, stop = sys.argv[1:]
{"hold": hold, "beats": beats}[what](store, stop)
