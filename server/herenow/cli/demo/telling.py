"""What the demo prints: what the phone got and why, as a marketer enjoys reading it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import click

from herenow.cli import screens, wording
from herenow.cli.demo.playing import Launch, fresh_identity

_LABEL: Final = 13
_SHOWN: Final = 10
_EMULATOR_HOST: Final = "10.0.2.2"
"""How an Android emulator calls the machine it runs on."""


@dataclass(frozen=True, slots=True)
class Story:
    """One launch and what is known round it.

    ``parse_ms`` is ``None`` without a search; ``placement`` is the one the first screen begins with.
    """

    app_name: str
    search: str | None
    parse_ms: float | None
    launch: Launch
    placement: str


def told(story: Story) -> Iterator[str]:
    """The launch, line by line."""
    config = story.launch.config
    yield _opening(story)
    yield ""
    yield _line("understood", _padded(screens.understood(config["intent"]), _ms(story.parse_ms)))
    placement = config["placements"][story.placement]
    yield from _title(config["features"], story.placement)
    yield from (f"  {line}" for line in screens.item_lines(placement["items"][:_SHOWN]))
    if len(placement["items"]) > _SHOWN:
        yield f"        … and {len(placement['items']) - _SHOWN} more"
    yield from _because(placement)
    yield ""
    features = {each: result for each, result in config["features"].items() if each != _title_name(config)}
    yield from _labelled("decided", list(screens.feature_lines(features)))
    yield ""
    release = config["serving_set"]["release"]
    size = f"{story.launch.bytes_gzipped / 1024:.1f} KB gzipped"
    yield f"  served in {story.launch.server_ms:.1f} ms · {size} · release {release}"


def next_steps(host: str, port: int, key: str, app_name: str) -> Iterator[str]:
    """Commands that work as printed, and where to look."""
    base_url = f"http://{host}:{port}"
    yield f"  {click.style('next', bold=True)}   another phone's first launch, then what any device fetches:"
    yield ""
    yield f"    {launch_curl(base_url, key)}"
    yield ""
    yield f"    {manifest_curl(base_url, key)}"
    yield ""
    yield f"  every call, to try    {base_url}/docs/"
    yield f"  key of {app_name:<14} {key}"
    yield f"  from an emulator      http://{_EMULATOR_HOST}:{port}"


def launch_curl(base_url: str, key: str) -> str:
    """A first launch as one line for a shell."""
    body = {
        **fresh_identity(),
        "context": {"platform": "android", "locale": "en-IN"},
        "acquisition": {"query": "biryani near andheri"},
    }
    return shlex.join(
        [
            "curl",
            "-s",
            "--compressed",
            f"{base_url}/v1/installations",
            "-H",
            f"X-Herenow-Key: {key}",
            "-H",
            "Content-Type: application/json",
            "-d",
            json.dumps(body),
        ]
    )


def manifest_curl(base_url: str, key: str) -> str:
    """The signed manifest as one line for a shell."""
    return shlex.join(["curl", "-s", f"{base_url}/v1/apps/{key}/manifest"])


def _opening(story: Story) -> str:
    opening = f"  A phone opens {story.app_name} for the first time."
    if story.search is None:
        return opening
    quoted = click.style(f'"{story.search}"', bold=True)
    return f"{opening} It was found by searching  {quoted}."


def _title(features: Mapping[str, Any], placement: str) -> Iterator[str]:
    found = screens.title_of(features)
    if found is None:
        yield _line("first screen", placement)
        return
    shown = click.style(screens.value_text(found[1]["value"]), bold=True)
    yield _line("first screen", _padded(shown, f"because {wording.feature_words(found[1])}"))


def _title_name(config: Mapping[str, Any]) -> str | None:
    found = screens.title_of(config["features"])
    return found[0] if found else None


def _because(placement: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield from _labelled("this order", list(wording.because_lines(placement["because"])))


def _labelled(label: str, lines: list[str]) -> Iterator[str]:
    for at, line in enumerate(lines):
        yield _line(label if at == 0 else "", line)


def _line(label: str, text: str) -> str:
    return f"  {click.style(f'{label:<{_LABEL}}', fg='cyan')}{text}"


def _padded(text: str, after: str) -> str:
    width = 60 + len(text) - len(click.unstyle(text))
    return f"{text:<{width}}  {after}"


def _ms(value: float | None) -> str:
    return "" if value is None else f"{value:.2f} ms"
