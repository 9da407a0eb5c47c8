"""What Granian runs: streams on the event loop, everything else through the bridge to Flask.

The server's signal to stop ends all streams first, because the server waits for what is open.
"""

from __future__ import annotations

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final

from flask import Flask

from herenow.api.metrics import RequestMetrics
from herenow.api.stock.plane import STREAMS
from herenow.front.bridge import Bridge, ClientLeft
from herenow.front.streams import Streams
from herenow.front.subscriptions import Subscriptions
from herenow.services import Services

_STOPS: Final = (signal.SIGTERM, signal.SIGINT)


class Front:
    """An RSGI application (Granian's interface) over the Flask application ``app``."""

    def __init__(self, app: Flask, services: Services, metrics: RequestMetrics) -> None:
        app.extensions[STREAMS] = self  # who asks may be told where to listen
        settings = services.settings
        self._aside = ThreadPoolExecutor(settings.threads, thread_name_prefix="aside")
        self._subscriptions = Subscriptions(settings.max_streams)
        self._streams = Streams(services, self._subscriptions, metrics)
        self._bridge = Bridge(
            app.wsgi_app, self._aside, limit=settings.max_body, timeout_s=settings.request_timeout_s
        )
        services.serving.on_load(
            lambda serving: self._subscriptions.publish(serving.scope, serving.pointer.sequence)
        )

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """The loop exists; nothing is served yet."""
        self._subscriptions.start(loop)
        for each in _STOPS:
            # beside the handler that the server has set on the loop, which runs all the same
            signal.signal(each, lambda *_: self._subscriptions.end_all())
            signal.siginterrupt(each, False)  # noqa: FBT003 - the signature is Python's

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request; whoever leaves before it is read is owed nothing."""
        found = self._streams.find(scope.path)
        with suppress(ClientLeft):
            if found is None:
                await self._bridge.handle(scope, protocol)
            else:
                await self._streams.serve(scope, protocol, *found)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """The last request is answered."""
        self._aside.shutdown(wait=False)
