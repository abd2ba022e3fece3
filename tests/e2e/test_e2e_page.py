"""The page in a real Chromium over the real services."""

from pathlib import Path

from playwright.async_api import Page, expect

from support.anthropic_endpoint import ScriptedEndpoint
from support.messages_script import Script
from support.stack import Stack
from support.visitor import Visitor


async def _start_run(page: Page, url: str, sample: Path, *, panel: str) -> None:
    await page.goto(url)
    await page.get_by_test_id("file-input").set_input_files(sample)
    await expect(page.get_by_test_id("document-facts")).to_contain_text("words")
    await page.get_by_test_id(f"panel-card-{panel}").click()
    await page.get_by_test_id("brief-document-type").select_option("marketing_copy")
    await page.get_by_test_id("start-button").click()
    await page.wait_for_url("**/runs/?id=*")


async def test_a_person_drops_a_document_and_reads_the_decision(
    page: Page, tmp_path: Path, sample: Path
) -> None:
    """From the empty page to a decision, with quotes lit in the document."""
    async with Stack(tmp_path) as stack, Visitor(stack.url) as visitor:
        await _start_run(page, stack.url, sample, panel="first_look")

        await expect(page.get_by_test_id("rehearsal-banner")).to_contain_text(
            "Rehearsal: rule-based checks, not AI"
        )
        await expect(page.get_by_test_id("decision")).to_contain_text("Fix, then ship")
        await page.get_by_role("button", name="Open all").click()
        run_id = page.url.split("id=")[1]
        run = await visitor.run(run_id)
        finding = next(f for f in run["findings"] if f["severity"] == "blocker")
        await expect(
            page.get_by_test_id(f"finding-{finding['id']}").first
        ).to_contain_text(finding["title"])
        marks = page.locator(f"mark[data-finding-ids~='{finding['id']}']")
        lit = "".join(await marks.all_inner_texts())
        assert lit.replace("\n", " ") == finding["quotes"][0]["text"].replace("\n", " ")


async def test_a_reload_in_the_middle_shows_the_same_run(
    page: Page, tmp_path: Path, sample: Path
) -> None:
    """Words and findings of before are there, nothing twice, and the run goes on."""
    slow = Script(prose="word " * 80, tokens_per_second=20)
    async with ScriptedEndpoint(default=slow) as endpoint:
        account = {"ANTHROPIC_BASE_URL": endpoint.url, "ANTHROPIC_API_KEY": "made-up"}
        async with (
            Stack(tmp_path, account=account) as stack,
            Visitor(stack.url) as visitor,
        ):
            await _start_run(page, stack.url, sample, panel="first_look")
            words = page.get_by_test_id("words-A")
            await expect(words).to_contain_text("word " * 20)
            before = await words.inner_text()

            await page.reload()

            await expect(words).to_contain_text("word")
            assert (await words.inner_text()).startswith(before.strip())
            run_id = page.url.split("id=")[1]
            # The decision stands before the moderator has written.
            await visitor.follow(run_id)
            await expect(page.get_by_test_id("decision")).to_be_visible()
            await expect(page.get_by_test_id("synthesis")).to_be_visible()
            await page.get_by_role("button", name="Open all").click()
            run = await visitor.run(run_id)
            assert run["state"] == "succeeded"
            for finding in run["findings"]:
                row = page.get_by_test_id(f"finding-{finding['id']}")
                assert await row.count() == 1
            assert await page.get_by_test_id("rehearsal-banner").count() == 0


async def test_a_refused_document_says_what_to_do(page: Page, tmp_path: Path) -> None:
    """A picture is turned away in plain words, and the page stays usable."""
    picture = tmp_path / "picture.md"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    async with Stack(tmp_path / "data") as stack:
        await page.goto(stack.url)

        await page.get_by_test_id("file-input").set_input_files(picture)

        await expect(page.get_by_test_id("problem")).to_contain_text(
            "Upload Markdown, plain text, PDF, DOCX, PPTX or HTML"
        )
        await expect(page.get_by_test_id("paste-area")).to_be_visible()
