import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.docs.pages import Block, blocks, text_of

from herenow.authoring.documents import DOCUMENTS
from herenow.authoring.validation import validate
from herenow.cli.root import cli

VARIABLE = (
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC"), "<when>"),
    (re.compile(r"local:\S+ *"), "<me> "),
    (re.compile(r"\bc-[0-9a-f]{12}\b"), "<version>"),
)


def settled(text: str) -> list[str]:
    """The lines without what differs from run to run, and without empty ones."""
    for pattern, name in VARIABLE:
        text = pattern.sub(name, text)
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def sessions(block: Block) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output printed under it."""
    return [tuple(each.split("\n", 1)) for each in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]]


def edit(block: Block) -> None:
    """Change a file as a diff block says."""
    path = Path(block.about)
    lines = block.text.splitlines()
    old, new = ("\n".join(line[1:] for line in lines if line[0] == sign) for sign in "-+")
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path} does not say {old}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def run(line: str, printed: str) -> None:
    """Run a command and compare what it prints."""
    result = CliRunner().invoke(cli, shlex.split(line)[1:])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert settled(result.output) == settled(printed), line


def test_the_session_of_for_marketers_goes_as_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command of the guide, run in order between its edits, prints what the guide shows."""
    monkeypatch.chdir(tmp_path)
    for name in ("HERENOW_DATA_DIR", "HERENOW_SERVER", "HERENOW_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    ran = 0
    for block in blocks(text_of("for-marketers.md")):
        if block.language == "diff":
            edit(block)
        elif block.language == "csv":
            Path(block.about).write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            for line, printed in sessions(block):
                run(line, printed)
                ran += 1
    assert ran >= 12


def folder_of_documents_md() -> dict[str, bytes]:
    """The files that documents.md shows."""
    return {block.about: block.text.encode() for block in blocks(text_of("documents.md"), "json")}


def test_the_folder_of_documents_md_is_valid() -> None:
    """The examples of documents.md are one folder without an error or a warning."""
    assert validate(folder_of_documents_md()).findings == ()


def test_documents_md_shows_every_document() -> None:
    """There is an example of each document that a folder may hold."""
    assert folder_of_documents_md().keys() == {each.file for each in DOCUMENTS}
