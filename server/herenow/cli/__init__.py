"""The command line: what marketers, admins and operators type.

Commands are written once against a ``Workspace``; whether that is this machine's stores or a server's
admin plane is decided by ``--server``. Results go to standard output, everything else to standard error.
Exit codes: 0 done, 1 an expected failure told in a sentence with what to do next, 2 wrong usage.
"""

from __future__ import annotations


def main() -> None:
    """Run the command line and leave with its exit code."""
    from herenow.cli.root import cli  # noqa: PLC0415 - importing the package costs nothing

    cli(prog_name="herenow")
