"""What is the folder's own about the blobs: the layout, damage, and what a crash leaves behind."""

import mmap

import pytest

from herenow.storage.ports import BlobCorrupt
from herenow.storage.sqlite.blobs import FolderBlobs


@pytest.fixture
def blobs(tmp_path):
    """An empty folder of blobs."""
    return FolderBlobs(tmp_path / "blobs")


def file_of(tmp_path, digest):
    """Where a blob lies."""
    return tmp_path / "blobs" / digest[:2] / digest[2:4] / digest


def test_files_fan_out_by_digest(blobs, tmp_path):
    """Two levels of folders, and nothing left on its way."""
    digest = blobs.put(b"content")
    assert file_of(tmp_path, digest).read_bytes() == b"content"
    assert list((tmp_path / "blobs" / "incoming").iterdir()) == []


def test_open_maps_the_file(blobs):
    """The view is the file's pages, not a copy."""
    assert isinstance(blobs.open(blobs.put(b"content")).obj, mmap.mmap)


@pytest.mark.parametrize("damage", [b"", b"contenT", b"content and more"])
def test_a_damaged_file_is_never_served(blobs, tmp_path, damage):
    """Get and open refuse it; putting the content again repairs it."""
    digest = blobs.put(b"content")
    file_of(tmp_path, digest).write_bytes(damage)
    for read in (blobs.get, blobs.open):
        with pytest.raises(BlobCorrupt):
            read(digest)
    blobs.put(b"content")
    assert blobs.get(digest) == b"content"


def test_storing_again_leaves_the_file_alone(blobs, tmp_path):
    """Readers that have it mapped keep it."""
    digest = blobs.put(b"content")
    before = file_of(tmp_path, digest).stat()
    blobs.put(b"content")
    assert file_of(tmp_path, digest).stat().st_ino == before.st_ino


def test_a_failed_write_leaves_nothing(blobs, tmp_path, monkeypatch):
    """When the disk refuses, neither a blob nor a part of one is there."""

    def refuse(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        blobs.put(b"content")
    assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == []


def test_two_processes_see_one_folder(blobs, tmp_path):
    """What one instance stores another reads."""
    assert FolderBlobs(tmp_path / "blobs").get(blobs.put(b"shared")) == b"shared"
