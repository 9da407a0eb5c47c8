"""An application behind the loop meets requests as PEP 3333 has them, and answers as ever."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask import request as flask_request
from granian.rsgi import ProtocolClosed
from tests.api.front.conftest import Protocol, Request

from herenow.front.bridge import Bridge


def echo(environ, start_response):
    """Tells what it was asked."""
    body = environ["wsgi.input"].read()
    start_response(
        "201 CREATED", [("Content-Type", "text/plain"), ("X-Thread", threading.current_thread().name)]
    )
    told = (
        environ["REQUEST_METHOD"],
        environ["PATH_INFO"],
        environ.get("CONTENT_LENGTH", "-"),
        str(len(body)),
    )
    return [" ".join(told).encode("latin-1")]


@pytest.fixture
def answered():
    """The protocol after a request to ``application`` was handled."""

    def handle(request, pieces=(), application=echo, limit=10, timeout_s=0.2):
        async def run():
            """On the event loop."""
            with ThreadPoolExecutor(1, thread_name_prefix="aside") as aside:
                protocol = Protocol(pieces)
                await Bridge(application, aside, limit=limit, timeout_s=timeout_s).handle(request, protocol)
                return protocol

        return asyncio.run(run())

    return handle


def post(length=None, path="/v1/config", **more):
    """A POST whose body is said to have ``length`` bytes."""
    sent = [] if length is None else [("content-length", str(length))]
    return Request("POST", path, sent=[*sent, *more.items()])


def test_a_request_and_its_answer(answered):
    """Method, decoded path, body and status pass through; header names leave in lower case."""
    protocol = answered(post(3, "/café"), [b"ab", b"c"])

    assert protocol.status == 201
    assert protocol.content == b"POST /caf\xc3\xa9 3 3"
    assert protocol.headers["content-type"] == "text/plain"


def test_the_environment(answered):
    """Headers, repeated ones joined, addresses and the query are where PEP 3333 puts them."""
    seen = {}

    def look(environ, start_response):
        seen.update(environ)
        start_response("204 NO CONTENT", [("ETag", '"x"')])
        return []

    request = Request(
        "GET",
        "/v1/me",
        "a=1",
        [("accept", "a"), ("accept", "b"), ("content-type", "text/x")],
        client="[2001:db8::1]:4000",
        server="[::1]:8080",
    )
    protocol = answered(request, application=look)

    expected = {
        "HTTP_ACCEPT": "a,b",
        "CONTENT_TYPE": "text/x",
        "QUERY_STRING": "a=1",
        "REMOTE_ADDR": "2001:db8::1",
        "SERVER_NAME": "::1",
        "SERVER_PORT": "8080",
    }
    assert expected.items() <= seen.items()
    assert (protocol.status, protocol.headers, protocol.content) == (204, {"etag": '"x"'}, b"")


def test_ordinary_requests_are_computed_on_the_loop(answered):
    """No thread is involved where a body is small."""
    assert answered(post(1), [b"a"]).headers["x-thread"] == threading.current_thread().name


def test_long_work_is_done_aside(answered):
    """The admin plane computes in a thread of its own, and so does who gets a large body."""
    assert answered(post(1, "/admin/v1/x"), [b"a"]).headers["x-thread"].startswith("aside")
    large = answered(post(11), [b"hello", b"", b" world"])
    assert large.headers["x-thread"].startswith("aside")
    assert large.content == b"POST /v1/config 11 11"


def test_a_chunked_body_gets_its_length(answered):
    """A body of unknown length is read, up to the limit and one byte, before it is passed on."""
    chunked = {"transfer-encoding": "chunked"}

    assert answered(post(**chunked), [b"abc", b"d"]).content == b"POST /v1/config 4 4"
    assert answered(post(**chunked), [b"x" * 8, b"x" * 8, None]).content == b"POST /v1/config 11 11"


def test_a_late_body_is_refused(answered):
    """A body that stops arriving is answered 408, whatever its length was to be."""
    assert answered(post(4), [b"ab", None]).status == 408
    assert b"REQUEST_TIMEOUT" in answered(post(**{"transfer-encoding": "chunked"}), [None]).content


@pytest.mark.parametrize(("piece", "status"), [(None, 408), (ProtocolClosed(), 400)])
def test_a_large_body_that_stops_ends_its_reader(answered, piece, status):
    """Whoever reads piece by piece is told after the time, or when the client has left."""
    app = Flask(__name__)
    app.add_url_rule("/v1/config", view_func=lambda: flask_request.get_data(cache=False), methods=["POST"])

    assert answered(post(1000), [b"ab", piece], application=app).status == status


def test_a_failing_application_is_answered_for(answered):
    """Even an application that raises gives the client an answer that tells nothing."""

    def fail(_environ, _start):
        raise RuntimeError("secret")

    protocol = answered(Request(), application=fail)

    assert protocol.status == 500
    assert b"secret" not in protocol.content


def test_what_the_application_opens_is_closed(answered):
    """The iterable's ``close`` is called, as PEP 3333 asks."""
    closed = []

    class Parts(list):
        def close(self):
            closed.append(True)

    def lend(_environ, start_response):
        start_response("200 OK", [])
        return Parts([b"a", b"b"])

    assert answered(Request(), application=lend).content == b"ab"
    assert closed == [True]
