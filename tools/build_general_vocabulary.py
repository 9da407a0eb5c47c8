"""Make the general vocabulary of places and things from OpenStreetMap's id-tagging-schema.

``python tools/build_general_vocabulary.py`` fetches the pinned npm package with ``npm pack`` into a
temporary folder and writes the package data of ``herenow.intent.general``; ``--check`` writes nothing and
fails when the committed file says something else. ``--package FILE`` takes a package that is already here.

What is kept: presets of the keys that name places and things, and the options of fields that name things
(cuisines, diets, sports, religions, …), each with names, aliases and search terms. What is dropped: lanes,
signs and other things that nobody looks for, and terms shared by so many presets that they say nothing.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import lzma
import re
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PACKAGE = "@openstreetmap/id-tagging-schema"
VERSION = "7.2.0"
SHA512 = "7hjV8Xl3CoaO0u+M/Po0u33YIRahL8jEJtOzho189VOqqQQB3L9UGv2o93o/T4G3I0z5sFvQhn0apOz6+j253w=="

LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "en": ("en", "en-GB", "en-AU"),
    "es": ("es",),
    "pt": ("pt", "pt-BR"),
    "fr": ("fr",),
    "de": ("de",),
    "hi": ("hi",),
    "id": ("id",),
    "ja": ("ja",),
    "zh": ("zh-CN", "zh-TW"),
    "ko": ("ko",),
    "ar": ("ar",),
    "ru": ("ru",),
    "it": ("it",),
    "nl": ("nl",),
    "pl": ("pl",),
    "tr": ("tr",),
    "uk": ("uk",),
    "sv": ("sv",),
    "vi": ("vi",),
    "th": ("th",),
}
"""Our language, and the package's translations that make it up."""

KEYS = frozenset(
    {
        *(
            "aeroway",
            "aerialway",
            "allotments",
            "amenity",
            "attraction",
            "building",
            "cemetery",
            "club",
            "craft",
        ),
        *("education", "emergency", "golf", "healthcare", "highway", "historic", "landuse", "leisure"),
        *("man_made", "military", "natural", "office", "piste:type", "place", "playground", "police"),
        *("polling_station", "public_transport", "railway", "shop", "tourism", "waterway"),
    }
)
"""First keys of presets that are kept."""

FIELDS = (
    *("archaeological_site", "artwork_type", "bath/type", "beauty", "castle_type", "clothes", "cuisine"),
    *("diet_multi", "healthcare/speciality", "memorial", "recycling_accepts", "religion"),
    *("social_facility", "sport", "vending"),
)
"""Fields whose options name things."""

MOST_SHARED = 8
"""A term of more presets than this says nothing about any of them."""

FOLDER = Path(__file__).parents[1] / "server" / "herenow" / "intent" / "general" / "_data"
DATA = FOLDER / "places_and_things.json.xz"
LICENCE = FOLDER / "LICENSE-id-tagging-schema.md"

_BRACKETS = re.compile(r"\s*\([^()]*\)")
_SEPARATORS = re.compile(r"\s+/\s+|(?<=\w{3})/(?=\w{3})|\u3001")


@dataclass(slots=True)
class Words:
    """What a language calls a thing: names, other names, and words to search it by."""

    names: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)

    def add(self, other: Words) -> None:
        """Add what is not yet there, each word in the best place it has."""
        self.names += [name for name in dict.fromkeys(other.names) if name not in self.names]
        self.aliases += [name for name in dict.fromkeys(other.aliases) if name not in self.aliases]
        self.aliases[:] = [name for name in self.aliases if name not in self.names]
        known = {name.casefold() for name in (*self.names, *self.aliases)}
        self.terms[:] = [term for term in dict.fromkeys((*self.terms, *other.terms)) if term not in known]

    def packed(self) -> str:
        """As one text: tabs between names, aliases and terms, bars within."""
        return "\t".join("|".join(words) for words in (self.names, self.aliases, self.terms)).rstrip("\t")


@dataclass(slots=True)
class Concept:
    """A place or a thing: what languages call it, and the tags that it had before."""

    spoken: dict[str, Words] = field(default_factory=lambda: defaultdict(Words))
    was: list[str] = field(default_factory=list)

    def learn(self, language: str, words: Words) -> None:
        """Add what a translation of that language says."""
        if words.packed():
            self.spoken[language].add(words)

    def packed(self) -> dict[str, str]:
        """Each language's words as one text."""
        spoken = {language: words.packed() for language, words in self.spoken.items()}
        return {"was": "|".join(self.was), **spoken} if self.was else spoken


