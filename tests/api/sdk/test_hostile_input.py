"""What strangers send: every answer is a problem or an ordinary launch, and nothing is half written."""

import gzip
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.api.problems import assert_problem
from tests.depth import examples

JSON = {"Content-Type": "application/json"}


def post(live, data, headers=None, path="/v1/installations"):
    """A raw body."""
    return live.client.post(path, data=data, headers={"X-Herenow-Key": live.key, **(headers or JSON)})


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"{'a': 1}",
        b'{"a": NaN}',
        b"\xff\xfe{}",
        b'{"a": "\xc3\x28"}',
        b"[" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b'{"installation_id": 1' + b"0" * 400_000 + b"}",
    ],
    ids=["empty", "cut", "quotes", "nan", "utf-16", "bad-utf-8", "deep-lists", "deep-objects", "huge-number"],
)
def test_what_is_not_json_is_a_400(live, data):
    """Malformed, undecodable or bottomless: one clear answer."""
    assert_problem(post(live, data), 400, "MALFORMED_JSON")


def test_an_over_long_body_is_a_413(live, services):
    """Beyond the bound nothing is read."""
    assert_problem(post(live, b" " * (services.settings.max_body + 1)), 413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/form-data", ""])
def test_another_media_type_is_a_415(live, content_type):
    """JSON is asked for by name."""
    answer = post(live, b"{}", {"Content-Type": content_type})

    assert_problem(answer, 415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"installation_id": "not-a-uuid"}, "/installation_id"),
        ({"installation_id": None}, "/installation_id"),
        ({"installation_id": "6f0c2f9e-52b1-4f0e-9d39-0a4f5d1c7b11\n"}, "/installation_id"),
        ({"installation_secret": "short"}, "/installation_secret"),
        ({"installation_secret": "a" * 42 + "\n"}, "/installation_secret"),
        ({"installation_secret": "a" * 43 + "\n"}, "/installation_secret"),
        ({"context": {"locale": "x" * 36}}, "/context/locale"),
        (
            {"acquisition": {"play_install_referrer": {}}},
            "/acquisition/play_install_referrer/install_referrer",
        ),
        ({"acquisition": {"vendor": {"name": "acme", "payload": {}}}}, "/acquisition/vendor/name"),
        ({"acquisition": {"surprise": 1}}, "/acquisition/surprise"),
        ({"consent": {"push": "yes"}}, "/consent/push"),
    ],
)
def test_a_fault_is_pointed_at(live, change, pointer):
    """A 422 names each member that does not fit."""
    problem = assert_problem(live.launch(**change), 422, "INVALID_REQUEST")

    assert pointer in [error["pointer"] for error in problem["errors"]]


REFERRERS = [
    "utm_term=" + "%25" * 5000 + "41",
    "utm_term=%00%01%1b[31mred",
    "utm_term=%ff%fe%80",
    "utm_term='; DROP TABLE documents; --",
    "utm_term={{intent.place.name}}{{7*7}}${7*7}<script>alert(1)</script>",
    "&&&===&&=&utm_term",
    "utm_content=" + '{"source":' * 500,
    "utm_term=\u202eburger\u202c in \u200bkandivali west",
    "q=" + "burger " * 8000,
]


@pytest.mark.parametrize("text", REFERRERS, ids=range(len(REFERRERS)))
def test_a_hostile_referrer_is_only_text(live, text):
    """Nested encodings, control characters, SQL and template text launch an ordinary app."""
    launched = live.launch(acquisition={"play_install_referrer": {"install_referrer": text}})

    assert launched.status_code == 201
    shown = json.dumps(launched.json["config"]["features"])
    assert "49" not in shown
    assert "<script>" not in shown


def test_a_referrer_of_ten_megabytes_is_refused(live):
    """It never reaches a parser."""
    answer = live.launch(acquisition={"play_install_referrer": {"install_referrer": "q=" + "x" * 10_000_000}})

    assert_problem(answer, 413, "PAYLOAD_TOO_LARGE")


def test_a_compressed_bomb_is_not_unpacked(live):
    """Bodies may come as gzip; what inflates beyond the bound is refused like a body that long."""
    bomb = gzip.compress(b" " * 50_000_000)

    assert_problem(post(live, bomb, {**JSON, "Content-Encoding": "gzip"}), 413, "PAYLOAD_TOO_LARGE")


def test_a_refused_launch_writes_nothing(live, services):
    """After an error there is no installation."""
    live.launch(installation_secret="short", installation_id=live.body["installation_id"])

    assert services.installations.get(live.scope, live.body["installation_id"]) is None


@pytest.mark.parametrize(
    "path", ["/v1/nothing", "/v1/installations/x", "/admin", "/v1/../etc/passwd", "/%00"]
)
def test_a_path_that_does_not_exist_is_a_problem_too(live, path):
    """Every error has the same shape."""
    assert_problem(live.client.get(path), 404, "NO_SUCH_PATH")


def test_a_wrong_method_names_the_right_ones(live):
    """405 tells what is allowed."""
    answer = live.client.get("/v1/installations")

    assert_problem(answer, 405, "METHOD_NOT_ALLOWED")
    assert "POST" in answer.headers["Allow"]


def test_a_request_id_is_taken_over_only_when_it_is_harmless(live):
    """A client's id is echoed; header injection is not."""
    kept = live.client.get("/healthz", headers={"X-Request-Id": "abc-12345678"})
    made = live.client.get("/healthz", headers={"X-Request-Id": "x" * 500})

    assert kept.headers["X-Request-Id"] == "abc-12345678"
    assert len(made.headers["X-Request-Id"]) == 32


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=40)
)
ANY_JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=12,
)


@settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(context=ANY_JSON, acquisition=ANY_JSON, consent=ANY_JSON)
def test_any_json_launches_or_is_pointed_at(live, context, acquisition, consent):
    """Whatever JSON stands where a context belongs: an ordinary launch or a 422, never a 500."""
    launched = live.launch(context=context, acquisition=acquisition, consent=consent)

    assert launched.status_code in (201, 422)


@settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=300))
def test_any_referrer_launches(live, text):
    """Whatever a referrer says, the app opens."""
    launched = live.launch(acquisition={"play_install_referrer": {"install_referrer": text}})

    assert launched.status_code == 201


def test_an_answer_does_not_outgrow_the_request_it_refuses(live):
    """Thousands of faults are counted, the first hundred are told."""
    body = {**live.body, **{f"k{number}": 1 for number in range(5000)}, "x" * 100_000: 1}

    answer = live.client.post("/v1/installations", json=body, headers={"X-Herenow-Key": live.key})

    assert_problem(answer, 422, "INVALID_REQUEST")
    assert answer.json["title"] == "the request has 5001 errors"
    assert len(answer.json["errors"]) == 100
    assert len(answer.data) < 60_000
