"""The account in the user's words, and how to mend it."""

from roundtable_cli.runner import NO_ACCOUNT, AccountFailure

SUBSCRIPTION = "subscription"

ACCOUNTS = {
    SUBSCRIPTION: "a Claude subscription, logged in",
    "token": "a token",
    "api_key": "an API key",
    "endpoint": "an endpoint of your own (ANTHROPIC_BASE_URL)",
    NO_ACCOUNT: "none, so Claude does not answer",
}
_MENDS = {
    "auth_required": "set a valid key or token for the runner and start it again",
    "rate_limited": "wait until the limit opens again, runs go on by themselves; "
    "or use another account",
    "overloaded": "wait a little; runs try again by themselves",
    "timeout": "see whether the endpoint answers from the runner's machine",
    "unreachable": "see whether the runner's machine reaches the endpoint: network, "
    "proxy, ANTHROPIC_BASE_URL",
    "model_not_found": "name a model that the account has: roundtable runner lists "
    "them",
    "invalid_output": "use a model that can follow instructions; this one is too small",
}


def account_in_words(account: str) -> str:
    """Return how turns are paid for, for a line of its own."""
    return ACCOUNTS.get(account, account)


def how_to_log_in(login: str) -> str:
    """Return what gives a runner an account, `login` being the command that logs in."""
    return (
        f"{login} (a Claude subscription), or start the runner with ANTHROPIC_API_KEY, "
        "CLAUDE_CODE_OAUTH_TOKEN or ANTHROPIC_BASE_URL"
    )


def mend_of(failure: AccountFailure, *, account: str, login: str) -> str:
    """Return what to do about a failed use of an account."""
    if failure.reason == "auth_required" and account == NO_ACCOUNT:
        return how_to_log_in(login)
    if failure.reason == "auth_required" and account == SUBSCRIPTION:
        return login
    return _MENDS.get(failure.reason, "see the runner's log")
