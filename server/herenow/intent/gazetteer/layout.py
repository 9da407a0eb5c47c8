"""How the table of places is laid out in its file; builder and reader share this module.

The file begins with ``MAGIC``, the length of a JSON header and the header, which tells where each
section lies. All numbers are little endian. A key (the folded words of a name, joined by blanks) is
kept as the 48 leading bits of its BLAKE2b digest: 16 choose the bucket, 32 are stored. Among 500,000 entries
an unknown key is taken for a known one once in 500 million, and no string needs to be compared.

Sections: ``places`` (records of ``PLACE``, ordered by weight), ``strings`` (UTF-8, each after a byte with its
length), and the index: ``buckets`` (65,537 uint32), ``digests`` (uint32) and ``targets`` (uint16, the
positions of places; under one key the likeliest first). Short codes of areas stand in it after ``CODE``,
names with a letter left out after ``EDIT``; neither sign occurs in a word.
``prefixes`` is a Bloom filter with one hash of the first words of every key, which tells how far a name
that begins at a word can reach.
"""

from __future__ import annotations

import hashlib
import struct
import zlib

MAGIC = b"HNPLACE1"
HEADER_LENGTH = struct.Struct("<I")
PLACE = struct.Struct("<IiiIIHH2sB")
"""geonameid, lat_e6, lon_e6, population, its name in strings, radius (100 m), its region, country, kind."""

CITY, REGION, COUNTRY = 0, 1, 2
NO_REGION = 0xFFFF
BUCKETS = 1 << 16
PREFIX_BITS = 1 << 22
LONGEST_KEY = 6
"""Words."""
SHORTEST_CORRECTED = 5
"""Letters of a key that is found again with one letter wrong."""
RADIUS_UNIT_M = 100
CODE, EDIT = "=", "~"
PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ə": "a", "ħ": "h"}
)
"""Letters that keyboards of other languages lack and that decomposition leaves alone."""

_DIGEST_BITS = 32


def digest(key: str) -> tuple[int, int]:
    """The bucket of a key and the number that is stored for it there."""
    whole = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=6).digest(), "little")
    return whole & (BUCKETS - 1), whole >> (48 - _DIGEST_BITS)


def prefix_bit(key: str) -> int:
    """The bit of the filter that tells of a key or of the first words of one."""
    return zlib.crc32(key.encode()) & (PREFIX_BITS - 1)


def shortenings(key: str) -> set[str]:
    """The key and everything that leaves one letter out: two keys one edit apart share one of these."""
    return {key, *(key[:at] + key[at + 1 :] for at in range(len(key)))}
