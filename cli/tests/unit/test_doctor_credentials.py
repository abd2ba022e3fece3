"""How the doctor judges the credentials of an environment."""

import pytest

from roundtable_cli.doctor.credentials import check_credentials
from roundtable_cli.doctor.result import Level

_SECRET = "sk-made-up"
_KEY = "ANTHROPIC_API_KEY"
_TOKEN = "ANTHROPIC_AUTH_TOKEN"
_OAUTH = "CLAUDE_CODE_OAUTH_TOKEN"
_URL = "ANTHROPIC_BASE_URL"


@pytest.mark.parametrize(
    ("names", "level", "words", "mend"),
    [
        ((), Level.FINE, "no credential", None),
        ((_KEY,), Level.FINE, _KEY, None),
        ((f"{_OAUTH}_FILE",), Level.FINE, _OAUTH, None),
        ((_KEY, _OAUTH), Level.DOUBTFUL, f"{_KEY} is what counts", f"unset {_OAUTH}"),
        ((_TOKEN, f"{_KEY}_FILE"), Level.DOUBTFUL, f"{_KEY} is what", "unset"),
        ((_KEY, f"{_KEY}_FILE"), Level.BROKEN, "refuses to start", f"unset {_KEY}"),
        ((_URL,), Level.FINE, _URL, None),
        ((_URL, _KEY), Level.FINE, f"with {_KEY}", None),
        ((_URL, _OAUTH), Level.DOUBTFUL, "does not count", f"unset {_OAUTH}"),
        ((_URL, _KEY, _TOKEN), Level.DOUBTFUL, "both", "unset the one"),
    ],
)
def test_only_one_credential_counts(
    names: tuple[str, ...], level: Level, words: str, mend: str | None
) -> None:
    """The report says which, how to settle it, and never what it is."""
    result = check_credentials(dict.fromkeys(names, _SECRET))

    assert result.level is level
    assert words in result.words
    assert (mend or "") in (result.mend or "")
    assert (result.mend is None) == (mend is None)
    assert _SECRET not in f"{result}"


def test_variable_that_holds_nothing_is_not_set() -> None:
    """As the services read it."""
    result = check_credentials({_KEY: "", _OAUTH: _SECRET})

    assert (result.level, _OAUTH in result.words) == (Level.FINE, True)
