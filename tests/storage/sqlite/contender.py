"""A separate process for the tests: ``contender.py ROLE PATH NAME COUNT``.

It waits for a line on its input (so that several begin together), works, and prints what was
acknowledged, one line each.
"""

import sys
import time
from pathlib import Path

from herenow.storage.ports import ABSENT, Key, Put, VersionConflict
from herenow.storage.sqlite.documents import SqliteDocuments
from herenow.storage.sqlite.eventlog import SqliteEventLog

COUNTER, SHARED = Key("p", "counter"), Key("p", "shared")


def acknowledge(number):
    """Tell the test at once."""
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def increment(path, _, count):
    """Count one document up, and print every sum."""
    documents = SqliteDocuments(path, time.time)
    for _ in range(count):
        acknowledge(documents.increment(COUNTER, "n"))


def contend(path, name, count):
    """Add one to a shared document by read and put_if, with a witness document in one transaction."""
    documents, done = SqliteDocuments(path, time.time), 0
    while done < count:
        found = documents.get(SHARED)
        value, version = (found.value["n"], found.version) if found else (0, ABSENT)
        witness = Put(Key("witness", f"{value + 1:06}"), {"by": name}, ABSENT)
        try:
            documents.transact([Put(SHARED, {"n": value + 1}, version), witness])
        except VersionConflict:
            continue
        done += 1
        acknowledge(value + 1)


def append(path, name, count):
    """Append batches of three to one partition, and print each position once it is acknowledged."""
    log = SqliteEventLog(path)
    for number in range(count):
        last = log.append("p", [{"by": name, "number": number, "i": i} for i in range(3)])
        acknowledge(last)


if __name__ == "__main__":
    role, file, contender, times = sys.argv[1:]
    sys.stdin.readline()
    {"increment": increment, "contend": contend, "append": append}[role](Path(file), contender, int(times))
