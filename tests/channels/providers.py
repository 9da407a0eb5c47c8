"""A provider that answers what it is told to, over a real loopback connection."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import boto3
from botocore.config import Config

from herenow.channels.provider_errors import ONCE

FAST = Config(connect_timeout=0.5, read_timeout=0.3, proxies={})


def client(service: str, url: str) -> Any:
    """A client with the couriers' own configuration, but for shorter waits."""
    session = boto3.session.Session(
        aws_access_key_id="testing", aws_secret_access_key="testing", region_name="eu-west-1"
    )
    return session.client(service, endpoint_url=url, config=ONCE.merge(FAST))


@dataclass(frozen=True)
class Answer:
    """An error of SNS or SES: status, code, words; ``after`` seconds, with further headers."""

    status: int = 200
    code: str = ""
    words: str = ""
    after: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)

    def body(self, action: str) -> bytes:
        """As the query protocol writes it."""
        if self.status == 200:
            told = f"<MessageId>id</MessageId><EndpointArn>arn:endpoint:{time.monotonic_ns()}</EndpointArn>"
            return f"<{action}Response><{action}Result>{told}</{action}Result></{action}Response>".encode()
        error = f"<Error><Type>Sender</Type><Code>{self.code}</Code><Message>{self.words}</Message></Error>"
        return f"<ErrorResponse>{error}<RequestId>r</RequestId></ErrorResponse>".encode()


@dataclass
class Provider:
    """Where it listens, what it answers by action (OK otherwise), and what it was asked."""

    url: str
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def actions(self) -> list[str]:
        """What was asked, in order."""
        return [action for action, _ in self.asked]


@contextmanager
def provider() -> Iterator[Provider]:
    """A provider for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            told = {name: values[0] for name, values in body.items()}
            found.asked.append((told["Action"], told))
            answer = found.answers.get(told["Action"], Answer())
            time.sleep(answer.after)
            content = answer.body(told["Action"])
            self.send_response(answer.status)
            for name, value in {**answer.headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(content)
            except (BrokenPipeError, ConnectionResetError):
                return  # the client no longer waits

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
