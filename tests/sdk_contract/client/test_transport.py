"""One exchange with a server that takes its time: everything in it shares one deadline."""

import gzip
import json
import socket

import pytest
from tests.sdk_contract.client.sockets import dripping, silent, talking

from herenow_sdk.client.transport import MAX_RESPONSE_BYTES, Transport

HEAD = b"HTTP/1.1 200 OK\r\nX-Slow: " + b"y" * 300 + b"\r\nContent-Length: %d\r\n\r\n"
SHORT, LONG = b"{}", b"{}" + b" " * 300
SLOW_HEAD, SLOW_BODY = HEAD % len(SHORT), HEAD % len(LONG)
"""Far longer, at a byte in 20 ms, than the time that is allowed; well-formed for whoever waits."""


def answer(content, *headers):
    """Talk of a server that answers at once."""
    head = b"".join((b"HTTP/1.1 200 OK\r\n", *(each + b"\r\n" for each in headers), b"\r\n"))
    return lambda line: line.connection.sendall(head + content)


def sent(server, timeout_s=0.3):
    """What one request brings."""
    return Transport(server.url, timeout_s).send("POST", "/v1/config", {"context": {}}, {})


def test_an_answer_that_is_whole_in_time_is_read():
    """Status, headers by lower-case name, body."""
    with talking(answer(b"{}", b"Content-Length: 2", b"ETag: x")) as server:
        response = sent(server, 10)

    assert (response.status, response.headers["etag"], response.document()) == (200, "x", {})
    assert server.requests[0][0].startswith(b"POST /v1/config HTTP/1.1\r\nHost: 127.0.0.1:")


def test_a_slow_answer_that_is_in_time_is_read():
    """Dripping is no fault by itself: the time is bounded, not the pace."""
    with talking(lambda line: line.drip(SLOW_BODY + LONG, 0.0001)) as server:
        response = sent(server, 60)

    assert response.body == LONG


def test_a_silent_server_is_given_up():
    """It accepts, it reads, it never answers."""
    with talking(silent()) as server:
        assert sent(server) is None
        assert server.left.wait(10)


@pytest.mark.parametrize(
    ("whole", "at_once"),
    [
        (SLOW_HEAD + SHORT, 0),
        (SLOW_HEAD + SHORT, len(b"HTTP/1.1 200 OK\r\n")),
        (SLOW_BODY + LONG, len(SLOW_BODY)),
    ],
    ids=["status", "headers", "body"],
)
def test_a_dripping_server_is_given_up_as_a_silent_one(whole, at_once):
    """A byte now and then starts no new wait: whoever waited for all of them would get an answer."""
    with talking(dripping(whole, at_once)) as server:
        assert sent(server) is None
        assert server.left.wait(10)


def test_a_server_that_does_not_accept_is_given_up():
    """Its queue of connections is full: connecting has the deadline too."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening:
        port = listening.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", port))
        try:
            assert Transport(f"http://127.0.0.1:{port}", 0.2).send("GET", "/", None, {}) is None
        finally:
            for each in waiting:
                each.close()


@pytest.mark.parametrize(
    "talk",
    [
        lambda _: None,
        answer(b"{", b"Content-Length: 9"),
        answer(b"nonsense", b"Content-Encoding: gzip"),
        answer(gzip.compress(b"{}" * 50)[:-6], b"Content-Encoding: gzip"),
        lambda line: line.connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n"),
    ],
    ids=["hangs-up", "cut-short", "no-gzip", "half-gzip", "no-http"],
)
def test_half_an_answer_is_none(talk):
    """What cannot be read whole is as good as no network."""
    with talking(talk) as server:
        assert sent(server, 10) is None


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "inflated"])
def test_an_answer_beyond_the_bounds_is_none(packed):
    """Nor is memory the server's to fill, by a small body either."""
    content = b" " * (MAX_RESPONSE_BYTES + 1)
    told = (gzip.compress(content, 1), b"Content-Encoding: gzip") if packed else (content,)
    with talking(answer(*told)) as server:
        assert sent(server, 30) is None


def test_a_redirect_is_an_answer_and_is_not_followed():
    """A hotel's login page gets no token of ours."""
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    with talking(lambda line: line.connection.sendall(moved)) as server:
        response = sent(server, 10)

    assert (response.status, len(server.requests)) == (302, 1)


def test_what_is_under_way_can_be_ended_from_outside():
    """An app that closes does not wait for a server."""
    with talking(lambda line: (transport.abort(), line.until_left())) as server:
        transport = Transport(server.url, 60)

        assert transport.send("GET", "/", None, {}) is None
        assert server.left.wait(10)
        assert transport.send("GET", "/", None, {}) is None
        assert len(server.requests) == 1


def test_many_beacons_are_sent_compressed():
    """A batch that is worth it; the server inflates it."""
    beacons = [{"id": str(number), "name": "tap"} for number in range(200)]
    with talking(answer(b"{}")) as server:
        Transport(server.url, 10).send("POST", "/v1/beacons", {"beacons": beacons}, {})

    head, body = server.requests[0]
    assert b"Content-Encoding: gzip" in head
    assert json.loads(gzip.decompress(body)) == {"beacons": beacons}
