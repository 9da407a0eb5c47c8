import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.catalog.catalog import Catalog
from herenow.catalog.rows import NO_COORDINATE
from herenow.catalog.schema import CatalogSchema

ROWS = [
    {"id": "b", "name": "Beta", "topics": "y;x;y", "locality": "North End", "lat": "19.1", "lon": "72.8",
     "price": "0"},
    {"id": "B", "name": "Capital", "topics": "x", "indoors": "yes", "opened": "2026-01-31T09:00"},
    {"id": "a", "name": "Alpha", "name@hi": "अल्फ़ा", "rating": "4.1", "votes": "7", "kind": " big \t shop ",
     "price": 250},
]  # fmt: skip

row = st.fixed_dictionaries(
    {"name": st.text(max_size=3)},
    optional={
        "topics": st.lists(st.sampled_from("abcdef"), max_size=5).map(";".join),
        "locality": st.sampled_from(["Here East", "Here West", "There", "near There"]),
        "rating": st.integers(0, 50).map(lambda value: value / 10),
        "votes": st.integers(0, 1000),
        "opened": st.dates().map(str),
        "indoors": st.booleans(),
    },
)
tables = st.lists(row, max_size=12).map(
    lambda rows: [{"id": f"i{number}", **columns} for number, columns in enumerate(rows)]
)


@given(tables.flatmap(lambda table: st.tuples(st.just(table), st.permutations(table))))
def test_the_order_of_rows_does_not_matter(artefact_of, pair):
    """The same rows in any order give the same bytes, hence the same version."""
    table, shuffled = pair
    assert artefact_of(table) == artefact_of(shuffled)


@given(tables)
def test_what_went_in_comes_out(catalog_of, table):
    """Every item is found by its id and carries the values of its row, and postings agree with items."""
    catalog = catalog_of(table)
    assert [catalog.id_at(index) for index in range(len(catalog))] == sorted(each["id"] for each in table)
    for columns in table:
        index = catalog.index_of(columns["id"])
        tags = sorted(set(filter(None, columns.get("topics", "").split(";"))))
        assert list(catalog.values_at("topic", index)) == tags
        assert [
            value for value in catalog.facet_values("topic") if index in catalog.postings("topic", value)
        ] == tags
        assert catalog.attributes_at(index).get("rating") == columns.get("rating")


@given(tables)
def test_many_items_are_told_as_each_one_is(catalog_of, table):
    """Ids and values of a list of items are those of its members, in its order."""
    catalog = catalog_of(table)
    backwards = np.arange(len(catalog), dtype=np.int32)[::-1]

    assert catalog.ids_at(backwards) == [catalog.id_at(index) for index in backwards.tolist()]
    for facet in ("topic", "area", "nothing"):
        expected = [catalog.values_at(facet, index) for index in backwards.tolist()]
        assert catalog.values_of(facet, backwards) == expected


def test_items_are_in_byte_order_of_their_ids(catalog_of):
    """Index order is the tie-break of every ordering: upper case before lower case."""
    catalog = catalog_of(ROWS)
    assert [catalog.id_at(index) for index in range(3)] == ["B", "a", "b"]
    assert [catalog.index_of(item) for item in ("B", "a", "b", "", "c", "é")] == [0, 1, 2, None, None, None]


def test_an_index_outside_the_catalogue_is_an_error(catalog_of):
    """There is no item -1."""
    catalog = catalog_of(ROWS)
    for index in (-1, 3):
        with pytest.raises(IndexError):
            catalog.id_at(index)
        with pytest.raises(IndexError):
            catalog.fields_at(index)


def test_attributes_have_the_types_conditions_expect(catalog_of):
    """Lists for tags, text for places and dates, whole numbers whole, truth values; the unset are absent."""
    catalog = catalog_of(ROWS)
    assert catalog.attributes_at(0) == {"id": "B", "topic": ["x"], "indoors": True, "opened": "2026-01-31"}
    assert catalog.attributes_at(1) == {
        "id": "a",
        "kind": "big shop",
        "price": 250,
        "rating": 4.1,
        "votes": 7,
    }
    assert catalog.attributes_at(2) == {"id": "b", "topic": ["x", "y"], "area": "North End"}


