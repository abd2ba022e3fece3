"""Personas and panels from the terminal, over the real services."""

import asyncio
import re
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml

from support.stack import Stack

_ROUNDTABLE = Path(sys.executable).with_name("roundtable")
_OWN_ID = re.compile(r"per_[0-9a-f]{20}")


class _Terminal:
    """Types commands and reads what they print."""

    def __init__(self, url: str, folder: Path) -> None:
        self._environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(folder),
            "ROUNDTABLE_URL": url,
        }

    async def run(self, *arguments: str) -> tuple[int, str, str]:
        """Run a command to its end and return exit code, output and error output."""
        process = await asyncio.create_subprocess_exec(
            *(str(_ROUNDTABLE), *arguments),
            env=self._environment,
            stdout=PIPE,
            stderr=PIPE,
        )
        output, errors = await process.communicate()
        assert process.returncode is not None
        return process.returncode, output.decode(), errors.decode()

    async def done(self, *arguments: str) -> str:
        """Run a command that succeeds and return its output."""
        code, output, errors = await self.run(*arguments)
        assert code == 0, errors
        return output


@pytest.fixture
async def terminal(tmp_path: Path) -> AsyncIterator[_Terminal]:
    """A terminal before a gateway without an account."""
    async with Stack(tmp_path / "data") as stack:
        yield _Terminal(stack.url, tmp_path)


async def test_personas_go_out_of_the_gateway_and_in_again(
    terminal: _Terminal, tmp_path: Path
) -> None:
    """A copy is exported, changed by hand, imported, shown and archived."""
    copied = await terminal.done("personas", "copy", "ciso")
    [copy_id] = _OWN_ID.findall(copied)
    file = tmp_path / "reader.yaml"
    await terminal.done("personas", "export", copy_id, "--out", str(file))
    pack = yaml.safe_load(file.read_text())
    pack["personas"][0]["name"] = "Tender reader"
    pack["pack"] = "tenders"
    file.write_text(yaml.safe_dump(pack))

    imported = await terminal.done("personas", "import", str(file))

    [own_id] = _OWN_ID.findall(imported)
    assert own_id != copy_id
    listed = (await terminal.done("personas", "list")).splitlines()
    assert listed[0].startswith(f"{own_id}: Tender reader, ")
    assert listed[1].startswith(f"{copy_id}: CISO (copy), ")
    assert any(line.startswith("ciso: CISO, ") for line in listed[2:])
    packed = await terminal.done("personas", "list", "--pack", "tenders")
    assert packed == imported
    shown = await terminal.done("personas", "show", own_id)
    assert f"{own_id} (version 1, your own)" in shown
    assert "Tender reader" in shown
    await terminal.done("personas", "archive", own_id)
    assert await terminal.done("personas", "list", "--pack", "tenders") == ""


async def test_import_from_the_terminal_names_every_fault(
    terminal: _Terminal, tmp_path: Path
) -> None:
    """The place, what is wrong, and what to write; nothing is kept."""
    exported = await terminal.done("personas", "export", "cto", "--format", "json")
    pack = yaml.safe_load(exported)
    pack["personas"][0]["owns"] = ["poetry"]
    pack["personas"][0]["strictness"] = 9
    file = tmp_path / "reader.json"
    file.write_text(yaml.safe_dump(pack, default_flow_style=True, width=10**6))

    not_json, _, _ = await terminal.run("personas", "import", str(file))
    file = file.rename(tmp_path / "reader.yml")
    code, _, errors = await terminal.run("personas", "import", str(file))

    assert (not_json, code) == (64, 64)
    assert "personas[0].owns[0]: there is no criterion 'poetry'; use one of:" in errors
    assert "personas[0].strictness: is 9; write at most 5" in errors
    listed = await terminal.done("personas", "list")
    assert _OWN_ID.search(listed) is None


async def test_council_reviews_a_document(terminal: _Terminal, sample: Path) -> None:
    """One persona on two models is a panel to run; one that overlaps is warned of."""
    seats = ("--seat", "ciso@opus", "--seat", "ciso@sonnet")
    created = await terminal.done("panels", "create", "Council", *seats)
    [panel_id] = re.findall(r"pan_[0-9a-f]{20}", created)
    code, _, warned = await terminal.run(
        *("panels", "create", "Twins", "--no-control"),
        *("--seat", "ciso", "--seat", "ciso@opus"),
    )

    reviewed, report, errors = await terminal.run(
        *("review", str(sample), "--panel", panel_id, "--allow-rehearsal")
    )

    assert "Seat 2: ciso@sonnet" in created
    assert code == 0
    assert "Warning: Seats 1 (CISO) and 2 (CISO) are one persona" in warned
    assert reviewed in {0, 1}, errors
    assert "CISO" in report
    listed = (await terminal.done("panels", "list")).splitlines()
    assert "Twins" in listed[0]
    assert listed[1] == f"{panel_id}: Council: ciso@opus, ciso@sonnet"
    shown = await terminal.done("panels", "show", panel_id)
    assert shown == created
