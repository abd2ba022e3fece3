"""What the elements of HTML are to a reader of text."""

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = (
    "address article aside blockquote body button caption center dd details dialog dir"
    " div dl dt fieldset figcaption figure footer form header hgroup hr html legend li"
    " listing main menu nav ol optgroup option p plaintext pre search section select"
    " summary table tbody td textarea tfoot th thead tr ul xmp"
)
_NOT_TEXT = (
    "annotation annotation-xml datalist head noembed noframes noscript rp script style"
    " template title"
)
_PICTURES = "applet audio canvas embed iframe img object svg video"

# They share no paragraph with what stands around them.
BLOCKS = frozenset((*_HEADINGS, *_BLOCKS.split()))
# No browser shows what stands in these as text of the page.
NOT_TEXT = frozenset(_NOT_TEXT.split())
# Drawn, played or fetched from elsewhere; what stands within is for those without.
PICTURES = frozenset(_PICTURES.split())
# Inputs whose value is their label.
BUTTONS = frozenset({"button", "reset", "submit"})
ROLES = {
    **dict.fromkeys(_HEADINGS, "heading"),
    **dict.fromkeys(("listing", "plaintext", "pre", "textarea", "xmp"), "typed"),
    **dict.fromkeys(("td", "th"), "cell"),
    "br": "break",
    "li": "item",
    "tr": "row",
}
