"""A campaign's message as it would read to a representative person, before anybody gets it.

It is written by the very code that writes messages, from documents that need not be live; nothing is stored,
promised or sent. What only the moment tells (the item, the place, the offer's code) is stood in for by an
example, or by what is asked for. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, Final

from herenow.authoring.event_names import event_of, named_of_event
from herenow.beacons.kinds import KINDS
from herenow.channels.sizes import sizes
from herenow.errors import Invalid, NotFound
from herenow.launch.decision import decide, prepared_for
from herenow.launch.preview import Persona, launching, present_of
from herenow.launch.serving import ServingSet, locale_chain
from herenow.launch.subjects import subject_of
from herenow.messaging.carrying import notice_of
from herenow.messaging.moments import DEFAULT_LIFE_S
from herenow.messaging.offers.terms import terms_of
from herenow.messaging.people import Person
from herenow.messaging.personal import candidates_of
from herenow.messaging.seams import Letter, Occasion
from herenow.messaging.writing import content_of, in_locale, values_of
from herenow.templates import TemplateFailed, WrongTemplate, compiled
from herenow_sdk.core.messages.durations import read_duration
from herenow_sdk.core.messages.identity import message_id
from herenow_sdk.core.messages.waiting import Waiting
from herenow_sdk.core.messages.wording import on_channel
from herenow_sdk.core.paths import lookup

SAMPLE_CODE: Final = "SAMPLE-CODE"
"""Stands for a code of a pool: a preview takes none out of it."""
_TEXTS: Final = ("title", "body", "link", "image")


@dataclass(frozen=True, slots=True)
class Asked:
    """What to preview: a campaign, in one locale or all that it has, for one channel or all.

    ``item`` and ``place`` are what it is to be about, by their ids, ``event`` what the event that starts it
    tells; left out, examples are taken.
    """

    campaign: str
    locale: str | None = None
    channel: str | None = None
    item: str | None = None
    place: str | None = None
    event: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A name without a value for this person. ``said`` tells that the text can be said all the same."""

    text: str
    name: str
    said: bool

    def as_json(self) -> dict[str, Any]:
        """As it is answered."""
        return {"text": self.text, "name": self.name, "said": self.said}


@dataclass(frozen=True, slots=True)
class Previewed:
    """A message in one locale; ``content`` is ``None`` where it could not be said to this person at all.

    ``sizes`` are what channels with bounds are sent: bytes of a push by platform, characters of an SMS.
    """

    persona: str
    campaign: str
    locale: str
    content: Mapping[str, Any] | None
    about: Mapping[str, str]
    missing: tuple[Missing, ...]
    sizes: tuple[Mapping[str, Any], ...]
    by_channel: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)
    """What is said instead on the channels that have a variant; ``None`` where it could not be said."""

    def as_json(self) -> dict[str, Any]:
        """As it is answered."""
        return {
            "persona": self.persona,
            "campaign": self.campaign,
            "locale": self.locale,
            "content": None if self.content is None else dict(self.content),
            "about": dict(self.about),
            "missing": [each.as_json() for each in self.missing],
            "sizes": [dict(each) for each in self.sizes],
            "by_channel": {
                name: None if content is None else dict(content) for name, content in self.by_channel.items()
            },
        }


def previewed(
    serving: ServingSet, personas: Iterable[Persona], asked: Asked, now: int
) -> tuple[Previewed, ...]:
    """The message to each persona in each locale asked for.

    Raises ``NotFound`` (UNKNOWN_CAMPAIGN, UNKNOWN_CHANNEL), ``Invalid`` (NOTHING_TO_SAY: no text of its own).
    """
    campaign = _campaign(serving, asked)
    locales = [asked.locale] if asked.locale else list(campaign["template"])
    return tuple(
        _message(serving, persona, campaign, replace(asked, locale=locale), now)
        for persona in personas
        for locale in locales
    )


def _campaign(serving: ServingSet, asked: Asked) -> Mapping[str, Any]:
    campaigns: Mapping[str, Any] = serving.documents.get("campaigns.json", {})
    campaign: Mapping[str, Any] | None = campaigns.get(asked.campaign)
    if campaign is None or asked.campaign == "$schema":
        raise _unknown("campaign", asked.campaign, [each for each in campaigns if each != "$schema"])
    if not campaign.get("template"):
        raise Invalid(
            f"'{asked.campaign}' has no text of its own",
            code="NOTHING_TO_SAY",
            detail="A journey says what its steps' campaigns say: preview one of those.",
        )
    channels = campaign.get("channels", ())
    if asked.channel is not None and asked.channel not in channels:
        raise _unknown("channel", asked.channel, channels)
    return campaign


def _unknown(what: str, name: str, known: Sequence[str]) -> NotFound:
    nearest = get_close_matches(name, known, n=1)
    return NotFound(
        f"no {what} '{name[:60]}'",
        code=f"UNKNOWN_{what.upper()}",
        detail=f"Known: {', '.join(known) or 'none'}." + (f" Nearest: {nearest[0]}." if nearest else ""),
    )


