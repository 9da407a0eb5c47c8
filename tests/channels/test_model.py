"""What couriers are handed and answer."""

from herenow.channels.model import Address, Handed, Notice, Outcome, expired, spoiled

NOTICE = Notice("m-1", "lunch", "push", "Lunch?", "Round the corner", expires_at=1_000)
ADDRESS = Address("push", "secret-token", "i-1", created_at=1)


def test_life_is_counted_in_whole_seconds() -> None:
    """What is left of a second is not handed to a provider, which would hold the notice past its end."""
    assert NOTICE.life_left(998.2) == 1
    assert NOTICE.life_left(999.5) <= 0
    assert NOTICE.life_left(2_000) < 0


def test_only_what_certainly_did_not_leave_may_be_repeated() -> None:
    """An answer that never came is no leave to send again."""
    assert [each for each in Outcome if Handed(each).may_repeat] == [Outcome.RETRY_LATER]
    assert expired() == Handed(Outcome.REFUSED, "EXPIRED")


def test_an_address_is_not_told_by_its_repr() -> None:
    """What ends in a log or a traceback names nobody."""
    assert "secret-token" not in repr(ADDRESS)


def test_a_spoiled_address_reaches_nobody() -> None:
    """It keeps when that was learned."""
    assert ADDRESS.reaches
    assert spoiled(ADDRESS, 7.9).invalid_at == 7
    assert not spoiled(ADDRESS, 7.9).reaches
