import pytest


def test_a_valid_set_becomes_the_next_release(live, titled):
    """201 with a number, its parts and the author; the same set again is the same release, 200."""
    body = {"documents": titled("Hungry?"), "note": "Lunch title"}
    made = live.call("POST", "releases", json=body)
    again = live.call("POST", "releases", json=body)
    assert (made.status_code, made.json["number"], made.json["created_by"]) == (201, 2, "owner")
    assert (made.json["note"], made.json["approvals_needed"]) == ("Lunch title", {"production": 1})
    assert "features" in made.json["parts"]
    assert (again.status_code, again.json["number"]) == (200, 2)
    assert ("owner", "release.created", "2") in live.audited()


def test_without_documents_the_drafts_are_released(live, titled):
    """What was written as drafts is what the release holds."""
    for name, text in titled("From drafts").items():
        live.call("PUT", f"documents/{name}", data=text, content_type="application/json")
    assert live.call("POST", "releases").status_code == 201
    documents = live.call("GET", "releases/2/documents").json["documents"]
    assert documents["features.json"] == titled("From drafts")["features.json"]


def test_an_invalid_set_changes_nothing(live, stored):
    """422 with every error of every file, and not one record more than before."""
    before = stored()
    wrong = {
        **live.documents,
        "campaigns.json": live.documents["campaigns.json"].replace('"likes_burgers"', '"likes_burger"', 1),
        "features.json": '{"home_title": {"type": "colour"}}',
    }
    answer = live.call("POST", "releases", json={"documents": wrong})
    assert (answer.status_code, answer.json["code"]) == (422, "INVALID_DOCUMENTS")
    assert answer.content_type == "application/problem+json"
    assert {each["file"] for each in answer.json["errors"]} >= {"campaigns.json", "features.json"}
    assert all(each["line"] >= 1 and each["column"] >= 1 for each in answer.json["errors"])
    assert stored() == before


def test_documents_of_another_app_are_not_released_here(live):
    """A set of another app is 422, told at `/app`."""
    app = live.documents["app.json"].replace('"app": "bites"', '"app": "reels"')
    answer = live.call("POST", "releases", json={"documents": {**live.documents, "app.json": app}})
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, "WRONG_APP")


def test_releases_are_paged_newest_first(live, released):
    """A page continues where the one before ended."""
    released("Two")
    released("Three")
    first = live.call("GET", "releases?limit=2").json
    second = live.call("GET", "releases", query_string={"limit": 2, "cursor": first["next"]}).json
    numbers = [[each["number"] for each in page["releases"]] for page in (first, second)]
    assert numbers == [[3, 2], [1]]
    assert second["next"] is None


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("limit=0", 422, "INVALID_REQUEST"),
        ("limit=101", 422, "INVALID_REQUEST"),
        ("limit=many", 422, "INVALID_REQUEST"),
        ("cursor=not-ours", 400, "INVALID_CURSOR"),
    ],
)
def test_a_wrong_page_is_refused(live, query, status, code):
    """Bounds are 422, a foreign cursor 400."""
    answer = live.call("GET", f"releases?{query}")
    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_a_release_gives_its_documents_back_as_they_were_written(live):
    """The texts, `$schema` and layout included."""
    assert live.call("GET", "releases/1").json["note"] == ""
    assert live.call("GET", "releases/1/documents").json["documents"] == dict(live.documents)


@pytest.mark.parametrize("number", ["2", "0", "01", "-1", "one", "9" * 150])
def test_a_release_that_is_not_there_is_404(live, number):
    """Unknown numbers and what is no number alike."""
    for path in (f"releases/{number}", f"releases/{number}/documents"):
        assert live.call("GET", path).json["code"] == "UNKNOWN_RELEASE"
    assert live.call("POST", f"releases/{number}/approve").json["code"] == "UNKNOWN_RELEASE"


def test_the_author_cannot_approve_and_others_count_once(live, titled):
    """403 for the author, recorded as refused; two approvals by one person are one."""
    live.call("POST", "releases", json={"documents": titled("Hungry?")})
    own = live.call("POST", "releases/2/approve")
    ravi = live.token("ravi", "publisher")
    once = live.call("POST", "releases/2/approve", token=ravi)
    twice = live.call("POST", "releases/2/approve", token=ravi)
    assert (own.status_code, own.json["code"]) == (403, "SELF_APPROVAL")
    assert [each["by"] for each in twice.json["approvals"]] == ["ravi"]
    assert once.json == twice.json
    records = live.call("GET", "audit").json["records"]
    outcomes = {(each["who"], each["outcome"]) for each in records if each["what"] == "release.approved"}
    assert {("owner", "refused"), ("ravi", "done")} <= outcomes
