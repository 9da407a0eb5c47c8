"""A real server on a loopback socket, with Bites live, and clients with a folder of their own."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import structlog
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from herenow.api.app import create_app
from herenow.bootstrap import build_services
from herenow.cli.folders import read_folder
from herenow.scope import Scope
from herenow.services import Services
from herenow.settings import Settings as ServerSettings
from herenow_sdk.client import Herenow, Host, Settings
from herenow_sdk.core.device.jws import decode

BITES = Scope("bites", "production")
EXAMPLE = Path(__file__).parents[3] / "examples" / "bites"
MOMENT = 1_795_319_130
CONTEXT = {
    "platform": "android",
    "app_version": "3.2.1",
    "locale": "en-IN",
    "time_zone": "Asia/Kolkata",
    "device": {"class": "phone"},
}
FOUND = {"query": "burger joints in Kandivali West"}
GRANTED = {"analytics": "granted", "personalization": "granted", "location": "granted"}


def verify(key: Any, signed: bytes, signature: bytes) -> bool:
    """ES256 by the platform, as an app injects it."""
    x, y = (int.from_bytes(decode(key[axis]) or b"", "big") for axis in ("x", "y"))
    r, s = (int.from_bytes(part, "big") for part in (signature[:32], signature[32:]))
    try:
        public = EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
        public.verify(encode_dss_signature(r, s), signed, ECDSA(SHA256()))
    except Exception:
        return False
    return True


@dataclass
class Clock:
    """The time of server and devices, which only a test moves."""

    now: float = MOMENT

    def __call__(self) -> float:
        """The present."""
        return self.now


@dataclass
class Backend:
    """A herenow server in this process, which can be taken off the network and put back."""

    services: Services
    key: str
    port: int
    folder: Path
    clock: Clock
    documents: dict[str, bytes]
    requests: list[tuple[str, str, int]] = field(default_factory=list)
    down: bool = False
    rewrite: Callable[[str, bytes], bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pinned(self) -> list[dict[str, Any]]:
        """The keys that an app is built with."""
        return [dict(key) for key in self.services.keyring.public_jwks()]

    def statuses(self, path: str) -> list[int]:
        """The statuses of the answers to a path, in order."""
        return [status for _, asked, status in self.requests if asked == path]

    def publish(self, name: str, change: Callable[[dict[str, Any]], None]) -> None:
        """Change one document and put the release live."""
        document = json.loads(self.documents[name])
        change(document)
        self.documents[name] = json.dumps(document).encode()
        release = self.services.releases.create(BITES, self.documents, by="asha").release
        self.services.releases.approve(BITES, release.number, by="ravi")
        self.services.going_live.publish(BITES, release.number, by="ravi")


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the interface's name
        """Nothing."""


@dataclass(frozen=True)
class Seed:
    """A data folder in which Bites is live."""

    folder: Path
    key: str


@pytest.fixture(scope="session", name="seed")
def _seed(tmp_path_factory: pytest.TempPathFactory) -> Seed:
    folder = tmp_path_factory.mktemp("bites")
    services = build_services(ServerSettings(data_dir=folder, poll_interval_s=0), clock=lambda: MOMENT - 60)
    documents = read_folder(EXAMPLE).files
    release = services.releases.create(BITES, documents, by="asha").release
    services.releases.approve(BITES, release.number, by="ravi")
    services.going_live.publish(BITES, release.number, by="ravi")
    with (EXAMPLE / "catalog.csv").open("rb") as rows:
        services.going_live.import_catalog(
            BITES, rows, by="asha", format="csv", app=json.loads(documents["app.json"])
        )
    _, key = services.keys.create(BITES, "publishable", label="tests", by="asha")
    services.close()
    return Seed(folder, key)


@pytest.fixture(autouse=True)
def _silent() -> Iterator[None]:
    structlog.configure(processors=[structlog.testing.LogCapture()])
    yield
    structlog.reset_defaults()


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="backend")
def _backend(seed: Seed, clock: Clock, tmp_path: Path) -> Iterator[Backend]:
    folder = tmp_path / "server"
    shutil.copytree(seed.folder, folder)
    settings = ServerSettings(data_dir=folder, poll_interval_s=0, installations_per_minute=10**6)
    services = build_services(settings, clock=clock)
    app = create_app(services)
    backend = Backend(services, seed.key, 0, folder, clock, dict(read_folder(EXAMPLE).files))

    def wire(environ: Any, start_response: Any) -> Any:
        """The application, as the network lets it be seen."""
        path = environ["PATH_INFO"]
        if backend.down:
            start_response("502 Bad Gateway", [])
            return [b"<html>no server</html>"]
        told: list[Any] = []
        body = b"".join(
            app.wsgi_app(environ, lambda status, headers, _exc=None: told.extend((status, headers)))
        )
        backend.requests.append((environ["REQUEST_METHOD"], path, int(told[0][:3])))
        if backend.rewrite is not None:
            body = backend.rewrite(path, body)
            told[1] = [each for each in told[1] if each[0] not in {"Content-Length", "Content-Encoding"}]
        start_response(told[0], told[1])
        return [body]

    server = make_server("127.0.0.1", 0, wire, handler_class=_Quiet)
    backend.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield backend
    server.shutdown()
    server.server_close()
    services.close()


@dataclass
class Phones:
    """Makes clients on one folder each, and remembers what they reported."""

    backend: Backend
    folder: Path
    clock: Clock
    reported: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    started: list[Herenow] = field(default_factory=list)

    def settings(self, name: str = "phone", **changes: Any) -> Settings:
        """An app's settings on this device."""
        made = Settings(
            url=self.backend.url,
            key=self.backend.key,
            app="bites",
            environment="production",
            folder=self.folder / name,
            keys=self.backend.pinned,
            verify=verify,
            diagnostics=lambda code, about: self.reported.append((code, dict(about))),
            host=Host(clock=self.clock),
        )
        return replace(made, **changes)

    def open(self, name: str = "phone", **changes: Any) -> Herenow:
        """The app is opened; it is not started."""
        client = Herenow(self.settings(name, **changes))
        self.started.append(client)
        return client

    def codes(self) -> set[str]:
        """The codes that were reported."""
        return {code for code, _ in self.reported}


@pytest.fixture(name="phones")
def _phones(backend: Backend, tmp_path: Path, clock: Clock) -> Iterator[Phones]:
    phones = Phones(backend, tmp_path / "devices", clock)
    yield phones
    for client in phones.started:
        client.close()
