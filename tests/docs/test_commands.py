import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from tests.docs.pages import PAGES, ROOT, blocks, code_spans, section, text_of

from herenow.cli.root import cli

READERS = (*PAGES, ROOT / "README.md", *sorted((ROOT / "examples").glob("**/README.md")))
PLACEHOLDERS = {"N": "1", "ROLE": "owner", "PURPOSE": "token", "COMMAND": "publish"}
SHARED = {"--server", "--token", "--data-dir", "--as", "--app", "--env"}


def commands_of(group: click.Group, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that does something, with the words that call it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands_of(command, *path, name)
        else:
            yield (*path, name), command


COMMANDS = dict(commands_of(cli))


def long_options(command: click.Command) -> set[str]:
    """The options of a command by their long names."""
    options = (each for each in command.params if isinstance(each, click.Option))
    return {name for each in options for name in (*each.opts, *each.secondary_opts)}


def rows_of_commands() -> dict[tuple[str, ...], set[str]]:
    """What commands.md says: the words of each command, and the options named beside it."""
    told = {}
    for line in text_of("commands.md").splitlines():
        if line.startswith("| `herenow "):
            spans = code_spans(line)
            words = [word for word in spans[0].split()[1:] if not word.isupper()]
            told[tuple(words)] = {span.split()[0] for span in spans[1:] if span.startswith("--")}
    return told


def shown(path: Path) -> list[tuple[str, bool]]:
    """Every ``herenow …`` that a page shows, and whether it is a whole command line."""
    text = path.read_text(encoding="utf-8")
    lines = [
        line.strip().removeprefix("$ ")
        for block in blocks(text, "console", "sh", "bash", "")
        for line in block.text.splitlines()
        if line.startswith(("$ ", "herenow "))
    ]
    inline = [(span, False) for span in code_spans(text)]
    return [(each, whole) for each, whole in [*((line, True) for line in lines), *inline] if is_ours(each)]


def is_ours(line: str) -> bool:
    """Whether a line calls herenow."""
    return line.startswith(("herenow ", "python -m herenow "))


def parse(line: str, *, whole: bool) -> None:
    """Parse a command line as click would, without running it; raises what click raises."""
    split = shlex.split(line.removeprefix("python -m "), comments=True)[1:]
    words = [PLACEHOLDERS.get(word, word) for word in split]
    command: click.Command = cli
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(click.Context(command), words[0])
        assert found is not None, f"no command '{words[0]}'"
        command, words = found, words[1:]
    if isinstance(command, click.Group):
        assert not whole or words, "a group alone does nothing"
        return
    try:
        command.make_context("herenow", words)
    except click.exceptions.Exit:
        pass  # --help
    except click.MissingParameter:
        if whole:
            raise


@pytest.mark.parametrize("path", READERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_shown_can_be_called(path: Path) -> None:
    """What a page tells to type is a command, with options and choices that it has."""
    for line, whole in shown(path):
        parse(line, whole=whole)


def test_the_parser_of_this_test_finds_mistakes() -> None:
    """A misspelled command and an option that is not there are noticed."""
    with pytest.raises(AssertionError):
        parse("herenow pubish my-app", whole=True)
    with pytest.raises(click.NoSuchOption):
        parse("herenow publish my-app --notes x", whole=True)


def test_every_command_is_listed() -> None:
    """commands.md lists each command once, and no other."""
    assert set(rows_of_commands()) == set(COMMANDS)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_option_is_listed(words: tuple[str, ...]) -> None:
    """commands.md names each option of a command, beside it or among those that all share."""
    options = long_options(COMMANDS[words])
    shared = SHARED if options >= SHARED else set()

    assert rows_of_commands()[words] == options - shared


def test_the_shared_options_are_explained() -> None:
    """The options that commands share stand in a table of their own."""
    told = {span.split()[0] for span in code_spans(text_of("commands.md").partition("also takes:")[2])}

    assert told >= SHARED


def test_every_role_is_explained() -> None:
    """running.md says what each role may do."""
    from herenow.identity.admins import Role

    told = section(text_of("running.md"), "First owner, then everybody else")

    assert all(f"| `{role.name}` |" in told for role in Role)
