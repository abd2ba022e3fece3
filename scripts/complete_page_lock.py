"""Adds to the page's lock the optional packages that `npm` left out of it.

A registry mirror may lack binaries of platforms that it does not serve. npm then writes
a lock without them, which `npm ci` refuses everywhere. Their names and exact versions
stand in the packages that want them; only their digests stay unknown.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

_PLATFORM = re.compile(
    r"(?P<os>android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|aix|win32)"
    r"-(?P<cpu>arm64|arm|x64|ia32|loong64|ppc64|riscv64|s390x|mips64el)"
)


def _entry(name: str, version: str, *, is_dev: bool) -> dict[str, Any]:
    platform = _PLATFORM.search(name)
    if platform is None:
        sys.exit(f"{name}: its name tells no platform; add it to the lock by hand")
    entry: dict[str, Any] = {"version": version, "cpu": [platform["cpu"]]}
    if is_dev:
        entry["dev"] = True
    if platform["os"] == "linux":
        entry["libc"] = ["musl" if "musl" in name else "glibc"]
    return entry | {"optional": True, "os": [platform["os"]]}


def main() -> None:
    """Complete the lock named on the command line, in place."""
    path = Path(sys.argv[1])
    lock = json.loads(path.read_text())
    packages: dict[str, dict[str, Any]] = lock["packages"]
    for package in list(packages.values()):
        for name, version in package.get("optionalDependencies", {}).items():
            place = f"node_modules/{name}"
            if place not in packages and version[0].isdigit():
                is_dev = package.get("dev", False)
                packages[place] = _entry(name, version, is_dev=is_dev)
    root = packages.pop("")
    lock["packages"] = {"": root, **dict(sorted(packages.items()))}
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
