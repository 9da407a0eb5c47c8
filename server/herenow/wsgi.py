"""One server process, built from its environment.

``herenow serve`` hands its settings to the workers as environment variables and has each of them call
``herenow.rsgi:create``. Any WSGI server can run ``create`` of this module as a factory; only the event
streams need the loop in front.

A worker ends with the process that spawned it. Otherwise a killed server (``kill -9``, out of memory)
would leave workers behind that hold the port, so that nobody could start it again.
"""

from __future__ import annotations

import os
import signal
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess
from multiprocessing.util import Finalize
from threading import Thread
from typing import Final

import structlog
from flask import Flask

from herenow.api.app import create_app
from herenow.api.metrics import RequestMetrics
from herenow.bootstrap import build_services
from herenow.errors import HerenowError
from herenow.logs import log_as_json
from herenow.services import Services
from herenow.settings import Settings, load_settings

METRICS_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Where the workers of one server keep their figures; its name is prometheus_client's."""
_CLOSE_FIRST: Final = 100
_log = structlog.get_logger(__name__)


def create() -> Flask:
    """The WSGI application over services of its own. Raises as ``assembled`` does."""
    return assembled()[0]


def assembled() -> tuple[Flask, Services, RequestMetrics]:
    """The application, its services and its metrics.

    Raises ``Invalid`` for settings that do not fit. When the stores cannot serve this process (of a newer
    schema, sealed under another secret) it says why and what to do, and leaves: ``SystemExit``.
    """
    settings = load_settings(os.environ)
    log_as_json(settings.log_level)
    services = _built(settings)
    server = parent_process()
    if server is not None:
        Thread(target=_leave_after, args=(server,), name="server-watch", daemon=True).start()
    # a multiprocessing child leaves without running atexit; its finalizers do run
    Finalize(None, services.close, exitpriority=_CLOSE_FIRST)
    metrics = RequestMetrics(os.environ.get(METRICS_FOLDER))
    return create_app(services, metrics=metrics), services, metrics


def _built(settings: Settings) -> Services:
    try:
        return build_services(settings)
    except HerenowError as error:
        _log.error("cannot serve", reason=error.title, code=error.code, detail=error.detail)
        raise SystemExit(1) from error


def _leave_after(server: BaseProcess) -> None:
    """Stop this worker gracefully once ``server`` is gone."""
    server.join()
    os.kill(os.getpid(), signal.SIGTERM)
