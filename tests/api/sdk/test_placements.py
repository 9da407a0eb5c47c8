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
