"""A process's model and effort, told to it after it was started.

So one pool of processes serves every model. The CLI's own ``set_model`` is not used:
it asks the endpoint whether the model is there, a request more for every turn.
"""

from typing import Any

from roundtable_runner.turn.task import Effort

# For models that think within a budget. They write at most 32,000 tokens a message,
# thoughts included; the answer needs its share.
_THINKING_TOKENS = {Effort.LOW: 4_000, Effort.MEDIUM: 10_000, Effort.HIGH: 24_000}


def tuning_requests(*, model: str, effort: Effort) -> list[dict[str, Any]]:
    """Return the control requests that come before a process's first turn.

    Args:
        model: Empty for the account's default.
        effort: The least turns thinking off where a model allows that.
    """
    settings = {"effortLevel": (effort or Effort.LOW).value}
    if model:
        settings["model"] = model
    requests: list[dict[str, Any]] = [
        {"subtype": "apply_flag_settings", "settings": settings}
    ]
    if budget := _THINKING_TOKENS.get(effort):
        requests.append(
            {"subtype": "set_max_thinking_tokens", "max_thinking_tokens": budget}
        )
    return requests
