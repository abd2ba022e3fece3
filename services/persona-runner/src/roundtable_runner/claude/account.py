"""How turns are paid for: which account this runner has, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from roundtable_kit.clock import Clock

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
    """

    kind: AccountKind
    variables: Mapping[str, str] = field(repr=False)
    is_bare: bool
    has_price: bool


@dataclass(frozen=True, slots=True)
class AccountState:
    """The account at this moment; no access where there is none."""

    kind: AccountKind
    since: datetime
    access: Access | None


def endpoint_access(
    base_url: str, *, api_key: str | None = None, auth_token: str | None = None
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
    return Access(AccountKind.ENDPOINT, variables, is_bare=True, has_price=False)


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
    if (account.config_dir / _CREDENTIALS_FILE).is_file():
        variables = {"CLAUDE_CONFIG_DIR": str(account.config_dir.absolute())}
        return Access(
            AccountKind.SUBSCRIPTION, variables, is_bare=False, has_price=False
        )
    return None


class AccountWatch:
    """Looks the account up each time: a login may come and go while we run."""

    def __init__(self, account: AccountVariables, clock: Clock) -> None:
        self._account = account
        self._clock = clock
        self._kind: AccountKind | None = None
        self._since = clock.now()

    def look(self) -> AccountState:
        """Return the account at this moment and since when it is that one."""
        access = find_access(self._account)
        kind = access.kind if access is not None else AccountKind.NONE
        if kind is not self._kind:
            self._kind, self._since = kind, self._clock.now()
        return AccountState(kind, self._since, access)
