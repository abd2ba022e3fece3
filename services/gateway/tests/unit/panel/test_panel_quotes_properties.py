"""What the quote check promises for any text, and what no misquote may get past."""

# ruff: noqa: RUF001 - look-alike characters are what is tested

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from roundtable_gateway.domain.document import DocumentText, Paragraph
from roundtable_gateway.domain.finding import Quote, QuoteMethod, QuoteStatus
from roundtable_gateway.panel.normalization import normalize
from roundtable_gateway.panel.quote_check import QuoteChecker

MakeChecker = Callable[..., QuoteChecker]

# How long an example takes says nothing on a busy machine.
PATIENT = settings(deadline=None)

ANY_TEXT = st.text(st.characters(exclude_categories=()))
FOUND = {QuoteStatus.EXACT, QuoteStatus.NORMALIZED}

# Plain words: nothing in them binds, so a slip among them is harmless.
SMALL_WORDS = ["the", "of", "and", "to", "in", "is", "that", "for", "it", "with"]
PLAIN = st.sampled_from(
    [
        *SMALL_WORDS,
        "team",
        "product",
        "vendor",
        "customer",
        "service",
        "report",
        "market",
    ]
)
NUMBER = st.from_regex(r"[1-9][0-9]{0,3}(?:[.,][0-9]{1,2})?", fullmatch=True)
NAME = st.sampled_from(["Acme", "Globex", "NASA", "Berlin", "McKinsey", "GDPR"])
MODAL = st.sampled_from(["must", "may", "shall", "should", "can", "will"])
LISTED = st.one_of(PLAIN, PLAIN, PLAIN, NUMBER, NAME, MODAL, st.just("not"))
# "It is …" makes the language plain and keeps what is attacked off the edge.
SENTENCE = st.lists(LISTED, min_size=6, max_size=60).map(
    lambda words: ["it", "is", "the", *words, "of", "the", "house"]
)


def split_anywhere(text: str, cuts: list[int]) -> DocumentText:
    """Build a document whose paragraphs are cut at any offsets."""
    offsets = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    return DocumentText(
        text,
        tuple(
            Paragraph(f"P{number}", start, end)
            for number, (start, end) in enumerate(pairwise(offsets), start=1)
        ),
    )


def assert_consistent(quote: Quote, document: DocumentText, words: str) -> None:
    """Check what holds for every answer."""
    assert quote.given == words
    if quote.status is QuoteStatus.NOT_FOUND:
        place = (quote.text, quote.paragraph_id, quote.start, quote.end)
        assert place == (None, None, None, None)
        return
    assert quote.start is not None
    assert quote.end is not None
    assert quote.text == document.text[quote.start : quote.end] != ""
    paragraph = next(p for p in document.paragraphs if p.id == quote.paragraph_id)
    assert paragraph.start <= quote.start < paragraph.end


@PATIENT
@given(ANY_TEXT, st.lists(st.integers(0, 99), max_size=3), st.data())
def test_an_exact_stretch_is_found_exactly(
    text: str, cuts: list[int], data: st.DataObject
) -> None:
    """Any stretch that its paragraph has once is exact, at its own offsets."""
    assume(text)
    start = data.draw(st.integers(0, len(text) - 1))
    words = text[start : data.draw(st.integers(start + 1, len(text)))]
    document = split_anywhere(text, cuts)
    claimed = next(p for p in document.paragraphs if p.start <= start < p.end)
    hits = [i for i in range(claimed.start, claimed.end) if text.startswith(words, i)]
    assume(normalize(words).text.strip())

    quote = QuoteChecker(document).check(words, claimed.id)

    assert_consistent(quote, document, words)
    if len(hits) == 1:
        assert quote.status is QuoteStatus.EXACT
        assert (quote.start, quote.end) == (start, start + len(words))
        assert quote.paragraph_id == claimed.id
    else:
        assert quote.status is QuoteStatus.AMBIGUOUS


