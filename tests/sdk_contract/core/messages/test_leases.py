from hypothesis import given
from hypothesis import strategies as st
from tests.sdk_contract.core.strategies import steady

from herenow_sdk.core.messages.caps import use
from herenow_sdk.core.messages.durations import Period
from herenow_sdk.core.messages.leases import Granted, Held, Leases, grant
from herenow_sdk.core.messages.ledger import Sent
from herenow_sdk.core.messages.policy import Cap

DAY = 86_400
RULE = "policy/caps/0"
acts = st.lists(
    st.tuples(st.sampled_from(["send", "lend", "device", "return", "lose"]), st.integers(0, 4)), max_size=30
)


@steady
@given(st.integers(0, 5), acts)
def test_two_hosts_and_a_borrower_never_exceed_a_cap(maximum, acts):
    """Whatever the order of sends, loans, returns and losses, no more messages leave than the cap allows."""
    cap = Cap(RULE, maximum, Period(DAY))
    server: list[Sent] = []
    device: list[Sent] = []
    lease: Granted | None = None
    lost: list[Granted] = []
    gone = 0
    for now, (act, wanted) in enumerate(acts, 1):
        granted = tuple(each for each in (lease, *lost) if each is not None)
        counted = use(cap, server, Leases(granted=granted), None, now - DAY, now).counted
        if act == "send" and counted < maximum:
            server.append(Sent("c", now))
        elif act == "lend" and lease is None:
            lease = Granted(RULE, grant(maximum, counted, wanted), now + 1000)
        elif act == "device" and lease is not None:
            held = Held(lease.slots, len(device), now, lease.until)
            found = use(cap, device, Leases({RULE: held}), None, now - DAY, now)
            if found.left > 0 and not found.unleased:
                device.append(Sent("c", now))
        elif act == "return" and lease is not None:
            server, device, lease = [*server, *device], [], None
        elif act == "lose" and lease is not None:
            lost, gone, device, lease = [*lost, lease], gone + len(device), [], None
        assert len(server) + len(device) + gone <= maximum


@given(st.integers(0, 9), st.integers(0, 99), st.integers(-9, 99))
def test_no_more_is_lent_than_is_left_and_wanted(maximum, counted, wanted):
    """A grant is never negative and never above either bound."""
    slots = grant(maximum, counted, wanted)
    assert 0 <= slots <= max(wanted, 0)
    assert slots <= max(maximum - counted, 0)
