from herenow.intent.tagger.noising import COPIES, GONE, noised

EXAMPLES = [([["a", "b", "c"], ["d"]], ["O", "B-dish"])] * 400


def test_every_example_is_seen_as_it_is_first():
    """Then its copies, with the same labels."""
    seen = list(noised(EXAMPLES))
    assert seen[:400] == EXAMPLES
    assert len(seen) == 400 * (1 + COPIES)
    assert all(labels == ["O", "B-dish"] for _, labels in seen)


def test_copies_miss_some_features_and_gain_none():
    """About the share that is told."""
    copies = [features for features, _ in list(noised(EXAMPLES))[400:]]
    assert all(set(first) <= {"a", "b", "c"} and set(second) <= {"d"} for first, second in copies)
    left = sum(len(first) + len(second) for first, second in copies)
    assert abs(left / (400 * COPIES * 4) - (1 - GONE)) < 0.05


def test_the_same_features_are_missed_every_time():
    """Training is reproducible."""
    assert list(noised(EXAMPLES)) == list(noised(EXAMPLES))
