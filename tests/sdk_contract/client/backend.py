"""A real server on a loopback socket with an example app live, and the phones that ask it."""

import gzip
import json
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from flask import Flask

from herenow.api.app import create_app
from herenow.authoring.packaging import package_of
from herenow.bootstrap import build_services
from herenow.cli.folders import read_folder
from herenow.scope import Scope
from herenow.services import Services
from herenow.settings import Settings as ServerSettings
from herenow_sdk.client import Herenow, Host, Settings
from herenow_sdk.core.device.jws import decode

EXAMPLES = Path(__file__).parents[3] / "examples"
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
    except (InvalidSignature, ValueError):
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
    scope: Scope
    clock: Clock
    documents: dict[str, bytes] = field(repr=False)
    port: int = 0
    requests: list[tuple[str, str, int]] = field(default_factory=list)
    down: bool = False
    rewrite: Callable[[str, str, bytes], tuple[str, bytes]] | None = None
    holding: threading.Event | None = None

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

    def asked(self, beginning: str) -> list[str]:
        """The paths that were asked for and begin so, in order."""
        return [path for _, path, _ in self.requests if path.startswith(beginning)]

    def kill(self, *capabilities: str) -> None:
        """Switch capabilities off, and all others on again."""
        live = self.services.publishing.live(self.scope).sequence
        self.services.publishing.set_kill(self.scope, capabilities, by="ravi", if_match=live)
        self.services.serving.refresh(self.scope)

    def package(self, min_app_version: str | None = None) -> dict[str, Any]:
        """What an app is built with at this moment."""
        return package_of(self.services.publishing, self.services.blobs, self.scope, min_app_version)

    def publish(self, changes: Mapping[str, Callable[[dict[str, Any]], None]]) -> None:
        """Change documents in place and put the release live."""
        for name, change in changes.items():
            document = json.loads(self.documents[name])
            change(document)
            self.documents[name] = json.dumps(document).encode()
        release = self.services.releases.create(self.scope, self.documents, by="asha").release
        self.services.releases.approve(self.scope, release.number, by="ravi")
        live = self.services.publishing.live(self.scope).sequence
        self.services.going_live.publish(self.scope, release.number, by="ravi", if_match=live)
        self.services.serving.refresh(self.scope)

    def pass_time(self, seconds: float) -> None:
        """Let time go by on the server and on every device."""
        self.clock.now += seconds
        self.services.serving.refresh(self.scope)

    def wire(self, app: Flask) -> Any:
        """The application, as the network lets it be seen."""

        def answer(environ: Any, start_response: Any) -> list[bytes]:
            if self.down:
                start_response("502 Bad Gateway", [])
                return [b"<html>no server</html>"]
            if self.holding is not None:
                self.holding.wait()
            told: list[Any] = []
            parts = app.wsgi_app(environ, lambda status, headers, _=None: told.extend((status, headers)))
            body = b"".join(parts)
            status, headers = told
            path = environ["PATH_INFO"]
            self.requests.append((environ["REQUEST_METHOD"], path, int(status[:3])))
            if self.rewrite is not None:
                plain = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
                status, body = self.rewrite(path, status, plain)
                headers = [each for each in headers if each[0] not in {"Content-Length", "Content-Encoding"}]
            start_response(status, [*headers, ("Date", formatdate(self.clock(), usegmt=True))])
            return [body]

        return answer


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the interface's name
        """Nothing."""


@dataclass(frozen=True)
class Seed:
    """A data folder in which an app is live, its publishable key, its documents."""

    folder: Path
    key: str
    scope: Scope
    documents: dict[str, bytes] = field(repr=False)


def seeded(folder: Path, example: Path, clock: Callable[[], float] = lambda: MOMENT - 60) -> Seed:
    """Set an example up in a folder: released, approved, published, its catalogue imported."""
    services = build_services(ServerSettings(data_dir=folder, poll_interval_s=0), clock=clock)
    documents = read_folder(example).files
    app = json.loads(documents["app.json"])
    scope = Scope(app["app"], "production")
    release = services.releases.create(scope, documents, by="asha").release
    services.releases.approve(scope, release.number, by="ravi")
    services.going_live.publish(scope, release.number, by="ravi")
    (catalog,) = example.glob("catalog.[cn][sd]*")
    with catalog.open("rb") as rows:
        kind = catalog.suffix.removeprefix(".")
        services.going_live.import_catalog(scope, rows, by="asha", format=kind, app=app)
    services.serving.current(scope)  # compiles what searches are read by, and keeps it in the folder
    _, key = services.keys.create(scope, "publishable", label="tests", by="asha")
    services.close()
    return Seed(folder, key, scope, dict(documents))


@contextmanager
def serving(seed: Seed, folder: Path, clock: Clock) -> Iterator[Backend]:
    """A server over a copy of the seed, for as long as the block lasts."""
    shutil.copytree(seed.folder, folder)
    settings = ServerSettings(data_dir=folder, poll_interval_s=0, installations_per_minute=10**6)
    services = build_services(settings, clock=clock)
    backend = Backend(services, seed.key, seed.scope, clock, dict(seed.documents))
    server = make_server("127.0.0.1", 0, backend.wire(create_app(services)), handler_class=_Quiet)
    backend.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield backend
    finally:
        if backend.holding is not None:
            backend.holding.set()
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
            app=self.backend.scope.app,
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

    def close(self) -> None:
        """Close every app that was opened."""
        for client in self.started:
            client.close()

    def codes(self) -> set[str]:
        """The codes that were reported."""
        return {code for code, _ in self.reported}
