"""Messages of Segment's protocol, as Segment's and RudderStack's clients post them, made into beacons.

``track`` by the names of Segment's e-commerce and mobile specifications becomes what herenow knows; any other
event stays an event of the app's own, and so does one that lacks what its kind needs. Of the context nothing
is kept, of traits nothing that names or reaches a person. A publishable key proves nobody: whoever such a
message claims to be is kept under a pseudonym apart from the person of that id whom the backend tells about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from herenow.beacons.foreign import ForeignBeacons, Told, beacon_id
from herenow.beacons.kinds import BY_NAME
from herenow.beacons.model import Outcome
from herenow.beacons.naming import joined
from herenow.clock import Clock, iso_utc
from herenow.identity.buckets import TokenBuckets
from herenow.identity.subjects import Standing, Subjects
from herenow.scope import Scope
from herenow_sdk.core.device.beacons import MAX_NAME

MAX_MESSAGES: Final = 500
"""Messages in one request."""

_MAX_ID: Final = 200
_ITEM: Final = ("product_id", "item_id", "productId", "itemId", "item", "sku", "id")
_TRAITS: Final = frozenset(
    (
        "age",
        "gender",
        "plan",
        "industry",
        "employees",
        "createdat",
        "language",
        "locale",
        "timezone",
        "currency",
    )
) | {"country", "segment", "tier", "logins", "sessions", "orders", "subscribed", "trial"}
"""Traits that are kept, by their names without case and separators: none names or reaches a person."""
_MAX_TRAIT: Final = 60
_SCREENS: Final = ("screen", "page")

Properties = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Segment:
    """Takes messages of Segment's protocol."""

    subjects: Subjects
    foreign: ForeignBeacons = field(repr=False)
    buckets: TokenBuckets = field(repr=False)
    clock: Clock = field(repr=False)

    def accept(self, scope: Scope, standing: Standing, messages: Sequence[Any], sent_at: Any) -> Outcome:
        """Store what counts; durable when this returns. Raises ``TooManyRequests`` for one person's flood."""
        told = [self._told(scope, standing, index, each) for index, each in enumerate(messages)]
        for subject, count in Counter(each.subject for each in told if each.subject).items():
            self.buckets.take(scope, subject, count)
        return self.foreign.accept(scope, told, sent_at)

    def _told(self, scope: Scope, standing: Standing, index: int, message: Any) -> Told:
        if not isinstance(message, Mapping):
            return Told(index, None, message)
        subject = self._subject(scope, standing, message)
        name, properties = _said(message)
        beacon = {
            "id": beacon_id(message.get("messageId"), [subject, dict(message)]),
            "type": "behavior",
            "name": name,
            "at": message.get("timestamp") or message.get("originalTimestamp") or iso_utc(int(self.clock())),
            "properties": properties,
        }
        return Told(index, subject, beacon)

    def _subject(self, scope: Scope, standing: Standing, message: Properties) -> str | None:
        user, stranger = _identifier(message.get("userId")), _identifier(message.get("anonymousId"))
        if user and standing == "proven":
            return self.subjects.of(scope, "proven", user)
        claims = user or stranger
        return self.subjects.claim(scope, user=user or "", stranger=stranger or "") if claims else None


def _said(message: Properties) -> tuple[Any, Properties]:
    """The beacon's name and properties."""
    kind = message.get("type")
    if kind == "track":
        return _tracked(message.get("event"), _object(message.get("properties")))
    if kind in _SCREENS:
        screen = message.get("name") or message.get("category")
        properties = {**_object(message.get("properties")), **({"screen": screen} if screen else {})}
        return _known("screen_view", properties) or (kind, properties)
    if kind == "identify":
        traits = _object(message.get("traits")) or _object(_object(message.get("context")).get("traits"))
        return kind, _impersonal(traits)
    return kind, {}


def _tracked(event: Any, properties: Properties) -> tuple[Any, Properties]:
    """What herenow knows the event as, when it has what that needs; else the event itself."""
    name, reading = _EVENTS.get(event.lower() if isinstance(event, str) else "", ("", _as_it_is))
    own = event[:MAX_NAME] if isinstance(event, str) else event
    return (_known(name, _in_capitals(reading(properties))) if name else None) or (own, properties)


def _known(name: str, properties: Properties) -> tuple[str, Properties] | None:
    fault = BY_NAME["behavior", name].members.fault(properties)
    return None if fault else (name, properties)


def _in_capitals(properties: Properties) -> Properties:
    """With the currency as ISO 4217 writes it: an order in ``inr`` would be no purchase."""
    currency = properties.get("currency")
    return {**properties, "currency": currency.upper()} if isinstance(currency, str) else properties


def _as_it_is(properties: Properties) -> Properties:
    return properties


def _item(properties: Properties) -> Properties:
    found = (_identifier(properties.get(each)) for each in _ITEM)
    item = next((each for each in found if each), None)
    numbers = {each: _number(properties[each]) for each in ("price", "quantity") if each in properties}
    rest = {name: value for name, value in properties.items() if name not in _ITEM}
    return {**rest, **numbers, **({"item": item} if item else {})}


def _order(properties: Properties) -> Properties:
    products = properties.get("products")
    lines = (
        [_line(each) for each in products if isinstance(each, Mapping)] if isinstance(products, list) else []
    )
    value = next((properties[each] for each in ("total", "revenue", "value") if each in properties), None)
    rest = {name: told for name, told in properties.items() if name not in ("products", "order_id")}
    order = _identifier(properties.get("order_id"))
    return {
        **rest,
        **({"items": lines} if lines else {}),
        **({"value": _number(value)} if value is not None else {}),
        **({"order": order} if order else {}),
    }


def _line(product: Properties) -> Properties:
    said = _item(product)
    return {name: said[name] for name in ("item", "quantity", "price") if name in said}


def _review(properties: Properties) -> Properties:
    said = _item(properties)
    return {**said, **({"value": _number(said["rating"])} if "rating" in said else {})}


def _impersonal(traits: Properties) -> dict[str, Any]:
    return {name: value for name, value in traits.items() if joined(name) in _TRAITS and _is_short(value)}


def _is_short(value: Any) -> bool:
    """Whether it is a number, yes or no, or a word that is no address."""
    is_word = isinstance(value, str) and len(value) <= _MAX_TRAIT and "@" not in value
    return is_word or isinstance(value, int | float)


def _number(value: Any) -> Any:
    """The number; many shops write it as text. Anything else stays, and is judged as it is."""
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _identifier(value: Any) -> str | None:
    told = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return told if 0 < len(told) <= _MAX_ID else None


def _object(value: Any) -> Properties:
    return value if isinstance(value, Mapping) else {}


_EVENTS: Final[Mapping[str, tuple[str, Callable[[Properties], Properties]]]] = {
    "application opened": ("session_start", _as_it_is),
    "application backgrounded": ("session_end", _as_it_is),
    "products searched": ("search", _as_it_is),
    "product viewed": ("item_view", _item),
    "product clicked": ("item_tap", _item),
    "product added": ("cart_add", _item),
    "product removed": ("cart_remove", _item),
    "product added to wishlist": ("item_save", _item),
    "product shared": ("item_share", _item),
    "product reviewed": ("rating", _review),
    "order completed": ("purchase", _order),
}
"""Segment's specified events, by their names in lower case, as herenow knows them."""
