from hypothesis import given
from hypothesis import strategies as st
from tests.sdk_contract.core.strategies import json_values, quick, steady

from herenow_sdk.core.profile import Profile, bounded, fold, merged, read_event, read_profile
from herenow_sdk.core.profile.decay import HALF_LIVES, at_day, bump, decayed, factor, read_table
from herenow_sdk.core.profile.document import MAX_BYTES, size
from herenow_sdk.core.profile.habits import weeks_of, window_count
from herenow_sdk.core.profile.shrinkage import shrink
from herenow_sdk.core.profile.tallies import count_in, sum_of
from herenow_sdk.core.profile.tastes import affinities, intent_counts, item_affinity

DAY = 20_000
half_lives = st.sampled_from(sorted(HALF_LIVES))
names = st.sampled_from(["item_tap", "purchase", "item_hide", "session_start", "x"])
values = st.lists(st.sampled_from(["a", "b", "ü", "🍔"]), max_size=3)


def event(days):
    """Events on some of the days."""
    return st.builds(
        lambda name, day, hour, facet, place: read_event(
            {"name": name, "day": day, "hour": hour, "facets": {"category": facet}, "place": place}
        ),
        names,
        days,
        st.integers(0, 23),
        values,
        st.none() | st.sampled_from(["p", "q"]),
    )


def learned(events):
    """The profile that these events teach."""
    profile = Profile()
    for each in events:
        profile = fold(profile, each)
    return profile


profiles = st.builds(learned, st.lists(event(st.integers(DAY - 200, DAY)), max_size=12))


@steady
@given(st.lists(event(st.just(DAY)), max_size=12), st.randoms(), profiles)
def test_the_events_of_one_day_fold_in_any_order(events, random, profile):
    """Shuffled events of one day, on top of anything learned before, teach the same."""
    shuffled = list(events)
    random.shuffle(shuffled)
    one, other = profile, profile
    for each in events:
        one = fold(one, each)
    for each in shuffled:
        other = fold(other, each)
    assert one == other


@steady
@given(st.lists(profiles, max_size=4), st.randoms())
def test_sub_profiles_sum_in_any_order(parts, random):
    """The sum of installations does not depend on which is added first."""
    shuffled = list(parts)
    random.shuffle(shuffled)
    assert merged(parts, DAY) == merged(shuffled, DAY)


@steady
@given(profiles, profiles, profiles)
def test_sub_profiles_sum_in_any_grouping(a, b, c):
    """Summing two first and the third after is summing all three."""
    assert merged([merged([a, b], DAY), c], DAY) == merged([a, b, c], DAY)


@steady
@given(profiles)
def test_a_profile_survives_being_kept(profile):
    """Written as JSON and read again, it is the same."""
    assert read_profile(profile.as_json()) == profile


@steady
@given(half_lives, st.integers(0, 2**36 - 1), st.integers(0, 2000), st.integers(0, 2000))
def test_decay_never_grows_with_time_nor_beyond_what_was(half_life, count, days, more):
    """More days leave no more, and never more than there was."""
    table = HALF_LIVES[half_life]
    assert decayed(count, days + more, table) <= decayed(count, days, table) <= count


@steady
@given(half_lives, st.integers(0, 2**36 - 1), st.integers(0, 2**36 - 1), st.integers(0, 500))
def test_decay_keeps_order(half_life, one, other, days):
    """What was more stays at least as much."""
    table = HALF_LIVES[half_life]
    assert (one <= other) <= (decayed(one, days, table) <= decayed(other, days, table))


@steady
@given(half_lives, st.integers(0, 2000))
def test_a_half_life_halves_exactly(half_life, days):
    """The factor a half-life later is half the factor, rounded down."""
    table = HALF_LIVES[half_life]
    assert factor(days + half_life, table) == factor(days, table) >> 1


@steady
@given(half_lives, st.integers(0, 102_400), st.integers(0, 102_400), st.integers(0, 90))
def test_a_late_event_weighs_what_it_would_have_weighed(half_life, one, other, apart):
    """Two events give the same counter whichever arrives first."""
    table = HALF_LIVES[half_life]
    in_time = bump(bump((0, DAY), one, DAY, table), other, DAY + apart, table)
    late = bump(bump((0, DAY + apart), other, DAY + apart, table), one, DAY, table)
    assert in_time == late
    assert at_day(in_time, DAY + apart, table) == in_time[0]


@steady
@given(st.integers(0, 2**30), st.integers(0, 2**30), st.integers(0, 1024), st.integers(1, 2**20))
def test_a_share_lies_between_evidence_and_prior(count, rest, prior, strength):
    """Shrinkage never leaves the range of what was seen and what was believed before."""
    total = count + rest
    share = shrink(count, total, prior, strength)
    seen = count * 1024 // total if total else prior
    assert min(seen, prior) <= share <= max(seen + 1, prior)


@steady
@given(profiles, st.integers(DAY - 10, DAY + 100))
def test_affinities_stay_in_their_range(profile, today):
    """No attribute and no feature of an item leaves -1024 to 1024."""
    found = affinities(profile, today)
    assert all(-1024 <= value <= 1024 for values in found.values() for value in values.values())
    assert -1024 <= item_affinity(found, {"category": ["a", "b", "new"]}) <= 1024


@steady
@given(
    st.dictionaries(
        st.text(min_size=1, max_size=40),
        st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)),
        max_size=200,
    )
)
def test_a_kept_profile_is_within_its_size_and_keeps_the_strongest(tastes):
    """Whatever it learned, it fits; whatever left is no stronger than anything that stayed."""
    raw = {"v": 1, "affinity": {"c": {name: [*pair, DAY] for name, pair in tastes.items()}}}
    whole = read_profile(raw)
    kept = bounded(whole)
    assert size(kept) <= MAX_BYTES
    stayed = kept.affinity.get("c", {})
    left = [taste for name, taste in whole.affinity.get("c", {}).items() if name not in stayed]
    if left:
        assert max(a + b for a, b, _ in left) <= min(a + b for a, b, _ in stayed.values())


@quick
@given(json_values)
def test_no_json_raises_and_every_reading_fits(raw):
    """Any JSON is a profile, an event, an intent, or none."""
    for document in (raw, {"affinity": raw, "events": {"x": raw}, "places": {"p": raw}, "weeks": raw}):
        profile = read_profile(document)
        assert read_profile(profile.as_json()) == profile
        assert size(bounded(profile)) <= MAX_BYTES
        affinities(profile, DAY, intent_counts(raw, 1), {"category": raw})
        window_count(profile, "x", "count_7d", DAY, 0)
        weeks_of(profile, 12, DAY // 7)
    read_event(raw)


def test_a_table_that_is_none_gives_way_to_the_default():
    """A model's table must fall from 65536 and stay above 32768; another counts as not sent."""
    good = (65_536, 50_000, 40_000)
    assert read_table(list(good), 14) == good
    for bad in (None, [], [65_535], [65_536, 32_768], [65_536, 40_000, 50_000], ["x"], [65_536, 40_000.5]):
        assert read_table(bad, 14) == HALF_LIVES[14]


@given(dates=st.lists(st.integers(0, 12), min_size=1, max_size=20), keep=st.integers(1, 8))
def test_counting_one_more_is_the_sum_with_a_tally_of_one(dates, keep):
    """In whatever order dates come, also when the earliest leave."""
    tally = None
    for date in dates:
        expected = (date, 1) if tally is None else sum_of(tally, (date, 1), keep)
        tally = count_in(tally, date, keep)
        assert tally == expected
