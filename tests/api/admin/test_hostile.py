"""Bodies and names that mean harm: a clear 4xx each, nothing written, no trace of our inside."""

import json

import pytest

BODIES = {
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "a number": b"1e999",
    "not a number": b"NaN",
    "invalid utf-8": b'{"documents": {"a.json": "\xff\xfe"}}',
    "lone surrogate": b'{"documents": {"a.json": "\\ud800"}}',
    "deep": b"[" * 100_000,
    "deeper object": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "control characters": b'{"documents": {"a\\u0000.json": "\\u0000\\u001b[31m"}}',
    "prototype": b'{"__proto__": {"role": "owner"}, "constructor": 1}',
    "sql and template": b'{"documents": {"x\'; DROP TABLE documents;--.json": "{{7*7}}${7*7}"}}',
    "huge integer": b'{"release": ' + b"9" * 4000 + b"}",
    "repeated member": b'{"release": 1, "release": {}}',
}
CALLS = [
    ("POST", "validate"),
    ("POST", "diff"),
    ("POST", "preview"),
    ("POST", "releases"),
    ("POST", "publish"),
    ("POST", "rollback"),
    ("PUT", "kill"),
    ("POST", "keys"),
    ("PUT", "/admin/v1/admins/vera"),
    ("POST", "/admin/v1/keyring/rotate"),
    ("POST", "/admin/v1/keyring/revoke"),
]
WITHOUT_EFFECT = {("POST", "validate"), ("POST", "diff")}
INSIDE = ("Traceback", 'File "', "sqlite3", "site-packages", "orjson")


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_no_body_breaks_a_call_or_changes_anything(live, body, stored):
    """Everything is answered with a problem (or judged, where judging is the point), never with a 500."""
    before = stored()
    for method, path in CALLS:
        answer = live.call(method, path, data=body, content_type="application/json")
        text = answer.get_data(as_text=True)
        allowed = (400, 409, 413, 422, 428) + ((200,) if (method, path) in WITHOUT_EFFECT else ())
        assert answer.status_code in allowed, (method, path, text[:500])
        assert not any(each in text for each in INSIDE), (method, path)
    assert stored() == before


@pytest.mark.parametrize("body", [b"[" * 100_000, b"\xff\xfe{}", b'"\\ud800"', b"NaN", b"{} {}", b""])
def test_no_text_that_is_no_json_becomes_a_draft(live, body):
    """400 with the place, for whatever the reader cannot trust."""
    answer = live.call("PUT", "documents/features.json", data=body, content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (400, "MALFORMED_JSON")
    assert live.call("GET", "documents").json == {"documents": []}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"home_title": {"type": "string", "description": "x" * 100_000, "default": "y"}}),
        json.dumps({f"feature_{number}": {"type": "rocket"} for number in range(2_000)}),
        json.dumps({"a": {"rules": [{"condition": {"a": {"$regex": "(a+)+$"}}}] * 200}}),
        "[" * 31 + "]" * 31,
    ],
)
def test_hostile_documents_are_findings_in_bounded_number(live, text):
    """Validation judges anything readable and tells no more than a person can read."""
    answer = live.call("POST", "validate", json={"documents": {**live.documents, "features.json": text}})
    assert (answer.status_code, answer.json["valid"]) == (200, False)
    assert len(answer.json["findings"]) <= 1_200


def test_too_many_documents_are_refused(live):
    """A set has at most sixty files."""
    documents = {f"d{number}.json": "{}" for number in range(61)}
    assert live.call("POST", "validate", json={"documents": documents}).status_code == 422


@pytest.mark.parametrize("header", ['"' + "9" * 400 + '"', "\x7f", "W/", '""', '"-1"', "é"])
def test_strange_conditions_are_stale_ones(live, header):
    """An If-Match that no answer of ours ever held is 412."""
    answer = live.call("POST", "publish", json={"release": 1}, headers={"If-Match": header})
    assert answer.status_code == 412


@pytest.mark.parametrize("key_id", ["keyring", "%2e%2e", "x" * 2000, "a%00b", "ü", "' OR 1=1 --"])
def test_strange_ids_are_not_found(live, key_id):
    """404 for ids that no key, installation, admin or catalogue version has."""
    calls = [
        ("DELETE", f"keys/{key_id}"),
        ("POST", f"installations/{key_id}/revoke"),
        ("GET", f"catalog/{key_id}/report"),
        ("POST", f"/admin/v1/admins/{key_id}/token"),
        ("POST", f"/admin/v1/admins/{key_id}/revoke"),
    ]
    for method, path in calls:
        assert live.call(method, path).status_code == 404, path
