"""What a device fetches of a model: small, and enough to reckon the same tastes as the server."""

import json
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from herenow.acquisition.model import Acquisition
from herenow.canonical import canonical_json
from herenow.launch.decision import Subject, prepared_for, profile_json, tastes_of
from herenow.learning.model import Model
from herenow.priors.device_part import MOST_BYTES, MOST_SHARES, PART, priors_part
from herenow.profiles.learned.document import Learned
from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.evaluate import prepare
from herenow_sdk.core.profile import fold, read_event

NOW = 1_795_132_900
DAY = NOW // 86_400
VALUES = ("burger", "dosa", "pho")
shares = st.dictionaries(st.sampled_from(VALUES), st.integers(1, 1024))
facets = st.dictionaries(st.sampled_from(["category", "area"]), shares)
models = st.builds(
    lambda everybody, ads: Model(facets=everybody, segments={"source:ads": ads, "country:IN": ads}),
    facets,
    facets,
)
events = st.builds(
    lambda name, ago, values: {"name": name, "day": DAY - ago, "hour": 12, "facets": {"category": values}},
    st.sampled_from(["item_tap", "purchase", "item_hide"]),
    st.integers(0, 90),
    st.lists(st.sampled_from(VALUES), min_size=1, max_size=2),
)
RULES = {
    "features": {
        "features": {
            value: {
                "default": 0,
                "rules": [{"condition": {f"affinity.category.{value}": {"$gt": 0}}, "force": 1}],
            }
            for value in VALUES
        }
    }
}


def learned_of(told):
    """A profile after these events."""
    taught = Learned().taught
    for each in told:
        event = read_event(each)
        taught = fold(taught, event) if event else taught
    return Learned(taught=taught, last_ms=NOW * 1000)


def came_by(source):
    """Somebody's first launch from there."""
    return None if source is None else Acquisition("resolved", source=source)


@given(models, st.lists(events, max_size=12), st.sampled_from([None, "ads", "play"]))
def test_server_and_device_have_the_same_affinities(model, told, source):
    """The server from its model and profile, the device from the bytes of the part and the answer's JSON."""
    subject = Subject("i", NOW, {}, came_by(source), None, learned=learned_of(told))
    bundle, _ = parse_bundle({**RULES, **priors_part(model)})
    serving = SimpleNamespace(
        bundle=bundle,
        pointer=SimpleNamespace(kill=()),
        asked=frozenset(),
        time_zone="UTC",
        coarse_location=True,
        fences=SimpleNamespace(),
    )
    server = prepared_for(serving, {}, subject, NOW).attributes.get("affinity", {})

    part = json.loads(canonical_json(priors_part(model)[PART]))
    phone, dropped = parse_bundle({**json.loads(json.dumps(RULES)), PART: part})
    profile = json.loads(json.dumps(profile_json(subject)))
    device = prepare(phone, {"utc_offset_s": 0}, profile, {}, NOW).attributes.get("affinity", {})

    assert dropped == ()
    assert device == server
    ordering = {value: n for (facet, value), n in tastes_of(serving, {}, subject, NOW).items()}
    assert device.get("category", {}) == ordering


def test_a_model_beyond_the_bounds_loses_its_smallest_shares():
    """A thousand shares, or fewer where their names are long; the same part every time."""
    many = {"tag": {f"value-{n:05}": 1 + n % 1024 for n in range(5_000)}}
    body = priors_part(Model(facets=many))[PART][PART]
    kept = body["facets"]["tag"]
    assert len(kept) == MOST_SHARES
    assert min(kept.values()) >= max(n for value, n in many["tag"].items() if value not in kept)

    long = {"tag": {f"{n:05}{'é' * 115}": 1 + n for n in range(1_000)}}
    part = priors_part(Model(facets=long))[PART]
    assert MOST_BYTES - 300 < len(canonical_json(part)) <= MOST_BYTES
    assert min(part[PART]["facets"]["tag"].values()) == 1_000 - len(part[PART]["facets"]["tag"]) + 1
    assert priors_part(Model(facets=long)) == priors_part(Model(facets=long))


def test_only_what_a_device_can_use_is_in_it():
    """Shares of everybody and of sources; countries, hours, places and neighbours stay on the server."""
    model = Model(
        people=21,
        facets={"category": {"burger": 700, "dosa": 0}},
        segments={"source:ads": {"category": {"burger": 5}}, "country:IN": {"category": {"dosa": 9}}},
    )
    assert priors_part(model) == {
        PART: {
            PART: {
                "facets": {"category": {"burger": 700}},
                "sources": {"ads": {"category": {"burger": 5}}},
            }
        }
    }
    assert priors_part(Model.EMPTY) == {PART: {PART: {"facets": {}, "sources": {}}}}
