"""The packaged gazetteer, opened once."""

import pytest

from herenow.intent.gazetteer import Gazetteer


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """The world as it is shipped."""
    return Gazetteer()


@pytest.fixture(scope="session")
def places_in(gazetteer):
    """All readings of a text, one after the other, as a parser takes them."""
    from herenow.intent.normalise import words

    def read(text, **settled_by):
        tokens, readings, at = words(text), [], 0
        while at < len(tokens):
            reading = gazetteer.read(tokens, at, **settled_by)
            if reading:
                readings.append(reading)
            at = reading.last if reading else at + 1
        return readings

    return read
