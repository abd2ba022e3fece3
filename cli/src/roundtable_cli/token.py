"""The user's own token, which the gateway knows them by."""

from collections.abc import Mapping
from pathlib import Path

from roundtable_cli.errors import CliError, ExitCode

_TOKEN = "ROUNDTABLE_TOKEN"  # noqa: S105 - the variable's name
_TOKEN_FILE = "ROUNDTABLE_TOKEN_FILE"  # noqa: S105 - as above


class TokenError(CliError):
    """The token cannot be had from where the settings say."""

    exit_code = ExitCode.USAGE


def read_token(environment: Mapping[str, str]) -> str | None:
    """Return the token that the environment or the file it names holds; None for none.

    Raises:
        TokenError: Both are set, the file cannot be read, or there is no token in it.
    """
    token, file = environment.get(_TOKEN), environment.get(_TOKEN_FILE)
    if token and file:
        raise TokenError(f"{_TOKEN} and {_TOKEN_FILE} are both set; unset one.")
    if token:
        return _checked(token, _TOKEN)
    if file:
        return _checked(_content(Path(file)), _TOKEN_FILE)
    return None


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise TokenError(f"{_TOKEN_FILE}: {path} cannot be read: {why}.") from error


def _checked(text: str, variable: str) -> str:
    """Return a token that can stand in a header; the error does not show it."""
    token = text.strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise TokenError(f"{variable} holds no token: one word, such as rt_….")
    return token
