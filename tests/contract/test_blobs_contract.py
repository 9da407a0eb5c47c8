"""What every adapter of the blobs port does."""

import hashlib

import pytest

from herenow.storage.ports import BlobMissing

ABSENT_DIGEST = hashlib.sha256(b"never stored").hexdigest()


@pytest.mark.parametrize("content", [b"", b"x", bytes(range(256)) * 5000])
def test_content_comes_back_under_its_digest(blobs, content):
    """Put returns the SHA-256; get and open give the very bytes, empty ones included."""
    digest = blobs.put(content)
    assert digest == hashlib.sha256(content).hexdigest()
    assert blobs.get(digest) == content
    assert bytes(blobs.open(digest)) == content
    assert blobs.exists(digest)


def test_storing_again_is_harmless(blobs):
    """The same content has the same name and stays."""
    assert blobs.put(b"same") == blobs.put(b"same")
    assert blobs.get(blobs.put(b"same")) == b"same"


def test_an_opened_blob_cannot_be_written(blobs):
    """The view is read-only."""
    view = blobs.open(blobs.put(b"content"))
    assert view.readonly
    with pytest.raises(TypeError):
        view[0] = 0


def test_an_unknown_digest_is_missing(blobs):
    """Get and open raise BlobMissing; exists says no."""
    assert not blobs.exists(ABSENT_DIGEST)
    for read in (blobs.get, blobs.open):
        with pytest.raises(BlobMissing):
            read(ABSENT_DIGEST)


@pytest.mark.parametrize(
    "digest", ["", "abc", ABSENT_DIGEST.upper(), ABSENT_DIGEST + "0", ABSENT_DIGEST + "\n", "../" * 21 + "a"]
)
def test_refuses_what_is_no_digest(blobs, digest):
    """Anything but 64 lower-case hex digits is a ValueError, paths above all."""
    for read in (blobs.get, blobs.open, blobs.exists):
        with pytest.raises(ValueError, match="hex"):
            read(digest)
