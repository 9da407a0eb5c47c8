import json

import pytest


def posted(live, path, body=None, **more):
    """The answer to a POST of JSON."""
    return live.call("POST", path, json=body if body is not None else {}, **more)


@pytest.fixture
def broken(live):
    """The live documents with a mistyped audience and a tag compared for equality."""
    return {
        **live.documents,
        "campaigns.json": live.documents["campaigns.json"].replace('"likes_burgers"', '"likes_burger"', 1),
    }


def test_valid_documents_are_called_valid(live):
    """The example's own documents have no error."""
    answer = posted(live, "validate", {"documents": live.documents})
    assert answer.status_code == 200
    assert answer.json["valid"] is True
    assert all(each["severity"] == "warning" for each in answer.json["findings"])


def test_a_mistyped_name_is_told_with_place_and_nearest(live, broken):
    """A finding names file, pointer, line, column, expectation and the nearest valid name."""
    answer = posted(live, "validate", {"documents": broken})
    (error,) = [each for each in answer.json["findings"] if each["severity"] == "error"]
    assert (answer.status_code, answer.json["valid"]) == (200, False)
    assert (error["file"], error["pointer"]) == ("campaigns.json", "/burger_lunch/audience")
    assert (error["code"], error["nearest"]) == ("UNKNOWN_AUDIENCE", "likes_burgers")
    line = broken["campaigns.json"].splitlines()[error["line"] - 1]
    assert line[error["column"] - 1 :].startswith('"audience": "likes_burger"')
    assert "new" in error["expected"]


@pytest.mark.parametrize("request_body", [{"json": {}}, {}])
def test_without_documents_the_drafts_are_judged(live, request_body):
    """An empty object and an empty body both speak of the drafts; there are none, so app.json is missing."""
    answer = live.call("POST", "validate", **request_body)
    assert answer.status_code == 200
    assert [each["code"] for each in answer.json["findings"]] == ["MISSING_FILE"]
    live.services.drafts.put(live.scope, "app.json", live.documents["app.json"].encode(), by="editor")
    codes = {each["code"] for each in live.call("POST", "validate", **request_body).json["findings"]}
    assert "MISSING_FILE" not in codes


def test_unreadable_and_unknown_files_are_findings_like_any_other(live):
    """What is no JSON and what is no document are told, not refused."""
    documents = {**live.documents, "features.json": "{", "featurs.json": "{}"}
    found = {each["code"] for each in posted(live, "validate", {"documents": documents}).json["findings"]}
    assert {"MALFORMED_JSON", "UNKNOWN_FILE"} <= found


def test_documents_of_another_app_are_an_error(live):
    """A set that says it is another app cannot be released here, and says where."""
    renamed = live.documents["app.json"].replace('"app": "bites"', '"app": "reels"')
    answer = posted(live, "validate", {"documents": {**live.documents, "app.json": renamed}})
    (error,) = [each for each in answer.json["findings"] if each["severity"] == "error"]
    assert (error["code"], error["pointer"], error["expected"]) == ("WRONG_APP", "/app", "bites")
    assert error["line"] > 1


def test_an_item_that_the_catalogue_lacks_is_told_with_one_that_it_has(live):
    """Validation knows the live catalogue."""
    mistyped = live.documents["placements.json"].replace("anniversary-special", "anniversary-specials")
    documents = {**live.documents, "placements.json": mistyped}
    found = posted(live, "validate", {"documents": documents}).json["findings"]
    assert [each["nearest"] for each in found if "item" in each["pointer"]] == ["anniversary-special"]


def test_the_diff_with_what_is_live_names_each_change(live, titled):
    """One changed default is one change, with its pointer, before and after."""
    answer = posted(live, "diff", {"documents": titled("Hungry?")})
    assert answer.json == {
        "against": 1,
        "changes": [
            {
                "file": "features.json",
                "pointer": "/home_title/default",
                "kind": "changed",
                "before": "Popular near you",
                "after": "Hungry?",
            }
        ],
        "truncated": False,
    }


def test_the_diff_can_be_with_any_release(live, titled, released):
    """`against` names the release; one that does not exist is 404."""
    released("Hungry?")
    assert posted(live, "diff", {"documents": titled("Hungry?"), "against": 2}).json["changes"] == []
    assert posted(live, "diff", {"against": 9}).status_code == 404


def test_before_anything_is_live_everything_is_new(live):
    """The diff with nothing adds every member."""
    path = "/admin/v1/apps/bites/environments/staging/diff"
    answer = posted(live, path, {"documents": {"app.json": live.documents["app.json"]}})
    assert answer.json["against"] is None
    assert {each["kind"] for each in answer.json["changes"]} == {"added"}


def test_a_diff_needs_readable_documents(live):
    """What is no JSON cannot be compared: 422 with its place."""
    answer = posted(live, "diff", {"documents": {"features.json": "{,"}})
    assert (answer.status_code, answer.json["code"]) == (422, "INVALID_DOCUMENTS")
    assert answer.json["errors"][0]["file"] == "features.json"


def test_looking_changes_nothing(live, titled, broken, stored):
    """Validate, diff and preview write nothing, whether the documents are right or wrong."""
    before = stored()
    for path in ("validate", "diff", "preview"):
        for documents in (titled("Hungry?"), broken):
            posted(live, path, {"documents": documents})
    assert stored() == before


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"documents": []}, "/documents"),
        ({"documents": {"a.json": 1}}, "/documents/a.json"),
        ({"document": {}}, "/document"),
        ({"documents": {"a\u0000b": "{}"}}, "/documents/a\u0000b"),
        ([], ""),
    ],
)
def test_a_request_of_another_shape_is_422_with_a_pointer(live, body, pointer):
    """Schema violations of the request itself point at their place."""
    answer = posted(live, "validate", body)
    assert (answer.status_code, answer.json["code"]) == (422, "INVALID_REQUEST")
    assert answer.json["errors"][0]["pointer"].startswith(pointer)


def test_a_body_that_is_no_json_is_400_and_an_over_long_one_413(live, settings):
    """Neither reaches the validation."""
    json_type = {"Content-Type": "application/json"}
    malformed = live.call("POST", "validate", data=b'{"documents": ', headers=json_type)
    huge = json.dumps({"documents": {"a.json": " " * settings.max_documents}})
    over_long = live.call("POST", "validate", data=huge, headers=json_type)
    typeless = live.call("POST", "validate", data=b"{}", content_type="text/plain")
    assert (malformed.status_code, over_long.status_code, typeless.status_code) == (400, 413, 415)
