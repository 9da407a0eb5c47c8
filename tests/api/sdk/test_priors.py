"""What devices fetch of a published model: named in the manifest, served to anybody, the server's own."""

import json

import pytest
from tests.api.sdk.test_learned import GRANTED, ITEM, told

from herenow.canonical import digest
from herenow.launch.decision import tastes_of
from herenow.launch.subjects import subject_of
from herenow.learning.model import Model
from herenow.learning.model_file import named
from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.device.jws import decode
from herenow_sdk.core.evaluate import prepare

MODEL = named(Model(people=40, facets={"category": {"burger": 600, "sushi": 200}}))
RULE = {"condition": {"affinity.category.burger": 1}, "force": 1}
ASKING = {"features": {"features": {"f": {"default": 0, "rules": [RULE]}}}}


def parts(live):
    """The manifest's parts by name."""
    answer = live.client.get(f"/v1/apps/{live.key}/manifest")
    payload = json.loads(decode(answer.text.split(".")[1]) or b"")
    return {each["name"]: each for each in payload["parts"]}


@pytest.fixture(autouse=True)
def _published(live):
    live.services.models.keep(live.scope, MODEL, by="asha", checked={})
    live.services.publishing.publish_model(live.scope, MODEL.version, by="asha")
    live.services.serving.refresh(live.scope)


def test_a_model_comes_with_its_part_and_goes_with_it(live):
    """By digest, for anybody; going back to nothing learned takes it out of the manifest."""
    named_part = parts(live)["priors"]
    content = live.client.get(f"/v1/blobs/{named_part['sha256']}")

    assert content.status_code == 200
    assert (named_part["capability"], named_part["size"]) == ("profile", len(content.data))
    assert digest(content.data) == named_part["sha256"]
    assert content.json == {"priors": {"facets": MODEL.facets, "sources": {}}}
    live.services.publishing.publish_model(live.scope, "m-0", by="asha")
    assert "priors" not in parts(live)


def test_a_release_that_is_published_later_carries_it_on(live):
    """The model is of no release: it stays until another is published."""
    live.services.publishing.set_kill(live.scope, [], by="asha", if_match=2)

    assert "priors" in parts(live)


def test_a_device_reckons_the_servers_affinities(live):
    """From the part and the profile that its config brought, as the server orders by."""
    context = {**live.body["context"], "capabilities": ["offline"]}
    phone = live.launch(consent=GRANTED, context=context)
    told(live, phone, {"name": "item_tap", "properties": {"item": ITEM}})
    config = live.client.post("/v1/config", json={"context": context}, headers=live.bearer(phone)).json
    content = live.client.get(f"/v1/blobs/{parts(live)['priors']['sha256']}").json
    bundle, _ = parse_bundle({**ASKING, "priors": content})
    now, there = int(live.services.clock()), {"utc_offset_s": 19_800}
    profile = {**config["offline"]["profile"], "intent": None}
    device = prepare(bundle, there, profile, {}, now).attributes["affinity"]["category"]["burger"]

    known = live.services.installations.get(live.scope, phone.json["installation"]["id"])
    learned = live.services.profiles.read(live.scope, known)
    serving = live.services.serving.current(live.scope)
    server = tastes_of(serving, context, subject_of(known, now, learned), now)["category", "burger"]

    assert device == server == (1024 * 1024 + 5120 * 600) // (2048 + 5120)
