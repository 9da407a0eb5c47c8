"""An app's own tagger of searches: learned from labelled ones, used where it beats the phrase table.

``train`` fits and judges, ``Tagger`` finds spans. Needs python-crfsuite (``pip install 'herenow[tagger]'``),
which is imported when a model is fitted or opened and not before.
"""

from herenow.intent.tagger.knowing import Knowing, Known
from herenow.intent.tagger.spans import Labelled, SlotSpan
from herenow.intent.tagger.tagger import Tagged, Tagger
from herenow.intent.tagger.training import SlotResult, Trained, fit, split, spotted, train

__all__ = [
    "Knowing",
    "Known",
    "Labelled",
    "SlotResult",
    "SlotSpan",
    "Tagged",
    "Tagger",
    "Trained",
    "fit",
    "split",
    "spotted",
    "train",
]
