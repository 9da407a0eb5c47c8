from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.depth import examples

from herenow.authoring.pointer import NO_CATALOG
from herenow.authoring.publishing import Publishing
from herenow.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    Unavailable,
)
from herenow.scope import Scope


def fitting(rooms, fit):
    """Publishing that fits catalogues to releases."""
    return Publishing(rooms.documents, rooms.releases, rooms.signer, rooms.audit, clock=rooms.clock, fit=fit)


def test_nothing_is_live_before_the_first_publication(rooms, scope):
    """There is no pointer, and asking for what is live says so."""
    assert rooms.publishing.pointer(scope) is None
    with pytest.raises(Unavailable) as caught:
        rooms.publishing.live(scope)
    assert caught.value.code == "NOTHING_PUBLISHED"


def test_the_first_publication_needs_no_etag(rooms, scope, numbered):
    """It makes sequence 1, without a catalogue or a model yet."""
    pointer = rooms.publishing.publish(scope, numbered("one"), by="asha")
    assert pointer.sequence == 1
    assert pointer.serving_set == {"release": 1, "catalog": NO_CATALOG, "model": "m-0"}
    assert rooms.publishing.live(scope) == pointer


def test_every_later_one_names_what_it_replaces(rooms, scope, numbered):
    """Without If-Match or with a stale one nothing moves."""
    first = rooms.publishing.publish(scope, numbered("one"), by="asha")
    second = rooms.publishing.publish(scope, numbered("two"), by="asha", if_match=first.sequence)
    with pytest.raises(PreconditionRequired):
        rooms.publishing.publish(scope, 1, by="asha")
    with pytest.raises(PreconditionFailed):
        rooms.publishing.publish(scope, 1, by="asha", if_match=first.sequence)
    assert rooms.publishing.live(scope) == second


@pytest.mark.parametrize("published_before", [False, True])
def test_of_publications_at_once_exactly_one_wins(rooms, scope, numbered, at_once, published_before):
    """The others are told; pointer, history and audit log know one."""
    numbers = [numbered(f"title {n}") for n in range(5)]
    if_match = rooms.publishing.publish(scope, numbers[0], by="asha").sequence if published_before else None
    calls = [
        lambda number=number: rooms.publishing.publish(scope, number, by="asha", if_match=if_match)
        for number in numbers
    ]
    outcomes = at_once(calls)
    won = [each for each in outcomes if not isinstance(each, Exception)]
    lost = [each for each in outcomes if isinstance(each, PreconditionFailed | PreconditionRequired)]
    assert (len(won), len(lost)) == (1, 4)
    assert rooms.publishing.live(scope) == won[0]
    assert rooms.publishing.history(scope).pointers[0] == won[0]
    published = [each for each in rooms.audit.list(scope).records if each.what == "release.published"]
    assert len(published) == won[0].sequence


def test_an_unknown_release_is_not_published(rooms, scope, numbered):
    """The pointer stays where it was."""
    live = rooms.publishing.publish(scope, numbered("one"), by="asha")
    with pytest.raises(NotFound):
        rooms.publishing.publish(scope, 9, by="asha", if_match=live.sequence)
    assert rooms.publishing.live(scope) == live


def test_publishing_waits_for_the_approvals_of_the_policy(rooms, scope, numbered):
    """It is refused, told how many are missing and on record; with the approval it goes through."""
    number = numbered("one", approvals=1)
    with pytest.raises(Forbidden, match="needs 1 more approval for reels/production") as caught:
        rooms.publishing.publish(scope, number, by="asha")
    assert caught.value.code == "APPROVAL_MISSING"
    assert rooms.publishing.pointer(scope) is None
    assert rooms.audit.list(scope).records[0].outcome == "refused"
    rooms.releases.approve(scope, number, by="ben")
    assert rooms.publishing.publish(scope, number, by="asha").release == number


def test_another_environment_has_its_own_rule(rooms, numbered, reels, as_files):
    """The policy asks for approvals by environment; staging is not named in it."""
    numbered("one", approvals=1)
    staging = Scope("reels", "staging")
    number = rooms.releases.create(staging, as_files(reels), by="asha").release.number
    assert rooms.publishing.publish(staging, number, by="asha").sequence == 1


def test_a_release_cannot_abolish_the_rule_that_holds_it_back(rooms, scope, numbered):
    """The policy in force counts, too."""
    first = numbered("one", approvals=1)
    rooms.releases.approve(scope, first, by="ben")
    live = rooms.publishing.publish(scope, first, by="asha")
    lax = numbered("two", approvals=0)
    with pytest.raises(Forbidden):
        rooms.publishing.publish(scope, lax, by="asha", if_match=live.sequence)


def test_rolling_back_restores_what_was_live_before(rooms, scope, numbered):
    """Twice goes two releases back, and the sequence keeps rising."""
    for number in (numbered("one"), numbered("two"), numbered("three")):
        live = rooms.publishing.pointer(scope)
        rooms.publishing.publish(scope, number, by="asha", if_match=live.sequence if live else None)
    back = rooms.publishing.rollback(scope, by="ben", if_match=3)
    assert (back.sequence, back.release) == (4, 2)
    further = rooms.publishing.rollback(scope, by="ben", if_match=4)
    assert (further.sequence, further.release) == (5, 1)
    with pytest.raises(Conflict) as caught:
        rooms.publishing.rollback(scope, by="ben", if_match=5)
    assert caught.value.code == "NOTHING_TO_ROLL_BACK"


