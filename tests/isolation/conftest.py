import logging
from collections.abc import Iterator

import pytest
import structlog
from flask import Flask

from herenow.api.app import create_app
from herenow.bootstrap import build_services
from herenow.settings import Settings


@pytest.fixture(scope="session")
def application(tmp_path_factory) -> Flask:
    """The application, made once; every world puts its own services into it."""
    folder = tmp_path_factory.mktemp("none")
    services = build_services(Settings(data_dir=folder, documents="memory", poll_interval_s=0))
    made = create_app(services)
    services.close()
    return made


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory):
    """Where the worlds keep their one file, the master secret."""
    return tmp_path_factory.mktemp("worlds")


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Keep the log out of the tests' output."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()
