"""Which language a document is written in, told by its stop words."""

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Literal

from roundtable_rehearsal.wordlist import word_set

Language = Literal["en", "de", "unknown"]
Voice = Literal["en", "de"]

_SAMPLE_WORDS = 5000
_SHORT_TEXT_WORDS = 25
_LEAST_HITS = 3
_LEAST_SHARE = 0.05

# Words that two of the languages share (in, die, an, was, will, also …) tell
# nothing and are left out. Rules exist for the first two; the others are here so
# that a French or Dutch text is not taken for one of them.
_STOP_WORDS: dict[str, frozenset[str]] = {
    "en": word_set(
        "the and of to is that for with are this by our your we it from not have "
        "has or be can you which their they must shall should than"
    ),
    "de": word_set(
        "der das und ist ein eine mit für nicht von den dem im auf wir sie werden wird "
        "auch oder sich bei als unsere unser ihre zum zur sind einen einer"
    ),
    "fr": word_set("le les et est une dans pour que qui sur avec pas vous nous"),
    "es": word_set("el los las y que por una con para del se su más como"),
    "it": word_set("il di che per un una con non sono della gli nel questo anche"),
    "nl": word_set("het een van niet dat met voor zijn op te wij aan ook naar"),
    "pt": word_set("o os que do da em um uma para com não se ao pelo"),
}


def detect_language(words: Iterable[str]) -> Language:
    """Name the language of lower-case `words`, or `unknown` when in doubt."""
    sample = list(islice(words, _SAMPLE_WORDS))
    counts = Counter(
        {
            name: sum(word in stop_words for word in sample)
            for name, stop_words in _STOP_WORDS.items()
        }
    )
    (best, hits), (_, runner_up) = counts.most_common(2)
    needed = 1 if len(sample) < _SHORT_TEXT_WORDS else _LEAST_HITS
    if hits < max(needed, len(sample) * _LEAST_SHARE) or hits <= runner_up:
        return "unknown"
    if best == "en":
        return "en"
    return "de" if best == "de" else "unknown"
