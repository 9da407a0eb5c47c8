from herenow.scope import Scope


def test_records_are_listed_newest_first_in_pages(rooms, scope):
    """Following the cursor reads every record once."""
    for n in range(5):
        rooms.audit.refused(scope, "asha", "release.published", str(n), reason="APPROVAL_MISSING")
    first = rooms.audit.list(scope, limit=3)
    rest = rooms.audit.list(scope, limit=3, cursor=first.cursor)
    assert [each.target for each in (*first.records, *rest.records)] == ["4", "3", "2", "1", "0"]
    assert rest.cursor is None


def test_a_record_and_its_change_are_one_write(rooms, scope, numbered):
    """A created release is on record with its number and digest."""
    numbered("one")
    (record,) = rooms.audit.list(scope).records
    release = rooms.releases.get(scope, 1)
    assert (record.who, record.what, record.target, record.outcome) == (
        "asha",
        "release.created",
        "1",
        "done",
    )
    assert record.detail == {"digest": release.digest}
    assert record.at == release.created_at


def test_long_text_is_cut(rooms, scope):
    """A record stays small whatever it is given."""
    rooms.audit.refused(scope, "a" * 999, "what", "t" * 999, reason="r" * 999)
    (record,) = rooms.audit.list(scope).records
    assert {len(record.who), len(record.target), len(record.detail["reason"])} == {200}


def test_the_log_of_another_app_is_apart(rooms, scope):
    """Nobody reads another app's log."""
    rooms.audit.refused(scope, "asha", "what", "target", reason="r")
    assert rooms.audit.list(Scope("bites", "production")).records == ()
