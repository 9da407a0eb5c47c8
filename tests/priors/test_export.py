"""The log as Parquet: what is in it, what is done again, and who is absent."""

import builtins
from datetime import date

import pytest

from herenow.priors import export as module
from herenow.priors.export import DayDone, LearnMissing, export
from herenow.priors.rows import row_of
from herenow.scope import Scope
from herenow.storage.memory import MemoryEventLog
from herenow.storage.ports import DayRecord

parquet = pytest.importorskip("pyarrow.parquet", reason="the learn extra is not installed")

SCOPE = Scope("small", "production")
FIRST, SECOND = date(2026, 11, 20), date(2026, 11, 21)
DAY_MS = 86_400_000
FIRST_MS = 20_777 * DAY_MS


def tap(day=0, item="patty-lane", **more):
    """A tap, told with the offset of India, that came in on a day."""
    at_ms = FIRST_MS + day * DAY_MS + 3_600_000
    return {
        "id": f"{day}-{item}",
        "type": "behavior",
        "name": "item_tap",
        "at": f"2026-11-{20 + day}T06:30:00+05:30",
        "properties": {"item": item},
        "at_ms": at_ms,
        "received_ms": at_ms + 5,
        **more,
    }


def partition(who, scope=SCOPE):
    """Where the log of somebody lies."""
    return scope.partition(f"beacons#{who}")


def facets_of(item):
    """A catalogue of one item."""
    return {"category": ("burger", "snack")} if item == "patty-lane" else {}


@pytest.fixture
def log():
    """Two people over two days, and one of another app."""
    made = MemoryEventLog()
    made.append(partition("ana"), [tap(0), tap(1)])
    made.append(partition("ben"), [tap(0, "dosa-hut")])
    made.append(partition("eve", Scope("other", "production")), [tap(0)])
    return made


@pytest.fixture
def exported(log, tmp_path):
    """Exports; the days as told, by number of rows."""

    def run(**options):
        done = []
        export(log, SCOPE, tmp_path, facets_of=facets_of, told=done.append, **options)
        return done

    return run


def who_is_in(tmp_path, day=FIRST):
    """The people in the file of a day."""
    path = tmp_path / "app=small" / "environment=production" / f"day={day.isoformat()}" / "events.parquet"
    return set(parquet.ParquetFile(path).read().column("who").to_pylist()) if path.exists() else None


def test_a_file_a_day_holds_that_apps_people(exported, tmp_path):
    """And nobody of another app."""
    assert exported() == [DayDone(FIRST, 2), DayDone(SECOND, 1)]
    assert who_is_in(tmp_path) == {"ana", "ben"}
    assert who_is_in(tmp_path, SECOND) == {"ana"}


def test_a_row_tells_local_time_items_and_tastes():
    """By the device's own offset; an order has every line once, foreign forms cost their own column alone."""
    row = row_of(DayRecord(partition("ana"), 7, tap(0)), facets_of)
    assert (row["who"], row["position"], row["item"]) == ("ana", 7, "patty-lane")
    assert (row["local_day"], row["local_weekday"], row["local_hour"]) == (20_777, 4, 6)
    assert row["facets"] == [("category", ["burger", "snack"])]

    lines = {"items": [{"item": "a"}, "b", {"item": "a"}, 3], "value": "much", "place": ["x"]}
    order = row_of(DayRecord(partition("ana"), 8, {**tap(), "properties": lines, "at": None}), facets_of)
    assert (order["items"], order["value"], order["place"], order["local_hour"]) == (
        ["a", "b"],
        None,
        None,
        1,
    )


def test_what_has_not_changed_is_not_written_again(exported, log):
    """Only the day that grew."""
    exported()
    log.append(partition("cid"), [tap(1)])

    assert exported() == [DayDone(FIRST, None), DayDone(SECOND, 2)]


def test_an_interrupted_export_goes_on(exported, tmp_path, monkeypatch):
    """Days that are there stay; of the day that was being written nothing is left, and it is written anew."""
    rows = module._rows

    def broken(log, scope, day, facets):
        if day == 20_778:
            raise OSError("disk full")
        return rows(log, scope, day, facets)

    with monkeypatch.context() as patch:
        patch.setattr(module, "_rows", broken)
        with pytest.raises(OSError, match="disk full"):
            exported()
    assert who_is_in(tmp_path) == {"ana", "ben"}
    assert who_is_in(tmp_path, SECOND) is None
    assert not list(tmp_path.rglob("*.part"))

    assert exported() == [DayDone(FIRST, None), DayDone(SECOND, 1)]


def test_who_was_erased_is_absent_from_the_next_export(exported, log, tmp_path):
    """Also from days that were exported before; a day of which nothing is left has no file."""
    exported()
    log.forget(partition("ana"))

    assert exported() == [DayDone(FIRST, 1)]
    assert who_is_in(tmp_path) == {"ben"}
    assert who_is_in(tmp_path, SECOND) is None


def test_days_outside_the_span_are_let_be(exported, tmp_path):
    """Neither written nor removed."""
    exported(last=FIRST)
    assert who_is_in(tmp_path, SECOND) is None
    assert exported(first=SECOND) == [DayDone(SECOND, 1)]
    assert who_is_in(tmp_path) == {"ana", "ben"}


def test_a_day_larger_than_memory_is_written_in_groups(exported, tmp_path, monkeypatch):
    """The same rows, in several row groups."""
    monkeypatch.setattr(module, "_ROWS", 1)
    monkeypatch.setattr(module, "_PAGE", 1)
    assert exported()[0] == DayDone(FIRST, 2)
    assert parquet.ParquetFile(next(tmp_path.rglob("*day=2026-11-20/*.parquet"))).num_row_groups == 2


def test_without_pyarrow_it_says_what_to_install(exported, monkeypatch):
    """A clear error before anything is written."""
    real = builtins.__import__

    def absent(name, *rest, **more):
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(LearnMissing) as told:
        exported()
    assert "herenow[learn]" in str(told.value.detail)
