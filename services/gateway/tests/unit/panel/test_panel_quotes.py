"""The rules of the quote check, by example."""

# ruff: noqa: RUF001 - look-alike characters are what is tested

import random
from collections.abc import Callable

import pytest

from roundtable_gateway.domain.document import DocumentText, Paragraph
from roundtable_gateway.domain.finding import Quote, QuoteMethod, QuoteStatus
from roundtable_gateway.panel.quote_check import QuoteChecker

MakeChecker = Callable[..., QuoteChecker]

PLAN = (
    "# The **Plan**",
    (
        "We’ll ship “fast” on Friday. Acme must not deliver before 15 May 2025, and the"
        " product is safe for all of the users in the region."
    ),
    "our plan is safe. The support team answers tickets in the portal of the customer.",
    "Our plan is cheap. Our plan is cheap.",
)
RULES = "You review a document. Quote its words verbatim and do not invent any."


def place(quote: Quote) -> tuple[str, str | None, str | None]:
    """Give status, paragraph and the document's own words."""
    return quote.status.value, quote.paragraph_id, quote.text


@pytest.mark.parametrize("paragraph_id", ["P2", "P3", None, "P99", ""])
def test_exact_words_are_found_wherever_they_are_said_to_be(
    make_checker: MakeChecker, paragraph_id: str | None
) -> None:
    """A wrong or missing paragraph does not hide words that stand in one place."""
    quote = make_checker(*PLAN).check("product is safe for all", paragraph_id)

    assert place(quote) == ("exact", "P2", "product is safe for all")
    assert quote.method is QuoteMethod.EXACT
    assert (quote.start, quote.end) == (95, 118)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ('We\'ll ship "fast" on friday', "We’ll ship “fast” on Friday"),
        ("the plan we'll ship", "The **Plan**\n\nWe’ll ship"),
        ("MUST NOT\n deliver", "must not deliver"),
    ],
)
def test_the_document_s_own_words_are_shown(
    make_checker: MakeChecker, given: str, text: str
) -> None:
    """Where typography differs, the quote shows what the document has."""
    quote = make_checker(*PLAN).check(given, None)

    assert (quote.status, quote.method) == (
        QuoteStatus.NORMALIZED,
        QuoteMethod.TYPOGRAPHY,
    )
    assert quote.text == text
    assert quote.given == given


@pytest.mark.parametrize(
    ("given", "paragraph_id", "expected"),
    [
        pytest.param("plan is safe", "P3", ("exact", "P3", "plan is safe"), id="once"),
        pytest.param(
            "plan is", None, ("ambiguous", "P3", "plan is"), id="several, no paragraph"
        ),
        pytest.param(
            "plan is", "P3", ("exact", "P3", "plan is"), id="the paragraph picks one"
        ),
        pytest.param(
            "plan is", "P4", ("ambiguous", "P4", "plan is"), id="twice in the paragraph"
        ),
        pytest.param(
            "plan is", "P2", ("ambiguous", "P3", "plan is"), id="not in the paragraph"
        ),
        pytest.param(
            "Our plan is",
            "P3",
            ("normalized", "P3", "our plan is"),
            id="the paragraph picks one that is set otherwise",
        ),
        pytest.param(
            "OUR PLAN IS",
            None,
            ("ambiguous", "P3", "our plan is"),
            id="in another case",
        ),
    ],
)
def test_words_in_several_places_need_a_paragraph(
    make_checker: MakeChecker,
    given: str,
    paragraph_id: str | None,
    expected: tuple[str, str, str],
) -> None:
    """Several places are ambiguous unless the paragraph picks one of them."""
    assert place(make_checker(*PLAN).check(given, paragraph_id)) == expected


@pytest.mark.parametrize(
    ("given", "paragraph_id", "status"),
    [
        pytest.param("portal", "P3", "exact", id="short, claimed"),
        pytest.param("portal", None, "ambiguous", id="short, no paragraph"),
        pytest.param("portal", "P2", "ambiguous", id="short, wrong paragraph"),
        pytest.param("Portal", None, "ambiguous", id="short, other case"),
        pytest.param("Portal", "P3", "normalized", id="short, other case, claimed"),
        pytest.param("in the por", None, "exact", id="three words"),
        pytest.param("the portal o", None, "exact", id="twelve letters, three words"),
        pytest.param("support team", None, "exact", id="twelve letters, two words"),
        pytest.param("upport team", None, "ambiguous", id="eleven letters, two words"),
    ],
)
def test_short_words_need_a_paragraph(
    make_checker: MakeChecker, given: str, paragraph_id: str | None, status: str
) -> None:
    """Under 12 letters and 3 words a quote counts only where it is said to be."""
    assert make_checker(*PLAN).check(given, paragraph_id).status == status


