import click
import pytest
from click.testing import CliRunner
from tests.cli.places import run

from herenow.cli.root import SECTIONS, cli

GROUPS = ("catalog", "admin", "keys", "keyring")


def _commands(group=cli, *words):
    """Every command that does something, with the words that call it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _commands(command, *words, name)
        else:
            yield " ".join([*words, name]), command


def test_help_shows_every_command_in_its_section():
    """Whoever types `herenow --help` finds everything."""
    told = run("--help").stdout
    for section, commands in SECTIONS.items():
        assert f"{section}:" in told
        for name in commands:
            assert f"\n  {name}" in told


@pytest.mark.parametrize(
    ("words", "command"), list(_commands()), ids=lambda each: each if isinstance(each, str) else ""
)
def test_every_command_has_an_example_and_its_exit_codes(words, command):
    """Help of each command says how it is called and how it ends; each option says what it is."""
    told = run(*words.split(), "--help").stdout
    assert f"herenow {words}" in told
    assert "Exit codes: 0" in told
    options = [each for each in command.params if isinstance(each, click.Option)]
    assert all(option.help for option in options)


def test_nothing_asked_shows_the_help():
    """And counts as wrong usage."""
    assert "Usage: herenow" in run(expect=2).output


def test_an_unknown_command_is_wrong_usage():
    """Exit code 2."""
    run("frobnicate", expect=2)


def test_the_version_is_told():
    """As one line."""
    assert run("--version").stdout.startswith("herenow ")


def test_colour_is_for_terminals_and_can_be_declined(monkeypatch):
    """A pipe gets plain text; NO_COLOR gives plain text even on a terminal."""
    arguments = ["validate", "nowhere"]
    assert "\x1b[" in CliRunner().invoke(cli, arguments, color=True).stderr
    assert "\x1b[" not in CliRunner().invoke(cli, arguments).stderr
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in CliRunner().invoke(cli, arguments, color=True).stderr


def test_a_setting_that_does_not_fit_is_told(monkeypatch):
    """The variable is named."""
    monkeypatch.setenv("HERENOW_PORT", "eighty")
    assert "HERENOW_PORT is not a int" in run("serve", expect=1).stderr
