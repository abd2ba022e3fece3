"""How an HTML document is encoded: mark, declaration, content, in this order."""

import codecs
import re

from roundtable_gateway.documents.text import Decoded, decode

_HEAD_BYTES = 4_096
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_DECLARED = re.compile(
    rb"<(?:meta\b[^>]*?\bcharset|\?xml\b[^>]*?\bencoding)\s*=\s*[\"']?\s*([\w.:-]{1,40})",
    re.IGNORECASE,
)
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

# What browsers take for these names: the wider set that real pages are written in.
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
# Python knows encodings that are no alphabets, such as UTF-7 and ROT13; none of those.
_KNOWN = frozenset(
    {
        *(f"cp{number}" for number in range(1250, 1259)),
        *(f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
        *("cp866", "cp874", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic"),
        *("gb18030", "big5", "cp932", "euc_jp", "iso2022_jp", "cp949"),
    }
)


def decode_html(content: bytes) -> Decoded:
    """Turn bytes into text, as a browser would; else as plain text is decoded.

    Raises:
        Refused: UNSUPPORTED_TYPE if they are none.
    """
    encoding = None if content.startswith(_MARKS) else _declared(content)
    if encoding:
        try:
            return Decoded(content.decode(encoding), encoding)
        except UnicodeDecodeError:
            pass  # it is not what it says it is
    return decode(content)


def _declared(content: bytes) -> str | None:
    """Return the declared encoding, where it is neither UTF-8 nor unknown."""
    found = _DECLARED.search(_COMMENT.sub(b"", content[:_HEAD_BYTES]))
    if not found:
        return None
    try:
        name = codecs.lookup(found[1].decode("ascii", "replace")).name
    except LookupError:
        return None
    name = _WIDER.get(name, name)
    return name if name in _KNOWN else None
