"""Indonesian."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from herenow.intent.lexicon.model import Lexicon, rules_of, words_of

INDONESIAN: Final = Lexicon(
    language="id",
    rules=rules_of("indonesian"),
    function_words=words_of(
        "ada adalah agar aku akan anda apa apakah atau bagaimana bagi bisa boleh buat dan dari dengan di "
        "dimana harus ia ini itu jika juga kalau kami kamu kapan karena ke kita lagi mana masih mau "
        "mereka nya oleh pada para saja saya seperti siapa sih sudah tapi tentang tidak tolong untuk yang "
        "ya dong deh aja kok gue gw lo lu"
    ),
    request_words=words_of(
        "aplikasi app apps cari carikan mencari pencarian temukan tampilkan tunjukkan lihat daftar tempat "
        "lokasi pilihan ingin pengen pingin butuh rekomendasikan"
    ),
    place_prepositions=words_of("di dekat sekitar daerah kawasan ke wilayah"),
    articles=words_of("si sang"),
    compass=MappingProxyType({"barat": "b", "timur": "t", "utara": "u", "selatan": "s"}),
    place_suffixes=words_of("pusat daerah"),
)
