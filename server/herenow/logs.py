"""Structured logs: one JSON object a line on standard error, for servers; warnings alone for commands.

What may be logged is decided where it is logged (``api.hooks``): routes by their pattern, ids of
requests, scopes; never an address, a token or a searched text.
"""

from __future__ import annotations

import logging
import sys
from typing import Any, Final

import orjson
import structlog

_LEVELS: Final = logging.getLevelNamesMapping()
_SHARED: Final[tuple[Any, ...]] = (
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def log_as_json(level: str) -> None:
    """Log from ``level`` (``debug``, ``info``, …) upwards as JSON lines. An unknown level means ``info``."""
    structlog.configure(
        processors=[
            *_SHARED,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS.get(level.upper(), logging.INFO)),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )


def log_warnings_alone() -> None:
    """What a command wants: its own output, and nothing of the machinery unless something is amiss."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
    )


def server_log_config() -> dict[str, Any]:
    """A ``logging.config`` under which the HTTP server's own records are JSON lines as well."""
    formatter = {
        "()": "structlog.stdlib.ProcessorFormatter",
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
        "foreign_pre_chain": list(_SHARED),
    }
    handler = {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}
    quiet = {"handlers": ["json"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "handlers": {"json": handler},
        "loggers": {"_granian": {**quiet, "level": "INFO"}, "granian.access": {**quiet, "level": "INFO"}},
    }
