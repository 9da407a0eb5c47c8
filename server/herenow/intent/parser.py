"""Search text to intent: normalise, read, find phrases, settle what each means, say what is left.

Words and their likely spellings make a lattice (``lattice``); the phrase table, the grammar of wishes and
the gazetteer say what stretches of it may mean (``reader``); the longest and surest that do not overlap
are kept (``matching``), each with one meaning (``settling``); one place is chosen (``placing``). Weak
phrases count only where nothing stronger named a value.
"""

from __future__ import annotations

from collections.abc import Sequence

from herenow.intent.languages import Language
from herenow.intent.model import Intent
from herenow.intent.placing import choose_place, is_understood, placed
from herenow.intent.reader import Found, Reader
from herenow.intent.settling import Setting, Settled
from herenow.intent.telling import confidence_of, explained, facets_of, modifiers_of
from herenow.text import clean_text


def parse(
    text: str,
    reader: Reader,
    *,
    near: tuple[int, int] | None = None,
    country: str | None = None,
    locales: Sequence[str] = (),
) -> Intent:
    """What ``text`` means to the app whose reader this is. Never raises; time bounded by 200 characters.

    ``near`` is the device's place in microdegrees, used when the text asks for what is near;
    ``country`` an ISO code that settles places of one name; ``locales`` choose the label's language.
    """
    cleaned = clean_text(text)
    language = reader.languages.spoken_by(locales)
    found = reader.read(cleaned, language, country=country)
    tokens = found.tokens
    setting = Setting(tokens, language, reader.sources.cues, country, found.negated)
    settled = setting.settle(found.matches)
    chosen = choose_place(settled)
    understood = tuple(phrase for phrase in settled if is_understood(phrase, chosen))
    facets = facets_of(understood, excluded=False)
    modifiers = modifiers_of(understood)
    unparsed = _unparsed(cleaned, found, reader, language, understood)
    label = ", ".join(reader.table.label(match.facet, match.value, locales) for match in facets)
    return Intent(
        label=label or None,
        facets=facets,
        excluded=facets_of(understood, excluded=True),
        place=placed(chosen, modifiers, near, reader.table),
        modifiers=modifiers,
        unparsed=unparsed,
        confidence=confidence_of(understood, len(unparsed)),
        explanation=explained(understood, tokens, unparsed, cleaned),
    )


def _unparsed(
    cleaned: str, found: Found, reader: Reader, language: Language, understood: Sequence[Settled]
) -> tuple[str, ...]:
    """The words nothing was made of, as they were typed."""
    read = {at for phrase in understood for at in phrase.match.positions} | found.signs
    return tuple(
        cleaned[token.start : token.end]
        for at, token in enumerate(found.tokens)
        if at not in read and not reader.is_silent(token, language)
    )