def test_numbers_are_arrays_with_nan_for_missing(catalog_of):
    """A declared empty value (here price 0) is missing too."""
    prices = catalog_of(ROWS).number("price")
    assert [math.isnan(price) for price in prices] == [True, False, True]
    assert prices.dtype == np.float32
    with pytest.raises(KeyError):
        catalog_of(ROWS).number("topic")


def test_coordinates_are_microdegrees(catalog_of):
    """An item without coordinates has the sentinel in both."""
    catalog = catalog_of(ROWS)
    assert catalog.lat_e6.tolist() == [NO_COORDINATE, NO_COORDINATE, 19_100_000]
    assert catalog.lon_e6.tolist() == [NO_COORDINATE, NO_COORDINATE, 72_800_000]


def test_fields_are_typed_and_in_declared_order(catalog_of):
    """Facets come under their names with their types; what an item lacks is left out."""
    catalog = catalog_of(ROWS)
    assert list(catalog.fields_at(2).items()) == [
        ("name", "Beta"),
        ("area", "North End"),
        ("topic", ["y", "x"]),
    ]
    assert catalog.fields_at(1) == {"name": "Alpha", "rating": 4.1}


@pytest.mark.parametrize(
    ("locales", "name"),
    [(["hi"], "अल्फ़ा"), (["hi-IN"], "अल्फ़ा"), (["fr", "hi"], "अल्फ़ा"),
     (["en-GB", "hi"], "Alpha"), ([], "Alpha"), (["fr"], "Alpha")],
)  # fmt: skip
def test_fields_follow_the_wanted_locales(catalog_of, locales, name):
    """The first wanted locale that the field has, a region finding its language, else the app's first."""
    assert catalog_of(ROWS).fields_at(1, locales)["name"] == name


def test_locale_variants_may_be_one_object(catalog_of, import_text):
    """In NDJSON a field may be an object of locales; a field in one other locale only is better than none."""
    lines = [
        {"id": "a", "name": {"en": "Alpha", "hi": "अल्फ़ा"}},
        {"id": "b", "name": {"hi": "बीटा"}, "photo": {"w": 1}},
    ]
    rows, _ = import_text("\n".join(map(json.dumps, lines)), "ndjson")
    catalog = catalog_of(rows.values())
    assert [catalog.fields_at(0, [locale])["name"] for locale in ("en", "hi")] == ["Alpha", "अल्फ़ा"]
    assert catalog.fields_at(1, ["hi"]) == {"name": "बीटा", "photo": {"w": 1}}


def test_fields_of_every_type_are_plain_json(catalog_of, app):
    """Truth values, days, lists and whole numbers as phones expect them; JSON numbers may be labels."""
    app["catalog"]["fields"] = ["indoors", "opened", "topic", "kind", "price"]
    row = {
        "id": "a",
        "indoors": "NO",
        "opened": "2026-01-31 10:00",
        "topics": [3, 2.5, True],
        "kind": 7,
        "price": 5.0,
    }
    catalog = catalog_of([row], CatalogSchema.from_app(app))
    assert catalog.fields_at(0) == {
        "indoors": False, "opened": "2026-01-31", "topic": ["3", "2.5", "true"], "kind": "7", "price": 5,
    }  # fmt: skip


def test_labels_list_their_values(catalog_of):
    """Distinct values in order; booleans as words; nothing for numbers and unknown names."""
    catalog = catalog_of(ROWS)
    assert catalog.facet_values("topic") == ("x", "y")
    assert catalog.facet_values("indoors") == ("true",)
    assert catalog.postings("topic", "x").tolist() == [0, 2]
    for facet, value in (("topic", "z"), ("price", "250"), ("nothing", "x")):
        assert catalog.postings(facet, value).tolist() == []
    assert catalog.facet_values("price") == catalog.facet_values("nothing") == ()


