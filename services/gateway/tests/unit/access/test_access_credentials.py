"""What of a request's headers counts as a proof of who sends it."""

import pytest

from roundtable_gateway.access.credentials import Credential, find_credential
from roundtable_gateway.domain.token import SecretKind

_COOKIES = {"__Host-roundtable": "rts_1", "other": "x"}
_TOKEN = Credential(SecretKind.PERSONAL, "rt_1")
_SESSION = Credential(SecretKind.SESSION, "rts_1")
_BAD = Credential(SecretKind.PERSONAL, "")


@pytest.mark.parametrize(
    ("authorization", "cookies", "found"),
    [
        ([], {}, None),
        ([], {"roundtable": "rts_1", "Host-roundtable": "rts_1"}, None),
        ([], _COOKIES, _SESSION),
        (["Bearer rt_1"], {}, _TOKEN),
        (["bearer  rt_1 "], {}, _TOKEN),
        (["Bearer rt_1"], _COOKIES, _TOKEN),
        (["Bearer"], _COOKIES, _BAD),
        (["Bearer "], _COOKIES, _BAD),
        (["Bearer rt_1", "Bearer rt_1"], _COOKIES, _BAD),
        (["Basic dTpw"], {}, None),
        (["Basic dTpw"], _COOKIES, _SESSION),
        (["Basic dTpw", "Bearer rt_1"], _COOKIES, _TOKEN),
        (["rt_1"], {}, None),
        (["Bearers rt_1"], {}, None),
        ([""], _COOKIES, _SESSION),
    ],
)
def test_header_wins_over_cookie(
    authorization: list[str], cookies: dict[str, str], found: Credential | None
) -> None:
    """A Bearer header, even a bad one, is the caller's word; other schemes are none."""
    assert find_credential(authorization, cookies) == found


def test_secret_is_not_shown() -> None:
    """A credential that is printed, in a crash's trace say, tells no secret."""
    assert "rt_1" not in repr(_TOKEN)
