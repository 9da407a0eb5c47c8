"""The two bare peers that herenow is measured beside, as factories for Granian."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

GREETING = b"hello\n"


def flask_hello() -> Flask:
    """What any Flask application costs: one route, one constant."""
    app = Flask("hello", static_folder=None)

    @app.get("/")
    def hello() -> str:
        return GREETING.decode()

    return app


def wsgi_hello() -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    """What the server alone costs."""
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(GREETING)))]

    def hello(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", headers)
        return (GREETING,)

    return hello
