import json

import pytest

from herenow.launch.preview import changed_placements


def previewed(live, body):
    """The screens of each persona by name."""
    answer = live.call("POST", "preview", json=body)
    assert answer.status_code == 200, answer.json
    return {each["persona"]: each for each in answer.json["personas"]}


@pytest.fixture
def with_map(live):
    """The live documents with the map open by default."""
    features = live.documents["features.json"].replace('"default": false', '"default": true', 1)
    return {**live.documents, "features.json": features}


def test_every_persona_is_shown_before_and_after(live, with_map):
    """The founding search fills its screen with what was searched; the change shows where it matters."""
    screens = previewed(live, {"documents": with_map})
    searcher, organic = screens["burger_searcher"], screens["organic"]
    assert list(screens)[:2] == ["burger_searcher", "organic"]
    assert searcher["before"]["intent"]["place"]["name"] == "Kandivali West"
    assert searcher["after"]["features"]["home_title"]["reason"] == "TARGETING_MATCH"
    assert organic["before"]["intent"] is None
    assert organic["before"]["features"]["show_map"]["value"] is False
    assert organic["after"]["features"]["show_map"]["value"] is True
    assert "show_map" in organic["changes"]["features"]
    assert "show_map" not in searcher["changes"]["features"]


def test_every_item_says_why_it_is_there(live):
    """Items carry reasons and placements how they were found."""
    live.services.drafts.put(live.scope, "app.json", live.documents["app.json"].encode(), by="x")
    screen = previewed(live, {"documents": live.documents, "persona": "burger_searcher"})
    feed = screen["burger_searcher"]["after"]["placements"]["home_feed"]
    assert len(feed["items"]) == 20
    assert all(item["reasons"] for item in feed["items"])
    assert feed["because"][0]["code"] == "SEARCHED"


def test_unchanged_documents_change_no_screen(live):
    """Before and after are the same screen when nothing was changed."""
    for each in previewed(live, {"documents": live.documents}).values():
        assert each["before"] == each["after"]
        assert each["changes"] == {"features": [], "placements": {}}


def test_a_smaller_placement_tells_which_items_left(live):
    """Items that enter, leave or move are told with their positions."""
    placements = live.documents["placements.json"].replace('"size": 20', '"size": 5', 1)
    screen = previewed(
        live,
        {"documents": {**live.documents, "placements.json": placements}, "persona": "organic"},
    )["organic"]
    before = [item["id"] for item in screen["before"]["placements"]["home_feed"]["items"]]
    after = [item["id"] for item in screen["after"]["placements"]["home_feed"]["items"]]
    moves = {move["id"]: (move["from"], move["to"]) for move in screen["changes"]["placements"]["home_feed"]}
    assert (len(before), len(after)) == (20, 5)
    assert {item for item, (_, to) in moves.items() if to is None} == set(before) - set(after)
    assert all(before[was - 1] == item for item, (was, _) in moves.items() if was)


def test_a_preview_is_what_a_phone_then_gets(live):
    """The first launch of a phone like the persona answers the same order and values."""
    screen = previewed(live, {"documents": live.documents, "persona": "burger_searcher"})["burger_searcher"]
    launched = live.client.post(
        "/v1/installations",
        headers={"X-Herenow-Key": live.key},
        json={
            "installation_id": "6f0c2f9e-52b1-4f0e-9d39-0a4f5d1c7b11",
            "installation_secret": "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "context": {"platform": "android", "locale": "en-IN", "device": {"class": "phone"}},
            "acquisition": {"query": "burger joints in Kandivali West"},
        },
    ).json["config"]
    feed = {**launched["placements"]["home_feed"], "next": None}
    assert feed == screen["after"]["placements"]["home_feed"]
    assert launched["intent"] == screen["after"]["intent"]


def test_anybody_can_be_described_in_the_request(live):
    """A context and an acquisition make a persona of their own, or change the one that is named."""
    described = previewed(
        live,
        {
            "documents": live.documents,
            "context": {"platform": "ios"},
            "acquisition": {"query": "pizza bandra (w)"},
        },
    )["described"]
    changed = previewed(
        live,
        {
            "documents": live.documents,
            "persona": "organic",
            "acquisition": {"query": "pizza bandra (w)"},
        },
    )["organic"]
    names = {each["after"]["intent"]["place"]["name"] for each in (described, changed)}
    assert names == {"Bandra West"}


@pytest.mark.parametrize(
    ("moment", "night"), [("2026-11-20T03:10:00+05:30", True), ("2026-11-20T13:10:00+05:30", False)]
)
def test_a_persona_may_fix_its_moment(live, moment, night):
    """The clock and the age of the installation are those that the persona names."""
    features = json.loads(live.documents["features.json"])
    for name, condition in (
        ("night", {"now.hour": {"$lt": 5}}),
        ("veteran", {"lifecycle.days_since_install": {"$gte": 300}}),
    ):
        rule = {"id": "so", "condition": condition, "force": True}
        features[name] = {"type": "boolean", "description": name, "default": False, "rules": [rule]}
    personas = {
        "old_hand": {
            "description": "Has been here for long",
            "context": {"platform": "android", "now": moment},
            "installed_at": "2026-01-01",
        }
    }
    changed = {"features.json": json.dumps(features), "personas.json": json.dumps(personas)}
    screen = previewed(live, {"documents": {**live.documents, **changed}})["old_hand"]
    told = screen["after"]["features"]
    assert (told["night"]["value"], told["veteran"]["value"]) == (night, True)


def test_an_unknown_persona_is_told_with_the_known_ones(live):
    """422 with the nearest name."""
    answer = live.call("POST", "preview", json={"documents": live.documents, "persona": "organik"})
    assert (answer.status_code, answer.json["code"]) == (422, "UNKNOWN_PERSONA")
    assert "Nearest: organic" in answer.json["detail"]


