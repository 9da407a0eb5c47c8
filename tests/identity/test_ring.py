from hypothesis import given
from hypothesis import strategies as st

from herenow.identity.ring import RingKey, with_successor, without_key

NOW = 1_800_000_000


def key(kid, *, active_at=NOW - 100, purpose="manifest", retire_at=None):
    """A key of a ring."""
    return RingKey(kid, purpose, b"secret", NOW - 200, active_at, retire_at)


@st.composite
def rings(draw):
    """Two purposes, a handful of keys each, announced and retired at any time round now."""
    times = st.integers(NOW - 500, NOW + 500)
    made = st.builds(
        key,
        st.uuids().map(str),
        active_at=times,
        purpose=st.sampled_from(["manifest", "token"]),
        retire_at=st.none() | times,
    )
    return tuple(draw(st.lists(made, min_size=1, max_size=6)))


@given(keys=rings(), data=st.data())
def test_a_revoked_key_is_gone_and_another_of_its_purpose_signs(keys, data):
    """Of what is left the newest does not retire and one is active; other purposes are untouched."""
    revoked = data.draw(st.sampled_from(keys))
    left = without_key(keys, revoked, now=NOW)
    others = [each for each in keys if each.purpose == revoked.purpose and each is not revoked]
    if left is None:
        assert not any(each.verifies_at(NOW) for each in others)
        return
    of_purpose = [each for each in left if each.purpose == revoked.purpose]
    assert revoked.kid not in {each.kid for each in left}
    assert max(reversed(of_purpose), key=lambda each: each.active_at).retire_at is None
    assert any(each.active_at <= NOW for each in of_purpose)
    assert {each for each in left if each.purpose != revoked.purpose} <= set(keys)


@given(keys=rings())
def test_only_the_newest_key_of_a_purpose_does_not_retire(keys):
    """Once a successor is announced, all before it have an end, and those of the other purpose stay."""
    fresh = key("fresh", active_at=NOW + 10)
    after = with_successor(keys, fresh, now=NOW, overlap_s=60)
    of_purpose = [each for each in after if each.purpose == "manifest"]
    assert [each.kid for each in of_purpose if each.retire_at is None] == ["fresh"]
    assert {each for each in after if each.purpose == "token"} <= set(keys)
    assert all(each.verifies_at(NOW) for each in after)


def test_a_key_whose_successor_is_revoked_goes_on():
    """It had an end because of the successor; without one it has none."""
    old, stolen = key("old", retire_at=NOW + 50), key("stolen", active_at=NOW + 10)
    (left,) = without_key((old, stolen), stolen, now=NOW) or ()
    assert (left.kid, left.retire_at, left.active_at) == ("old", None, old.active_at)


def test_an_announced_key_signs_at_once_when_the_present_one_is_revoked():
    """Its announcement is cut short."""
    stolen, announced = key("stolen", retire_at=NOW + 50), key("announced", active_at=NOW + 10)
    (left,) = without_key((stolen, announced), stolen, now=NOW) or ()
    assert (left.kid, left.active_at, left.retire_at) == ("announced", NOW, None)


def test_the_only_key_cannot_go():
    """Neither can one beside which there are but retired ones."""
    only = key("only")
    assert without_key((only,), only, now=NOW) is None
    assert without_key((key("retired", retire_at=NOW), only), only, now=NOW) is None
