"""Writes digests beside the tags of images, commits beside the versions of actions.

`make pin-images`, where the registries and GitHub can be reached. It asks them anew at
every run, so it also moves a pin to what its tag means now. Nothing is made up: what
cannot be looked up ends the program, and no file is changed.
"""

import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_TAG = r"(?P<name>[a-z0-9][\w./-]*):(?P<tag>[\w.-]+)(?:@sha256:[0-9a-f]{64})?"
_FROM = re.compile(
    rf"(?P<before>^FROM (?:--platform=\S+ )?|--from=){_TAG}", re.MULTILINE
)
_IMAGE = re.compile(rf"(?P<before>^\s+image: ){_TAG}(?=\s*$)", re.MULTILINE)
_USES = re.compile(
    r"(?P<before>uses: )(?P<action>[\w.-]+/[\w.-]+)(?P<folder>[\w./-]*)"
    r"@(?:(?P<tag>v[\w.-]+)|[0-9a-f]{40} # (?P<pinned_tag>v[\w.-]+))"
)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}")


def _answer(*command: str) -> str:
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- names from our own files, no shell
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)}: {result.stderr.strip()}")
    return result.stdout


@cache
def _digest(image: str) -> str:
    found = _answer(
        *("docker", "buildx", "imagetools", "inspect"),
        *("--format", "{{.Manifest.Digest}}", image),
    ).strip()
    if not _DIGEST.fullmatch(found):
        sys.exit(f"{image}: the registry gave no digest: {found!r}")
    return found


@cache
def _commit(action: str, tag: str) -> str:
    refs = (f"refs/tags/{tag}", f"refs/tags/{tag}^{{}}")
    lines = _answer("git", "ls-remote", f"https://github.com/{action}", *refs)
    # An annotated tag is an object of its own; its commit comes last, as tag^{}.
    found = lines.splitlines()[-1].split()[0] if lines.strip() else ""
    if not _COMMIT.fullmatch(found):
        sys.exit(f"{action} has no tag {tag}")
    return found


def _pin_image(match: re.Match[str]) -> str:
    image = f"{match['name']}:{match['tag']}"
    return f"{match['before']}{image}@{_digest(image)}"


def _pin_action(match: re.Match[str]) -> str:
    tag = match["tag"] or match["pinned_tag"]
    commit = _commit(match["action"], tag)
    return f"{match['before']}{match['action']}{match['folder']}@{commit} # {tag}"


_Pin = tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]]
_PINS: tuple[_Pin, ...] = (
    ("Dockerfile.*", _FROM, _pin_image),
    ("*compose*.yml", _IMAGE, _pin_image),
    (".github/workflows/*.yml", _USES, _pin_action),
)


def main() -> None:
    """Pin everything in the folder named on the command line, or in this checkout."""
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else _ROOT
    pinned = {
        path: pattern.sub(pin, path.read_text())
        for files, pattern, pin in _PINS
        for path in sorted(root.glob(files))
    }
    for path, text in pinned.items():
        if text != path.read_text():
            path.write_text(text)
            print(f"pinned {path.relative_to(root)}")  # noqa: T201 -- a program's words


if __name__ == "__main__":
    main()