def test_wrong_documents_have_no_preview(live):
    """422 with the same errors that a release would answer."""
    documents = {**live.documents, "features.json": '{"a": 1}'}
    answer = live.call("POST", "preview", json={"documents": documents})
    assert (answer.status_code, answer.json["code"]) == (422, "INVALID_DOCUMENTS")
    assert answer.json["errors"][0]["file"] == "features.json"


def test_new_facets_are_previewed_over_the_same_rows_without_storing_a_version(live, stored):
    """A changed app.json is shown with the catalogue compiled anew, in memory alone."""
    before = stored()
    app = live.documents["app.json"].replace('"radius_m": 2000', '"radius_m": 900', 1)
    assert app != live.documents["app.json"]
    screen = previewed(
        live, {"documents": {**live.documents, "app.json": app}, "persona": "burger_searcher"}
    )["burger_searcher"]
    assert screen["before"]["intent"]["place"]["radius_m"] != screen["after"]["intent"]["place"]["radius_m"]
    assert stored() == before


def test_before_the_first_publication_there_is_only_an_after(live):
    """An environment with nothing live previews against nothing."""
    path = "/admin/v1/apps/bites/environments/staging/preview"
    (first, *_) = live.call("POST", path, json={"documents": live.documents}).json["personas"]
    assert first["before"] is None
    assert first["after"]["placements"]["home_feed"]["items"] == []


def test_a_publication_a_moment_ago_is_the_before(live, released):
    """The preview looks at the pointer, not at what this process happened to have loaded."""
    live.services.serving.current(live.scope)
    live.services.going_live.publish(live.scope, released("Hungry?"), by="x", if_match=1)
    screens = previewed(live, {"documents": live.documents})
    titles = {each["before"]["features"]["home_title"]["value"] for each in screens.values()}
    assert "Hungry?" in titles


def test_positions_are_compared_item_by_item():
    """What entered has no `from`, what left has no `to`, what stayed is not told."""

    def screen(*ids):
        return {"placements": {"feed": {"items": [{"id": each} for each in ids]}}}

    assert changed_placements(screen("a", "b", "c"), screen("a", "d", "b")) == {
        "feed": [
            {"id": "d", "from": None, "to": 2},
            {"id": "b", "from": 2, "to": 3},
            {"id": "c", "from": 3, "to": None},
        ]
    }
    assert changed_placements(None, screen("a")) == {"feed": [{"id": "a", "from": None, "to": 1}]}


def test_a_preview_explains_where_it_is_asked_to(live):
    """Every feature with its rules, every shown item with the products that make its score."""
    asked = {"documents": live.documents, "persona": "burger_searcher"}
    screen = previewed(live, {**asked, "explain": True})["burger_searcher"]
    explanation, after = screen["explanation"], screen["after"]
    assert list(explanation["features"]) == list(after["features"])
    for name, feature in explanation["features"].items():
        assert feature["value"] == after["features"][name]["value"]
        assert feature["reason"] == after["features"][name]["reason"]
    deciding = [
        rule for rule in explanation["features"]["home_title"]["rules"] if rule["outcome"] == "DECIDES"
    ]
    assert [rule["id"] for rule in deciding] == [after["features"]["home_title"]["rule"]]
    feed = explanation["placements"]["home_feed"]["items"]
    assert [item["id"] for item in feed] == [item["id"] for item in after["placements"]["home_feed"]["items"]]
    for item in feed:
        assert item["score"] == sum(part["product"] for part in item["parts"].values())
    assert "explanation" not in previewed(live, asked)["burger_searcher"]


def test_somebody_described_freely_is_explained_too(live):
    """A context that is no persona's."""
    body = {"documents": live.documents, "context": {"platform": "ios", "locale": "hi"}, "explain": True}
    (screen,) = previewed(live, body).values()
    checks = screen["explanation"]["features"]["search_hint"]["rules"][0]["checks"]
    assert {"path": "language", "expected": "hi", "actual": "hi", "passed": True} in checks[0]["clauses"]


def test_what_is_switched_off_is_explained_as_that(live):
    """No rule was asked, no placement answered."""
    live.services.publishing.set_kill(live.scope, ["features", "placements"], by="x", if_match=1)
    documents = live.documents
    screen = previewed(live, {"documents": documents, "persona": "organic", "explain": True})["organic"]
    assert screen["explanation"]["placements"] == {}
    assert all(each["rules"] == [] for each in screen["explanation"]["features"].values())


def test_a_message_is_shown_to_a_persona_with_its_sizes(live):
    """In both languages of its template, about what is asked for."""
    wanted = {"campaign": "cart_nudge", "persona": "burger_searcher", "item": "patty-lane-kandivali-west"}
    answer = live.call("POST", "preview/messages", json={"documents": live.documents, **wanted})
    assert answer.status_code == 200, answer.json
    english, hindi = answer.json["messages"]
    assert english["content"]["title"] == "Still hungry?"
    assert english["content"]["body"].startswith("Patty Lane is open until")
    assert hindi["content"]["title"] == "अब भी भूख है?"
    assert {each["platform"] for each in english["sizes"]} == {"ios", "android"}
    assert english["missing"] == []


def test_a_message_of_no_campaign_is_not_found(live):
    """With the nearest name."""
    answer = live.call(
        "POST", "preview/messages", json={"documents": live.documents, "campaign": "cart_nuge"}
    )
    assert (answer.status_code, answer.json["code"]) == (404, "UNKNOWN_CAMPAIGN")
    assert "Nearest: cart_nudge" in answer.json["detail"]
