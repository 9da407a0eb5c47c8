import pytest

from herenow.catalog.schema import Band, CatalogSchema, FacetType
from herenow.errors import Invalid


def test_a_declaration_in_another_order_is_the_same_schema(app, schema):
    """The digest depends on what is declared, not on the order of its keys."""
    app["facets"] = dict(reversed(app["facets"].items()))
    assert CatalogSchema.from_app(app).digest == schema.digest


@pytest.mark.parametrize(
    ("facet", "key", "value"),
    [
        ("topic", "column", "other"),
        ("price", "empty", 1),
        ("area", "radius_m", 500),
        ("topic", "intent", False),
    ],
)
def test_what_affects_the_artefact_affects_the_digest(app, schema, facet, key, value):
    """A changed column, empty value, radius or intent flag asks for a new compilation."""
    app["facets"][facet][key] = value
    assert CatalogSchema.from_app(app).digest != schema.digest


def test_the_rest_of_the_app_does_not_affect_the_digest(app, schema):
    """Placements and the app's name may change without compiling the catalogue again."""
    assert CatalogSchema.from_app({**app, "name": "Other", "placements": ["a"]}).digest == schema.digest


def test_a_schema_reads_back_what_it_writes(schema):
    """The form kept in the artefact is the form that was declared."""
    assert CatalogSchema.from_app(schema.as_json()) == schema


def test_bands_stand_in_order_of_their_lower_bound(schema):
    """Bands are half-open and sorted, whatever order they were written in."""
    assert schema.facet("price").bands == (
        Band("cheap", 0, 400),
        Band("mid", 400, 1000),
        Band("high", 1000, None),
    )


def test_roles_find_their_facets(schema):
    """A role names at most one facet."""
    assert schema.role("quality").name == "rating"
    assert schema.role("freshness").type is FacetType.DATE
    assert schema.located.name == "area"


def test_columns_default_to_the_facets_name():
    """A facet without a column is read from the column of its own name."""
    assert CatalogSchema.from_app({"facets": {"genre": {"type": "tags"}}}).facet("genre").column == "genre"


@pytest.mark.parametrize(
    "facets",
    [
        {"id": {"type": "tags"}},
        {"Genre": {"type": "tags"}},
        {"genre": {"type": "list"}},
        {"genre": {"type": "tags", "role": "quality"}},
        {"genre": {"type": "tags", "role": "taste"}},
        {"a": {"type": "number", "role": "quality"}, "b": {"type": "number", "role": "quality"}},
        {"area": {"type": "place", "lat": "lat"}},
        {"price": {"type": "number", "bands": {"cheap": 5}}},
        {"genre": "tags"},
    ],
)
def test_what_cannot_be_compiled_is_refused(facets):
    """Reserved names, unknown types, misplaced or repeated roles and malformed bands are errors."""
    with pytest.raises(Invalid) as refused:
        CatalogSchema.from_app({"facets": facets})
    assert refused.value.code == "INVALID_CATALOG_SCHEMA"