def test_after_a_new_publication_rolling_back_undoes_that_one(rooms, scope, numbered):
    """What was rolled back from before is not found again."""
    rooms.publishing.publish(scope, numbered("one"), by="asha")
    rooms.publishing.publish(scope, numbered("bad"), by="asha", if_match=1)
    rooms.publishing.rollback(scope, by="asha", if_match=2)
    rooms.publishing.publish(scope, numbered("also bad"), by="asha", if_match=3)
    assert rooms.publishing.rollback(scope, by="asha", if_match=4).release == 1


def test_rolling_back_to_a_release_needs_that_it_was_live(rooms, scope, numbered):
    """A release that nobody published is no way around approvals."""
    rooms.publishing.publish(scope, numbered("one"), by="asha")
    never_live = numbered("two")
    rooms.publishing.publish(scope, numbered("three"), by="asha", if_match=1)
    with pytest.raises(Conflict):
        rooms.publishing.rollback(scope, by="asha", if_match=2, to=never_live)
    assert rooms.publishing.rollback(scope, by="asha", if_match=2, to=1).release == 1


def test_rolling_back_asks_nobody_again(rooms, scope, numbered):
    """The release restored was approved by the rules of its day; minutes count now."""
    live = rooms.publishing.publish(scope, numbered("one"), by="asha")
    strict = numbered("two", approvals=1)
    rooms.releases.approve(scope, strict, by="ben")
    live = rooms.publishing.publish(scope, strict, by="asha", if_match=live.sequence)
    assert rooms.publishing.rollback(scope, by="asha", if_match=live.sequence).release == 1


@pytest.mark.parametrize("if_match", [None, 7])
def test_rolling_back_needs_the_present_etag(rooms, scope, numbered, if_match):
    """As publishing does."""
    rooms.publishing.publish(scope, numbered("one"), by="asha")
    rooms.publishing.publish(scope, numbered("two"), by="asha", if_match=1)
    with pytest.raises(PreconditionRequired if if_match is None else PreconditionFailed):
        rooms.publishing.rollback(scope, by="asha", if_match=if_match)


def test_a_catalogue_is_published_beside_the_release(rooms, scope, numbered):
    """Release and kill list stay; a rollback of the release keeps the catalogue."""
    rooms.publishing.publish(scope, numbered("one"), by="asha", catalog="c-1")
    rooms.publishing.publish(scope, numbered("two"), by="asha", if_match=1)
    pointer = rooms.publishing.publish_catalog(scope, "c-2", by="import")
    assert (pointer.sequence, pointer.release, pointer.catalog) == (3, 2, "c-2")
    back = rooms.publishing.rollback(scope, by="asha", if_match=3)
    assert (back.release, back.catalog) == (1, "c-2")


def test_catalogues_published_at_once_all_go_through(rooms, scope, numbered, at_once):
    """Imports do not read an ETag first; each gets its own sequence."""
    rooms.publishing.publish(scope, numbered("one"), by="asha")
    calls = [lambda n=n: rooms.publishing.publish_catalog(scope, f"c-{n}", by="import") for n in range(4)]
    assert sorted(each.sequence for each in at_once(calls)) == [2, 3, 4, 5]


def test_a_catalogue_alone_cannot_be_live(rooms, scope):
    """A release comes first."""
    with pytest.raises(Unavailable):
        rooms.publishing.publish_catalog(scope, "c-1", by="import")


def test_what_does_not_fit_together_is_not_published(rooms, scope, numbered):
    """The check of release against catalogue comes before anything is written, and not before a kill."""

    def fit(_scope, _release, catalog):
        if catalog == "c-other-columns":
            raise Invalid("no such facet")
        return catalog

    publishing = fitting(rooms, fit)
    live = publishing.publish(scope, numbered("one"), by="asha", catalog="c-1")
    with pytest.raises(Invalid):
        publishing.publish_catalog(scope, "c-other-columns", by="import")
    assert publishing.live(scope) == live
    assert publishing.set_kill(scope, ["push"], by="olga", if_match=1).kill == ("push",)


def test_a_catalogue_is_served_as_its_release_needs_it(rooms, scope, numbered):
    """Publishing, importing and rolling back all serve the rows compiled under that release's facets."""
    publishing = fitting(rooms, lambda _scope, release, catalog: f"{catalog[:3]}-under-{release.number}")
    publishing.publish(scope, numbered("one"), by="asha", catalog="c-1")
    publishing.publish(scope, numbered("two"), by="asha", if_match=1)
    publishing.publish_catalog(scope, "c-2", by="import")
    publishing.rollback(scope, by="asha", if_match=3)
    served = [each.catalog for each in publishing.history(scope).pointers]
    assert served == ["c-2-under-1", "c-2-under-2", "c-1-under-2", "c-1-under-1"]


