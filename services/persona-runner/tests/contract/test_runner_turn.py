"""A review turn over a real server, the real CLI and a scripted endpoint."""

from support.anthropic_endpoint import ScriptedEndpoint
from support.runner_harness import RunnerHarness, start_request


async def test_review_turn_tells_prose_then_findings_then_its_end(
    runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """A turn is prose, findings as they close and one end, out of one request."""
    await runner.start(start_request())

    parts = await runner.all_parts()

    kinds = [part.WhichOneof("piece") for part in parts]
    assert [part.index for part in parts] == list(range(len(parts)))
    assert kinds == ["text"] * kinds.count("text") + ["finding", "finding", "end"]
    result = parts[-1].end.result
    assert "".join(part.text.text for part in parts if part.HasField("text")) == (
        result.text
    )
    assert [part.finding for part in parts if part.HasField("finding")] == list(
        result.findings
    )
    assert result.verdict == "approve_with_changes"
    assert len(endpoint.requests) == 1
    assert endpoint.others == []
