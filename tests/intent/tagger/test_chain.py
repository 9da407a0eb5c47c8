from itertools import pairwise, product
from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.catalog.artefact import Artefact, ArtefactDamaged, write_artefact
from herenow.intent.tagger.chain import Chain, blended

LABELS = ("B-dish", "I-dish", "O")
WEIGHTS = st.integers(-40, 40).map(lambda each: each / 8)


@st.composite
def chains(draw):
    """A small model of three labels."""
    names = draw(st.lists(st.sampled_from("abcdef"), unique=True, min_size=1))
    state = [[draw(WEIGHTS) for _ in LABELS] for _ in names]
    passages = [[draw(WEIGHTS) for _ in LABELS] for _ in LABELS]
    rows = {name: at for at, name in enumerate(sorted(names))}
    return Chain(LABELS, rows, np.array(state, np.float32), np.array(passages, np.float32))


SEQUENCES = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=3), min_size=1, max_size=4)


def weight_of(chain, sequence, path):
    """What a path of labels weighs together."""
    states = sum(
        chain.state[chain.rows[name], label]
        for names, label in zip(sequence, path, strict=True)
        for name in names
        if name in chain.rows
    )
    return float(states + sum(chain.passages[one, other] for one, other in pairwise(path)))


@given(chains(), SEQUENCES)
def test_the_labels_read_weigh_most(chain, sequence):
    """Of all paths there are."""
    labels = chain.read(sequence).labels
    path = [LABELS.index(label) for label in labels]
    paths = product(range(len(LABELS)), repeat=len(sequence))
    assert weight_of(chain, sequence, path) == pytest.approx(
        max(weight_of(chain, sequence, each) for each in paths)
    )


@given(chains(), SEQUENCES)
def test_a_label_is_as_likely_as_the_paths_through_it(chain, sequence):
    """By enumeration of all paths."""
    reading = chain.read(sequence)
    paths = list(product(range(len(LABELS)), repeat=len(sequence)))
    weights = [exp(weight_of(chain, sequence, path)) for path in paths]
    for at, (label, said) in enumerate(zip(reading.labels, reading.likely(), strict=True)):
        through = sum(w for w, path in zip(weights, paths, strict=True) if LABELS[path[at]] == label)
        assert said == pytest.approx(through / sum(weights), rel=1e-4)


@given(chains())
def test_a_chain_comes_back_from_its_sections(chain):
    """A weight that is 0 and a feature that has none included."""
    kept = blended([chain])
    again = Chain.of(Artefact(memoryview(write_artefact({}, kept.sections()))))
    assert again.rows == kept.rows
    assert np.array_equal(again.state, kept.state)
    assert np.array_equal(again.passages, kept.passages)


@given(chains(), chains())
def test_a_blend_is_the_mean(one, other):
    """Where one does not know a feature it weighs 0 there."""
    both = blended([one, other])
    for name, row in both.rows.items():
        parts = [each.state[each.rows[name]] if name in each.rows else np.zeros(3) for each in (one, other)]
        assert np.allclose(both.state[row], (parts[0] + parts[1]) / 2, atol=1e-2)


def test_a_long_sequence_does_not_underflow():
    """Ten thousand tokens."""
    chain = Chain(LABELS, {"a": 0}, np.full((1, 3), 9, np.float32), np.full((3, 3), -9, np.float32))
    likely = chain.read([["a"]] * 10_000).likely()
    assert likely == pytest.approx([1 / 3] * 10_000)


def test_sections_that_do_not_fit_each_other_are_refused():
    """A weight of a feature that is not there."""
    chain = Chain(LABELS, {"a": 0}, np.ones((1, 3), np.float32), np.zeros((3, 3), np.float32))
    wider = Chain(LABELS, {"a": 0, "b": 1}, np.ones((2, 3), np.float32), np.zeros((3, 3), np.float32))
    mixed = {**wider.sections(), "features": chain.sections()["features"]}
    with pytest.raises(ValueError, match="no feature"):
        Chain.of(Artefact(memoryview(write_artefact({}, mixed))))
    with pytest.raises(ArtefactDamaged):
        Chain.of(Artefact(memoryview(write_artefact({}, {}))))
