"""Servers that no framework would make: silent, dripping, hanging up. Real sockets on loopback."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Talk = Callable[["Line"], None]


@dataclass
class Line:
    """One connection of a client's, as the server sees it."""

    connection: socket.socket
    closing: threading.Event

    def request(self) -> tuple[bytes, bytes]:
        """What the client sends: the headers, and as much of a body as they tell of."""
        told = b""
        while b"\r\n\r\n" not in told and (more := self.connection.recv(65_536)):
            told += more
        head, _, body = told.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        while length and len(body) < int(length[1]) and (more := self.connection.recv(65_536)):
            body += more
        return head, body

    def until_left(self) -> None:
        """Say nothing until the client has hung up."""
        while self.connection.recv(65_536):
            pass

    def drip(self, content: bytes, pause_s: float = 0.02) -> int:
        """Send one byte at a time; how many went before the client hung up."""
        for sent, byte in enumerate(content):
            if self.closing.wait(pause_s):
                return sent
            try:
                self.connection.sendall(bytes([byte]))
            except OSError:
                return sent
        return len(content)


@dataclass
class Odd:
    """A server that talks as it is told to, and knows who hangs on its lines."""

    port: int
    asked: threading.Event = field(default_factory=threading.Event)
    left: threading.Event = field(default_factory=threading.Event)
    requests: list[tuple[bytes, bytes]] = field(default_factory=list)
    open: int = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def talking(talk: Talk) -> Iterator[Odd]:
    """A server that reads each request and then talks, for as long as the block lasts."""
    listening = socket.create_server(("127.0.0.1", 0))
    server, closing = Odd(listening.getsockname()[1]), threading.Event()
    lock = threading.Lock()

    def one(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            line = Line(connection, closing)
            request = line.request()
            with lock:
                server.requests.append(request)
                server.open += 1
            server.asked.set()
            try:
                talk(line)
            finally:
                with lock:
                    server.open -= 1
                server.left.set()

    def listen() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                threading.Thread(target=one, args=(connection,), daemon=True).start()

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield server
    finally:
        closing.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def silent() -> Talk:
    """Accepts, reads, and never says a word."""
    return Line.until_left


def dripping(whole: bytes, at_once: int = 0) -> Talk:
    """Sends a part at once and the rest a byte at a time, far longer than any test waits."""

    def talk(line: Line) -> None:
        line.connection.sendall(whole[:at_once])
        line.drip(whole[at_once:])

    return talk
