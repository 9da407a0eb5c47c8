import pytest

TEXT = b'{\n  "show_map": {"type": "boolean",\t"description": "Map", "default": true}\n}\n'
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def draft(live):
    """Writes a draft of features.json and tells its ETag."""

    def write(text=TEXT, **headers):
        answer = live.call("PUT", "documents/features.json", data=text, headers={**JSON, **headers})
        assert answer.status_code in (200, 201), answer.json
        return answer.headers["ETag"]

    return write


def test_a_new_draft_is_created_and_kept_exactly_as_written(live):
    """A first PUT answers 201 and GET gives the very bytes back under the same ETag."""
    written = live.call("PUT", "documents/features.json", data=TEXT, headers=JSON)
    read = live.call("GET", "documents/features.json")
    assert written.status_code == 201
    assert (read.data, read.headers["ETag"]) == (TEXT, written.headers["ETag"])
    assert written.json["updated_by"] == "owner"
    assert written.json["size"] == len(TEXT)
    assert ("owner", "draft.written", "features.json") in live.audited()


def test_drafts_are_listed_with_their_versions(live, draft):
    """The list names every draft and its version, without internals."""
    draft()
    listed = live.call("GET", "documents").json["documents"]
    assert [(each["name"], each["version"]) for each in listed] == [("features.json", 1)]
    assert "blob" not in listed[0]


def test_replacing_a_draft_needs_the_version_it_replaces(live, draft):
    """Without If-Match 428; with it 200 and a new ETag."""
    first = draft()
    blind = live.call("PUT", "documents/features.json", data=b"{}", headers=JSON)
    second = draft(b"{}", **{"If-Match": first})
    assert (blind.status_code, blind.json["code"]) == (428, "PRECONDITION_REQUIRED")
    assert second != first
    assert live.call("GET", "documents/features.json").data == b"{}"


def test_a_stale_version_is_refused_and_nothing_is_lost(live, draft):
    """412 for a version that is no longer current, and the newer text stays."""
    first = draft()
    draft(b'{"newer": 1}', **{"If-Match": first})
    late = live.call("PUT", "documents/features.json", data=b"{}", headers={**JSON, "If-Match": first})
    assert (late.status_code, late.json["code"]) == (412, "PRECONDITION_FAILED")
    assert live.call("GET", "documents/features.json").data == b'{"newer": 1}'


def test_a_tag_weakened_by_a_proxy_still_counts(live, draft):
    """Compressing proxies weaken ETags; the version is the same."""
    draft(b"{}", **{"If-Match": "W/" + draft()})
    assert live.call("GET", "documents/features.json").data == b"{}"


@pytest.mark.parametrize(
    ("header", "status"),
    [({"If-Match": '"nonsense"'}, 412), ({"If-Match": "*"}, 428), ({"If-Match": '"1", "2"'}, 412)],
)
def test_other_conditions_never_replace_anything(live, draft, header, status):
    """A foreign tag and a wildcard do not say which version is replaced."""
    draft()
    answer = live.call("PUT", "documents/features.json", data=b"{}", headers={**JSON, **header})
    assert answer.status_code == status
    assert live.call("GET", "documents/features.json").data == TEXT


def test_if_none_match_insists_on_a_new_draft(live):
    """`If-None-Match: *` creates once and is 412 from then on."""
    headers = {**JSON, "If-None-Match": "*"}
    first = live.call("PUT", "documents/features.json", data=TEXT, headers=headers)
    again = live.call("PUT", "documents/features.json", data=b"{}", headers=headers)
    assert (first.status_code, again.status_code) == (201, 412)
    assert live.call("GET", "documents/features.json").data == TEXT


def test_a_draft_held_already_is_not_sent_again(live, draft):
    """If-None-Match with the current ETag answers 304 without a body."""
    answer = live.call("GET", "documents/features.json", headers={"If-None-Match": draft()})
    assert (answer.status_code, answer.data) == (304, b"")


def test_deleting_needs_the_version_and_an_old_tag_never_fits_a_new_text(live, draft):
    """428 without a version, 204 with it, 404 afterwards; a rewritten draft has a new ETag."""
    first = draft()
    assert live.call("DELETE", "documents/features.json").status_code == 428
    deleted = live.call("DELETE", "documents/features.json", headers={"If-Match": first})
    assert (deleted.status_code, deleted.data) == (204, b"")
    assert live.call("GET", "documents/features.json").status_code == 404
    assert draft() != first


@pytest.mark.parametrize("name", ["Features.json", "features.txt", "..json", "a" * 60 + ".json"])
def test_a_name_that_is_no_document_is_refused(live, name):
    """What cannot be a document's name is 422 with a word on names."""
    answer = live.call("PUT", f"documents/{name}", data=b"{}", headers=JSON)
    assert (answer.status_code, answer.json["code"]) == (422, "INVALID_DOCUMENT_NAME")


def test_text_that_is_no_json_is_refused_with_its_place(live):
    """A draft may be wrong but not unreadable: 400 with line and column."""
    answer = live.call("PUT", "documents/features.json", data=b'{\n "a": nope}', headers=JSON)
    assert (answer.status_code, answer.json["code"]) == (400, "MALFORMED_JSON")
    assert "line 2" in answer.json["detail"]
    assert live.call("GET", "documents").json == {"documents": []}


def test_another_media_type_is_refused_and_geojson_is_json(live):
    """Text is 415, `application/geo+json` is read."""
    refused = live.call("PUT", "documents/fences.geojson", data=b"{}", content_type="text/plain")
    taken = live.call("PUT", "documents/fences.geojson", data=b"{}", content_type="application/geo+json")
    assert (refused.status_code, taken.status_code) == (415, 201)


def test_an_over_long_document_is_refused(live):
    """More than a document may have is 413 and nothing is kept."""
    answer = live.call("PUT", "documents/features.json", data=b" " * 1_000_001, headers=JSON)
    assert (answer.status_code, answer.json["code"]) == (413, "PAYLOAD_TOO_LARGE")
    assert live.call("GET", "documents").json == {"documents": []}
