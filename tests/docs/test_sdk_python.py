"""sdk-python.md happens: its code runs in order against a real server, on and off the network."""

import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import jwt
import pytest
from tests.docs.pages import ROOT, Block, blocks, code_spans, rows, section, text_of
from tests.sdk_contract.client.backend import CONTEXT, FOUND, GRANTED, Backend, Clock, Phones, seeded, serving

import herenow_sdk.client
from herenow.authoring.packaging import package_of
from herenow_sdk.client import Host, Settings
from herenow_sdk.core import reasons

PAGE = "sdk-python.md"
BLOCKS = blocks(text_of(PAGE), "python")
TOLD = (
    reasons.RetryClass,
    reasons.ManifestRefusal,
    reasons.PartRefusal,
    reasons.CacheFault,
    reasons.MessageFault,
)
SOURCES = Path(herenow_sdk.client.__file__).parent.glob("*.py")


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="backend")
def _backend(tmp_path: Path, clock: Clock) -> Iterator[Backend]:
    seed = seeded(tmp_path / "seed", ROOT / "examples" / "bites")
    with serving(seed, tmp_path / "server", clock) as backend:
        warmed(backend, tmp_path / "warming")
        yield backend


def warmed(backend: Backend, folder: Path) -> None:
    """Have a search read once: what a server loads for the first one is no part of a phone's start."""
    phones = Phones(backend, folder, backend.clock)
    first = phones.open(budget_ms=0, timeout_s=60.0)
    first.start(CONTEXT, FOUND, GRANTED)
    assert first.refresh(within_s=60)
    phones.close()


def as_run(block: Block, backend: Backend) -> str:
    """A block with this server's address and key in place of those printed, on this test's clock."""
    text = block.text.replace("https://herenow.example.com", backend.url).replace("pk_…", backend.key)
    return text.replace("Settings(\n", "Settings(\n    host=HOST,\n")


def user_token(backend: Backend, user: str) -> str:
    """What the app's own backend signs."""
    key, secret = backend.services.user_tokens.create_key(backend.scope, label="backend", by="owner")
    now = int(backend.clock())
    claims = {"sub": user, "aud": str(backend.scope), "iat": now, "exp": now + 300}
    return jwt.encode(claims, secret, algorithm="HS256", headers={"kid": key.id})


def test_the_code_runs_as_printed(
    backend: Backend, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every block of the page runs after those before it, and what it asserts holds."""
    services = backend.services
    package = package_of(services.publishing, services.blobs, backend.scope, "3.2.0")
    (tmp_path / "herenow-package.json").write_text(json.dumps(package), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    names = {"HOST": Host(clock=clock), "token_of_your_backend": partial(user_token, backend)}

    for block in BLOCKS:
        backend.down = block.about == "offline"
        exec(compile(as_run(block, backend), PAGE, "exec"), names)

    assert set(backend.statuses("/v1/beacons")) == {200}
    assert backend.statuses("/v1/identify") == [200]


def test_every_setting_is_explained() -> None:
    """The table of settings names exactly those that there are."""
    told = section(text_of(PAGE), "Settings")
    explained = {name for cells in rows(told) for name in code_spans(cells[0])}

    assert explained == set(Settings.__dataclass_fields__)


def test_every_code_reported_is_explained() -> None:
    """The table of codes has each one that the client writes out, and none that it cannot report."""
    told = section(text_of(PAGE), "Errors")
    explained = {code for cells in rows(told) for code in code_spans(cells[0])}
    written = {
        code
        for path in SOURCES
        for code in re.findall(r'(?:diagnostics|tell)\("([A-Z_]+)"', path.read_text(encoding="utf-8"))
    }
    closed = {each.value for kind in (*TOLD, reasons.BeaconFault) for each in kind}

    assert written <= explained
    assert explained <= written | closed
