"""Japanese."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from herenow.intent.lexicon.model import Lexicon, rules_of, words_of

JAPANESE: Final = Lexicon(
    language="ja",
    rules=rules_of("japanese"),
    function_words=words_of(
        "の は が を に へ と も や で から まで より な だ です ます ある いる あり する した "
        "して ください 下さい お ご この その あの どの これ それ あれ ここ そこ "
        "か ね よ 何 どこ いつ たい てる ている という こと もの ため"
    ),
    request_words=words_of(
        "検索 探す 探して 探し 探している アプリ 一覧 リスト 教えて 見せて 知りたい 場所 "
        "ところ 所 欲しい ほしい お願い 行きたい"
    ),
    place_prepositions=words_of("近く 周辺 付近 で の"),
    compass=MappingProxyType({"西": "西", "東": "東", "北": "北", "南": "南"}),
    place_suffixes=words_of("駅 周辺"),
)
