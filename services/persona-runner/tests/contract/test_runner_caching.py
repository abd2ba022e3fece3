"""What an endpoint's prompt cache can serve, by the rules of Anthropic's."""

from dataclasses import replace
from pathlib import Path

import pytest

from roundtable_runner.claude.account import Access, AccountKind
from roundtable_runner.turn.parts import ReviewResult
from roundtable_runner.turn.task import ReviewTask
from roundtable_runner.turn.task_subject import Paragraph
from support.anthropic_endpoint import ScriptedEndpoint
from support.engine_harness import token_access
from support.messages_script import Script
from support.pool_harness import run_pool
from support.prompt_cache import PromptCache
from support.review_tasks import other_seat, review_task


@pytest.fixture(params=["api_key", "oauth_token"])
def access(
    request: pytest.FixtureRequest, endpoint: ScriptedEndpoint, tmp_path: Path
) -> Access:
    """Access as with an account of Anthropic's, each of which the CLI marks its way."""
    if request.param == "oauth_token":
        return token_access(endpoint.url, config_dir=tmp_path)
    variables = {"ANTHROPIC_BASE_URL": endpoint.url, "ANTHROPIC_API_KEY": "made-up"}
    return Access(AccountKind.API_KEY, variables, is_bare=True, has_price=True)


def _long_task() -> ReviewTask:
    return review_task(
        *(
            Paragraph(f"P{number}", f"Claim {number} is that nobody else can. " * 10)
            for number in range(1, 61)
        )
    )


async def test_a_second_seat_reads_the_document_from_the_cache(
    access: Access, endpoint: ScriptedEndpoint
) -> None:
    """Rules, rubric, document and brief are sent once for all seats of a run."""
    task = _long_task()
    other = replace(task, seat=other_seat())
    async with run_pool(access, size=0) as harness:
        outcomes = [await harness.review(task=each) for each in (task, other)]

    assert all(isinstance(outcome, ReviewResult) for outcome in outcomes)
    cache = PromptCache()
    first, second = (cache.take(request.body) for request in endpoint.requests)
    assert first.read == 0
    assert second.read > 0.9 * second.whole


async def test_a_repair_reads_what_was_sent_before(
    access: Access, endpoint: ScriptedEndpoint
) -> None:
    """The second request of a turn goes on where the first one ended."""
    endpoint.script(Script(output={"findings": "none"}))
    async with run_pool(access, size=0) as harness:
        outcome = await harness.review(task=_long_task())

    assert isinstance(outcome, ReviewResult)
    cache = PromptCache()
    first, second = (cache.take(request.body) for request in endpoint.requests)
    assert second.read == first.kept
