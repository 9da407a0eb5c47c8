"""The export for analysts keeps what people were promised: who leaves, and what is withdrawn, is absent."""

import pytest
from tests.api.sdk.test_privacy import ALL, identifier, said, whole_day

from herenow.priors.export import export

parquet = pytest.importorskip("pyarrow.parquet", reason="the learn extra is not installed")


@pytest.fixture(name="exported")
def _exported(live, tmp_path):
    """Brings the export up to date; its rows as who, name and properties."""

    def rows():
        folder = export(live.services.event_log, live.scope, tmp_path, facets_of=lambda _: {})
        tables = [parquet.ParquetFile(path).read() for path in folder.rglob("*.parquet")]
        return [(row["who"], row["name"], row["properties"]) for table in tables for row in table.to_pylist()]

    return rows


def test_who_is_erased_is_absent(live, exported):
    """From the next export on, the file of that day included; others stay."""
    leaving, staying = live.launch(consent=ALL), live.launch(consent=ALL)
    for each in (leaving, staying):
        whole_day(live, each)
    assert {who for who, _, _ in exported()} == {identifier(leaving), identifier(staying)}

    live.client.delete("/v1/me", headers=live.bearer(leaving))

    assert {who for who, _, _ in exported()} == {identifier(staying)}


def test_what_is_withdrawn_is_absent(live, exported):
    """Places go with the consent to location, and what is left is there once."""
    phone = live.launch(consent=ALL)
    whole_day(live, phone)
    assert "location" in {name for _, name, _ in exported()}

    said(live, phone, location="denied")

    left = exported()
    assert sorted(name for _, name, _ in left) == ["left_a_tip", "opened", "search"]
    assert not any("cell" in properties for _, _, properties in left)


def test_who_allows_no_analytics_was_never_there(live, exported):
    """What is not stored cannot be exported."""
    phone = live.launch(consent={**ALL, "analytics": "denied"})
    beacon = {"id": "0b9f3a52-7c1d-4e0a-9d39-5f1d2c3b4a10", "type": "behavior", "name": "search", "seq": 1}
    body = {"beacons": [{**beacon, "at": "2026-11-22T03:10:00Z", "properties": {"query": "ramen"}}]}
    live.client.post("/v1/beacons", json=body, headers=live.bearer(phone))

    assert exported() == []
