"""The Google Play install referrer: the one store channel that carries the searched words.

``com.android.installreferrer`` hands the app a query string and two pairs of timestamps, one pair
by the device's clock and one by Google's. The string comes through the hands of whoever made the
link: it is bounded at 2 kB, decoded as ``utm`` tells, and never refused. The clocks tell how wrong
the device's clock is, and whether the click came after the download began — which only a click
injected by another app does.

Source: developer.android.com/google/play/installreferrer/igetinstallreferrerservice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from herenow.acquisition.utm import CampaignParameters, fitting, parameters_from_pairs, render
from herenow.text import clean_text

REFERRER_LIMIT = 2048
"""Characters of a referrer that are looked at; real ones stay under a third of it."""

_FIRST_SECOND = 1_000_000_000  # 2001: anything earlier is a phone without a clock, or Play's 0 for "unknown"
_LAST_SECOND = 10_000_000_000


@dataclass(frozen=True, slots=True)
class Clocks:
    """Click and start of the download in epoch seconds, by the device's and by Google's clock."""

    click_device: int | None = None
    click_server: int | None = None
    install_device: int | None = None
    install_server: int | None = None

    @property
    def click_at(self) -> int | None:
        """By Google's clock when it is known."""
        return self.click_server or self.click_device

    @property
    def install_at(self) -> int | None:
        """By Google's clock when it is known."""
        return self.install_server or self.install_device

    @property
    def skew_s(self) -> int | None:
        """Seconds by which the device's clock is ahead, from the later pair known on both clocks."""
        for device, server in (
            (self.install_device, self.install_server),
            (self.click_device, self.click_server),
        ):
            if device is not None and server is not None:
                return device - server
        return None

    @property
    def click_after_install(self) -> bool:
        """The download had begun before the click that claims it; judged within one clock only."""
        return any(
            click is not None and install is not None and install < click
            for click, install in (
                (self.click_server, self.install_server),
                (self.click_device, self.install_device),
            )
        )


@dataclass(frozen=True, slots=True)
class PlayReferrer:
    """What the referrer call of one installation said."""

    parameters: CampaignParameters
    clocks: Clocks
    app_version: str | None
    over_long: bool


def parse_referrer(referrer: str) -> CampaignParameters:
    """The campaign parameters of a referrer string.

    Never raises, and ``parse_referrer(canonical_referrer(p)) == p`` for every ``p`` it returns.
    """
    bounded = referrer[:REFERRER_LIMIT]
    if "=" not in bounded:  # some links arrive encoded as a whole
        bounded = bounded.replace("%3D", "=").replace("%3d", "=").replace("%26", "&")
    pairs = (pair.partition("=") for pair in bounded.lstrip("?").split("&"))
    parameters = parameters_from_pairs((key, value) for key, _, value in pairs)
    return fitting(parameters, REFERRER_LIMIT)


def canonical_referrer(parameters: CampaignParameters) -> str:
    """The one query string that stands for what ``parse_referrer`` returned; within the limit."""
    return render(parameters)


def read_play_referrer(raw: Mapping[object, object]) -> PlayReferrer:
    """From the bundle of the install referrer call, as the app sends it; unusable members are absent."""
    referrer = raw.get("install_referrer")
    text = referrer if isinstance(referrer, str) else ""
    return PlayReferrer(
        parse_referrer(text),
        Clocks(
            click_device=epoch_second(raw.get("referrer_click_timestamp_seconds")),
            click_server=epoch_second(raw.get("referrer_click_timestamp_server_seconds")),
            install_device=epoch_second(raw.get("install_begin_timestamp_seconds")),
            install_server=epoch_second(raw.get("install_begin_timestamp_server_seconds")),
        ),
        clean_text(raw.get("install_version"), 40) or None,
        over_long=len(text) > REFERRER_LIMIT,
    )


def epoch_second(value: object) -> int | None:
    """A plausible time of a click or an install, else ``None`` (Play sends 0 for "unknown")."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if _FIRST_SECOND <= value <= _LAST_SECOND else None
