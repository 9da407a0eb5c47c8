"""French."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from herenow.intent.lexicon.model import Lexicon, rules_of, words_of

FRENCH: Final = Lexicon(
    language="fr",
    rules=rules_of("french"),
    function_words=words_of(
        "à ai aime aimerais au aucun aussi autre aux avec avoir avons ça car ce ceci cela ces cet cette "
        "chez comme comment dans de des du elle elles en entre est et être eu fait il ils je jai "
        "jaimerais la le les leur lui ma mais me mes moi mon ne ni nos notre nous on ont ou où par pas "
        "peut peux pour pourquoi quand que quel quelle quelles quels qui quoi sa sans se ses si soit son "
        "sont sur ta te tes ton tous tout toute toutes tu un une va veux vers voir vos votre vous "
        "voudrais y a t il sil"
    ),
    request_words=words_of(
        "app appli application apps chercher cherche cherchons recherche recherches trouver trouve "
        "trouvez montre montrer montrez donne dis liste endroit endroits lieu lieux option options site "
        "sites besoin plaît plait svp"
    ),
    place_prepositions=words_of("à dans près de autour vers en chez proche sur"),
    articles=words_of("le la les un une des du de au aux"),
    compass=MappingProxyType({"ouest": "o", "est": "e", "nord": "n", "sud": "s"}),
    place_suffixes=words_of("quartier gare centre"),
)