def main(arguments: list[str] | None = None) -> int:
    """Write the data, or check it; the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare only")
    parser.add_argument("--package", type=Path, help="the package's .tgz, instead of fetching it")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        schema = unpack(options.package or fetch(Path(folder)), Path(folder))
        text, licence = render(schema), (schema / "LICENSE.md").read_text(encoding="utf-8")
    return check(text, licence) if options.check else write(text, licence)


def fetch(folder: Path) -> Path:
    """The package, as npm delivers it."""
    command = ["npm", "pack", "--silent", f"{PACKAGE}@{VERSION}"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 -- fixed words
    return next(folder.glob("*.tgz"))


def unpack(package: Path, folder: Path) -> Path:
    """The package's folder, once its digest is the pinned one."""
    digest = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
    if digest != SHA512:
        sys.exit(
            f"{package.name} is not {PACKAGE} {VERSION}: its sha512 is {digest}; pin it if that is meant"
        )
    with tarfile.open(package) as archive:
        if hasattr(tarfile, "data_filter"):
            archive.extractall(folder, filter="data")
        else:  # before Python 3.11.4; the digest is pinned
            archive.extractall(folder)  # noqa: S202
    return folder / "package"


def render(schema: Path) -> str:
    """The file's text: the same for the same package."""
    presets, fields, deprecated = (
        _read(schema / "dist" / f"{name}.json") for name in ("presets", "fields", "deprecated")
    )
    concepts: dict[str, Concept] = defaultdict(Concept)
    for language, parts in LANGUAGES.items():
        for spoken in (translation(schema, part) for part in parts):
            for key, preset in sorted(presets.items()):
                if (name := concept_id(key, preset)) is not None:
                    concepts[name].learn(language, preset_words(spoken["presets"].get(key, {})))
            for kind in FIELDS:
                labels = spoken["fields"].get(kind, {}).get("options", {})
                for option in fields[kind]["options"]:
                    name = option_id(fields[kind], option)
                    concepts[name].learn(language, option_words(labels.get(option)))
    drop_shared(concepts)
    former(concepts, deprecated)
    named = {name: concept.packed() for name, concept in concepts.items() if "en" in concept.spoken}
    told = {"source": f"{PACKAGE} {VERSION}", "licence": "ISC", "concepts": named}
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def translation(schema: Path, part: str) -> Any:
    """The ``presets`` member of a translation: presets and fields."""
    return _read(schema / "dist" / "translations" / f"{part}.json")[part]["presets"]


def concept_id(key: str, preset: Mapping[str, Any]) -> str | None:
    """Its tags as text, the first key's first; ``None`` for what is not kept."""
    first, tags = key.partition("/")[0], preset["tags"]
    if first not in KEYS or first not in tags or (set(tags.values()) == {"*"} and len(tags) > 1):
        return None
    ordered = sorted(tags.items(), key=lambda tag: (tag[0] != first, tag))
    return "+".join(f"{name}={value}" for name, value in ordered)


def option_id(kind: Mapping[str, Any], option: str) -> str:
    """The tag of a field's option; several at once are spelled as keys (``diet:vegan=yes``)."""
    key: str = kind["key"]
    return f"{key}{option}=yes" if key.endswith(":") else f"{key}={option}"


def preset_words(preset: Mapping[str, Any]) -> Words:
    """What one translation calls a preset."""
    aliases = (name for alias in preset.get("aliases") or () for name in parted(alias))
    terms = (name.casefold() for term in preset.get("terms") or () for name in parted(term))
    return Words(list(parted(preset.get("name"))), list(aliases), list(terms))


def option_words(label: Any) -> Words:
    """What one translation calls an option of a field."""
    return Words(list(parted(label.get("title") if isinstance(label, dict) else label)), [], [])


def parted(label: str | None) -> Iterator[str]:
    """The names in a label: without brackets, split at slashes, without surplus blanks."""
    plain = unicodedata.normalize("NFKC", label or "")
    for part in _SEPARATORS.split(_BRACKETS.sub("", plain)):
        if word := " ".join(part.replace("|", " ").split()):
            yield word


def drop_shared(concepts: Mapping[str, Concept]) -> None:
    """Take out the terms that say nothing."""
    spoken = [
        (language, words) for concept in concepts.values() for language, words in concept.spoken.items()
    ]
    shared = Counter((language, term) for language, words in spoken for term in words.terms)
    for language, words in spoken:
        words.terms[:] = [term for term in words.terms if shared[language, term] <= MOST_SHARED]


def former(concepts: Mapping[str, Concept], deprecated: Iterable[Mapping[str, Any]]) -> None:
    """Note the tags that a concept had before, where one tag became another."""
    for change in deprecated:
        old, new = change["old"], change.get("replace", {})
        name = "+".join(f"{key}={value}" for key, value in new.items())
        if len(old) == 1 and "*" not in old.values() and name in concepts:
            concepts[name].was.extend(f"{key}={value}" for key, value in old.items())


def write(text: str, licence: str) -> int:
    """Put the data and its licence where the package has them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    DATA.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    LICENCE.write_text(licence, encoding="utf-8")
    sys.stdout.write(
        f"{DATA.name}: {len(json.loads(text)['concepts'])} concepts, {DATA.stat().st_size} bytes\n"
    )
    return 0


def check(text: str, licence: str) -> int:
    """Compare what is said, not how it is compressed: that may differ between versions of liblzma."""
    same = (
        lzma.decompress(DATA.read_bytes()).decode() == text and LICENCE.read_text(encoding="utf-8") == licence
    )
    sys.stdout.write("as made\n" if same else f"{DATA.name} differs from what this script makes; run it\n")
    return 0 if same else 1


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())
