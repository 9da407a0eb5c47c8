import json
import random
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from herenow.authoring.audit import Audit
from herenow.authoring.releases import Releases
from herenow.errors import Forbidden, Invalid, NotFound
from herenow.scope import Scope
from herenow.storage.memory import MemoryBlobs, MemoryDocuments

NAMES = st.text("abcdefgh_", min_size=1, max_size=8)
DOCUMENT = st.dictionaries(
    NAMES, st.dictionaries(NAMES, st.integers() | st.text(max_size=5), max_size=5), max_size=5
)


def shuffled(value, order):
    """The same JSON value with its members in another order."""
    if isinstance(value, dict):
        members = list(value.items())
        order.shuffle(members)
        return {key: shuffled(member, order) for key, member in members}
    return value


def parsed(files, **_):
    """Validation of sets that are right by construction."""
    return SimpleNamespace(documents={name: json.loads(text) for name, text in files.items()})


@settings(deadline=None)
@given(personas=DOCUMENT, intents=DOCUMENT, seed=st.integers(0, 999), indent=st.sampled_from([None, 2]))
def test_the_same_documents_have_the_same_digest(personas, intents, seed, indent):
    """Neither the order of files and members nor the layout makes another release."""
    order = random.Random(seed)
    written = {"app.json": {"app": "reels"}, "intents.json": intents, "personas.json": personas}
    releases = Releases(
        documents := MemoryDocuments(lambda: 0.0),
        MemoryBlobs(),
        Audit(documents, clock=lambda: 0.0),
        validate=parsed,
        clock=lambda: 0.0,
    )
    scope = Scope("reels", "staging")
    first = releases.create(
        scope, {name: json.dumps(each).encode() for name, each in written.items()}, by="asha"
    )
    again = shuffled(written, order)
    files = {name: json.dumps(each, indent=indent).encode() for name, each in again.items()}
    second = releases.create(scope, files, by="ben")
    assert not second.created
    assert second.release == first.release


def test_releases_are_numbered_from_one(rooms, scope, numbered):
    """Each new set takes the next number, in its own app and environment."""
    assert [numbered("one"), numbered("two"), numbered("three")] == [1, 2, 3]
    assert [release.number for release in rooms.releases.list(scope).releases] == [3, 2, 1]
    assert rooms.releases.list(Scope("reels", "staging")).releases == ()


def test_the_same_set_again_answers_the_last_release(rooms, scope, reels, as_files):
    """Nothing is numbered twice, and the caller is told."""
    first = rooms.releases.create(scope, as_files(reels), by="asha")
    reels["app.json"]["$schema"] = "elsewhere.json"
    again = rooms.releases.create(scope, as_files(reels), by="ben")
    assert (first.created, again.created) == (True, False)
    assert again.release == first.release


def test_going_back_to_an_older_set_is_a_new_release(numbered):
    """Only the last release counts as the same; history is not rewritten."""
    assert [numbered("one"), numbered("two"), numbered("one")] == [1, 2, 3]


def test_old_releases_stay_readable(rooms, scope, reels, as_files, numbered):
    """Texts come back byte for byte, documents and parts as they were compiled."""
    files = as_files(reels)
    first = rooms.releases.create(scope, files, by="asha").release
    numbered("two")
    assert rooms.releases.files(scope, first.number) == files
    documents = rooms.releases.documents(scope, first.number)
    assert documents["features.json"] == json.loads(files["features.json"])
    assert "$schema" not in documents["app.json"]
    parts = rooms.releases.parts(scope, first.number)
    assert parts["features"]["features"]["title"]["defaultValue"] == "Popular"


def test_releases_made_at_once_are_numbered_without_gaps(rooms, scope, reels, as_files, at_once):
    """Ten different sets at the same moment take the numbers one to ten, each its own."""

    def call(title):
        reels["features.json"]["title"]["default"] = title
        files = as_files(reels)
        return lambda: rooms.releases.create(scope, files, by="asha").release.number

    assert sorted(at_once([call(f"title {n}") for n in range(10)])) == list(range(1, 11))


def test_the_same_set_at_once_is_one_release(rooms, scope, reels, as_files, at_once):
    """Whoever loses the race gets the winner's release."""
    files = as_files(reels)
    outcomes = at_once([lambda: rooms.releases.create(scope, files, by="asha")] * 6)
    assert {outcome.release.number for outcome in outcomes} == {1}
    assert [outcome.created for outcome in outcomes].count(True) == 1


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("features.json", b"{", "INVALID_DOCUMENTS"),
        ("app.json", b'{"app": "bites"}', "WRONG_APP"),
        (
            "features.json",
            json.dumps(
                {"x": {"type": "string", "default": random.Random(1).randbytes(300_000).hex()}}
            ).encode(),
            "OVER_BUDGET",
        ),
    ],
)
def test_an_invalid_set_changes_nothing(rooms, scope, reels, as_files, name, text, code):
    """No release, no number, no audit record of one; the next good set is number one."""
    with pytest.raises(Invalid) as caught:
        rooms.releases.create(scope, as_files(reels) | {name: text}, by="asha")
    assert caught.value.code == code
    assert rooms.releases.list(scope).releases == ()
    assert rooms.audit.list(scope).records == ()
    assert rooms.releases.create(scope, as_files(reels), by="asha").release.number == 1


def test_an_author_cannot_approve_their_own_release(rooms, scope, numbered):
    """The attempt is refused and on record."""
    number = numbered("one", by="asha")
    with pytest.raises(Forbidden) as caught:
        rooms.releases.approve(scope, number, by="asha")
    assert caught.value.code == "SELF_APPROVAL"
    latest = rooms.audit.list(scope).records[0]
    assert (latest.what, latest.outcome, latest.detail) == (
        "release.approved",
        "refused",
        {"reason": "SELF_APPROVAL"},
    )


def test_a_person_approves_once(rooms, scope, numbered):
    """A repeated approval is no second one, nor a second record."""
    number = numbered("one")
    rooms.releases.approve(scope, number, by="ben")
    rooms.releases.approve(scope, number, by="ben")
    assert [each.by for each in rooms.releases.get(scope, number).approvals] == ["ben"]
    assert [each.what for each in rooms.audit.list(scope).records].count("release.approved") == 1


def test_approvals_at_once_all_count(rooms, scope, numbered, at_once):
    """No approval is lost to another that was written at the same moment."""
    number = numbered("one")
    people = [f"person-{n}" for n in range(6)]
    at_once([lambda by=by: rooms.releases.approve(scope, number, by=by) for by in people])
    assert {each.by for each in rooms.releases.get(scope, number).approvals} == set(people)


@pytest.mark.parametrize("number", [-1, 0, 2, 10**12])
def test_a_release_that_was_never_made_is_not_found(rooms, scope, numbered, number):
    """Impossible numbers are not found either."""
    numbered("one")
    with pytest.raises(NotFound):
        rooms.releases.get(scope, number)


def test_another_app_sees_none_of_it(rooms, numbered):
    """Release numbers are of one app and environment."""
    numbered("one")
    with pytest.raises(NotFound):
        rooms.releases.get(Scope("bites", "production"), 1)


def test_the_list_is_paged(rooms, scope, numbered):
    """Following the cursor reads every release once, newest first."""
    for n in range(7):
        numbered(f"title {n}")
    seen, cursor = [], None
    while True:
        page = rooms.releases.list(scope, limit=3, cursor=cursor)
        seen += [release.number for release in page.releases]
        cursor = page.cursor
        if cursor is None:
            break
    assert seen == [7, 6, 5, 4, 3, 2, 1]
