"""Rate limits: counters in fixed windows, shared by every process through the documents port.

A network is a /24 (IPv4) or /48 (IPv6) and is stored as a keyed hash: an address never reaches the
store or a log. One increment a request; the counters expire by themselves. What is full stays full until
its window ends, so a process remembers it and a flood that is refused costs the store nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
from dataclasses import dataclass
from typing import Final

from herenow.clock import Clock
from herenow.errors import TooManyRequests
from herenow.scope import Scope
from herenow.storage.ports import Documents, Key

_WITH_PORT: Final = re.compile(r"\[([^\]]*)\](?::\d{1,5})?|([0-9.]+):\d{1,5}")
"""``[2001:db8::1]:443`` and ``192.0.2.1:443``, as some proxies write an address."""
_REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``maximum`` of ``name`` in each window of ``window_s`` seconds."""

    name: str
    maximum: int
    window_s: int


class RateLimiter:
    """Counts what callers do and refuses what exceeds a limit."""

    def __init__(self, documents: Documents, *, pepper: bytes, clock: Clock) -> None:
        self._documents = documents
        self._pepper = pepper
        self._clock = clock
        self._full: dict[Key, int] = {}

    def spend(self, scope: Scope, limit: Limit, who: str) -> None:
        """Count one for ``who``. Raises ``TooManyRequests`` with the seconds to the window's end."""
        now = int(self._clock())
        window = now // limit.window_s
        ends = (window + 1) * limit.window_s
        subject = hmac.new(self._pepper, who.encode(), hashlib.sha256).hexdigest()[:24]
        key = Key(scope.partition(f"limits#{subject}"), f"{limit.name}#{window}")
        if self._full.get(key, 0) < limit.maximum:
            spent = self._documents.increment(key, "count", expires_at=ends + limit.window_s)
            if spent <= limit.maximum:
                return
            self._remember(key, spent)
        raise TooManyRequests(f"too many requests: {limit.name}", retry_after_s=max(1, ends - now))

    def _remember(self, key: Key, spent: int) -> None:
        if len(self._full) >= _REMEMBERED:
            self._full.clear()  # forgetting costs one increment each
        self._full[key] = spent


def network_of(address: str) -> str:
    """The network an address belongs to: its /24 or /48, or ``unknown`` when it is not an address.

    An IPv4 address is one also as a dual-stack socket shows it (``::ffff:192.0.2.1``) and with a port.
    """
    ported = _WITH_PORT.fullmatch(address)
    try:
        parsed = ipaddress.ip_address(ported[1] or ported[2] if ported else address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        parsed = parsed.ipv4_mapped or parsed
    bits = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network((parsed, bits), strict=False))
