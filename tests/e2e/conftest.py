"""What all end-to-end tests share."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

_ROOT = Path(__file__).parents[2]
_CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
_WAIT_MS = 30_000
_SECONDS = 120


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Three services, and a process of the CLI for each turn, start from cold here."""
    for item in items:
        is_here = item.path.is_relative_to(Path(__file__).parent)
        if is_here and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(_SECONDS))


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the repository's root."""
    return _ROOT


@pytest.fixture(scope="session")
def sample(root: Path) -> Path:
    """Return the bundled sample with planted flaws."""
    return root / "samples" / "cloud-backup-launch.md"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Return a fresh Chromium."""
    if _CHROMIUM is None:
        pytest.skip("no chromium on the PATH; apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=_CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """Return a page that fails the test when its own code does.

    It takes any certificate: what a client makes of one is tested with the gateway.
    """
    page = await browser.new_page(ignore_https_errors=True)
    page.set_default_timeout(_WAIT_MS)
    expect.set_options(timeout=_WAIT_MS)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    assert faults == []
