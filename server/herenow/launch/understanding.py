"""What searches mean to an app, told for those who look: developers and marketers.

The same parse that a first launch gets, with its explanation and the time it took.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter_ns
from typing import Any, Final

from herenow.intent.parser import parse
from herenow.launch.serving import ServingSet, locale_chain
from herenow.text import clean_text

MAX_TEXTS: Final = 500
"""Searches of one question."""


@dataclass(frozen=True, slots=True)
class Question:
    """Searches, and the phone they are asked on: its place in microdegrees, its country and locale."""

    texts: tuple[str, ...]
    near: tuple[int, int] | None = None
    country: str | None = None
    locale: str | None = None

    @classmethod
    def of(
        cls,
        texts: Sequence[str],
        near: Mapping[str, float] | None = None,
        country: str | None = None,
        locale: str | None = None,
    ) -> Question:
        """With the place in degrees, as requests have it."""
        place = None if near is None else (round(near["lat"] * 1e6), round(near["lon"] * 1e6))
        return cls(tuple(texts), place, country.upper() if country else None, locale)

    def as_json(self) -> dict[str, Any]:
        """As a request has it; what is not known is absent."""
        near = self.near and {"lat": self.near[0] / 1e6, "lon": self.near[1] / 1e6}
        told = {"near": near, "country": self.country, "locale": self.locale}
        return {"texts": list(self.texts), **{name: each for name, each in told.items() if each}}


def understood(serving: ServingSet, question: Question) -> list[dict[str, Any]]:
    """Each search: its cleaned ``text``, which spans point into, the ``intent`` explained, ``took_us``.

    The first is read once before: what is loaded when first needed is no part of a search's time.
    """
    locales = locale_chain({"locale": question.locale or ""}, serving)
    if question.texts:
        _understood(question.texts[0], serving, question, locales)
    return [_understood(text, serving, question, locales) for text in question.texts]


def _understood(text: str, serving: ServingSet, question: Question, locales: Sequence[str]) -> dict[str, Any]:
    began = perf_counter_ns()
    intent = parse(text, serving.reader, near=question.near, country=question.country, locales=locales)
    took_us = (perf_counter_ns() - began) // 1000
    return {"text": clean_text(text), "intent": intent.as_json(explain=True), "took_us": took_us}
