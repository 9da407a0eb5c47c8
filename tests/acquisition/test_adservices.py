import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from herenow.acquisition.adservices import (
    RETRY_AFTER_S,
    TOKEN_LIFETIME_S,
    AdServicesClient,
    Answered,
    GivenUp,
    PendingToken,
    Waiting,
    accept_token,
    acquisition_from_outcome,
)

NOW = 1_795_138_860
TOKEN = "dG9rZW4tb2YtdGhlLWRldmljZQ=="
ATTRIBUTED = {
    "attribution": True,
    "orgId": 40669820,
    "campaignId": 542370539,
    "adGroupId": 777,
    "keywordId": 1234567,
    "adId": 55,
    "claimType": "Click",
    "clickDate": "2026-11-19T17:17Z",
}


class Apple:
    """A stand-in that answers from a list and keeps what it was asked."""

    def __init__(self):
        self.answers = []
        self.requests = []

    def will_answer(self, status, body=b""):
        """Queue one answer: raw bytes or a JSON value."""
        self.answers.append((status, body if isinstance(body, bytes) else json.dumps(body).encode()))


@pytest.fixture
def apple():
    """Apple's endpoint on the loopback interface."""
    return Apple()


@pytest.fixture
def client(apple):
    """A client that speaks to the stand-in over real HTTP."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            apple.requests.append((self.path, self.headers["content-type"], body))
            status, answer = apple.answers.pop(0)
            self.send_response(status)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    with httpx.Client() as http:
        yield AdServicesClient(http, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()


def fresh():
    """A token that has just arrived."""
    return accept_token(TOKEN, NOW)


def test_an_attributed_token_becomes_its_mapped_text(apple, client):
    """Ids go through the app's table to the words they stand for."""
    apple.will_answer(200, ATTRIBUTED)
    outcome = client.attempt(fresh(), NOW)
    assert isinstance(outcome, Answered)
    acquisition = acquisition_from_outcome(outcome, {"keyword": {"1234567": "burgers in andheri"}}, NOW)
    assert (acquisition.text, acquisition.confidence) == ("burgers in andheri", 0.8)
    assert acquisition.ids["ad_group"] == "777"
    assert acquisition.click_at == 1795108620
    assert apple.requests == [("/api/v1/", "text/plain", TOKEN)]


def test_an_organic_token_is_none(apple, client):
    """Apple knows the token and attributes it to no ad."""
    apple.will_answer(200, {"attribution": False})
    outcome = client.attempt(fresh(), NOW)
    assert acquisition_from_outcome(outcome, {}, NOW).as_json() == {"status": "none"}


def test_an_invalid_token_is_given_up(apple, client):
    """400 is final."""
    apple.will_answer(400)
    assert client.attempt(fresh(), NOW) == GivenUp("invalid_token")


def test_an_unknown_token_is_retried_three_times_five_seconds_apart(apple, client):
    """Then it will not be found any more."""
    state, now = fresh(), NOW
    for _ in range(4):
        apple.will_answer(404)
    for _ in range(3):
        outcome = client.attempt(state, now)
        assert isinstance(outcome, Waiting)
        assert outcome.pending.next_at == now + 5
        state, now = outcome.pending, now + 5
    assert client.attempt(state, now) == GivenUp("not_found")
    assert len(apple.requests) == 4


def test_a_call_before_its_time_asks_nobody(apple, client):
    """The device may poll as often as it likes."""
    apple.will_answer(404)
    waiting = client.attempt(fresh(), NOW).pending
    assert client.attempt(waiting, NOW + 2) == Waiting(waiting)
    assert len(apple.requests) == 1
    told = acquisition_from_outcome(Waiting(waiting), {}, NOW + 2).as_json()
    assert told == {"status": "pending", "poll_after_ms": 3000}


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b""),
        (503, b"{}"),
        (302, b""),
        (200, b"not json"),
        (200, b"[]"),
        (200, b"[" * 9000),
        (200, b" " * 20_000),
    ],
)
def test_no_clear_answer_is_tried_again_later(apple, client, status, body):
    """Errors, nonsense, bombs and over-long answers lose nothing; waits double."""
    apple.will_answer(status, body)
    apple.will_answer(status, body)
    first = client.attempt(fresh(), NOW)
    assert isinstance(first, Waiting)
    assert first.pending.next_at == NOW + 5
    second = client.attempt(first.pending, NOW + 5)
    assert second.pending.next_at == NOW + 5 + 10


def test_an_unreachable_apple_is_tried_again_later():
    """Nobody listens on port 1."""
    with httpx.Client() as http:
        outcome = AdServicesClient(http, "http://127.0.0.1:1").attempt(fresh(), NOW)
    assert isinstance(outcome, Waiting)
    assert outcome.pending.failures == 1


def test_a_day_old_token_is_dead(apple, client):
    """Apple forgets a token after 24 hours, so nobody asks."""
    assert client.attempt(fresh(), NOW + TOKEN_LIFETIME_S) == GivenUp("expired")
    assert apple.requests == []


def test_waiting_survives_storage():
    """The state between two attempts is a document."""
    pending = PendingToken(TOKEN, NOW, NOW + 5, attempts=1, not_found=1)
    assert PendingToken.from_json(json.loads(json.dumps(pending.as_json()))) == pending
    assert TOKEN not in repr(pending)


@pytest.mark.parametrize("token", ["", "short", "x" * 5000, "with space in the token!", 5, None, ["x"], {}])
def test_what_cannot_be_a_token_is_not_accepted(token):
    """Bounded base64 or nothing."""
    assert accept_token(token, NOW) is None


def test_attempts_that_hang_do_not_take_every_thread():
    """While two attempts wait for Apple a third is put off at once, and loses nothing by it."""
    entered, leave = threading.Semaphore(0), threading.Event()

    def hang(_request: httpx.Request) -> httpx.Response:
        entered.release()
        leave.wait(5)
        return httpx.Response(404, stream=httpx.ByteStream(b""))

    pending = PendingToken(TOKEN, NOW, NOW)
    with httpx.Client(transport=httpx.MockTransport(hang)) as http:
        client = AdServicesClient(http)
        waiting = [threading.Thread(target=client.attempt, args=(pending, NOW)) for _ in range(2)]
        for thread in waiting:
            thread.start()
            assert entered.acquire(timeout=5)

        put_off = client.attempt(pending, NOW)
        leave.set()
        for thread in waiting:
            thread.join()

        assert put_off == Waiting(PendingToken(TOKEN, NOW, NOW + RETRY_AFTER_S))
        assert client.attempt(pending, NOW) != put_off
