"""Reasons in words, as a marketer says them. Every code of ``herenow_sdk.core.reasons`` is here.

The arguments come from JSON, perhaps from a server of another version, so one that is missing reads
as "…" and an unknown code reads as itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from herenow_sdk.core.reasons import FeatureReason, ItemReason, PlacementReason

Args = Mapping[str, Any]
Wording = Callable[[Args], str]

KILOMETRE: Final = 1000


def distance(metres: float | None) -> str:
    """``640 m``, ``2 km``, ``1.4 km``; empty when unknown."""
    if metres is None:
        return ""
    return (
        f"{round(metres)} m" if metres < KILOMETRE else f"{metres / KILOMETRE:.1f}".removesuffix(".0") + " km"
    )


def feature_words(result: Mapping[str, Any]) -> str:
    """Why a feature has its value."""
    code = result.get("reason", "")
    return FEATURES[code](result) if code in FEATURES else str(code)


def item_words(reason: Mapping[str, Any]) -> str:
    """One reason of an item."""
    return _worded(ITEMS, reason)


def placement_words(reason: Mapping[str, Any]) -> str:
    """One reason of a placement."""
    return _worded(PLACEMENTS, reason)


def because_lines(reasons: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Why a placement shows this selection, one line a reason; widening is told as a sequence."""
    widened = False
    for reason in reasons:
        words = placement_words(reason)
        if reason.get("code") == PlacementReason.WIDENED:
            yield words.replace("too few matched, so", "then") if widened else words
            widened = True
        else:
            yield words


def joined(values: Any, word: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``; "…" for nothing."""
    texts = [str(value) for value in values] if isinstance(values, list | tuple) else [str(values or "")]
    texts = [text for text in texts if text]
    if len(texts) < 2:
        return texts[0] if texts else "…"
    return f"{', '.join(texts[:-1])} {word} {texts[-1]}"


def _worded(table: Mapping[str, Wording], reason: Mapping[str, Any]) -> str:
    code = str(reason.get("code", ""))
    return table[code](reason.get("args", {})) if code in table else code


def _fixed(text: str) -> Wording:
    return lambda _args: text


def _searched(args: Args) -> str:
    place = f" in {args['place']}" if args.get("place") else ""
    modifiers = f", {joined(args['modifiers'])}" if args.get("modifiers") else ""
    text = f'"{args["text"]}"' if args.get("text") else ""
    what = " ".join(filter(None, (str(args.get("label") or ""), text))) or "everything"
    return f"made for the search: {what}{place}{modifiers}"


def _widened(args: Args) -> str:
    step = str(args.get("step", ""))
    return f"too few matched, so {STEPS[step](args) if step in STEPS else step}"


def _near_place(args: Args) -> str:
    far = distance(args.get("distance_m"))
    return f"{far} from {args.get('place', 'the place')}" if far else f"near {args.get('place', 'the place')}"


def _in_place(args: Args) -> str:
    return "in the place" if args.get("place") else "close by"


def _affinity(args: Args) -> str:
    return f"this person likes {args['value']}" if args.get("value") else "to this person's taste"


STEPS: Final[Mapping[str, Wording]] = {
    "radius": lambda args: (
        f"the circle grew from {distance(args.get('from_m')) or '…'} to {distance(args.get('to_m')) or '…'}"
    ),
    "modifiers": lambda args: f"{joined(args.get('dropped'))} was not insisted on",
    "facet": lambda args: f"{joined(args.get('to'))} joined {joined(args.get('from'))}",
    "any_facet": lambda args: f"any one of {joined(args.get('facets'))} was enough",
    "city": lambda args: f"places beyond {args.get('place') or 'the place'} were added",
    "text": lambda args: f'whatever says "{args.get("text", "…")}" was added',
    "no_text": lambda args: f'"{args.get("text", "…")}" was not insisted on',
    "popular": _fixed("what is popular follows"),
}
"""The rungs of the widening ladder that concede something."""

FEATURES: Final[Mapping[str, Wording]] = {
    FeatureReason.STATIC: _fixed("it has no rules"),
    FeatureReason.DEFAULT: _fixed("no rule applied"),
    FeatureReason.TARGETING_MATCH: lambda result: f"rule '{result.get('rule', '…')}' matched",
    FeatureReason.SPLIT: lambda result: f"experiment '{result.get('rule', '…')}' assigned it",
    FeatureReason.PREREQUISITE_FAILED: _fixed("a feature it depends on is off"),
    FeatureReason.CYCLIC_PREREQUISITE: _fixed("it depends on itself"),
    FeatureReason.UNKNOWN_FEATURE: _fixed("there is no such feature"),
    FeatureReason.OVERRIDE: _fixed("set by hand for a preview"),
    FeatureReason.DISABLED: _fixed("its capability is switched off"),
}

ITEMS: Final[Mapping[str, Wording]] = {
    ItemReason.INTENT_MATCH: lambda args: (
        f'says "{args["text"]}"' if args.get("text") else "matches the search"
    ),
    ItemReason.RELATED_MATCH: lambda args: f"{args.get('value', '…')}, which goes with {args.get('to', '…')}",
    ItemReason.IN_PLACE: _in_place,
    ItemReason.NEAR_PLACE: _near_place,
    ItemReason.NEAR_YOU: _fixed("near the phone"),
    ItemReason.MODIFIER_MATCH: lambda args: str(args.get("modifier", "as asked")),
    ItemReason.HIGHLY_RATED: _fixed("highly rated"),
    ItemReason.POPULAR: _fixed("popular"),
    ItemReason.FRESH: _fixed("new"),
    ItemReason.AFFINITY: _affinity,
    ItemReason.GOES_WITH: lambda args: f"goes with {args.get('item', '…')}, used lately",
    ItemReason.USUAL_NOW: _fixed("usually here at this hour"),
    ItemReason.BOOSTED: _fixed("boosted"),
    ItemReason.PINNED: _fixed("pinned here"),
}

PLACEMENTS: Final[Mapping[str, Wording]] = {
    PlacementReason.SEARCHED: _searched,
    PlacementReason.WIDENED: _widened,
    PlacementReason.NEAR_YOU: _fixed("what is near the phone counts"),
    PlacementReason.POPULAR: _fixed("no search to go by, so what is popular comes first"),
    PlacementReason.NOT_UNDERSTOOD: lambda args: f"not understood: {joined(args.get('unparsed'))}",
    PlacementReason.PERSONAL: _fixed("in an order learned from this person"),
    PlacementReason.PINNED: _fixed("with items pinned by the marketer"),
}
