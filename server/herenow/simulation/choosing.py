"""What people take out of what they are shown: a list is read from the top and given up sooner or later.

An item draws by how much its values are liked, by what is wanted just now, by price, by quality, and by how
far it is. The chance to tap it once it is seen is a logistic curve of that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from herenow.simulation.people import Person
from herenow.simulation.scenery import Scenery, Where

GOES_ON: Final = 0.88
"""How likely somebody who has seen an item looks at the next: position bias, as of a cascade."""
_LIKED, _WANTED, _GOOD, _FAR, _DEAR, _FAVOURITE = 1.4, 1.6, 0.4, 0.22, 0.8, 0.8
_FARTHEST_KM: Final = 14.0
_STEEPNESS: Final = 2.2
_MIDDLE: Final = 1.7
_SEARCHED: Final = 3.0
"""Who searches chooses more sharply than who reads a list."""
_MOST: Final = 0.7
"""Even what draws most is passed over three times of ten."""


@dataclass(frozen=True, slots=True)
class Mind:
    """Somebody in one visit: where they are, and the value they are after (an index of the scenery's)."""

    person: Person
    here: Where | None
    wanted: int


def mind(person: Person, here: Where | None, random: Generator) -> Mind:
    """What is wanted this time, drawn by true taste."""
    return Mind(person, here, int(random.choice(len(person.taste), p=person.taste)))


def draw_of(mind: Mind, scenery: Scenery, items: NDArray[np.int64]) -> NDArray[np.float64]:
    """How much each of ``items`` draws."""
    person, tags = mind.person, scenery.tags[items]
    liked = (tags * (person.taste / person.taste.max())).max(axis=1)
    far = np.minimum(scenery.km_from(mind.here, items), _FARTHEST_KM)
    dear = np.maximum(scenery.price[items] - person.price, 0.0)
    return np.asarray(
        _LIKED * liked
        + _WANTED * tags[:, mind.wanted]
        + _GOOD * scenery.quality[items]
        - _FAR * far
        - _DEAR * dear
        + _FAVOURITE * (items == person.favourite)
    )


def taps(draw: NDArray[np.float64]) -> NDArray[np.float64]:
    """The chance of a tap on an item that is seen."""
    return np.asarray(_MOST / (1 + np.exp(-_STEEPNESS * (draw - _MIDDLE))))


@dataclass(frozen=True, slots=True)
class Reading:
    """A list as it was read: how many items were seen from the top, and the places in it that were tapped."""

    seen: int
    tapped: tuple[int, ...]


def read(draw: NDArray[np.float64], random: Generator, *, most_taps: int = 2) -> Reading:
    """Read a list whose items draw like this, from the top, until it is given up or enough is found."""
    chances, tapped, seen = taps(draw), [], 0
    for position in range(len(draw)):
        seen = position + 1
        if random.random() < chances[position]:
            tapped.append(position)
        if len(tapped) >= most_taps or random.random() > GOES_ON:
            break
    return Reading(seen, tuple(tapped))


def own_choice(mind: Mind, scenery: Scenery, random: Generator) -> int:
    """What somebody finds who searches for it: mostly what draws most of the forty nearest items."""
    near = scenery.near(mind.here, 40)
    draw = _SEARCHED * draw_of(mind, scenery, near)
    chances = np.exp(draw - draw.max())
    return int(random.choice(near, p=chances / chances.sum()))
