import gzip
import json

import pytest

HEADER = "id,name,cuisines,locality,lat,lon,price_for_two,rating,votes,opened\n"
ROWS = (
    HEADER + "a-one,A One,burger,Kandivali West,19.2,72.83,400,4.1,10,2023-03-18\n"
    "b-two,B Two,pizza;burger,Bandra West,19.06,72.83,600,4.4,20,2024-01-02\n"
    ",Nameless,burger,Bandra West,19.06,72.83,600,4.4,20,2024-01-02\n"
)
CSV = "text/csv"


def imported(live, body, content_type=CSV, path="catalog", **more):
    """The answer to an import."""
    return live.call("POST", path, data=body, content_type=content_type, **more)


def test_an_import_becomes_a_version_and_goes_live(live):
    """201 with version, report of what was not taken, and the new pointer."""
    answer = imported(live, ROWS)
    version = answer.json["version"]
    assert (answer.status_code, version["items"], version["rejected"]) == (201, 2, 1)
    assert [each["line"] for each in answer.json["report"]["rejections"]] == [4]
    assert answer.json["pointer"]["catalog"] == version["version"]
    assert live.call("GET", "pointer").json["catalog"] == version["version"]
    assert ("owner", "catalog.imported", version["version"]) in live.audited()
    assert ("owner", "catalog.published", "bites/production") in live.audited()


def test_an_import_can_wait_for_a_publication(live):
    """With `publish=false` nothing goes live until the version is published with a release."""
    before = live.call("GET", "pointer").json
    answer = imported(live, ROWS, path="catalog?publish=false")
    assert answer.json["pointer"] is None
    assert live.call("GET", "pointer").json == before
    published = live.call(
        "POST",
        "publish",
        json={"release": 1, "catalog": answer.json["version"]["version"]},
        headers={"If-Match": '"1"'},
    )
    assert published.json["catalog"] == answer.json["version"]["version"]


@pytest.mark.parametrize("headers", [{}, {"Content-Encoding": "gzip"}])
def test_gzip_is_read_announced_or_not(live, headers):
    """A compressed file is the same file."""
    plain = imported(live, ROWS, path="catalog?publish=false").json["version"]["version"]
    packed = imported(live, gzip.compress(ROWS.encode()), path="catalog?publish=false", headers=headers)
    assert packed.json["version"]["version"] == plain


def test_ndjson_is_read_line_by_line(live):
    """One object a line, lists for tags; a line that is none is rejected alone."""
    item = {"id": "a-one", "name": "A One", "cuisines": ["burger"], "locality": "Bandra West", "rating": 4}
    answer = imported(live, json.dumps(item) + "\nnope\n", content_type="application/x-ndjson")
    assert (answer.status_code, answer.json["version"]["items"]) == (201, 1)
    assert [each["line"] for each in answer.json["report"]["rejections"]] == [2]


def test_columns_are_mapped(live):
    """A file with other headers is imported under a mapping in the query."""
    mapping = {"columns": {"cuisines": "Cuisine"}, "constants": {"votes": 5}}
    rows = ROWS.replace("cuisines", "Cuisine").replace("votes", "Old votes")
    answer = imported(live, rows, query_string={"mapping": json.dumps(mapping), "publish": "false"})
    assert (answer.status_code, answer.json["version"]["items"]) == (201, 2)


def test_versions_and_reports_can_be_read_again(live):
    """The list is newest first; each report stays."""
    version = imported(live, ROWS).json["version"]
    listed = live.call("GET", "catalog").json["versions"]
    report = live.call("GET", f"catalog/{version['version']}/report")
    assert [each["sequence"] for each in listed] == [2, 1]
    assert (report.status_code, report.json["accepted"]) == (200, 2)
    assert live.call("GET", "catalog/c-0123456789ab/report").json["code"] == "UNKNOWN_CATALOG_VERSION"


