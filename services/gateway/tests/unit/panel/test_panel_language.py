"""Telling a text's language by its most frequent words."""

import pytest

from roundtable_gateway.panel.language import known_language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The vendor shall deliver the goods to our office within five days."),
        ("de", "Der Anbieter liefert die Ware nicht vor dem Ende der Frist an uns."),
        ("fr", "Le fournisseur livre les biens dans nos locaux avec une garantie."),
        ("es", "El proveedor entrega los bienes en la oficina con una garantía."),
    ],
)
def test_known_languages_are_told(language: str, text: str) -> None:
    """A plain sentence in a language we know is told."""
    assert known_language(text) == language


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "De leverancier levert de goederen niet voor het einde van de "
            "termijn en is dan in gebreke.",
            id="Dutch",
        ),
        pytest.param(
            "Il fornitore consegna i beni nella sede del cliente e non "
            "risponde di un ritardo che sia breve.",
            id="Italian",
        ),
        pytest.param(
            "O fornecedor entrega os bens na sede do cliente e não responde "
            "por um atraso que seja breve.",
            id="Portuguese",
        ),
        pytest.param(
            "Leverandøren leverer varen til kunden og er ikke ansvarlig for "
            "en forsinkelse som er kort.",
            id="Danish",
        ),
        pytest.param(
            "Dostawca dostarcza towar do klienta i nie odpowiada za "
            "opóźnienie, które jest krótkie.",
            id="Polish",
        ),
        pytest.param("我们将在五天内交付货物。", id="Chinese"),
        pytest.param(
            "Revenue growth, gross margin, churn, runway", id="no small words"
        ),
        pytest.param("the der", id="two at once"),
        pytest.param("", id="empty"),
    ],
)
def test_other_languages_are_unknown(text: str) -> None:
    """Where we can't read the negations, we say so."""
    assert known_language(text) is None
