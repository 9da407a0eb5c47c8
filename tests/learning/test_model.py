"""What was learned of an app, as a value and as bytes."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from herenow.learning.best_time import best_times, fit_times
from herenow.learning.model import ANY, APP, ItemModel, Model, Returning
from herenow.learning.model_file import MAGIC, ModelDamaged, from_bytes, named, to_bytes
from herenow.learning.next_place import COMPONENTS, foretold
from herenow.learning.places import Places, Visit, visited
from herenow.learning.purchases import BgNbd


@cache
def times(seed=1):
    """Times of a few people."""
    counts = np.random.default_rng(seed).poisson(0.2, (30, 168)).astype(float)
    return fit_times(counts, counts[::-1])


def full():
    """A model with something of everything."""
    places = replace(
        Model.EMPTY.places,
        visits={"a": 40, "b": 30},
        steps={"a": {"b": 25}},
        popular={"a": 0.5},
        weights={"*": np.full(COMPONENTS, 1 / COMPONENTS), (0, 2): np.arange(COMPONENTS) / 55},
    )
    return Model(
        people=57,
        facets={"category": {"burger": 600, "pizza": 424}},
        segments={"country:IN": {"category": {"burger": 900}}},
        times={APP: times()},
        places=places,
        items=ItemModel({"x": 33, "y": 21}, {"x": (("y", 1024),)}),
        returning=Returning(9.5, {"burger": 7.0}, BgNbd(0.2, 4.0, 0.8, 2.5)),
        offers={("percent", "noon"): (100.0, 12.0)},
    )


def test_nothing_learned_answers_everything():
    """The empty model says of each hour and cell the same, of tastes nothing, and names no item."""
    empty = Model.EMPTY
    hours = best_times(np.zeros((1, 168)), empty.times_of("push"))
    assert hours == pytest.approx(np.full((1, 168), 1 / 168))
    known = visited(Places(), Visit("home", 700, 8))
    assert foretold(known, empty.places, Visit("home", 700, 8)).names == ["home"]
    assert (empty.version, empty.facets, empty.items.neighbours) == ("m-0", {}, {})


def test_what_is_stored_is_what_is_read():
    """Every member comes back, tables to seven digits, and reading and writing again changes nothing."""
    read = named(full())
    for name in ("people", "facets", "segments", "items", "returning", "offers"):
        assert getattr(read, name) == getattr(full(), name)
    assert read.places.steps == {"a": {"b": 25}}
    assert read.places.weights[(0, 2)] == pytest.approx(np.arange(COMPONENTS) / 55)
    assert read.times[APP].rhythms == pytest.approx(full().times[APP].rhythms, rel=1e-6)
    assert to_bytes(read) == to_bytes(full())


def test_its_name_is_its_content():
    """The same content has the same name, another another; the name itself is no content."""
    name = named(full()).version
    assert name.startswith("m-")
    assert len(name) == len("m-") + 12
    assert named(replace(full(), version="m-other")).version == name
    assert named(replace(full(), people=58)).version != name


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: raw[:-5],
        lambda raw: b"HNMODEL9" + raw[8:],
        lambda raw: raw[:40] + b"\x00\x00" + raw[42:],
        lambda _: b"",
        lambda _: MAGIC + b"x",
    ],
)
def test_damaged_bytes_are_refused(spoil):
    """Cut off, of another form, changed, or nothing at all."""
    with pytest.raises(ModelDamaged):
        from_bytes(spoil(to_bytes(full())))


def test_a_channel_without_times_has_those_of_all():
    """Its own, else those of all channels, else any hour."""
    own, everybody = times(1), times(2)
    model = Model(times={"push": own, ANY: everybody})
    assert model.times_of("push") is own
    assert model.times_of("email") is everybody
    assert Model.EMPTY.times_of("email").hours.sum() == pytest.approx(1)