@pytest.mark.parametrize(
    "given",
    ["an able plan", "", " \n\u00ad", "\ud800", "Zebras run the show here"],
)
def test_what_is_not_there_is_not_found(make_checker: MakeChecker, given: str) -> None:
    """Words that stand nowhere have no place and no words of the document."""
    quote = make_checker(*PLAN).check(given, "P2")

    assert quote == Quote(None, given, QuoteStatus.NOT_FOUND, None, None, None, None)


@pytest.mark.parametrize(
    "given",
    [
        "Our plan is cheap. OUR PLAN",
        "9 Pct of all",
        "9.9 Pct",
        "We CAN",
        "9 Eur",
        "Ship 1",
    ],
)
def test_other_typography_cuts_no_word(make_checker: MakeChecker, given: str) -> None:
    """Only exact words may begin or end within a word or number."""
    checker = make_checker("our plan is cheap. our plans. 99.9 pct of all", "we can't")

    assert checker.check(given, "P1").status is QuoteStatus.NOT_FOUND
    ranged = make_checker("ship 1,5 of 10:30 and 1'9 eur. we can't")
    assert ranged.check(given, "P1").status is QuoteStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("given", "method"),
    [
        pytest.param("Quote its words verbatim", QuoteMethod.PROMPT_ECHO, id="rules"),
        pytest.param("quote “its” words", None, id="neither"),
        pytest.param("QUOTE ITS  WORDS", QuoteMethod.PROMPT_ECHO, id="typography"),
    ],
)
def test_our_own_words_are_an_echo(
    make_checker: MakeChecker, given: str, method: QuoteMethod | None
) -> None:
    """Words of the prompt that the document lacks are not found, and we say why."""
    quote = make_checker(*PLAN, prompts=("Be brief.", RULES)).check(given, "P2")

    assert (quote.status, quote.method) == (QuoteStatus.NOT_FOUND, method)
    assert quote.text is None


def test_words_of_prompt_and_document_are_the_document_s(
    make_checker: MakeChecker,
) -> None:
    """Standing in the prompt too does no harm."""
    checker = make_checker("Please quote its words verbatim here.", prompts=(RULES,))

    assert checker.check("Quote its words verbatim", None).status == "normalized"


def test_an_echo_is_never_a_near_match(make_checker: MakeChecker) -> None:
    """The prompt's own words win over the document's that are close to them."""
    text = "We quote its wordes verbatim and do not invent any in the review of it."
    given = "Quote its words verbatim and do not invent any"

    assert make_checker(text).check(given, None).method is QuoteMethod.NEAR
    echo = make_checker(text, prompts=(RULES,)).check(given, None)
    assert echo.method is QuoteMethod.PROMPT_ECHO


@pytest.mark.parametrize(
    ("given", "text"),
    [
        pytest.param(
            "the prodct is safe for all of the users",
            "the product is safe for all of the users",
            id="a letter lost",
        ),
        pytest.param(
            "the product is safe for all of users in the region",
            "the product is safe for all of the users in the region",
            id="an article lost",
        ),
        pytest.param(
            "product is safe for all of the users in the regions!",
            "product is safe for all of the users in the region",
            id="the end differs",
        ),
        pytest.param(
            "Acme must not deliver before 15 May 2025, and teh product is safe for all",
            "Acme must not deliver before 15 May 2025, and the product is safe for all",
            id="far from what binds",
        ),
    ],
)
@pytest.mark.parametrize("paragraph_id", ["P2", "P1", None])
def test_a_small_slip_is_forgiven(
    make_checker: MakeChecker, given: str, text: str, paragraph_id: str | None
) -> None:
    """One letter in ten may differ if the meaning can't."""
    quote = make_checker(*PLAN).check(given, paragraph_id)

    assert place(quote) == ("normalized", "P2", text)
    assert quote.method is QuoteMethod.NEAR


