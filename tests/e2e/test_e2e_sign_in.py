"""Signing in on the page, in a real Chromium over a real gateway in token mode."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import httpx
from playwright.async_api import Page, expect

from support.stack import GATEWAY, Stack

_EMAIL = "ada@example.org"
_TOKEN_MODE = {"ROUNDTABLE_GATEWAY_AUTH": "token"}
_TEXT = "Our backup is the most secure ever built. It will always be available."


def _https(data_dir: Path) -> dict[str, str]:
    """Return settings for HTTPS with a certificate that the stack has anyway."""
    own = data_dir / "certificates" / GATEWAY
    return {
        "ROUNDTABLE_GATEWAY_TLS_CERT_FILE": str(own / "service.crt"),
        "ROUNDTABLE_GATEWAY_TLS_KEY_FILE": str(own / "service.key"),
    }


async def _create_token(data_dir: Path) -> str:
    """Make a token as an owner does, beside the running store."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "roundtable_store", "create-token", _EMAIL),
        env={"PATH": os.defpath, "ROUNDTABLE_DATA_DIR": str(data_dir)},
        stdin=DEVNULL,
        stdout=PIPE,
    )
    out, _ = await process.communicate()
    return out.decode().strip()


async def _delete_tokens(url: str, token: str) -> None:
    """Delete all tokens of a token's owner; the sessions made from them end."""
    headers = {"Authorization": f"Bearer {token}", "X-Requested-With": "roundtable"}
    async with httpx.AsyncClient(
        base_url=f"{url}/api/v1", headers=headers, trust_env=False
    ) as client:
        tokens = (await client.get("/tokens")).raise_for_status().json()["tokens"]
        for each in tokens:
            (await client.delete(f"/tokens/{each['id']}")).raise_for_status()


async def _sign_in(page: Page, token: str) -> None:
    await page.get_by_test_id("sign-in-token").fill(token)
    await page.get_by_test_id("sign-in-button").click()


async def test_a_run_opened_while_signed_out_is_there_after_signing_in(
    page: Page, tmp_path: Path
) -> None:
    """Over HTTPS: sign in, run, sign out, come back by the run's address."""
    async with Stack(tmp_path, settings=_TOKEN_MODE | _https(tmp_path)) as stack:
        token = await _create_token(tmp_path)
        url = f"https://localhost:{stack.port(GATEWAY)}"
        await page.goto(url)
        await _sign_in(page, token)
        await expect(page.get_by_test_id("signed-in-as")).to_contain_text(_EMAIL)
        await page.get_by_test_id("paste-area").fill(_TEXT)
        await page.get_by_test_id("paste-button").click()
        await page.get_by_test_id("start-button").click()
        await expect(page.get_by_test_id("decision")).to_be_visible()
        address = page.url

        await page.get_by_test_id("sign-out-button").click()
        await expect(page.get_by_test_id("sign-in")).to_be_visible()
        await page.goto(address)
        await _sign_in(page, "rt_" + "x" * 43)
        await expect(page.get_by_test_id("sign-in-problem")).to_contain_text(
            "This token is not known"
        )
        assert await page.get_by_test_id("decision").count() == 0
        await _sign_in(page, f" {token}\n")

        await expect(page.get_by_test_id("decision")).to_be_visible()
        await expect(page.get_by_test_id("sign-in")).to_have_count(0)
        assert page.url == address
        (cookie,) = await page.context.cookies(url)
        assert cookie["name"] == "__Host-roundtable"
        assert (cookie["secure"], cookie["httpOnly"]) == (True, True)


async def test_what_was_typed_goes_on_after_the_sign_in_has_ended(
    page: Page, tmp_path: Path
) -> None:
    """Over plain http on loopback, where Chromium keeps the cookie too."""
    async with Stack(tmp_path, settings=_TOKEN_MODE) as stack:
        token = await _create_token(tmp_path)
        await page.goto(stack.url)
        await _sign_in(page, token)
        await expect(page.get_by_test_id("signed-in-as")).to_contain_text(_EMAIL)
        await page.get_by_test_id("paste-area").fill(_TEXT)
        await _delete_tokens(stack.url, token)

        await page.get_by_test_id("paste-button").click()
        await expect(page.get_by_test_id("sign-in")).to_contain_text(
            "Your sign-in has ended"
        )
        await expect(page.get_by_test_id("sign-in-token")).to_be_focused()
        await _sign_in(page, await _create_token(tmp_path))

        await expect(page.get_by_test_id("document-text")).to_contain_text(_TEXT)


async def test_a_run_whose_viewer_is_signed_out_asks_no_more(
    page: Page, tmp_path: Path
) -> None:
    """A stream that is refused is not asked for again; after signing in it goes on."""
    slow = {"ROUNDTABLE_RUNNER_REHEARSAL_WORDS_PER_SECOND": "2"}
    async with Stack(tmp_path, settings=_TOKEN_MODE | slow) as stack:
        token = await _create_token(tmp_path)
        await page.clock.install()
        await page.goto(stack.url)
        await _sign_in(page, token)
        await page.get_by_test_id("paste-area").fill(_TEXT)
        await page.get_by_test_id("paste-button").click()
        await page.get_by_test_id("start-button").click()
        await expect(page.get_by_test_id("words-A")).to_contain_text(" ")
        await _delete_tokens(stack.url, token)

        await stack.restart(GATEWAY)
        await expect(page.get_by_test_id("sign-in")).to_be_visible()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        # Nobody can wait for what does not come: the page's clock is put forward, and
        # a request made after all that would be due is the last to be seen.
        await page.clock.fast_forward("10:00")
        await page.evaluate("fetch('/livez')")
        assert [url.removeprefix(stack.url) for url in asked] == ["/livez"]

        await _sign_in(page, await _create_token(tmp_path))
        await expect(page.get_by_test_id("words-A")).to_contain_text(" ")
        await expect(page.get_by_test_id("connection-lost")).to_have_count(0)


async def test_local_mode_asks_nobody_who_they_are(page: Page, tmp_path: Path) -> None:
    """No sign-in, and nobody's name over the page."""
    async with Stack(tmp_path) as stack, page.expect_response("**/api/v1/me") as known:
        await page.goto(stack.url)

        assert (await (await known.value).json())["auth"] == "local"
        await expect(page.get_by_text("None yet.")).to_be_visible()
        await expect(page.get_by_test_id("sign-in")).to_have_count(0)
        await expect(page.get_by_test_id("signed-in-as")).to_have_count(0)
