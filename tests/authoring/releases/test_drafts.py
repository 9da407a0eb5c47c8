import pytest

from herenow.authoring.positions import MAX_BYTES
from herenow.errors import Invalid, NotFound, PayloadTooLarge, PreconditionFailed, PreconditionRequired
from herenow.scope import Scope


def test_a_draft_comes_back_exactly_as_written(rooms, scope):
    """Layout and a missing line end matter, because errors are told by line and column."""
    text = b'{\n  "title" : 1 }'
    draft = rooms.drafts.put(scope, "features.json", text, by="asha")
    assert rooms.drafts.get(scope, "features.json") == draft
    assert rooms.drafts.text(draft) == text
    assert rooms.drafts.files(scope) == {"features.json": text}


def test_changing_a_draft_needs_its_version(rooms, scope):
    """Without If-Match, or with an old one, the stored text stays."""
    first = rooms.drafts.put(scope, "app.json", b"1", by="asha")
    second = rooms.drafts.put(scope, "app.json", b"2", by="ben", if_match=first.version)
    with pytest.raises(PreconditionRequired):
        rooms.drafts.put(scope, "app.json", b"3", by="asha")
    with pytest.raises(PreconditionFailed):
        rooms.drafts.put(scope, "app.json", b"3", by="asha", if_match=first.version)
    assert rooms.drafts.get(scope, "app.json") == second


def test_a_version_of_what_does_not_exist_never_matches(rooms, scope):
    """If-Match on a new draft is a mistake."""
    with pytest.raises(PreconditionFailed):
        rooms.drafts.put(scope, "app.json", b"1", by="asha", if_match=1)


def test_of_two_writers_at_once_one_wins(rooms, scope, at_once):
    """The other is told, and its text is nowhere."""
    rooms.drafts.put(scope, "app.json", b"0", by="asha")
    writes = [
        lambda text=text: rooms.drafts.put(scope, "app.json", text, by="asha", if_match=1)
        for text in (b"a", b"b", b"c", b"d")
    ]
    outcomes = at_once(writes)
    assert sum(isinstance(each, PreconditionFailed) for each in outcomes) == 3
    assert rooms.drafts.get(scope, "app.json").version == 2


def test_a_deleted_draft_is_gone_and_its_old_etag_never_fits_again(rooms, scope):
    """What is written anew under the same name has a later version."""
    first = rooms.drafts.put(scope, "app.json", b"1", by="asha")
    rooms.drafts.delete(scope, "app.json", by="asha", if_match=first.version)
    with pytest.raises(NotFound):
        rooms.drafts.get(scope, "app.json")
    assert rooms.drafts.list(scope) == ()
    again = rooms.drafts.put(scope, "app.json", b"2", by="asha")
    assert again.version > first.version
    with pytest.raises(PreconditionFailed):
        rooms.drafts.put(scope, "app.json", b"3", by="ben", if_match=first.version)


def test_deleting_needs_the_version_and_the_draft(rooms, scope):
    """An absent draft is not found; a present one is not deleted blindly."""
    with pytest.raises(NotFound):
        rooms.drafts.delete(scope, "app.json", by="asha", if_match=1)
    rooms.drafts.put(scope, "app.json", b"1", by="asha")
    with pytest.raises(PreconditionRequired):
        rooms.drafts.delete(scope, "app.json", by="asha", if_match=None)


@pytest.mark.parametrize("name", ["", "../app.json", "app.JSON", "app.json/x", "x" * 60 + ".json", "app.py"])
def test_a_draft_has_a_documents_name(rooms, scope, name):
    """Whatever else is asked for is refused before it is a key."""
    with pytest.raises(Invalid):
        rooms.drafts.put(scope, name, b"1", by="asha")


def test_a_draft_is_bounded(rooms, scope):
    """One byte too many is refused."""
    with pytest.raises(PayloadTooLarge):
        rooms.drafts.put(scope, "app.json", b" " * (MAX_BYTES + 1), by="asha")


def test_drafts_of_another_environment_are_apart(rooms, scope):
    """The same name elsewhere is another draft."""
    rooms.drafts.put(scope, "app.json", b"1", by="asha")
    assert rooms.drafts.list(Scope("reels", "staging")) == ()


def test_every_change_of_a_draft_is_on_record(rooms, scope):
    """Who wrote and who deleted, newest first."""
    rooms.drafts.put(scope, "app.json", b"1", by="asha")
    rooms.drafts.delete(scope, "app.json", by="ben", if_match=1)
    told = [(each.who, each.what, each.target) for each in rooms.audit.list(scope).records]
    assert told == [("ben", "draft.deleted", "app.json"), ("asha", "draft.written", "app.json")]
