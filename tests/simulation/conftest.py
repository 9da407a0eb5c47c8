"""A small app to live on: six sorts of things at twelve spots, and a fence at one of them."""

import pytest

from herenow.simulation.scenery import Fence, Item, scenery

APP = {
    "app": "corner",
    "time_zone": "Asia/Kolkata",
    "currency": "INR",
    "locales": ["en"],
    "facets": {"sort": {"type": "tags", "intent": True}},
    "placements": ["first"],
}
SORTS = ("tea", "bread", "books", "bikes", "flowers", "music")


@pytest.fixture
def corner():
    """Thirty-six things on a line of some eleven kilometres, every sixth of a sort."""
    items = [
        Item(
            id=f"thing-{n:02}",
            name=f"Thing {n}",
            values=(SORTS[n % 6],),
            area=f"Area {n // 6}",
            where=(19.0 + n * 0.003, 72.8),
            price=100.0 + n,
            popularity=float(n % 7),
            quality=3 + (n % 5) / 4,
        )
        for n in range(36)
    ]
    fence = Fence("park", "The park", (19.01, 72.8))
    return scenery(APP, items, {"tea": ["chai"]}, [fence], {"a_tenner": "amount"})
