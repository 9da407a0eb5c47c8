"""What reached people, what they had said by then, and what the app's documents promise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from herenow.simulation.letters import Letter, Said
from herenow.simulation.lives import Life

EVERY: Final = "*"
"""Instead of a campaign: somebody to whom nothing at all is said."""
Whose = tuple[str, str]
"""Somebody as the server may know them: a user with all their phones, or a phone by itself."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is looked into.

    ``policy``, ``campaigns`` and ``offers`` are the app's documents as written; ``kept_back`` who is kept
    from which campaigns (or from ``EVERY``), by the ledger; ``redeemed`` the messages whose offer was used.
    """

    lives: Sequence[Life]
    said: Sequence[Said]
    letters: Sequence[Letter]
    policy: Mapping[str, Any]
    campaigns: Mapping[str, Any]
    offers: Mapping[str, Any]
    kept_back: Mapping[Whose, frozenset[str]] = field(default_factory=dict)
    redeemed: frozenset[str] = frozenset()
    _theirs: dict[int, list[Said]] = field(default_factory=dict)
    _lives: dict[int, Life] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lives.update({each.person.number: each for each in self.lives})
        for each in sorted(self.said, key=lambda each: each.at):
            self._theirs.setdefault(each.person, []).append(each)

    def life(self, said: Said) -> Life:
        """Whose message it was."""
        return self._lives[said.person]

    def zone(self, said: Said) -> str:
        """The clock that they live by."""
        return self.life(said).person.zone

    def whose(self, said: Said) -> Whose:
        """To whom the server said it, as far as it could know by then."""
        life = self.life(said)
        joined = said.installation == "" or life.known_since.get(said.installation, said.at + 1) <= said.at
        return ("user", life.user) if joined else ("phone", said.installation)

    def together(self, said: Said) -> list[Said]:
        """Everything said by then to the same somebody, each message once, the oldest first."""
        phones = {said.installation}
        if self.whose(said)[0] == "user":
            phones = {phone for phone, since in self.life(said).known_since.items() if since <= said.at} | {
                ""
            }
        once: dict[str, Said] = {}
        for each in self._theirs[said.person]:
            if each.at <= said.at and each.installation in phones:
                once.setdefault(each.message, each)
        return list(once.values())


def about(said: Said) -> str:
    """A message, for whoever has to look into it."""
    return f"{said.campaign} by {said.channel} to person {said.person}"