def test_an_article_is_no_name(make_checker: MakeChecker) -> None:
    """The capital that opens a sentence does not make an article a name."""
    checker = make_checker(
        "It is for the users of it. The team of ours is in the house."
    )

    quote = checker.check(
        "It is for the users of it. A team of ours is in the house", "P1"
    )

    assert quote.method is QuoteMethod.NEAR


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("is safe for al of th", "not_found"),
        ("is safe for all of th use", "normalized"),
        ("the produkt is sav for al of the userz in thee regyon", "not_found"),
    ],
    ids=["too short with two slips", "two in 25", "too many slips"],
)
def test_slips_are_counted(make_checker: MakeChecker, given: str, status: str) -> None:
    """More than one letter in ten, or a quote under 20 letters, is not forgiven."""
    checker = make_checker(
        "The product is safe for all of the use of it in the region."
    )

    assert checker.check(given, None).status == status


@pytest.mark.parametrize(
    ("given", "status"),
    [("produt of safety in", "not_found"), ("produkt of safety in", "normalized")],
    ids=["19", "20"],
)
def test_a_near_match_has_twenty_letters(
    make_checker: MakeChecker, given: str, status: str
) -> None:
    """Below twenty letters only exact words and typography count."""
    checker = make_checker("It is a product of safety in the year of it and for us.")

    assert checker.check(given, "P1").status == status


def test_two_near_places_are_ambiguous(make_checker: MakeChecker) -> None:
    """A misquote of words that stand twice has no place."""
    sentence = "The product is safe for all of the users in the region."
    checker = make_checker(sentence, sentence)
    given = sentence.replace("region", "regoin")

    assert checker.check(given, None).status is QuoteStatus.AMBIGUOUS
    assert place(checker.check(given, "P2")) == ("normalized", "P2", sentence)


@pytest.mark.parametrize(
    ("paragraphs", "found"),
    [
        pytest.param(
            ("Het product is veilig voor alle gebruikers van de regio en het land.",),
            False,
            id="unknown language",
        ),
        pytest.param(
            (
                "The product is safe for all of the users in the region of the office.",
                "Het product is veilig voor alle gebruikers van de regio en het land.",
            ),
            False,
            id="unknown language in a known one",
        ),
        pytest.param(
            (
                "The product is safe for all of the users in the region of the office.",
                "Veilig voor alle gebruikers van regio",
            ),
            True,
            id="too short to tell",
        ),
    ],
)
def test_slips_are_forgiven_only_in_known_languages(
    make_checker: MakeChecker, paragraphs: tuple[str, ...], *, found: bool
) -> None:
    """Where we can't read a negation we can't tell that none differs."""
    quote = make_checker(*paragraphs).check("veilig voor alle gebruikrs van", None)

    assert (quote.status is QuoteStatus.NORMALIZED) is found


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("We'll ship … on Friday", "We’ll ship “fast” on Friday"),
        ("we'll ship [...] Friday. Acme", "We’ll ship “fast” on Friday. Acme"),
        (
            "the product is... users in the",
            "the product is safe for all of the users in the",
        ),
        ("…product is safe for all", "product is safe for all"),
        (
            "the product (…) of the ... region...",
            "the product is safe for all of the users in the region",
        ),
    ],
)
def test_an_ellipsis_stands_for_words_left_out(
    make_checker: MakeChecker, given: str, text: str
) -> None:
    """Pieces in order in one paragraph are one quote, with what lies between."""
    quote = make_checker(*PLAN).check(given, "P2")

    assert place(quote) == ("normalized", "P2", text)
    assert quote.method is QuoteMethod.ELLIPSIS


@pytest.mark.parametrize(
    "given",
    [
        pytest.param("on Friday … We'll ship", id="wrong order"),
        pytest.param("We'll ship … safe for all of", id="a negation between"),
        pytest.param("the product is … our plan is safe", id="two paragraphs"),
        pytest.param("the product is … of the moon", id="a piece that is not there"),
        pytest.param("the produ … of the users", id="a piece that cuts a word"),
        pytest.param("… … …", id="no pieces"),
        pytest.param(" ... ".join(["the product"] + ["is"] * 8), id="too many pieces"),
    ],
)
def test_an_ellipsis_can_not_join_what_was_not_said(
    make_checker: MakeChecker, given: str
) -> None:
    """Order, paragraph and the absence of a negation between are all needed."""
    for paragraph_id in ("P2", None):
        quote = make_checker(*PLAN).check(given, paragraph_id)
        assert quote.status is QuoteStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("text", "given"),
    [
        (
            "We can't deliver it to you in the week of the move.",
            "we can … it to you in",
        ),
        ("We are non-compliant with it in the year of it.", "We are … compliant with"),
        ("Il n'ose le dire dans la note pour les clients.", "il … ose le dire dans"),
        ("Wir liefern keine Ware in der Woche und im Jahr.", "Wir liefern … Ware in"),
    ],
)
def test_no_form_of_negation_fits_an_ellipsis(
    make_checker: MakeChecker, text: str, given: str
) -> None:
    """A negation glued to its word is one too."""
    assert make_checker(text).check(given, "P1").status is QuoteStatus.NOT_FOUND


