"""The measurement of the tagger, on searches of our own."""

import json

import pytest
from tests.evaluation import intent_tagger
from tests.evaluation.folders import DEVELOPMENT

SEARCHES = [("cheap thai near here", [("Price", 0, 5), ("Cuisine", 6, 10), ("Location", 11, 20)])] * 3


@pytest.fixture
def folder(tmp_path):
    """Another folder of the same layout."""
    (tmp_path / "intent").mkdir()
    lines = [
        f"{text}\t{json.dumps([{'type': kind, 'start': start, 'end': end} for kind, start, end in spans])}"
        for text, spans in SEARCHES
    ]
    (tmp_path / intent_tagger.FILE).write_text("\n".join(lines))
    return tmp_path


def test_a_search_is_read_with_hints_of_its_words():
    """What the app reads stands among them, and the slots that this gives."""
    told = intent_tagger.known("cheap thai near here")
    kinds = {hint.kind for hint in told.hints}
    assert "part:Cuisine" in kinds
    assert "part:Price" in kinds
    assert intent_tagger.words_alone("cheap thai near here").hints == ()


@pytest.mark.data
def test_another_folder_is_asked_and_the_development_one_learned(folder):
    """All of the one, all of the other."""
    if not (DEVELOPMENT / intent_tagger.FILE).exists():
        pytest.skip("the development data is not there")
    learned, asked = intent_tagger.split(folder)
    assert len(asked) == len(SEARCHES)
    assert len(learned) > 1000


@pytest.mark.data
def test_the_development_folder_is_learned_in_four_fifths():
    """What is asked was not learned."""
    if not (DEVELOPMENT / intent_tagger.FILE).exists():
        pytest.skip("the development data is not there")
    learned, asked = intent_tagger.split(DEVELOPMENT)
    assert {each.text for each in learned}.isdisjoint(each.text for each in asked)
    assert 0.17 < len(asked) / (len(asked) + len(learned)) < 0.23