@PATIENT
@given(ANY_TEXT, ANY_TEXT, ANY_TEXT, st.lists(st.integers(0, 99), max_size=3))
@example("\u0345" * 40, "\u0345", "", [])
@example("a … b … c", "a…b", "...", [2])
def test_no_input_breaks_the_check(
    text: str, words: str, prompt: str, cuts: list[int]
) -> None:
    """Whatever the document, the quote and the prompt are, the answer is in order."""
    document = split_anywhere(text, cuts)
    checker = QuoteChecker(document, [prompt])

    for paragraph_id in (None, "P1", "P2", words):
        assert_consistent(checker.check(words, paragraph_id), document, words)


def set_otherwise(word: str, way: int) -> str:
    """Set a word in another typographic way that says the same."""
    ways = [
        word,
        word.upper(),
        word.capitalize(),
        f"**{word}**",
        f"_{word}_",
        f"`{word}`",
        f"[{word}](http://example.test/{word})",
        word[:1] + "\u00ad" + word[1:],
        word[:2] + "\u200b" + word[2:],
        word.replace("fi", "\ufb01").replace("ff", "\ufb00"),
        word.replace("e\u0301", "\u00e9"),
        word.replace("'", "\u2019").replace('"', "\u201d").replace("-", "\u2013"),
        "".join(chr(ord(c) + 0xFEE0) if "0" <= c <= "9" else c for c in word),
    ]
    return ways[way % len(ways)]


@PATIENT
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "office",
                    "first",
                    '"quoted"',
                    "it's",
                    "well-known",
                    "café",
                    "1984",
                    "7,5",
                    "two",
                ]
            ),
            st.integers(0, 12),
            st.sampled_from([" ", "\u00a0", "  ", "\n", "\n\n", "\t", "\u2009"]),
        ),
        min_size=3,
        max_size=12,
    )
)
def test_typography_hides_no_quote(words: list[tuple[str, int, str]]) -> None:
    """However the document sets them, the words are found, and shown as it has them."""
    plain = " ".join(word for word, _, _ in words)
    text = "".join(set_otherwise(word, way) + gap for word, way, gap in words).strip()
    document = split_anywhere(f"Before ({text}) after", [])

    quote = QuoteChecker(document).check(plain, None)

    assert_consistent(quote, document, plain)
    assert quote.status in FOUND
    assert quote.method in {QuoteMethod.EXACT, QuoteMethod.TYPOGRAPHY}
    # The first half of a link at the end is no link any more.
    shown = normalize(quote.text or "").text.replace("[", "")
    assert shown.strip() == normalize(plain).text


def checked(document: list[str], quoted: list[str], slips: int) -> Quote:
    """Check a quote of one sentence, with a harmless slip or two at its edges."""
    words = list(quoted)
    for place in range(slips):
        words[-1 - 2 * place] = words[-1 - 2 * place] + "s"
    checker = QuoteChecker(split_anywhere(" ".join(document) + ".", []))
    return checker.check(" ".join(words), "P1")


SLIPS = st.integers(0, 2)


@PATIENT
@given(st.lists(PLAIN, min_size=15, max_size=60), SLIPS)
def test_harmless_slips_are_found_in_the_attacked_sentences(
    words: list[str], slips: int
) -> None:
    """The attacks below fail for what they change, not for the slips beside it."""
    sentence = ["it", "is", "the", *words, "of", "the", "house"]

    quote = checked(sentence, sentence, slips)

    assert quote.status in FOUND
    assert quote.text == " ".join(sentence)


@PATIENT
@given(SENTENCE, st.data(), SLIPS, st.sampled_from(["not", "never", "no", "without"]))
def test_a_negation_that_was_put_in_is_never_verified(
    sentence: list[str], data: st.DataObject, slips: int, negation: str
) -> None:
    """A quote that denies what the document says does not stand there."""
    place = data.draw(st.integers(1, len(sentence) - 4))
    quoted = [*sentence[:place], negation, *sentence[place:]]
    assume(quoted != sentence)

    assert checked(sentence, quoted, slips).status not in FOUND


