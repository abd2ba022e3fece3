"""The main job through the published port, with each container crashed once."""

import asyncio
from pathlib import Path

import pytest

from support.composition import SERVICES, Composition
from support.visitor import SeenEvent, Visitor, check_history

PANEL = "security_buyers"
# Eleven CLI processes, of nine seats, of what is alike and of the moderator, start from
# cold on whatever machine this is.
_RUN_SECONDS = 240


def _has_words(event: SeenEvent) -> bool:
    return event.type == "turn.delta"


async def test_a_document_goes_past_a_panel_to_a_decision(
    visitor: Visitor, sample: Path
) -> None:
    """With nothing set, the rehearsal reviews, and says that it is no AI."""
    run = await visitor.start(await visitor.upload(sample), panel_id=PANEL)

    events = await visitor.follow(run["id"], seconds=_RUN_SECONDS)

    check_history(events)
    ended = await visitor.run(run["id"])
    assert ended["state"] == "succeeded"
    assert ended["engine"] == "rehearsal"
    assert ended["decision"]["seats_finished"] == 9
    assert any(finding["verified"] for finding in ended["findings"])


async def test_the_page_is_served(visitor: Visitor, composition: Composition) -> None:
    """The same port shows the page, with the scripts it asks for."""
    page = await visitor.http.get(f"{composition.url}/")

    assert page.status_code == 200
    assert "Roundtable" in page.text
    script = page.text.split('src="', 1)[1].split('"', 1)[0]
    assert (await visitor.http.get(f"{composition.url}{script}")).status_code == 200


@pytest.mark.parametrize("service", SERVICES)
async def test_a_crash_in_the_middle_ends_well(
    service: str, composition: Composition, visitor: Visitor, sample: Path
) -> None:
    """Whichever container is killed comes back, and the run ends as if it had not."""
    restarts = composition.restarts(service)
    run = await visitor.start(await visitor.upload(sample), panel_id=PANEL)
    before = await visitor.follow(run["id"], until=_has_words, seconds=_RUN_SECONDS)

    composition.crash(service)
    after = await visitor.follow(
        run["id"], after=before[-1].sequence, seconds=_RUN_SECONDS
    )

    check_history(before + after)
    assert after[-1].type == "run.succeeded"
    assert composition.restarts(service) == restarts + 1


async def test_an_order_to_stop_is_obeyed_in_time(composition: Composition) -> None:
    """No container has to be killed: each ends by itself within its grace."""
    await asyncio.to_thread(composition.command, "stop")
    try:
        codes = {
            service: composition.container(service).attrs["State"]["ExitCode"]
            for service in SERVICES
        }
    finally:
        await asyncio.to_thread(composition.up)

    assert codes == dict.fromkeys(SERVICES, 0)
