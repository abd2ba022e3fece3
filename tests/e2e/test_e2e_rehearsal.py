"""The main job on a machine with no account: the rehearsal behind the real CLI."""

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.stack import Stack
from support.visitor import Visitor, check_history, of_type

_NOTICE = "Rehearsal: rule-based checks, not AI"


@pytest.fixture
async def visitor(tmp_path: Path) -> AsyncIterator[Visitor]:
    """Return a visitor to a stack without an account."""
    async with Stack(tmp_path) as stack, Visitor(stack.url) as visitor:
        yield visitor


async def test_a_document_goes_past_a_panel_to_a_decision(
    visitor: Visitor, sample: Path
) -> None:
    """Nine seats read, findings stand in the document's own words, code decides."""
    document_id = await visitor.upload(sample)
    created = await visitor.start(
        document_id,
        panel_id="security_buyers",
        brief={"document_type": "marketing_copy", "audience": "security buyers"},
    )

    events = await visitor.follow(created["id"])

    check_history(events)
    assert events[-1].type == "run.succeeded"
    kinds = [event.data["turn"]["kind"] for event in of_type(events, "turn.completed")]
    assert kinds.count("review") == 9
    assert kinds[-1] == "synthesis"
    run = await visitor.run(created["id"])
    text = (await visitor.http.get(f"/documents/{document_id}/text")).json()["text"]
    assert run["engine"] == created["engine"] == "rehearsal"
    assert run["decision"] == of_type(events, "decision.set")[0].data["decision"]
    assert run["decision"]["outcome"] in {"fix_then_ship", "rework"}
    assert "100% secure" in {
        word
        for finding in run["findings"]
        for word in ("100% secure",)
        if word in finding["title"]
    }
    for finding in run["findings"]:
        assert finding["verified"], finding
        for quote in finding["quotes"]:
            assert text[quote["start"] : quote["end"]] == quote["text"]
    assert [entry["stage"] for entry in run["manifest"]] == [
        "intake",
        "review",
        "gate",
        "clusters",
        "decision",
        "synthesis",
    ]


async def test_every_view_and_export_says_that_it_is_a_rehearsal(
    visitor: Visitor, sample: Path
) -> None:
    """Nobody can take the rules for a panel's opinion."""
    document_id = await visitor.upload(sample)
    run = await visitor.start(document_id, persona_ids=["plain_reader"])
    events = await visitor.follow(run["id"])

    health = (await visitor.http.get("../../health")).json()
    listed = (await visitor.http.get("/runs")).json()["runs"]
    exported = await visitor.http.get(f"/runs/{run['id']}/export?format=json")
    report, page, table = [
        await visitor.http.get(f"/runs/{run['id']}/export?format={ending}")
        for ending in ("md", "html", "csv")
    ]

    runner = health["services"]["persona_runner"]
    assert (runner["engine"], runner["account"]) == ("rehearsal", "none")
    assert events[0].data["run"]["engine"] == "rehearsal"
    assert listed[0]["engine"] == "rehearsal"
    assert exported.json()["engine"] == "rehearsal"
    assert _NOTICE in report.text
    assert _NOTICE in page.text
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert {row["engine"] for row in rows} == {"rehearsal"}
    assert "attachment" in report.headers["content-disposition"]
    completed = of_type(events, "turn.completed")[0].data["turn"]
    assert "rehearsal" in completed["text"].lower()


async def test_a_clean_document_is_let_through(visitor: Visitor, root: Path) -> None:
    """An empty list is a correct answer: the clean sample ships."""
    document_id = await visitor.upload(root / "samples" / "restore-test-proposal.md")
    run = await visitor.start(
        document_id,
        panel_id="security_buyers",
        brief={"document_type": "proposal"},
    )

    await visitor.follow(run["id"])

    run = await visitor.run(run["id"])
    assert run["state"] == "succeeded"
    assert run["decision"]["outcome"] == "ship"


async def test_the_words_arrive_before_the_turn_ends(
    visitor: Visitor, sample: Path
) -> None:
    """A viewer sees prose, then findings one by one, then the completed turn."""
    run = await visitor.start(await visitor.upload(sample), persona_ids=["ciso"])

    events = await visitor.follow(run["id"])

    types = [event.type for event in events]
    deltas = of_type(events, "turn.delta")
    completed = of_type(events, "turn.completed")[0]
    assert types.index("turn.delta") < types.index("finding.added")
    assert types.index("finding.added") < types.index("turn.completed")
    assert len(of_type(events, "finding.added")) > 1
    spoken = "".join(event.data["text"] for event in deltas)
    assert spoken.strip() == completed.data["turn"]["text"].strip()


async def test_a_revision_is_counted_and_goes_with_its_document(
    visitor: Visitor,
) -> None:
    """The store numbers it along its line; deleting the first takes it along."""
    first = await visitor.paste("We ship soon.", title="Plan")
    body = {"title": "Plan, revised", "text": "We ship on 3 May."}

    second = (
        await visitor.http.post(f"/documents/{first}/revisions", json=body)
    ).json()
    deleted = await visitor.http.delete(f"/documents/{first}")

    assert (second["revision"], second["revision_of"]) == (2, first)
    assert deleted.status_code == 204
    gone = await visitor.http.get(f"/documents/{second['id']}")
    assert gone.status_code == 404
