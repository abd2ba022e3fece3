"""How turns are paid for: which account this runner has."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

_CREDENTIALS_FILE = ".credentials.json"

# The CLI wants some credential even where the endpoint asks for none.
_NO_CREDENTIAL = "not-needed"


class AccountKind(StrEnum):
    """How turns are paid for."""

    ENDPOINT = "endpoint"
    API_KEY = "api_key"
    TOKEN = "token"  # noqa: S105 - the name of a kind, no secret
    SUBSCRIPTION = "subscription"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class AccountVariables:
    """The CLI's own account variables, as the owner set them."""

    config_dir: Path
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    auth_token: str | None = field(default=None, repr=False)
    oauth_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Access:
    """What a CLI process needs to reach a model.

    Attributes:
        variables: Variables for its environment, the credential among them.
        is_bare: Whether the CLI's bare mode reads this credential.
        has_price: Whether the CLI's figures in dollars mean anything.
        calls_tools: Whether its models are known to call tools.
    """

    kind: AccountKind
    variables: Mapping[str, str] = field(repr=False)
    is_bare: bool
    has_price: bool
    calls_tools: bool = True


def endpoint_access(
    base_url: str,
    *,
    api_key: str | None = None,
    auth_token: str | None = None,
    calls_tools: bool = False,
) -> Access:
    """Return access to another endpoint that speaks the Messages API."""
    variables = {
        "ANTHROPIC_BASE_URL": base_url,
        # Other endpoints know no beta fields, and no line about billing.
        "CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS": "1",
        "CLAUDE_CODE_ATTRIBUTION_HEADER": "0",
    }
    if auth_token is not None:
        variables["ANTHROPIC_AUTH_TOKEN"] = auth_token
    if api_key is not None or auth_token is None:
        variables["ANTHROPIC_API_KEY"] = api_key or _NO_CREDENTIAL
    return Access(
        AccountKind.ENDPOINT,
        variables,
        is_bare=True,
        has_price=False,
        calls_tools=calls_tools,
    )


def login_access(config_dir: Path) -> Access:
    """Return access with the login that a directory keeps, or is to keep."""
    variables = {"CLAUDE_CONFIG_DIR": str(config_dir.absolute())}
    return Access(AccountKind.SUBSCRIPTION, variables, is_bare=False, has_price=False)


def credentials_file(config_dir: Path) -> Path:
    """Return where the CLI keeps a login."""
    return config_dir / _CREDENTIALS_FILE


def has_login(config_dir: Path) -> bool:
    """Tell whether a login can be used, as far as its file shows.

    The CLI empties a login whose renewal was refused, and leaves the file.
    """
    try:
        login = json.loads(credentials_file(config_dir).read_bytes())["claudeAiOauth"]
        return bool(login["accessToken"])
    except (OSError, ValueError, LookupError, TypeError):
        return False


def find_access(account: AccountVariables) -> Access | None:
    """Return the first account there is: endpoint, key, tokens, login, none."""
    if account.base_url is not None:
        return endpoint_access(
            account.base_url, api_key=account.api_key, auth_token=account.auth_token
        )
    if account.api_key is not None:
        variables = {"ANTHROPIC_API_KEY": account.api_key}
        return Access(AccountKind.API_KEY, variables, is_bare=True, has_price=True)
    if account.auth_token is not None:
        variables = {"ANTHROPIC_AUTH_TOKEN": account.auth_token}
        return Access(AccountKind.TOKEN, variables, is_bare=True, has_price=True)
    # Bare mode reads neither an OAuth token nor a login.
    if account.oauth_token is not None:
        variables = {"CLAUDE_CODE_OAUTH_TOKEN": account.oauth_token}
        return Access(AccountKind.TOKEN, variables, is_bare=False, has_price=False)
    if credentials_file(account.config_dir).is_file():
        return login_access(account.config_dir)
    return None


def find_rivals(account: AccountVariables) -> tuple[str, ...]:
    """Return the credentials that are given, by name, in the order they count.

    More than one, and the others lie idle. A key and an auth token beside an endpoint
    are the endpoint's own and no rivals of it.
    """
    to_anthropic = {
        "ANTHROPIC_API_KEY": account.api_key is not None,
        "ANTHROPIC_AUTH_TOKEN": account.auth_token is not None,
    }
    given = {
        "ANTHROPIC_BASE_URL": account.base_url is not None,
        **({} if account.base_url is not None else to_anthropic),
        "CLAUDE_CODE_OAUTH_TOKEN": account.oauth_token is not None,
        "login": credentials_file(account.config_dir).is_file(),
    }
    return tuple(name for name, is_given in given.items() if is_given)
