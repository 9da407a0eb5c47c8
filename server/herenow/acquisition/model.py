"""One touch: how an installation came, as far as one source could tell.

An ``Acquisition`` lives for one request with its text; what is kept of it is a *touch*, a small
document without click ids and without the raw input, and with the text only when the person's
consent allows it. ``text`` and ``ids`` stay out of ``repr`` so that a stray log line cannot hold
what somebody searched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

from herenow.acquisition.ladder import CONFIDENCE, Rung
from herenow.canonical import canonical_json, digest

Status = Literal["resolved", "pending", "none", "withheld"]

_STATUSES = frozenset({"resolved", "pending", "none", "withheld"})
_TOUCH_ID_LENGTH = 16
_TEXTS = ("kind", "source", "medium", "campaign", "text")
_TIMES = ("click_at", "install_at", "clock_skew_s")


@dataclass(frozen=True, slots=True)
class Acquisition:
    """How an installation came.

    ``status``: ``resolved`` (something is known), ``pending`` (ask again in ``poll_after_ms``),
    ``none`` (organic, or no trace), ``withheld`` (known, but the person does not want it used).
    ``kind`` names the input, such as ``play_install_referrer``; ``text`` is the searched text or
    what stands for it, on the ``rung`` that gives ``confidence``; ``ids`` are the campaign's, never
    the click's; times are epoch seconds; ``clock_skew_s`` is how far the device's clock is ahead.
    """

    status: Status
    kind: str | None = None
    source: str | None = None
    medium: str | None = None
    campaign: str | None = None
    text: str | None = field(default=None, repr=False)
    rung: Rung = Rung.NONE
    ids: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    click_at: int | None = None
    install_at: int | None = None
    clock_skew_s: int | None = None
    flags: tuple[str, ...] = ()
    poll_after_ms: int | None = None

    @property
    def confidence(self) -> float:
        """How far ``text`` can be taken for what was searched, 0 to 1."""
        return CONFIDENCE[self.rung]

    @property
    def touch_id(self) -> str:
        """The same touch told twice has the same id; its text takes no part (see ``as_touch``)."""
        return _touch_id(self._facts())

    def outranks(self, other: Acquisition) -> bool:
        """Whether an answer made for this one should replace one made for ``other``."""
        return self.confidence > other.confidence or (
            self.status == "resolved" and other.status in ("none", "pending")
        )

    def withheld(self) -> Acquisition:
        """The same touch for a person who refused: that it exists, and nothing to act upon."""
        return replace(self, status="withheld", text=None, rung=Rung.NONE, ids={}, poll_after_ms=None)

    def as_json(self) -> dict[str, Any]:
        """What the device is told; unknown members are absent, the text is never in it."""
        told: dict[str, Any] = {"status": self.status}
        if self.status != "withheld":
            told |= _known(source=self.source, medium=self.medium, campaign=self.campaign)
        if self.status == "resolved":
            told["confidence"] = self.confidence
        return told | _known(poll_after_ms=self.poll_after_ms)

    def as_touch(self, *, keep_text: bool) -> dict[str, Any]:
        """What is stored. Without ``keep_text`` neither the text nor a digest of it is in there.

        With it, ``touch_id`` covers the text too, so that two searches of one link are two touches.
        """
        facts = self._facts()
        if keep_text and self.text:
            facts["text"] = self.text
        return {"touch_id": _touch_id(facts), "status": self.status, **facts, "flags": list(self.flags)}

    def _facts(self) -> dict[str, Any]:
        facts = _known(
            kind=self.kind,
            source=self.source,
            medium=self.medium,
            campaign=self.campaign,
            click_at=self.click_at,
            install_at=self.install_at,
            clock_skew_s=self.clock_skew_s,
        )
        return {**facts, "rung": self.rung.value, "ids": dict(self.ids)}


NO_ACQUISITION = Acquisition("none")


def from_touch(touch: Mapping[str, Any]) -> Acquisition:
    """Read a stored touch back; members of a wrong type are taken as unknown."""
    members: dict[str, Any] = {
        name: value
        for names, kind in ((_TEXTS, str), (_TIMES, int))
        for name in names
        if isinstance(value := touch.get(name), kind)
    }
    status, rung, ids, flags = (touch.get(name) for name in ("status", "rung", "ids", "flags"))
    return Acquisition(
        cast("Status", status) if status in _STATUSES else "none",
        rung=Rung(rung) if rung in list(Rung) else Rung.NONE,
        ids=dict(ids) if isinstance(ids, Mapping) else {},
        flags=tuple(flags) if isinstance(flags, (list, tuple)) else (),
        **members,
    )


def without_text(touch: Mapping[str, Any]) -> dict[str, Any]:
    """A stored touch whose text, and with it the digest that covers the text, is forgotten."""
    return from_touch(touch).as_touch(keep_text=False)


def _touch_id(facts: Mapping[str, Any]) -> str:
    return digest(canonical_json(facts))[:_TOUCH_ID_LENGTH]


def _known(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}
