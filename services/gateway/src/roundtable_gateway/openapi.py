"""Writes the contract down: `python -m roundtable_gateway.openapi [FILE]`.

The page's types are generated from the file; a test holds it against the routes.
"""

import json
import sys
from pathlib import Path

from roundtable_gateway.http.app import build_api

_COMMITTED = Path(__file__).parents[2] / "openapi.json"


def render() -> str:
    """Return the contract as the committed file has it."""
    return json.dumps(build_api().openapi(), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the contract to the file that is named, else to the committed one."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else _COMMITTED
    target.write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
