"""Several processes on one SQLite file, started at once; and one that is killed."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from herenow.storage.ports import Key
from herenow.storage.sqlite.documents import SqliteDocuments
from herenow.storage.sqlite.eventlog import SqliteEventLog

SCRIPT = Path(__file__).with_name("contender.py")
PROCESSES = 3


def start(role, path, name, count):
    """A contender that waits for its signal to begin."""
    command = [sys.executable, str(SCRIPT), role, str(path), str(name), str(count)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def run_together(role, path, count):
    """The lines printed by PROCESSES contenders that began at once, on a file none of them had made."""
    contenders = [start(role, path, name, count) for name in range(PROCESSES)]
    for contender in contenders:
        contender.stdin.write("go\n")
        contender.stdin.flush()
    outputs = [contender.communicate(timeout=60)[0] for contender in contenders]
    assert [contender.returncode for contender in contenders] == [0] * PROCESSES
    return [[int(line) for line in output.split()] for output in outputs]


def test_increments_of_all_processes_add_up(tmp_path):
    """Each sum is returned once, and the document holds the last; migration at once included."""
    path = tmp_path / "documents.sqlite3"
    sums = run_together("increment", path, 150)
    assert sorted(n for each in sums for n in each) == list(range(1, PROCESSES * 150 + 1))
    documents = SqliteDocuments(path, time.time)
    assert documents.get(Key("p", "counter")).value == {"n": PROCESSES * 150}
    documents.close()


def test_contended_transactions_lose_nothing(tmp_path):
    """Optimistic writers of all processes get through, and both documents of each write are there."""
    path = tmp_path / "documents.sqlite3"
    written = run_together("contend", path, 40)
    total = PROCESSES * 40
    assert sorted(n for each in written for n in each) == list(range(1, total + 1))
    documents = SqliteDocuments(path, time.time)
    assert documents.get(Key("p", "shared")).version == total
    assert len(documents.query("witness", limit=1000).documents) == total
    documents.close()


def test_appends_of_all_processes_stay_gapless(tmp_path):
    """Positions are given once each across processes, and every append stays contiguous."""
    path = tmp_path / "log.sqlite3"
    lasts = run_together("append", path, 40)
    log = SqliteEventLog(path)
    records = log.consume("p", limit=10_000)
    log.close()
    assert [r.position for r in records] == list(range(1, PROCESSES * 40 * 3 + 1))
    for name, acknowledged in enumerate(lasts):
        own = [r.position for r in records if r.value["by"] == str(name) and r.value["i"] == 2]
        assert own == acknowledged


@pytest.mark.slow
@pytest.mark.parametrize("acknowledged_before", [1, 20, 200])
def test_a_killed_process_loses_nothing_it_acknowledged(tmp_path, acknowledged_before):
    """After SIGKILL in the middle of appending, every acknowledged record is there, whole appends only."""
    path = tmp_path / "log.sqlite3"
    contender = start("append", path, "victim", 1_000_000)
    contender.stdin.write("go\n")
    contender.stdin.flush()
    lines = [contender.stdout.readline() for _ in range(acknowledged_before)]
    contender.kill()
    lines += contender.communicate(timeout=30)[0].splitlines(keepends=True)
    acknowledged = max(int(line) for line in lines if line.endswith("\n"))
    log = SqliteEventLog(path)
    records = log.consume("p", limit=10_000_000)
    assert len(records) >= acknowledged >= acknowledged_before * 3
    assert len(records) % 3 == 0
    assert [r.position for r in records] == list(range(1, len(records) + 1))
    assert [(r.value["number"], r.value["i"]) for r in records] == [
        divmod(position, 3) for position in range(len(records))
    ]
    assert log.append("p", [{}]) == len(records) + 1
    log.close()