def test_an_ellipsis_needs_a_known_language(make_checker: MakeChecker) -> None:
    """What we can't read may hold a negation; what is left out at an end does not."""
    checker = make_checker("Het product is veilig voor alle gebruikers van de regio.")

    assert checker.check("Het product is … gebruikers van de", "P1").text is None
    assert checker.check("… gebruikers van de regio", "P1").status == "normalized"


def test_the_tightest_ellipsis_is_taken(make_checker: MakeChecker) -> None:
    """Of several beginnings with one end, the last leaves out least."""
    checker = make_checker("the team works and the team ships on a day of the week")

    quote = checker.check("the team … on a day of", None)

    assert quote.text == "the team ships on a day of"


def test_two_elliptic_places_are_ambiguous(make_checker: MakeChecker) -> None:
    """Pieces that fit twice have no place."""
    sentence = "the team works well on a day of the week"
    checker = make_checker(sentence, sentence)

    assert checker.check("the team works … a day of the", None).status == "ambiguous"
    assert checker.check("the team works … a day of the", "P2").status == "normalized"


def test_a_short_piece_needs_a_paragraph(make_checker: MakeChecker) -> None:
    """A word or two between ellipses count only where they are said to be."""
    checker = make_checker(*PLAN)

    assert checker.check("product … for all of the users", "P2").status == "normalized"
    assert checker.check("product … for all of the users", None).status == "ambiguous"


def test_an_ellipsis_does_not_leave_out_pages(make_checker: MakeChecker) -> None:
    """Words that are thousands of letters apart are no quote."""
    far = "the first words " + "of it and " * 1_000 + "the last words"

    assert (
        make_checker(far).check("the first words … the last words", "P1").text is None
    )


def test_a_quote_across_paragraphs_is_placed_where_it_starts(
    make_checker: MakeChecker,
) -> None:
    """The first of its paragraphs has it, exact or not."""
    checker = make_checker(*PLAN)

    assert checker.check("in the region.\n\nour plan", "P3").paragraph_id == "P2"
    assert checker.check("in the region. our plan", "P3").paragraph_id == "P2"
    assert checker.check("\n\nour plan is safe", None).paragraph_id == "P3"


def test_words_behind_the_last_paragraph_are_its_own() -> None:
    """Text that no paragraph holds goes with its neighbour, or with none."""
    text = "Before it. The paragraph. Behind it all."
    checker = QuoteChecker(DocumentText(text, (Paragraph("P1", 11, 25),)))
    bare = QuoteChecker(DocumentText(text, ()))

    assert checker.check("Before it. The", None).paragraph_id == "P1"
    assert checker.check("Behind it all", None).paragraph_id == "P1"
    assert bare.check("Behind it all", None).paragraph_id is None
    assert bare.check("Behind it all, and so", "P1").text is None
    assert bare.check("before it … behind it", "P1").text is None


def test_a_large_document_is_checked_to_the_end() -> None:
    """Two million letters and 300 quotes, a third each exact, misquoted, invented."""
    chance = random.Random(7)  # noqa: S311 - a test's text is no secret
    words = [
        "".join(chance.choices("etaoinshrdlucmfw", k=chance.randint(2, 9)))
        for _ in range(5_000)
    ]
    words += ["the", "of", "and", "to", "in", "is", "for", "it", "with", "as"] * 400
    said = chance.choices(words, k=380_000)
    text = " ".join(said)
    bounds = range(0, len(text), 1_000)
    paragraphs = tuple(Paragraph(f"P{i}", i, i + 1_000) for i in bounds)
    given = []
    for start in range(0, 300_000, 3_000):
        exact = said[start : start + 30]
        slip = [*exact[:15], exact[15] + "q", *exact[16:]]
        invented = chance.choices(words, k=30)
        given += [" ".join(exact), " ".join(slip), " ".join(invented)]

    checker = QuoteChecker(DocumentText(text, paragraphs))
    statuses = [checker.check(words, None).status for words in given]

    assert statuses[::3] == [QuoteStatus.EXACT] * 100
    assert statuses[1::3].count(QuoteStatus.NORMALIZED) > 50
    assert statuses[2::3] == [QuoteStatus.NOT_FOUND] * 100
