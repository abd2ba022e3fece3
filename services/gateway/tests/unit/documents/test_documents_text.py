# ruff: noqa: RUF001 - letters of many scripts are what is tested here
"""Text in a legacy encoding, which does not say which one it is."""

import pytest

from roundtable_gateway.documents.blocks import MediaType
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.documents.text import read_text

_WESTERN = {
    "short French": "Le café coûte 5 € – l’été, où ça? Très bien.",
    "short English": "It’s “great” – 5 €",
    "one word": "café",
    "price": "£5 or ½ price",
    "French": (
        "L’été dernier, nous avons fêté l’anniversaire de ma sœur à Besançon. "
        "Le dîner coûtait 35 € – c’était très réussi ! Où irons-nous l’an prochain ?"
    ),
    "German": (
        "Die Größe der Straße überrascht viele Gäste. „Schöne Grüße aus Köln“, "
        "schrieb er – und zahlte 20 € dafür. Das Mädchen hörte höflich zu."
    ),
    "Spanish": (
        "El año pasado viajamos a España con los niños. ¿Cuánto costó el avión? "
        "¡Más de 300 € – qué caro! Mañana volverán según la información."
    ),
    "English": (
        "It’s a “great” product, said the buyer – but I wouldn’t pay 50 € for it. "
        "We’ve asked three customers. They don’t agree with each other."
    ),
    "Portuguese": (
        "A informação não está disponível. Amanhã à tarde começará a reunião com "
        "os irmãos. São Paulo é a maior cidade – você já conhece?"
    ),
    "Italian": (
        "La città è più bella di ciò che pensavo. Perché non andiamo là lunedì? "
        "Costerà 20 € – però ne varrà la pena."
    ),
    "Swedish": (
        "Åsa åkte till Göteborg för att hälsa på sin bror. Det är trevligt här, "
        "sade hon. På kvällen åt de räksmörgås och drack öl."
    ),
    "Danish": (
        "Jeg vil gerne købe rødgrød med fløde på øen. Det koster 5 € – ikke så "
        "dårligt. Hvornår åbner I?"
    ),
    "German with foreign names": (
        "Der Vertrag über 100 € gilt für España und São Paulo. Die Größe, Höhe und "
        "Länge der Räume prüft später François Müller persönlich für die Gäste."
    ),
}
_OTHERS = {
    "Polish": (
        "cp1250",
        (
            "Wczoraj pojechaliśmy do Łodzi, żeby odwiedzić naszą ciocię. Było bardzo "
            "miło i zjedliśmy pyszny obiad. Następnym razem weźmiemy ze sobą dzieci."
        ),
    ),
    "Czech": (
        "cp1250",
        (
            "Včera jsme jeli do Plzně navštívit babičku. Počasí bylo krásné a měli "
            "jsme výborný oběd. Příště vezmeme také děti, protože se těší na řeku."
        ),
    ),
    "Hungarian": (
        "cp1250",
        (
            "Tegnap elmentünk Győrbe, hogy meglátogassuk a nagynénit. Nagyon szép idő "
            "volt, és jó ebédet ettünk. Legközelebb a gyerekeket is elvisszük."
        ),
    ),
    "Russian": (
        "cp1251",
        (
            "Вчера мы поехали в Москву, чтобы навестить бабушку. Погода была "
            "прекрасная, и мы долго гуляли по парку. В следующий раз возьмём детей."
        ),
    ),
    "short Russian": ("cp1251", "Привет, как дела?"),
    "Greek": (
        "cp1253",
        (
            "Χθες πήγαμε στην Αθήνα για να επισκεφτούμε τη γιαγιά μας. Ο καιρός ήταν "
            "υπέροχος και περπατήσαμε πολύ. Την επόμενη φορά θα πάρουμε τα παιδιά."
        ),
    ),
    "Turkish": (
        "cp1254",
        (
            "Dün büyükannemizi ziyaret etmek için İstanbul'a gittik. Hava çok güzeldi "
            "ve uzun süre parkta yürüdük. Bir dahaki sefere çocukları da alacağız."
        ),
    ),
    "Japanese": (
        "shift_jis",
        (
            "昨日、私たちは祖母を訪ねるために京都へ行きました。天気がとても良く、"
            "長い間公園を散歩しました。次回は子供たちも連れて行きます。"
        ),
    ),
    "Chinese": (
        "gb18030",
        (
            "昨天我们去北京看望奶奶。天气非常好，我们在公园里散步了很久。"
            "下次我们会带孩子们一起去。"
        ),
    ),
}


@pytest.mark.parametrize("text", _WESTERN.values(), ids=_WESTERN.keys())
def test_western_text_is_read_as_windows_1252(text: str) -> None:
    """A few accents or quotation marks are no sign of an eastern encoding."""
    reading = read_text(text.encode("cp1252"), MediaType.PLAIN, Limits())

    assert reading.blocks[0].text == text
    (warning,) = reading.warnings
    assert warning.code == "ENCODING_GUESSED"
    assert "cp1252" in warning.detail


@pytest.mark.parametrize(("encoding", "text"), _OTHERS.values(), ids=_OTHERS.keys())
def test_text_of_another_script_or_region_is_recognised(
    encoding: str, text: str
) -> None:
    """The preference for Windows-1252 does not garble what is none."""
    reading = read_text(text.encode(encoding), MediaType.PLAIN, Limits())

    assert reading.blocks[0].text == text
    assert [each.code for each in reading.warnings] == ["ENCODING_GUESSED"]
