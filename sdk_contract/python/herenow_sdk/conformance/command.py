"""``python -m herenow_sdk.conformance``: what authors of vectors and of SDKs type."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from herenow_sdk.conformance import authoring
from herenow_sdk.conformance.vectors import BadVectors, folder


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say; 0 when it went well, 1 when something is wrong, 2 for wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.act(options, options.vectors or folder()))
    except BadVectors as bad:
        print("\n".join(bad.faults), file=sys.stderr)  # noqa: T201 - a command line prints
        return 1


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m herenow_sdk.conformance", description=__doc__)
    parser.add_argument(
        "--vectors", type=Path, help="another folder of vectors than the one that came with us"
    )
    commands = parser.add_subparsers(required=True)
    add = commands.add_parser("add", help="add the cases of a draft to the suite of the same file name")
    add.add_argument("draft", type=Path)
    add.set_defaults(act=_add)
    remove = commands.add_parser("remove", help="retire a case and its id")
    remove.add_argument("id")
    remove.add_argument("--why", required=True)
    remove.set_defaults(act=_remove)
    index = commands.add_parser("index", help="write index.json anew, after editing a suite by hand")
    index.add_argument("--check", action="store_true", help="only tell whether it is as it has to be")
    index.set_defaults(act=_index)
    return parser


def _say(text: str) -> None:
    print(text)  # noqa: T201 - a command line prints


def _add(options: Namespace, root: Path) -> int:
    ids = authoring.add(options.draft, root)
    _say(f"added {len(ids)} cases: {ids[0]} to {ids[-1]}" if ids else "the draft holds no cases")
    return 0


def _remove(options: Namespace, root: Path) -> int:
    authoring.remove(options.id, options.why, root)
    _say(f"{options.id} is retired")
    return 0


def _index(options: Namespace, root: Path) -> int:
    if not options.check:
        authoring.rewrite(root)
        return 0
    path = root / "index.json"
    if path.is_file() and path.read_text(encoding="utf-8") == authoring.index_text(root):
        return 0
    raise BadVectors(
        ["index.json is not what the suites make it; run: python -m herenow_sdk.conformance index"]
    )
