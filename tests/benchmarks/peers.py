"""What is served: herenow, and the two bare peers it is measured beside. Granian loads these factories.

Every request of herenow is logged as in production, to a sink: a terminal's speed is not ours.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from flask import Flask

from herenow.api.app import create_app
from herenow.bootstrap import build_services
from herenow.settings import load_settings

GREETING = b"hello\n"


def herenow() -> Flask:
    """The whole application, from the ``HERENOW_*`` variables."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(open(os.devnull, "w", encoding="utf-8")),  # noqa: SIM115
        cache_logger_on_first_use=True,
    )
    return create_app(build_services(load_settings(os.environ)))


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
