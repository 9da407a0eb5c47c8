import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.catalog.artefact import ALIGNMENT, Artefact, ArtefactDamaged, write_artefact

SECTIONS = {"numbers": np.arange(5, dtype=np.int32), "text": b"some bytes", "json": b'{"a": [1]}'}
CONTENT = write_artefact({"items": 5}, SECTIONS)


def test_sections_come_back_as_they_were():
    """Arrays keep their type, bytes and JSON their content, the header its meta data."""
    artefact = Artefact(memoryview(CONTENT))
    assert artefact.array("numbers").tolist() == [0, 1, 2, 3, 4]
    assert artefact.array("numbers").dtype == np.int32
    assert bytes(artefact.blob("text")) == b"some bytes"
    assert artefact.json("json") == {"a": [1]}
    assert artefact.meta == {"items": 5}


def test_arrays_are_views_of_the_buffer():
    """Opening copies nothing, and sections are aligned for it."""
    array = Artefact(memoryview(CONTENT)).array("numbers")
    start = np.frombuffer(CONTENT, dtype=np.uint8).__array_interface__["data"][0]
    assert np.shares_memory(array, np.frombuffer(CONTENT, dtype=np.uint8))
    assert (array.__array_interface__["data"][0] - start) % ALIGNMENT == 0


def test_the_order_of_sections_does_not_matter():
    """Equal content gives equal bytes."""
    assert write_artefact({"items": 5}, dict(reversed(SECTIONS.items()))) == CONTENT


def test_an_unknown_section_is_damage():
    """Code that asks for what is not there gets the error of a damaged file, not a KeyError."""
    with pytest.raises(ArtefactDamaged, match="no section"):
        Artefact(memoryview(CONTENT)).blob("other")


@given(st.integers(0, len(CONTENT) - 1))
def test_a_truncated_artefact_does_not_open(length):
    """Wherever it was cut."""
    with pytest.raises(ArtefactDamaged):
        Artefact(memoryview(CONTENT[:length]))


@given(st.integers(0, len(CONTENT) - 1), st.integers(1, 255))
def test_a_changed_byte_does_not_open(position, change):
    """Wherever it stands, padding included."""
    damaged = bytearray(CONTENT)
    damaged[position] ^= change
    with pytest.raises(ArtefactDamaged):
        Artefact(memoryview(damaged))


def test_something_else_does_not_open():
    """Another file is not taken for a catalogue."""
    with pytest.raises(ArtefactDamaged, match="does not begin"):
        Artefact(memoryview(b"PK\x03\x04" + bytes(100)))
