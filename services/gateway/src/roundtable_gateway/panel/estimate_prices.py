"""What Anthropic's models cost.

Measured on 2026-11-23 from what the CLI of this pin (2.1.330) reckons itself for turns
on a scriptable endpoint; `tests/e2e/test_e2e_estimate_prices.py` asks it again, so that
a new pin tells what has changed. Prices do change, and the CLI's may lag behind: a bill
is what Anthropic says. A model that is not listed has no price here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens cost, in dollars."""

    input_usd: float
    output_usd: float


PRICES: Mapping[str, Price] = MappingProxyType(
    {
        "claude-opus-5-5": Price(4, 20),
        "claude-sonnet-5-5": Price(2, 10),
        "claude-haiku-5-5": Price(0.1, 0.5),
        "claude-opus-5": Price(5, 25),
        "claude-sonnet-5": Price(2, 10),
        "claude-opus-4-6": Price(5, 25),
        "claude-sonnet-4-6": Price(3, 15),
        "claude-opus-4-5": Price(5, 25),
        "claude-sonnet-4-5": Price(3, 15),
        "claude-haiku-4-5": Price(1, 5),
    }
)


def price_of(model: str | None) -> Price | None:
    """Return a model's price, None for the account's default or an unlisted model."""
    return None if model is None else PRICES.get(model)