def _message(
    serving: ServingSet, persona: Persona, campaign: Mapping[str, Any], asked: Asked, now: int
) -> Previewed:
    """One message: filled, or with what it lacks."""
    locale = asked.locale or ""
    persona = replace(persona, context={**persona.context, "locale": locale})
    occasion = _occasion(serving, persona, campaign, asked, present_of(serving, persona, now))
    locales = locale_chain(persona.context, serving)
    values = values_of(occasion, campaign, locales)
    template = in_locale(campaign["template"], locales)
    own = [each for each in campaign["channels"] if each in template.get("channels", {})]
    content, *others = (
        _said(campaign, on_channel(template, each), values, locales, occasion.code)
        for each in (asked.channel, *own)
    )
    by_channel = dict(zip(own, others, strict=True))
    about = {name: each for name in ("item", "place", "offer") if (each := getattr(occasion, name))}
    missing = tuple(_missing(campaign, on_channel(template, asked.channel), values, locales, content))
    wanted = [each for each in campaign["channels"] if asked.channel in (None, each)]
    told = [(each, by_channel.get(each, content)) for each in wanted]
    sizes = tuple(_sizes(occasion, campaign, told, locale))
    only = {name: each for name, each in by_channel.items() if asked.channel is None}
    return Previewed(persona.name, asked.campaign, locale, content, about, missing, sizes, only)


def _said(
    campaign: Mapping[str, Any],
    template: Mapping[str, Any],
    values: Mapping[str, Any],
    locales: Sequence[str],
    code: str | None,
) -> dict[str, Any] | None:
    """A content filled, with the code of its offer; ``None`` when it could not be said."""
    try:
        content = content_of(campaign, template, values, locales)
    except TemplateFailed:
        return None
    return content | ({"code": code} if code else {})


def _occasion(
    serving: ServingSet, persona: Persona, campaign: Mapping[str, Any], asked: Asked, now: int
) -> Occasion:
    """The campaign as if it were said to a persona now, about what was asked for or an example."""
    installation = launching(serving, persona, now)
    subject = subject_of(installation, now)
    person = Person.of(serving.scope, installation)
    offer = next(iter(campaign.get("offers", ())), None)
    terms = terms_of(serving, offer) if offer else None
    decision = decide(serving, persona.context, subject, now)
    candidates = candidates_of(serving, asked.campaign)
    placements = [candidates["placement"]] if candidates else [*serving.app.get("placements", ())]
    orders = (decision.placements[each].items for each in placements if each in decision.placements)
    first = next((items[0].id for items in orders if items), None)
    return Occasion(
        serving,
        installation,
        person,
        prepared_for(serving, persona.context, subject, now).attributes,
        message_id(person.seed, Waiting(asked.campaign, now)),
        asked.campaign,
        asked.channel or "",
        now,
        asked.item or first,
        asked.place or _example_place(serving, campaign.get("trigger", {})),
        offer if terms else None,
        None if terms is None else terms.fixed or (SAMPLE_CODE if terms.pooled else None),
        None if terms is None else terms.ends(now),
        _kept_of(campaign, asked),
    )


def _kept_of(campaign: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """What is kept of the event: as asked for, else of the example that its schema has."""
    event = event_of(campaign)
    example: Mapping[str, Any] = next((each.example for each in KINDS if event and each.name == event), {})
    told = {**example, **(asked.event or {})}
    return {name: told[name] for name in named_of_event(campaign) if name in told}


def _example_place(serving: ServingSet, trigger: Mapping[str, Any]) -> str | None:
    """The fence of a trigger, or the first of its group."""
    if "fence" in trigger:
        return str(trigger["fence"])
    group = trigger.get("fence_group")
    features: Iterable[Mapping[str, Any]] = serving.documents.get("fences.geojson", {}).get("features", ())
    theirs = (each for each in features if group in each.get("properties", {}).get("groups", ()))
    found = next(theirs, None) if group else None
    return None if found is None else str(found.get("id", found["properties"].get("id")))


def _missing(
    campaign: Mapping[str, Any],
    template: Mapping[str, Any],
    values: Mapping[str, Any],
    locales: Sequence[str],
    content: Mapping[str, Any] | None,
) -> Iterator[Missing]:
    """Every name in a text that has no value."""
    for where, source, filled in _texts(campaign, template, locales, content):
        for path in _names(source):
            if lookup(path)(values) in (None, ""):
                yield Missing(where, path, filled)


def _texts(
    campaign: Mapping[str, Any],
    template: Mapping[str, Any],
    locales: Sequence[str],
    content: Mapping[str, Any] | None,
) -> Iterator[tuple[str, str, bool]]:
    """Each text by where it stands, and whether it could be filled."""
    for name in _TEXTS:
        if name in template:
            yield name, template[name], content is not None and name in content
    for action in campaign.get("actions", ()):
        yield f"actions/{action['id']}", str(in_locale(action["title"], locales)), content is not None


def _names(source: str) -> tuple[str, ...]:
    try:
        return tuple(dict.fromkeys(each.path for each in compiled(source).names))
    except WrongTemplate:
        return ()


def _sizes(
    occasion: Occasion,
    campaign: Mapping[str, Any],
    told: Iterable[tuple[str, Mapping[str, Any] | None]],
    locale: str,
) -> Iterator[dict[str, Any]]:
    """What each of the channels with bounds is sent."""
    life = read_duration(campaign.get("expires_after")) or DEFAULT_LIFE_S
    for channel, content in told:
        if content is not None:
            letter = Letter(occasion.message, occasion.campaign, channel, content, occasion.now + life)
            yield from sizes(notice_of(letter, locale), occasion.now)