def test_no_catalogue_needs_no_fitting(rooms, scope, numbered):
    """A release goes live before the first import."""
    publishing = fitting(rooms, lambda *_: pytest.fail("there is nothing to fit"))
    assert publishing.publish(scope, numbered("one"), by="asha").catalog == NO_CATALOG


def test_a_capability_is_killed_and_revived(rooms, scope, numbered):
    """The list is replaced as a whole, sorted, under If-Match, with a new sequence."""
    rooms.publishing.publish(scope, numbered("one"), by="asha")
    killed = rooms.publishing.set_kill(scope, ["push", "features", "push"], by="olga", if_match=1)
    assert (killed.sequence, killed.kill) == (2, ("features", "push"))
    later = rooms.publishing.publish(scope, numbered("two"), by="asha", if_match=2)
    assert later.kill == ("features", "push")
    assert rooms.publishing.set_kill(scope, [], by="olga", if_match=3).kill == ()


def test_a_mistyped_capability_is_not_killed(rooms, scope, numbered):
    """A kill switch that kills nothing is worse than an error; the nearest name is offered."""
    rooms.publishing.publish(scope, numbered("one"), by="asha")
    with pytest.raises(Invalid) as caught:
        rooms.publishing.set_kill(scope, ["pusch"], by="olga", if_match=1)
    assert caught.value.code == "UNKNOWN_CAPABILITY"
    assert "Nearest: push." in caught.value.detail
    assert rooms.publishing.live(scope).sequence == 1


def test_history_tells_every_pointer(rooms, scope, numbered):
    """Newest first, in pages."""
    rooms.publishing.publish(scope, numbered("one"), by="asha")
    rooms.publishing.publish_catalog(scope, "c-1", by="import")
    rooms.publishing.set_kill(scope, ["push"], by="olga", if_match=2)
    page = rooms.publishing.history(scope, limit=2)
    rest = rooms.publishing.history(scope, limit=2, cursor=page.cursor)
    assert [each.sequence for each in (*page.pointers, *rest.pointers)] == [3, 2, 1]
    assert page.pointers[0] == rooms.publishing.live(scope)


def test_every_move_is_on_record(rooms, scope, numbered):
    """With who, what and the sequence it made."""
    rooms.publishing.publish(scope, numbered("one"), by="asha")
    rooms.publishing.publish(scope, numbered("two"), by="asha", if_match=1)
    rooms.publishing.rollback(scope, by="ben", if_match=2)
    latest = rooms.audit.list(scope).records[0]
    assert (latest.who, latest.what, latest.target) == ("ben", "release.rolled_back", "reels/production")
    assert latest.detail == {"sequence": 3, "release": 1, "was": 2}


def test_another_process_sees_it_at_once(rooms, scope, numbered, another_process):
    """The pointer is read from the store, not from memory."""
    pointer = rooms.publishing.publish(scope, numbered("one"), by="asha")
    assert another_process(rooms).publishing.live(scope) == pointer


ENVIRONMENTS = count()
MOVES = st.lists(st.sampled_from(["publish", "rollback", "catalog", "kill", "stale"]), max_size=8)


@settings(
    max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=MOVES)
def test_the_sequence_rises_by_one_whatever_is_done(rooms, reels, as_files, moves):
    """Every move that is let happen makes the next sequence; every refused one makes none."""
    scope = Scope("reels", f"e{next(ENVIRONMENTS)}")
    number = rooms.releases.create(scope, as_files(reels), by="asha").release.number
    rooms.publishing.publish(scope, number, by="asha")
    for step, move in enumerate(moves):
        before = rooms.publishing.live(scope)
        moved = _attempt(rooms, scope, reels, as_files, move, step, before)
        after = rooms.publishing.live(scope)
        assert after.sequence == before.sequence + moved
        assert after == before or moved
    told = [each.sequence for each in rooms.publishing.history(scope, limit=50).pointers]
    assert told == list(range(len(told), 0, -1))


def _attempt(rooms, scope, reels, as_files, move, step, live):
    """Make one move; tell whether it was let happen."""
    publishing = rooms.publishing
    if_match = live.sequence - (move == "stale")
    try:
        if move == "catalog":
            publishing.publish_catalog(scope, f"c-{step}", by="asha")
        elif move == "kill":
            publishing.set_kill(scope, ["push"], by="asha", if_match=if_match)
        elif move == "rollback":
            publishing.rollback(scope, by="asha", if_match=if_match)
        else:
            reels["features.json"]["title"]["default"] = f"title {step}"
            number = rooms.releases.create(scope, as_files(reels), by="asha").release.number
            publishing.publish(scope, number, by="asha", if_match=if_match)
    except (PreconditionFailed, Conflict):
        return False
    return True


def test_pointers_are_values():
    """Two reads of one pointer are equal, and it cannot be changed in place."""
    from herenow.authoring.pointer import NOTHING

    assert replace(NOTHING) == NOTHING
    with pytest.raises(AttributeError):
        NOTHING.release = 2
