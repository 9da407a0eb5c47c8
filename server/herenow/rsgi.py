"""The RSGI application of one server process: what ``herenow serve`` has Granian run in each worker."""

from __future__ import annotations

from herenow.front.application import Front
from herenow.wsgi import assembled


def create() -> Front:
    """The application behind its event loop, over services of its own. Raises as ``wsgi.create`` does."""
    return Front(*assembled())
