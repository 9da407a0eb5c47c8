"""Each number counts once, in whatever order and however often it comes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.sdk_contract.core.strategies import json_values, quick, steady

from herenow_sdk.core.device.sequence import WINDOW, Seen, read_seen, recognise
from herenow_sdk.core.reasons import SeqVerdict


def verdicts(seqs, seen=None):
    """The verdict on each, through JSON after every step."""
    seen, told = seen or Seen(), []
    for seq in seqs:
        verdict, seen = recognise(read_seen(seen.as_json()), seq)
        told.append(verdict)
    return told


@steady
@given(st.lists(st.integers(1, WINDOW), max_size=60))
def test_within_the_window_each_number_counts_once(seqs) -> None:
    """Any order, any repeats: as many are accepted as there are different numbers."""
    told = verdicts(seqs)

    assert told.count(SeqVerdict.ACCEPTED) == len(set(seqs))
    assert set(told) <= {SeqVerdict.ACCEPTED, SeqVerdict.DUPLICATE}


@steady
@given(st.lists(st.integers(1, 20 * WINDOW), max_size=60))
def test_beyond_it_none_counts_twice(seqs) -> None:
    """A number too old may be lost, and is never counted again."""
    accepted = [seq for seq, told in zip(seqs, verdicts(seqs), strict=True) if told is SeqVerdict.ACCEPTED]

    assert len(accepted) == len(set(accepted))


@steady
@given(st.lists(st.integers(1, WINDOW), max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_delivery_leaves_no_trace(seqs, random) -> None:
    """What has been seen depends on the numbers alone."""

    def seen(numbers):
        state = Seen()
        for seq in numbers:
            _, state = recognise(state, seq)
        return state

    shuffled = random.sample(seqs, len(seqs))

    assert seen(shuffled) == seen(seqs)


@quick
@given(json_values, json_values)
def test_any_json_is_a_number_or_not(kept, seq) -> None:
    """Nonsense kept is nothing seen; nonsense received is invalid."""
    verdict, seen = recognise(read_seen(kept), seq)

    assert verdict in SeqVerdict
    assert seen.bits < 1 << WINDOW
    assert len(seen.as_json()["seen"]) <= WINDOW // 4