def test_before_the_first_publication_the_newest_release_declares_the_facets(live):
    """An environment imports its catalogue first and publishes then; without any app.json it cannot."""
    path = "/admin/v1/apps/bites/environments/staging"
    nothing = imported(live, ROWS, path=f"{path}/catalog")
    assert (nothing.status_code, nothing.json["code"]) == (503, "NOTHING_PUBLISHED")
    live.call(
        "PUT",
        f"{path}/documents/app.json",
        data=live.documents["app.json"],
        content_type="application/json",
    )
    by_draft = imported(live, ROWS, path=f"{path}/catalog")
    assert (by_draft.status_code, by_draft.json["pointer"]) == (201, None)
    live.call("POST", f"{path}/releases", json={"documents": live.documents})
    assert imported(live, ROWS, path=f"{path}/catalog").status_code == 201
    published = live.call("POST", f"{path}/publish", json={"release": 1})
    assert published.json["catalog"] == by_draft.json["version"]["version"]


@pytest.mark.parametrize(
    ("request_parts", "status", "code"),
    [
        ({"content_type": "application/json"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ({"content_type": "text/plain"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ({"headers": {"Content-Encoding": "br"}}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ({"body": "x" * 200_001}, 413, "PAYLOAD_TOO_LARGE"),
        ({"body": "id,name\na,b\n"}, 422, "MISSING_COLUMNS"),
        ({"body": ""}, 422, None),
        ({"body": b"\x1f\x8bnot gzip at all"}, 422, "UNREADABLE_FILE"),
        ({"body": b"\xff\xfe\x00\x01" * 40}, 422, None),
        ({"body": HEADER + ",x,y,z,,,,,,\n"}, 422, "IMPORT_REJECTED"),
        ({"query_string": {"mapping": "["}}, 422, "INVALID_MAPPING"),
        ({"query_string": {"mapping": "[" * 5000}}, 422, "INVALID_MAPPING"),
        ({"query_string": {"mapping": "[]"}}, 422, "INVALID_MAPPING"),
        ({"query_string": {"mapping": '{"rows": 1}'}}, 422, "INVALID_MAPPING"),
        ({"query_string": {"mapping": "x" * 8001}}, 422, "INVALID_REQUEST"),
        ({"query_string": {"publish": "perhaps"}}, 422, "INVALID_REQUEST"),
    ],
)
def test_what_cannot_be_imported_changes_nothing(live, stored, request_parts, status, code):
    """Wrong types, sizes, files and mappings are clear errors, and no version appears."""
    before = stored()
    parts = dict(request_parts)
    answer = imported(live, parts.pop("body", ROWS), **parts)
    assert answer.status_code == status, answer.json
    assert code is None or answer.json["code"] == code
    assert stored() == before


def test_a_body_that_grows_beyond_its_bound_is_stopped_while_it_is_read(live, stored):
    """Without a declared length the bytes are counted."""
    before = stored()
    chunked = {
        "wsgi.input": _Endless(),
        "wsgi.input_terminated": True,
        "HTTP_TRANSFER_ENCODING": "chunked",
        "CONTENT_LENGTH": "",
    }
    answer = live.call("POST", "catalog", content_type=CSV, environ_overrides=chunked)
    assert (answer.status_code, answer.json["code"]) == (413, "PAYLOAD_TOO_LARGE")
    assert stored() == before


def test_most_rows_rejected_is_refused_with_the_report_unless_forced(live):
    """A wrong column would empty the app; whoever means it says so."""
    rows = ROWS + ",x,,,,,,,,\n" * 3
    refused = imported(live, rows)
    assert (refused.status_code, refused.json["code"]) == (422, "IMPORT_REJECTED")
    assert refused.json["report"]["rejected"] == 4
    assert imported(live, rows, path="catalog?force=true").status_code == 201


class _Endless:
    """Rows without end, as a client that never stops sends them."""

    def __init__(self):
        self._begun = False

    def read(self, size):
        rows = b"a-one,A One,burger,Bandra West,19.06,72.83,600,4.4,20,2024-01-02\n"
        head = b"" if self._begun else HEADER.encode()
        self._begun = True
        return (head + rows * (size // len(rows) + 1))[:size]