@PATIENT
@given(SENTENCE, st.data(), SLIPS, st.sampled_from(["not", "never", "no", "can't"]))
def test_a_negation_that_was_left_out_is_never_verified(
    sentence: list[str], data: st.DataObject, slips: int, negation: str
) -> None:
    """A quote that affirms what the document denies does not stand there."""
    place = data.draw(st.integers(1, len(sentence) - 4))
    denied = [*sentence[:place], negation, *sentence[place:]]

    assert checked(denied, sentence, slips).status not in FOUND


@PATIENT
@given(SENTENCE, st.data(), SLIPS)
def test_a_negation_that_moved_is_never_verified(
    sentence: list[str], data: st.DataObject, slips: int
) -> None:
    """A negation in another place denies something else."""
    places = st.integers(1, len(sentence) - 4)
    here, there = data.draw(places), data.draw(places)
    said = [*sentence[:here], "not", *sentence[here:]]
    quoted = [*sentence[:there], "not", *sentence[there:]]
    assume(said != quoted)

    assert checked(said, quoted, slips).status not in FOUND


@PATIENT
@given(SENTENCE, NUMBER, st.data(), SLIPS)
def test_a_changed_digit_is_never_verified(
    sentence: list[str], number: str, data: st.DataObject, slips: int
) -> None:
    """A digit changed, put in or left out makes another number."""
    place = data.draw(st.integers(1, len(sentence) - 4))
    digit = data.draw(st.integers(0, len(number) - 1))
    put = data.draw(st.sampled_from(["", *"0123456789", "1" + number[digit]]))
    changed = number[:digit] + put + number[digit + 1 :]
    assume(changed != number)
    said = [*sentence[:place], number, *sentence[place:]]
    quoted = [*sentence[:place], *changed.split(), *sentence[place:]]

    assert checked(said, quoted, slips).status not in FOUND


@PATIENT
@given(SENTENCE, MODAL, MODAL, st.data(), SLIPS)
def test_a_changed_modal_is_never_verified(
    sentence: list[str], modal: str, other: str, data: st.DataObject, slips: int
) -> None:
    """May is not must."""
    assume(modal != other)
    place = data.draw(st.integers(1, len(sentence) - 4))
    said = [*sentence[:place], modal, *sentence[place:]]

    for quoted in ([*sentence[:place], other, *sentence[place:]], sentence):
        assert checked(said, quoted, slips).status not in FOUND


