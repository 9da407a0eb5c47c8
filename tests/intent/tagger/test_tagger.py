import builtins

import pytest

from herenow.catalog.artefact import ArtefactDamaged, write_artefact
from herenow.errors import Unavailable
from herenow.intent.tagger import Tagger, fit
from herenow.intent.tagger.tagger import FORMAT


@pytest.fixture
def content(trained):
    """A tagger's file."""
    return trained.tagger.to_bytes()


def test_a_file_is_the_tagger_it_was_written_from(trained, content, knowing):
    """The same spans as likely, the same slots and facts, the same bytes again."""
    opened = Tagger.from_bytes(content)
    known = knowing.read("churros near juhu")
    assert opened.tag(known) == trained.tagger.tag(known)
    assert (opened.slots, opened.facts) == (trained.tagger.slots, trained.tagger.facts)
    assert opened.to_bytes() == content
    assert opened.version == trained.tagger.version


def test_the_same_searches_give_the_same_file(trained, content, searches, knowing):
    """Fitting is reproducible."""
    again = fit(searches, knowing.read, slots=trained.wins, facts=trained.as_json())
    assert again.to_bytes() == content


@pytest.mark.parametrize("at", [0, 20, 200, -1])
def test_a_changed_byte_is_refused(content, at):
    """Wherever it is."""
    changed = bytearray(content)
    changed[at] ^= 1
    with pytest.raises(ArtefactDamaged):
        Tagger.from_bytes(bytes(changed))


def test_a_file_cut_short_is_refused(content):
    """As it would be after a broken copy."""
    with pytest.raises(ArtefactDamaged):
        Tagger.from_bytes(content[:-100])


@pytest.mark.parametrize(
    "meta",
    [
        {"kind": "phrases", "format": FORMAT},
        {"kind": "tagger", "format": FORMAT + 1, "slots": [], "facts": {}},
        {"kind": "tagger", "format": FORMAT, "slots": [], "facts": {}},
        {"kind": "tagger", "format": FORMAT},
    ],
    ids=["another kind", "another format", "no model", "no slots"],
)
def test_what_is_no_tagger_of_this_version_is_refused(meta):
    """A sound container with anything else in it."""
    with pytest.raises(ArtefactDamaged):
        Tagger.from_bytes(write_artefact(meta, {"model": b"x\x9c"}))


def test_only_fitting_needs_the_library(content, searches, knowing, monkeypatch):
    """It says what to install; what was learned is read without."""
    real = builtins.__import__

    def lacking(name, *rest, **more):
        if name == "pycrfsuite":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", lacking)
    assert Tagger.from_bytes(content).tag(knowing.read("churros near juhu"))
    with pytest.raises(Unavailable) as told:
        fit(searches, knowing.read)
    assert told.value.code == "NO_TAGGER"
    assert "herenow[tagger]" in told.value.detail
