"""A small app with every type of facet, and ways to compile rows of it."""

from __future__ import annotations

import io
import json
from copy import deepcopy

import pytest

from herenow.catalog.build import build_catalog
from herenow.catalog.catalog import Catalog
from herenow.catalog.imports import read_rows
from herenow.catalog.rows import RowReader
from herenow.catalog.schema import CatalogSchema

APP = {
    "locales": ["en", "hi"],
    "catalog": {"id": "id", "fields": ["name", "area", "rating", "topic", "photo"], "separator": ";"},
    "facets": {
        "topic": {"type": "tags", "column": "topics", "intent": True},
        "area": {"type": "place", "column": "locality", "lat": "lat", "lon": "lon", "radius_m": 2000},
        "kind": {"type": "text", "column": "kind"},
        "price": {
            "type": "number",
            "column": "price",
            "empty": 0,
            "role": "price",
            "bands": {"high": [1000, None], "cheap": [0, 400], "mid": [400, 1000]},
        },
        "rating": {"type": "number", "column": "rating", "role": "quality"},
        "votes": {"type": "number", "column": "votes", "role": "popularity"},
        "indoors": {"type": "boolean", "column": "indoors"},
        "opened": {"type": "date", "column": "opened", "role": "freshness"},
    },
}


@pytest.fixture
def app():
    """The app document, free to change."""
    return deepcopy(APP)


@pytest.fixture(scope="session")
def schema():
    """The schema of the app document."""
    return CatalogSchema.from_app(APP)


@pytest.fixture(scope="session")
def artefact_of(schema):
    """Compile rows given as columns."""

    def compile_rows(rows, schema=schema):
        reader = RowReader(schema)
        return build_catalog(schema, [reader.read(row) for row in rows])

    return compile_rows


@pytest.fixture(scope="session")
def catalog_of(artefact_of, schema):
    """Compile rows and open what came out."""
    return lambda rows, schema=schema: Catalog.open(memoryview(artefact_of(rows, schema)))


@pytest.fixture(scope="session")
def import_text(schema):
    """Read text or bytes as a file: the accepted rows by id, and the report."""

    def read(content, format="csv", mapping=None, schema=schema, progress=None):  # noqa: A002 - as in read_rows
        content = content.encode() if isinstance(content, str) else content
        result = read_rows(io.BytesIO(content), format, mapping, schema, progress)
        return {row.id: json.loads(row.source) for row in result}, result.report

    return read
