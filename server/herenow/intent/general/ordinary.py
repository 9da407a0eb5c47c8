"""Ordinary words of a language: known, though they name nothing that anybody could look for.

Guessing what a word may be a slip or a form of is for words that no vocabulary has. Most words of a sentence
are of no vocabulary either, and some are a letter away from one that is: "found" from "pound".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from herenow.intent.normalise import fold


def ordinary_words(language: str) -> frozenset[str]:
    """Those of a language, folded; none for one that the packaged file says nothing about."""
    return _packaged().get(language, frozenset())


def parse_ordinary(lines: Iterable[str]) -> dict[str, frozenset[str]]:
    """Lines of the file's form."""
    words: dict[str, set[str]] = defaultdict(set)
    language = ""
    for line in lines:
        if line.startswith("["):
            language = line.strip("[] \n")
        elif not line.startswith("#"):
            words[language].update(map(fold, line.split()))
    return {language: frozenset(said) for language, said in words.items() if said}


@cache
def _packaged() -> Mapping[str, frozenset[str]]:
    data = files("herenow.intent.general").joinpath("_data", "ordinary.txt")
    return parse_ordinary(data.read_text(encoding="utf-8").splitlines())
