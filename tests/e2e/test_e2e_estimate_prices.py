"""The prices that estimates go by are those that the CLI reckons with."""

import pytest

from roundtable_gateway.panel.estimate_prices import PRICES
from roundtable_runner.claude.account import Access, AccountKind
from roundtable_runner.turn.parts import ReviewResult, TurnUsage
from support.anthropic_endpoint import ScriptedEndpoint
from support.engine_harness import run_turn
from support.messages_script import Script
from support.review_tasks import review_task


@pytest.mark.parametrize("model", sorted(PRICES))
async def test_prices_are_those_of_the_cli(model: str) -> None:
    """A turn's tokens cost by the list what the CLI says that they cost."""
    async with ScriptedEndpoint(default=Script(counts_tokens=True)) as endpoint:
        usage = await _usage_of_a_turn(endpoint.url, model)

    price = PRICES[model]
    asked, said = usage.input_tokens, usage.output_tokens
    spent = (asked * price.input_usd + said * price.output_usd) / 1e6
    assert endpoint.requests[0].body["model"] == model
    assert usage.cost_usd == pytest.approx(spent, rel=1e-6)


async def _usage_of_a_turn(base_url: str, model: str) -> TurnUsage:
    """Review on a key, which has a price, but at a scripted endpoint."""
    variables = {"ANTHROPIC_BASE_URL": base_url, "ANTHROPIC_API_KEY": "made-up"}
    access = Access(AccountKind.API_KEY, variables, is_bare=True, has_price=True)
    turn, outcome = await run_turn(review_task(), access, model=model)
    assert isinstance(outcome, ReviewResult)
    return turn.usage
