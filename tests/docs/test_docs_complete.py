"""The documents name every setting and every reason that the code knows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from roundtable_gateway.documents.errors import Reason
from roundtable_gateway.settings import GatewaySettings
from roundtable_kit.errors import ServiceError
from roundtable_runner.settings import RunnerSettings
from roundtable_store.settings import Settings as StoreSettings

_ROOT = Path(__file__).parents[2]
_RAISED = {error.__name__ for error in ServiceError.__subclasses__()} | {"Problem"}
_REASON = re.compile(r"[A-Z][A-Z_]{3,}")
# Said between the services only; no client of the HTTP API sees them.
_INTERNAL = {
    "APPEND_GAP",
    "CALLER_NOT_ALLOWED",
    "CONDUCTOR_STOPPED",
    "DOCUMENT_TOO_LARGE",
    "FENCED",
    "ILLEGAL_EVENT",
    "INVALID_REQUEST",
    "MESSAGE_TOO_LARGE",
    "NO_FREE_SLOT",
    "STOPPING",
    "SUPERSEDED",
    "TURN_NOT_FOUND",
}
# Starlette's own errors, named in a table.
_BY_STATUS = {"METHOD_NOT_ALLOWED", "NOT_FOUND"}


def _variables(settings: type[BaseSettings]) -> Iterator[str]:
    prefix = settings.model_config.get("env_prefix") or ""
    for name, field in settings.model_fields.items():
        alias = field.validation_alias
        yield alias if isinstance(alias, str) else f"{prefix}{name}".upper()


def _constants(tree: ast.Module) -> dict[str, str]:
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _reasons(source: Path) -> Iterator[str]:
    """Yield the reasons of the errors that a module makes."""
    tree = ast.parse(source.read_text())
    constants = _constants(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id not in _RAISED:
            continue
        for argument in node.args[:2]:
            value: object = None
            if isinstance(argument, ast.Constant):
                value = argument.value
            elif isinstance(argument, ast.Name):
                value = constants.get(argument.id)
            if isinstance(value, str) and _REASON.fullmatch(value):
                yield value


@pytest.mark.parametrize(
    "settings",
    [GatewaySettings, RunnerSettings, StoreSettings],
    ids=lambda s: s.__name__,
)
def test_every_setting_is_documented(settings: type[BaseSettings]) -> None:
    """docs/settings.md holds each variable that a service reads."""
    text = (_ROOT / "docs" / "settings.md").read_text()

    missing = [name for name in _variables(settings) if f"`{name}`" not in text]

    assert missing == []


def test_every_reason_is_documented() -> None:
    """docs/errors.md holds each reason that a client can be told, and no other."""
    text = (_ROOT / "docs" / "errors.md").read_text()
    sources = [
        *(_ROOT / "services").glob("*/src/**/*.py"),
        *(_ROOT / "libs" / "servicekit").glob("src/**/*.py"),
    ]
    raised = {reason for source in sources for reason in _reasons(source)}
    raised |= {reason.value for reason in Reason} | _BY_STATUS

    documented = set(re.findall(r"^\| `([A-Z_]+)`", text, re.MULTILINE))

    assert raised - _INTERNAL == documented


def test_the_reasons_between_services_are_raised() -> None:
    """The list of what no client sees names nothing that is gone."""
    sources = (_ROOT / "services").glob("*/src/**/*.py")

    raised = {reason for source in sources for reason in _reasons(source)}

    assert raised >= _INTERNAL
