import json
import re
import shutil
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.docs.pages import ROOT, Block, blocks, code_spans, rows, section, text_of
from tests.docs.test_marketers import edit, sessions

from herenow.cli.root import cli
from herenow.intent.model import Intent, ModifierKind, Source

PAGE = text_of("search-text.md")
TIME = re.compile(r"\d+\.\d\d ms")


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("HERENOW_DATA_DIR", "HERENOW_SERVER", "HERENOW_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(ROOT / "examples" / "bites", tmp_path / "bites")
    return tmp_path


def settled(text: str) -> list[str]:
    """The lines without times and without empty ones."""
    return [line.rstrip() for line in TIME.sub("<time>", text).splitlines() if line.strip()]


def asked(line: str) -> str:
    """What a command prints; its words are as a shell takes them, the text in one pair of quotes."""
    words = [quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|(\S+)', line)]
    return CliRunner().invoke(cli, words[1:], catch_exceptions=False).output


def first_column(heading: str) -> set[str]:
    """The names that begin the rows of the tables under a heading."""
    cells = (cells[0] for cells in rows(section(PAGE, heading)))
    return {name for cell in cells for name in code_spans(cell)}


def shown(block: Block) -> list[tuple[str, list[str], list[str]]]:
    """The commands of a block, what is printed under each, and what each prints."""
    return [(line, settled(asked(line)), settled(printed)) for line, printed in sessions(block)]


def test_the_session_goes_as_printed(folder: Path) -> None:
    """Every command of the page, run in order between its edits, prints what the page shows."""
    ran = 0
    for block in blocks(PAGE):
        if block.language == "diff":
            edit(block)
        elif block.language == "tsv":
            (folder / block.about).write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            for line, got, expected in shown(block):
                assert got == expected, line
                ran += 1
    assert ran == 4


@pytest.mark.usefixtures("folder")
def test_the_intent_shown_is_what_is_answered() -> None:
    """The JSON of the page is that of a search which the page names elsewhere."""
    answer = json.loads(asked('herenow intent "burgers near linking road" --folder bites --json'))
    answer["intent"].pop("explanation")
    assert answer["intent"] == json.loads(blocks(PAGE, "json")[0].text)


def test_every_source_is_explained() -> None:
    """What a phrase may be known from."""
    assert first_column("What is understood") == {source.value for source in Source}


def test_every_member_and_every_wish_is_explained() -> None:
    """Members of the intent, and kinds of wishes."""
    members = {field.name for field in fields(Intent)}
    assert first_column("The intent") == members | {kind.value for kind in ModifierKind}


def test_every_member_of_the_document_is_explained() -> None:
    """What ``intents.json`` may hold."""
    declared = json.loads((ROOT / "schemas" / "intents.json").read_text(encoding="utf-8"))["properties"]
    assert first_column("What you can add") == declared.keys() - {"$schema"}