@PATIENT
@given(SENTENCE, NAME, st.data(), SLIPS)
def test_a_changed_name_is_never_verified(
    sentence: list[str], name: str, data: st.DataObject, slips: int
) -> None:
    """A letter of a name changed, put in or left out makes another name."""
    place = data.draw(st.integers(1, len(sentence) - 4))
    letter = data.draw(st.integers(0, len(name) - 1))
    put = data.draw(st.sampled_from(["", "x", "X", "e" + name[letter]]))
    changed = name[:letter] + put + name[letter + 1 :]
    assume(changed.casefold() != name.casefold())
    said = [*sentence[:place], name, *sentence[place:]]
    quoted = [*sentence[:place], changed, *sentence[place:]]

    assert checked(said, quoted, slips).status not in FOUND
    assert checked(quoted, said, slips).status not in FOUND


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        pytest.param("We are able to do it", "We are unable to do it", id="un-"),
        pytest.param("It is legal to sell it", "It is illegal to sell it", id="il-"),
        pytest.param("A harmful part of it", "A harmless part of it", id="-less"),
        pytest.param("Prices will increase", "Prices will decrease", id="in-, de-"),
        pytest.param("It costs at least a day", "It costs at most a day", id="least"),
        pytest.param("before the start of it", "after the start of it", id="before"),
        pytest.param("the vendor and the team", "the vendor or the team", id="and, or"),
        pytest.param("It takes three days", "It takes these days", id="number word"),
        pytest.param("It takes 5 days of it", "It takes 5 weeks of it", id="unit"),
        pytest.param("It costs €5 for a day", "It costs $5 for a day", id="currency"),
        pytest.param("A gain of 5 % a year", "A gain of 5 ‰ a year", id="per mille"),
        pytest.param("It grows by -5 a year", "It grows by 5 a year", id="sign"),
        pytest.param("It is <5 of all cases", "It is >5 of all cases", id="comparison"),
        pytest.param("It is 10² of a kind", "It is 102 of a kind", id="superscript"),
        pytest.param("In 3-5 days of a week", "In 35 days of a week", id="range"),
        pytest.param("We don't sell it to you", "We do sell it to you", id="n't"),
        pytest.param("We cannot sell it", "We can sell it", id="cannot"),
        pytest.param("We'll sell it to you", "We sell it to you", id="'ll"),
        pytest.param("No. It is sold to all", "No it is sold to all", id="no, stop"),
        pytest.param("the notable part", "the no table part", id="split word"),
        pytest.param("The employer pays it", "The employee pays it", id="party"),
        pytest.param("This is our team", "This is your team", id="our, your"),
        pytest.param("It is a fully safe one", "It is a safe one", id="adverb"),
        pytest.param("It is fast not safe", "It is not fas safe", id="scope"),
        pytest.param("Microsoft does it", "Macrosoft does it", id="name first"),
        pytest.param("the IT team does it", "the team does it", id="IT"),
        pytest.param("the team in the US", "the team in the UK", id="US"),
    ],
)
def test_a_turned_meaning_is_never_verified(said: str, quoted: str) -> None:
    """Small changes that turn a sentence are refused, however long the quote is."""
    frame = (
        "It is clear for the employee of it. {} That is what the reader of it has seen"
    )
    checker = QuoteChecker(split_anywhere(frame.format(said) + " in the end.", []))

    quote = checker.check(frame.format(quoted), "P1")

    assert quote.status not in FOUND
    assert checker.check(frame.format(said).replace("clear", "claer"), "P1").text


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("Der Anbieter haftet nicht für", "Der Anbieter haftet für"),
        ("Der Anbieter hat keine Haftung für", "Der Anbieter hat eine Haftung für"),
        ("Der Anbieter muss haften für", "Der Anbieter kann haften für"),
        ("Der Anbieter haftet Kunden für", "Der Anbieter haftet Kinder für"),
        ("Le fournisseur n'est pas tenu de", "Le fournisseur est tenu de"),
        ("Le fournisseur n’ose le dire de", "Le fournisseur ose le dire de"),
        ("Le fournisseur doit tenir de", "Le fournisseur peut tenir de"),
        ("El proveedor nunca responde de", "El proveedor responde de"),
        ("El proveedor debe responder de", "El proveedor puede responder de"),
    ],
)
def test_other_known_languages_are_as_safe(said: str, quoted: str) -> None:
    """Negations, modals and names are known in each language that is forgiven slips."""
    frames = {
        "Der": "{} die Ware und das Lager bei einer Lieferung an uns oder den Kunden",
        "Le ": "{} la livraison et des retards dans le cas où les clients sont là",
        "El ": "{} la entrega y de los retrasos en el caso de que las partes lo pidan",
    }
    frame = frames[said[:3]]
    checker = QuoteChecker(split_anywhere(frame.format(said) + ".", []))

    assert checker.check(frame.format(quoted), "P1").status not in FOUND
    slip = frame.format(said)
    slip = (
        slip.replace("einer", "eienr").replace("cas ", "csa ").replace("caso", "csao")
    )
    assert checker.check(slip, "P1").method is QuoteMethod.NEAR
