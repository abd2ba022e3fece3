"""The variables of this environment that pay for turns: one at a time, please."""

from collections.abc import Mapping

from roundtable_cli.doctor.result import Result, broken, doubtful, fine

_SUBJECT = "variables"
_ENDPOINT = "ANTHROPIC_BASE_URL"
# In the order in which the runner looks for them.
_SECRETS = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN")
# An endpoint takes either as its own.
_OF_ENDPOINTS = _SECRETS[:2]


def check_credentials(environment: Mapping[str, str]) -> Result:
    """Look for credentials that shadow one another; none is ever shown."""
    set_twice = [
        name
        for name in _SECRETS
        if environment.get(name) and environment.get(f"{name}_FILE")
    ]
    if set_twice:
        name = set_twice[0]
        return broken(
            _SUBJECT,
            f"{name} and {name}_FILE are both set, and the runner refuses to start",
            mend=f"unset {name}",
        )
    there = [name for name in _SECRETS if _is_set(environment, name)]
    if environment.get(_ENDPOINT):
        return _with_endpoint(there)
    if len(there) > 1:
        return doubtful(
            _SUBJECT,
            f"{' and '.join(there)} are set here, and {there[0]} is what counts",
            mend=f"unset {' and '.join(there[1:])}, or what you don't mean",
        )
    if there:
        return fine(_SUBJECT, f"{there[0]} is set here, and nothing beside it")
    return fine(_SUBJECT, "no credential is set here, so none stands before a login")


def _with_endpoint(there: list[str]) -> Result:
    unread = [name for name in there if name not in _OF_ENDPOINTS]
    if unread:
        return doubtful(
            _SUBJECT,
            f"{_ENDPOINT} is set here, so {unread[0]} does not count",
            mend=f"unset {unread[0]}, or {_ENDPOINT} for Anthropic's own",
        )
    if len(there) > 1:
        return doubtful(
            _SUBJECT,
            f"the endpoint is sent both {' and '.join(there)}",
            mend="unset the one that it does not ask for",
        )
    beside = f" with {there[0]}" if there else ""
    return fine(_SUBJECT, f"{_ENDPOINT} is set here{beside}")


def _is_set(environment: Mapping[str, str], name: str) -> bool:
    return bool(environment.get(name) or environment.get(f"{name}_FILE"))
