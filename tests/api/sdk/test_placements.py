import pytest
from tests.api.problems import assert_problem

from herenow.api.schemas import answers


@pytest.fixture(name="launched")
def _launched(live):
    return live.launch()


def page(live, launched, cursor=None, name="home_feed"):
    """GET /v1/placements/{name}."""
    query = {"cursor": cursor} if cursor else {}
    return live.client.get(f"/v1/placements/{name}", query_string=query, headers=live.bearer(launched))


def test_pages_continue_the_first_screen_without_repeating(live, launched):
    """Following ``next`` to the end shows every item once, in one order."""
    config = launched.json["config"]["placements"]["home_feed"]
    seen = [item["id"] for item in config["items"]]
    cursor = config["next"]
    while cursor:
        answer = page(live, launched, cursor)
        answers.Placement().load(answer.json)
        seen += [item["id"] for item in answer.json["items"]]
        cursor = answer.json["next"]

    assert len(seen) == len(set(seen)) > 100


def test_the_first_page_is_the_first_screen(live, launched):
    """Without a cursor a placement begins where the config began."""
    config = launched.json["config"]["placements"]["home_feed"]

    assert page(live, launched).json == config


@pytest.mark.parametrize("cursor", ["x", "MS4yMC4x!", "../..", "%00", "A" * 300])
def test_a_cursor_that_was_not_given_out_is_refused(live, launched, cursor):
    """A cursor is ours or it is an error."""
    assert_problem(page(live, launched, cursor), 400, "INVALID_CURSOR")


def test_a_placement_that_does_not_exist_is_told_with_those_that_do(live, launched):
    """The error names the placements there are."""
    problem = assert_problem(page(live, launched, name="homefeed"), 404, "UNKNOWN_PLACEMENT")

    assert "home_feed" in problem["detail"]


def test_an_apps_own_list_is_ordered_for_the_person(live, launched):
    """Ranking is a permutation of the known ids; what the search meant comes first."""
    feed = [item["id"] for item in page(live, launched).json["items"]]
    ids = [*reversed(feed[1:6]), "no-such-venue"]

    ranked = live.client.post(
        "/v1/placements/home_feed/rank", json={"ids": ids}, headers=live.bearer(launched)
    )

    answers.Ranking().load(ranked.json)
    assert [item["id"] for item in ranked.json["items"]] == feed[1:6]
    assert ranked.json["unknown"] == ["no-such-venue"]


@pytest.mark.parametrize("body", [{}, {"ids": []}, {"ids": ["x"] * 1001}, {"ids": [7]}, {"ids": "x"}])
def test_a_list_is_bounded_text(live, launched, body):
    """One to a thousand ids, nothing else."""
    answer = live.client.post("/v1/placements/home_feed/rank", json=body, headers=live.bearer(launched))

    assert_problem(answer, 422, "INVALID_REQUEST")


def everything(live, launched, config) -> list[str]:
    """All ids of the home feed, from the config's page to the end."""
    seen = [item["id"] for item in config["items"]]
    cursor = config["next"]
    while cursor:
        answer = page(live, launched, cursor).json
        seen += [item["id"] for item in answer["items"]]
        cursor = answer["next"]
    return seen


def test_a_search_that_is_not_kept_still_orders_its_later_pages(live):
    """Without consent the search travels in the cursor, not in the store."""
    launched = live.launch(consent={"personalization": "unknown"})
    config = launched.json["config"]["placements"]["home_feed"]

    second = page(live, launched, config["next"]).json

    assert second["because"][0]["code"] == "SEARCHED"
    seen = everything(live, launched, config)
    assert len(seen) == len(set(seen)) > 100


def test_the_devices_place_still_orders_the_later_pages(live):
    """A place is never stored, and no page repeats what another showed."""
    launched = live.launch(
        acquisition={},
        consent={"personalization": "granted", "location": "granted"},
        context={**live.body["context"], "location": {"lat": 19.2290, "lon": 72.8573}},
    )

    seen = everything(live, launched, launched.json["config"]["placements"]["home_feed"])

    assert len(seen) == len(set(seen)) > 100


def test_a_cursor_works_for_whom_it_was_given_out(live, launched):
    """Another installation, or another placement, cannot use it."""
    config = launched.json["config"]["placements"]

    assert_problem(page(live, live.launch(), config["home_feed"]["next"]), 400, "INVALID_CURSOR")
    assert_problem(page(live, launched, config["home_feed"]["next"], "deals"), 400, "INVALID_CURSOR")


def test_paging_goes_on_over_a_publication(live, launched, services, documents):
    """A cursor of an earlier serving set continues at its position of the new order."""
    config = launched.json["config"]["placements"]["home_feed"]
    changed = documents["features.json"].replace(b'"Popular near you"', b'"Loved near you"')
    release = services.releases.create(
        live.scope, {**documents, "features.json": changed}, by="editor"
    ).release
    services.releases.approve(live.scope, release.number, by="owner")
    services.going_live.publish(live.scope, release.number, by="owner", if_match=1)
    services.serving.refresh(live.scope)

    assert len(page(live, launched, config["next"]).json["items"]) == 20
