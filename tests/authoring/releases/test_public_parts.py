import pytest

from herenow.authoring.public_parts import PARTITION


def test_the_parts_of_a_published_release_are_public(rooms, scope, numbered):
    """A device fetches by digest what the manifest names, and before that nobody does."""
    release = rooms.releases.get(scope, numbered("one"))
    assert not any(rooms.publishing.is_public(part.sha256) for part in release.parts.values())
    rooms.publishing.publish(scope, release.number, by="asha")
    assert all(rooms.publishing.is_public(part.sha256) for part in release.parts.values())


def test_parts_stay_public_when_another_release_is_live(rooms, scope, numbered):
    """A device that holds the manifest of a minute ago can still fetch what it names."""
    first = rooms.releases.get(scope, numbered("one"))
    rooms.publishing.publish(scope, 1, by="asha")
    rooms.publishing.publish(scope, numbered("two"), by="asha", if_match=1)
    assert all(rooms.publishing.is_public(part.sha256) for part in first.parts.values())


def test_no_other_blob_is(rooms, scope, numbered):
    """Neither the documents of a release nor drafts, although somebody may know their digest."""
    release = rooms.releases.get(scope, numbered("one"))
    rooms.publishing.publish(scope, release.number, by="asha")
    draft = rooms.drafts.put(scope, "app.json", b"{}", by="asha")
    for digest in (release.digest, release.source, draft.blob):
        assert rooms.blobs.exists(digest)
        assert not rooms.publishing.is_public(digest)


@pytest.mark.parametrize("digest", ["", "..", "a" * 64, "a" * 5000, "ä" * 64])
def test_what_is_no_digest_is_not_public(rooms, digest):
    """Whatever is asked for."""
    assert not rooms.publishing.is_public(digest)


def test_an_unchanged_part_is_marked_once(rooms, scope, numbered):
    """Releases that share parts share their marks."""
    rooms.publishing.publish(scope, numbered("one"), by="asha")
    before = {each.key: each.version for each in rooms.documents.query(PARTITION).documents}
    rooms.publishing.publish(scope, numbered("two"), by="asha", if_match=1)
    after = {each.key: each.version for each in rooms.documents.query(PARTITION).documents}
    assert before.items() <= after.items()
    assert len(after) == len(before) + 1
