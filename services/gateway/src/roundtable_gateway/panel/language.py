"""What the quote check knows of languages: their negations, modals and quantities."""

import re
from collections import Counter
from itertools import islice


def _words(text: str) -> frozenset[str]:
    return frozenset(text.casefold().split())


# The most frequent words of each language. Those whose negations we do not know
# are here so that a text in one of them is not taken for its neighbour.
_FREQUENT = {
    "en": _words("""the of and to in is that for it with as be this are by on from or
        an we our you your was at which have has will its not a"""),
    "de": _words("""der die das und ist nicht mit für von den dem des ein eine einen
        einer zu auf im sich auch wird werden sind wir sie es bei als oder"""),
    "fr": _words("""le la les et est des une un dans pour que qui sur avec par ce cette
        nous vous sont du au aux de il elle ou ne pas plus"""),
    "es": _words("""el la los las y es que en un una por para con del se su sus al como
        más son de lo no este esta o nuestro"""),
    "it": _words("""il lo gli e è che di un una per con del della dei delle nel non si
        sono al alla le la i ha questo"""),
    "pt": _words("""o a os as e é que de um uma para com do da dos das em no na não se
        são ao por seu sua"""),
    "ca": _words("""el la els les i és que de un una per amb del dels al en no són més
        aquest aquesta"""),
    "nl": _words("""de het een en van is dat voor niet met op te zijn wordt worden ook
        aan bij als of geen deze door"""),
    "da/no": _words("""og at det er en et til af av som på med for ikke den de har vi
        fra kan skal"""),
    "sv": _words("och att det är en ett som på med för inte av den de har vi till kan"),
    "pl": _words("i w na z do nie się jest że to o jak dla oraz są przez po od"),
    "cs/sk": _words("a v na je se že s z do to si o pro není ne jako jsou po sa"),
    "ro": _words("și de la în cu pe un o este nu care din pentru sunt mai"),
    "fi": _words("ja on ei se että ovat oli mutta kun tai myös niin"),
    "tr": _words("ve bir bu için ile da de değil olarak çok daha"),
    "hu": _words("a az és hogy nem is egy ez van meg de"),
    "id": _words("dan yang di ini itu dengan untuk tidak dari pada adalah"),
}
_KNOWN = frozenset({"en", "de", "fr", "es"})

NEGATIONS = _words("""
    no not non none nor neither never nothing nobody nowhere noone cannot without except
    excepting excluding excludes unless hardly barely scarcely rarely seldom lack lacks
    lacking fail fails failed cant dont doesnt didnt wont isnt arent wasnt werent hasnt
    havent hadnt shouldnt wouldnt couldnt mustnt shant neednt ain't aint
    nicht nichts nie niemals niemand nirgends nirgendwo kein keine keiner keinen keinem
    keines keinerlei weder ohne außer ausgenommen nein kaum
    ne pas ni jamais aucun aucune aucuns aucunes rien personne sans sauf nul nulle guère
    nunca jamás jamas ningún ningun ninguna ninguno ningunos ningunas nada nadie sin
    tampoco salvo excepto apenas
""")

MODALS = _words("""
    can could may might must shall should will would ought need needs needed required
    requires require
    muss muß müssen müsst musst musste mussten müsste müssten soll sollen sollst sollt
    sollte sollten kann kannst können könnt konnte konnten könnte könnten darf darfst
    dürfen dürft durfte durften dürfte dürften wird werden würde würden wollen wollte
    wollten mag mögen möchte möchten
    doit doivent devra devront devrait devraient devez devons dois devait devaient peut
    peuvent peux pourra pourront pourrait pourraient pouvez pouvons pouvait pouvaient
    faut faudra faudrait veut veulent voudrait
    debe deben debes debo debemos deberá deberán debería deberían debía debían puede
    pueden puedes puedo podemos podrá podrán podría podrían podía podían
""")

# Small words that turn a sentence when they change: how much, how many, when, and, or.
QUANTITIES = _words("""
    all any each every some only both either and or but if until before after than more
    less most least fewer many few over under above below within between minimum maximum
    always often sometimes usually almost nearly about exactly up down per half double
    zero one two three four five six seven eight nine ten eleven twelve twenty thirty
    forty fifty sixty seventy eighty ninety hundred thousand million billion
    alle allen jede jeder jedes nur beide entweder und oder aber wenn falls bis vor nach
    mehr weniger meist mindestens höchstens über unter zwischen immer oft fast etwa noch
    null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig hundert
    tausend million millionen milliarde milliarden halb doppelt
    tous toutes tout toute chaque seulement et ou mais si avant après plus moins entre
    toujours souvent presque environ zéro un deux trois quatre cinq six sept huit neuf
    dix onze douze vingt cent mille millions milliard milliards demi
    todos todas todo toda cada solo sólo y o pero si antes después más menos entre
    siempre casi hasta cero uno dos tres cuatro cinco seis siete ocho nueve diez once
    doce veinte cien ciento mil millón millones medio doble
""")

# Words that may be lost or put in without a change of meaning.
ARTICLES = _words("""
    the a an this that of
    der die das den dem des ein eine einen einem einer eines
    le la les un une des du de
    el los las una unos unas del
""")

_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE_LENGTH = 20_000
_LEAST_SHARE = 0.1


def known_language(text: str) -> str | None:
    """The language of a text if its negations are known to us, else None.

    Told by the most frequent words of the text's beginning; a text that has too few
    of them, or as many of two languages, is in none.
    """
    words = Counter(_WORD.findall(text[:_SAMPLE_LENGTH].casefold()))
    hits = {
        language: sum(words[word] for word in frequent)
        for language, frequent in _FREQUENT.items()
    }
    (first, most), (_, second) = Counter(hits).most_common(2)
    is_clear = most > second and most >= _LEAST_SHARE * words.total()
    return first if is_clear and first in _KNOWN else None


def has_words(text: str, count: int) -> bool:
    """Whether a text has at least so many words."""
    return sum(1 for _ in islice(_WORD.finditer(text), count)) == count


def is_frequent_word(word: str) -> bool:
    """Whether a normalised word is one of the small words of a language we know."""
    return any(word in _FREQUENT[language] for language in _KNOWN)


def is_negation(word: str) -> bool:
    """Whether a normalised word negates, in any language we know."""
    return word in NEGATIONS or word.endswith("n't") or word.startswith("n'")


def is_modal(word: str) -> bool:
    """Whether a normalised word says can, may, must or will in such a language."""
    return word in MODALS or word.endswith(("'ll", "'d"))
