"""Where a command can work in tests: this machine, or a server; and running one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from click.testing import CliRunner, Result

from herenow.cli.root import cli
from herenow.identity.admins import Role
from herenow.services import Services


class Herenow(Protocol):
    """Runs one command as somebody."""

    def __call__(self, *arguments: str | Path, by: str = "asha", expect: int = 0) -> Result:
        """The result of the command, which must end with the exit code ``expect``."""


@dataclass(frozen=True)
class Here:
    """This machine's stores in one folder."""

    data_dir: Path

    def __call__(self, *arguments: str | Path, by: str = "asha", expect: int = 0) -> Result:
        """As ``Herenow``."""
        return run(*arguments, "--data-dir", self.data_dir, "--as", by, expect=expect)


@dataclass(frozen=True)
class AtServer:
    """A server and the tokens of its people."""

    url: str
    services: Services

    def __call__(self, *arguments: str | Path, by: str = "asha", expect: int = 0) -> Result:
        """As ``Herenow``."""
        return run(*arguments, "--server", self.url, "--token", self.token(by), expect=expect)

    def token(self, name: str) -> str:
        """A token of somebody who owns everything."""
        person = self.services.admins.grant(name, "*", Role.owner, by="test")
        return self.services.tokens.for_admin(person.id, person.epoch, ttl_s=600)


def run(*arguments: str | Path, expect: int = 0) -> Result:
    """Run a command in this process."""
    result = CliRunner().invoke(cli, [str(each) for each in arguments], prog_name="herenow")
    assert result.exit_code == expect, result.output + repr(result.exception)
    return result
