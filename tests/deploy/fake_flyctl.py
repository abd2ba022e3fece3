"""A flyctl that keeps its apps in a folder and writes down how it was called.

FAKE_FLYCTL_FOLDER/calls.jsonl   one call a line: arguments and standard input
FAKE_FLYCTL_FOLDER/apps.json     what exists
FAKE_FLYCTL_FOLDER/fail_on       a call whose arguments hold this text fails
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

_FOLDER = Path(os.environ["FAKE_FLYCTL_FOLDER"])
_READS = {
    ("auth", "whoami"),
    ("apps", "list"),
    ("volumes", "list"),
    ("machine", "list"),
    ("secrets", "list"),
}


def _option(arguments: list[str], name: str) -> str:
    return arguments[arguments.index(name) + 1]


def _listed(names: list[str]) -> None:
    sys.stdout.write(json.dumps([{"name": name} for name in names] or None))


def _read(apps: dict[str, Any], arguments: list[str]) -> None:
    if arguments[0] == "auth":
        sys.stdout.write("owner@example.org\n")
    elif arguments[0] == "apps":
        _listed(list(apps))
    else:
        kind = {"machine": "machines"}.get(arguments[0], arguments[0])
        _listed(apps[_option(arguments, "--app")][kind])


def _change(apps: dict[str, Any], arguments: list[str], given: str) -> None:
    match arguments[:2]:
        case ["apps", "create"]:
            apps[arguments[2]] = {"volumes": [], "secrets": [], "machines": []}
        case ["volumes", "create"]:
            apps[_option(arguments, "--app")]["volumes"].append(arguments[2])
        case ["secrets", "import"]:
            names = [line.partition("=")[0] for line in given.splitlines()]
            app = apps[_option(arguments, "--app")]
            app["secrets"] = sorted({*app["secrets"], *names})
        case ["deploy", _]:
            apps[_option(arguments, "--app")]["machines"] = ["one"]
        case _:
            sys.exit(f"unknown command: {arguments}")


def main() -> None:
    """Answer one call."""
    arguments = sys.argv[1:]
    is_read = tuple(arguments[:2]) in _READS
    given = sys.stdin.read() if arguments[:2] == ["secrets", "import"] else ""
    with (_FOLDER / "calls.jsonl").open("a") as calls:
        call = {"arguments": arguments, "input": given, "is_read": is_read}
        calls.write(json.dumps(call) + "\n")
    fail_on = _FOLDER / "fail_on"
    if fail_on.exists() and fail_on.read_text() in " ".join(arguments):
        sys.exit("Error: the platform says no")

    state = _FOLDER / "apps.json"
    apps = json.loads(state.read_text()) if state.exists() else {}
    if is_read:
        _read(apps, arguments)
    else:
        _change(apps, arguments, given)
        state.write_text(json.dumps(apps))


if __name__ == "__main__":
    main()
