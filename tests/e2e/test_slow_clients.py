"""A client whose body trickles in is its own problem."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import httpx
import pytest

pytestmark = pytest.mark.slow

STALLED = 40
"""Far more than a worker has threads."""


def test_stalled_bodies_do_not_stop_a_worker(kiosk, serve):
    """With several requests hanging in their bodies, the only worker still answers."""
    server = serve(kiosk.data_dir)
    address = urlsplit(server.url)
    head = (
        f"POST /v1/installations HTTP/1.1\r\nHost: {address.netloc}\r\nX-Herenow-Key: {kiosk.key}\r\n"
        "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
    )
    hanging = [socket.create_connection((address.hostname, address.port)) for _ in range(STALLED)]
    for each in hanging:
        each.sendall(head.encode())

    answers = [httpx.get(f"{server.url}/readyz", trust_env=False, timeout=5).status_code for _ in range(3)]

    for each in hanging:
        each.close()
    assert answers == [200, 200, 200]


def test_a_body_has_a_deadline(kiosk, serve):
    """A body that does not arrive in time is answered 408, and the connection is free again."""
    server = serve(kiosk.data_dir, request_timeout_s=1)
    address = urlsplit(server.url)
    head = (
        f"POST /v1/installations HTTP/1.1\r\nHost: {address.netloc}\r\nX-Herenow-Key: {kiosk.key}\r\n"
        "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
    )
    with socket.create_connection((address.hostname, address.port), timeout=20) as slow:
        slow.sendall(head.encode())

        answer = slow.recv(4096).decode()

    assert answer.startswith("HTTP/1.1 408")
    assert "REQUEST_TIMEOUT" in answer