def test_few_votes_are_pulled_to_the_mean(catalog_of):
    """A perfect rating of one vote counts for less than a good one of many; no rating counts nothing."""
    rows = [("one", 5, 1), ("many", 4.5, 900), ("mean", 3, 300), ("poor", 1, 300), ("none", "", 50)]
    catalog = catalog_of([{"id": item, "rating": rating, "votes": votes} for item, rating, votes in rows])
    quality = {catalog.id_at(index): int(catalog.feature("quality")[index]) for index in range(5)}
    assert quality["many"] > quality["one"] > quality["mean"] > quality["poor"] > quality["none"] == 0
    assert max(quality.values()) <= 1024


def test_popularity_is_logarithmic(catalog_of):
    """The most popular item has 1024, none has 0."""
    votes = {"a": 0, "b": 9, "c": 99, "d": 9_999}
    catalog = catalog_of([{"id": item, "votes": count} for item, count in votes.items()])
    assert catalog.feature("popularity").tolist() == [0, 256, 512, 1024]


def test_freshness_halves_in_thirty_days(catalog_of):
    """Age is counted in days before the asked moment; days to come are fresh, undated items are not."""
    days = {
        "a": "2026-03-02",
        "b": "2026-01-31",
        "c": "2026-01-01",
        "d": "2020-01-01",
        "e": "2027-01-01",
        "f": "",
    }
    catalog = catalog_of([{"id": item, "opened": day} for item, day in days.items()])
    now = 1_772_409_600  # 2026-03-02T00:00:00Z
    assert catalog.freshness(now).tolist() == [1024, 512, 256, 0, 1024, 0]
    assert catalog.freshness(now + 86_399).tolist() == [1024, 512, 256, 0, 1024, 0]
    assert catalog.freshness(now + 30 * 86_400).tolist() == [512, 256, 128, 0, 1024, 0]
    assert catalog.feature("freshness").tolist()[4] == 1024


def test_features_without_a_role_are_zero(catalog_of):
    """A catalogue that declares no roles can still be ordered."""
    catalog = catalog_of([{"id": "a"}, {"id": "b"}], CatalogSchema.from_app({}))
    for name in ("quality", "popularity", "freshness"):
        assert catalog.feature(name).tolist() == [0, 0]


def test_an_empty_catalogue_opens(catalog_of):
    """No items is a catalogue too."""
    catalog = catalog_of([])
    assert (len(catalog), catalog.places, catalog.facet_values("topic")) == (0, (), ())
    assert catalog.near(0, 0, 1_000_000).tolist() == []
    assert catalog.mask({"rating": {"$gte": 3}}).tolist() == []


def test_values_that_meet_often_are_related(catalog_of):
    """Company kept more often than chance makes relatives; a tag that is everywhere is nobody's."""
    rows = [{"id": f"m{n}", "topics": "heist;thriller;film"} for n in range(20)]
    rows += [{"id": f"c{n}", "topics": "comedy;film"} for n in range(20)]
    rows += [{"id": "once", "topics": "heist;comedy"}]
    related = catalog_of(rows).related("topic", "heist")
    assert related[0][0] == "thriller"
    assert 0 < related[0][1] <= 1
    assert "comedy" not in dict(related)
    assert dict(related).get("film", 0) < related[0][1] / 2


def test_only_known_tags_have_relatives(catalog_of):
    """Other types, unknown values and unknown facets have none."""
    catalog = catalog_of(ROWS)
    assert (
        catalog.related("kind", "big shop")
        == catalog.related("topic", "z")
        == catalog.related("no", "x")
        == ()
    )


def test_arrays_cannot_be_written(catalog_of):
    """The buffer is shared by processes; a view that wrote would change it for all."""
    with pytest.raises(ValueError, match="read-only"):
        catalog_of(ROWS).lat_e6[0] = 1


def test_versions_are_named_by_content(artefact_of):
    """Equal bytes have the same version, different items another."""
    first, again, other = (
        Catalog.open(memoryview(artefact_of(rows))).version for rows in (ROWS, ROWS, ROWS[:2])
    )
    assert first == again != other
    assert first.startswith("c-")
    assert len(first) == 14


def test_two_rows_of_one_id_do_not_compile(artefact_of):
    """The import tells them apart; who compiles rows directly is told."""
    with pytest.raises(ValueError, match="differ"):
        artefact_of([{"id": "a"}, {"id": "a"}])
