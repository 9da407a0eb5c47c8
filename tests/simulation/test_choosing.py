import numpy as np

from herenow.simulation.choosing import Mind, draw_of, mind, own_choice, read, taps
from herenow.simulation.people import populate


def _mind(corner, wanted=0):
    person = populate(corner, 1, 21, 11)[0]
    return Mind(person, person.places["home"], wanted)


def test_what_is_wanted_and_near_draws_most(corner):
    """Of two things alike but for one, the wanted one, and the nearer one."""
    drinker = _mind(corner, corner.values.index("tea"))
    draw = draw_of(drinker, corner, np.arange(36))
    wanted = corner.tags[:, drinker.wanted]
    assert draw[wanted].mean() > draw[~wanted].mean()
    away = corner.km_from(drinker.here)
    plain = np.array([n for n in range(36) if not wanted[n] and n != drinker.person.favourite])
    assert np.corrcoef(draw[plain], away[plain])[0, 1] < 0


def test_a_list_is_read_from_the_top():
    """Of equal items the first are seen and tapped most."""
    random = np.random.default_rng(2)
    readings = [read(np.full(20, 1.0), random) for _ in range(2000)]
    tapped = np.bincount([at for each in readings for at in each.tapped], minlength=20)
    assert tapped[0] > tapped[4] > tapped[12]
    assert all(max(each.tapped, default=0) < each.seen <= 20 for each in readings)


def test_nothing_is_tapped_for_sure():
    """However much it draws, and however little."""
    chances = taps(np.array([-50.0, 0.0, 50.0]))
    assert (np.diff(chances) > 0).all()
    assert chances[0] < 0.01
    assert chances[2] <= 0.7


def test_who_searches_finds_what_they_wanted(corner):
    """Mostly, whatever it is."""
    random, person = np.random.default_rng(3), populate(corner, 1, 21, 11)[0]
    minds = [mind(person, person.places["home"], random) for _ in range(200)]
    assert np.mean([corner.tags[own_choice(each, corner, random), each.wanted] for each in minds]) > 0.7
