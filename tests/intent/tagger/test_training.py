import pytest

from herenow.errors import Invalid
from herenow.intent.tagger import split, spotted, train


def test_it_wins_where_the_table_knows_nothing(trained):
    """Dishes and moods are in no catalogue; the tagger learns where they stand."""
    assert {"dish", "mood"} <= set(trained.wins)
    dish = next(each for each in trained.results if each.slot == "dish")
    assert dish.table.f1 == 0.0
    assert dish.tagger.f1 > 0.9


def test_it_is_used_only_where_it_wins(trained, knowing):
    """The table finds every category itself, so the tagger says nothing of them."""
    assert "category" not in trained.wins
    known = knowing.read("a snug pizza with ramen")
    assert [each.slot for each in spotted(trained.tagger, known)] == ["mood", "dish"]


def test_what_it_finds_is_told_in_tokens_with_how_likely_it_is(trained, knowing):
    """A span of several words is as likely as its least likely word."""
    (found,) = trained.tagger.tag(knowing.read("where can i eat misal pav tonight"))
    assert (found.first, found.last, found.slot) == (4, 6, "dish")
    assert 0 < found.probability <= 1


def test_nothing_is_found_in_nothing(trained, knowing):
    """No words, no spans."""
    assert trained.tagger.tag(knowing.read("")) == []


def test_a_fifth_is_held_back_the_same_every_time(searches):
    """By the text, whatever the order."""
    kept, held = split(searches)
    assert len(kept) + len(held) == len(searches)
    assert 0.1 < len(held) / len(searches) < 0.3
    assert set(split(list(reversed(searches)))[1]) == set(held)


def test_too_few_searches_are_refused(searches, knowing, by_table):
    """It is told how many it takes."""
    with pytest.raises(Invalid, match="150 labelled searches are too few") as told:
        train(searches[:150], knowing.read, by_table)
    assert told.value.code == "TOO_FEW_SEARCHES"


def test_without_a_win_there_is_no_tagger(searches, knowing):
    """A table that finds everything is not to be bettered."""
    right = {each.text: each.spans for each in searches}
    assert train(searches, knowing.read, right.__getitem__).tagger is None


def test_the_result_is_told_in_figures(trained, searches):
    """And kept with the model."""
    told = trained.as_json()
    assert told["searches"] == len(searches)
    assert {"slot", "spans", "table_f1", "tagger_f1", "likelihood", "wins"} == told["slots"][0].keys()
    assert trained.tagger.facts == told
