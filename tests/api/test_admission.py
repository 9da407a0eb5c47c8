"""One computes, many may wait."""

from io import BytesIO
from threading import Event, Thread

from herenow.api.admission import Admission


class SlowBody:
    """A body that arrives when it is allowed to."""

    def __init__(self) -> None:
        self.arrive = Event()

    def read(self, size: int) -> bytes:
        """Wait for it."""
        assert self.arrive.wait(10)
        return b"x" * size


def request(body, length, path="/v1/config"):
    """A request with that body."""
    return {"PATH_INFO": path, "CONTENT_LENGTH": str(length), "wsgi.input": body}


def test_a_slow_body_holds_nobody_up():
    """While one client's body trickles in, others are answered."""
    gate = Admission(lambda environ, _start: [environ["wsgi.input"].read()], limit=10)
    slow, answered = SlowBody(), []
    waiting = Thread(target=lambda: answered.append(gate(request(slow, 3), None)))
    waiting.start()

    assert gate(request(BytesIO(b"ab"), 2), None) == [b"ab"]
    slow.arrive.set()
    waiting.join(10)
    assert answered == [[b"xxx"]]


def test_one_request_computes_at_a_time():
    """However many threads there are, the application never meets two at once."""
    inside, most = [], []

    def application(_environ, _start):
        inside.append(1)
        most.append(len(inside))
        Event().wait(0.002)
        inside.pop()
        return []

    gate = Admission(application, limit=10)
    threads = [Thread(target=gate, args=(request(BytesIO(b"a"), 1), None)) for _ in range(12)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(10)

    assert len(most) == 12
    assert max(most) == 1


def test_a_large_body_streams_past():
    """An import is read by who imports, piece by piece, and keeps nobody out meanwhile."""
    started, finish = Event(), Event()

    def application(environ, _start):
        if environ["CONTENT_LENGTH"] != "1":
            started.set()
            assert finish.wait(10)
        return [environ["wsgi.input"]]

    gate = Admission(application, limit=10)
    body, answered = SlowBody(), []
    importing = Thread(target=lambda: answered.append(gate(request(body, 11), None)))
    importing.start()
    assert started.wait(10)

    assert gate(request(BytesIO(b"a"), 1), None)[0].read() == b"a"
    finish.set()
    importing.join(10)
    assert answered == [[body]]


def test_an_admins_long_work_keeps_no_phone_waiting():
    """While a publication compiles a catalogue, launches go on."""
    started, finish = Event(), Event()

    def application(environ, _start):
        if environ["PATH_INFO"].startswith("/admin/"):
            started.set()
            assert finish.wait(10)
        return [environ["PATH_INFO"]]

    gate = Admission(application, limit=10)
    publishing = Thread(target=gate, args=(request(BytesIO(b"a"), 1, "/admin/v1/publish"), None))
    publishing.start()
    assert started.wait(10)

    assert gate(request(BytesIO(b"a"), 1), None) == ["/v1/config"]
    finish.set()
    publishing.join(10)
