"""No message is handed over in quiet hours, in any zone, at any instant, nor held by a provider into them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given
from hypothesis import strategies as st
from tests.messaging.conftest import APP, House, MovedClock, campaign, house_of

from herenow.bootstrap import build_services
from herenow.channels.payloads import MAX_FCM_TTL_S, fcm_ttl_s
from herenow.messaging.carrying import notice_of
from herenow.messaging.seams import Letter
from herenow.settings import Settings

ZONES = sorted(each for each in available_timezones() if "/" in each and not each.startswith("Etc/"))
FIRST = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
YEAR = 366 * 86_400
MINUTE = 60


def quiet_house(start: str, end: str, now: int) -> House:
    """An app that is quiet between two times of day."""
    clock = MovedClock(now)
    settings = Settings(documents="memory", secret="0" * 64, poll_interval_s=0)
    house = house_of(build_services(settings, clock=clock), clock)
    policy = {"quiet_hours": {"from": start, "to": end}, "approvals": {"production": 0}}
    house.publish(campaigns={"p": campaign(channels=["push", "sms"])}, policy=policy)
    return house


def held_s(letter: Letter, now: int) -> dict[str, int]:
    """For how long APNs and FCM are told that they may hold the letter."""
    notice = notice_of(letter, "en")
    return {"apns": notice.life_left(now), "fcm": fcm_ttl_s(notice, now)}


def is_quiet(at: int, zone: str, start: str, end: str) -> bool:
    """By the clock on the wall, as the standard library tells it."""
    wall = datetime.fromtimestamp(at, ZoneInfo(zone)).strftime("%H:%M")
    return start <= wall < end if start < end else wall >= start or wall < end


@given(
    zone=st.sampled_from(ZONES),
    at=st.integers(FIRST, FIRST + YEAR),
    hours=st.permutations(range(24)).map(lambda each: (f"{each[0]:02d}:00", f"{each[1]:02d}:30")),
)
def test_nothing_is_handed_over_in_quiet_hours(zone, at, hours):
    """Triggered at any instant, looked after every twenty minutes for a day: it leaves outside of them."""
    house = quiet_house(*hours, at)
    phone = house.phone(time_zone=zone)

    house.tell(phone, ("item_view", {"item": "patty"}))
    for _ in range(75):
        house.worker().turn(APP)
        if house.couriers.letters:
            break
        house.clock.now += 1200

    ((_, letter, now),) = house.couriers.letters
    left = letter.expires_at - now
    assert held_s(letter, now) == {"apns": left, "fcm": min(left, MAX_FCM_TTL_S)}
    assert not any(is_quiet(now + second, zone, *hours) for second in range(0, left, MINUTE))
    assert not is_quiet(now, zone, *hours)
    assert not is_quiet(letter.expires_at - 1, zone, *hours) or letter.expires_at <= now
    house.services.close()
