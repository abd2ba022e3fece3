"""A set run on a gateway, as far as the kit is concerned: HTTP in, files out."""

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from eval_scripts import DOCUMENT, NEVER, finding, run

from roundtable_cli.client import GatewayClient
from roundtable_eval.errors import RunEndedError, SetError
from roundtable_eval.live import LivePlan, LiveSet
from roundtable_eval.transcript import RunKind, load_set

_GENERALIST = Path(__file__).parents[1] / "generalist.yaml"
_PLAN = LivePlan("table", replicates=1, model=None, poll=timedelta())
_TOKENS = {"roundtable": 600, "review": 300}


class ScriptedGateway:
    """Answers as the HTTP API does; a run is over when it is looked at again."""

    def __init__(self, *, engine: str = "rehearsal", state: str = "succeeded") -> None:
        self.engine = engine
        self.state = state
        self.suffix = ""
        self.asked: list[dict[str, Any]] = []
        self.personas: list[dict[str, Any]] = []
        self._texts: list[str] = []
        self._looks: Counter[int] = Counter()

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        path = request.url.path.removeprefix("/api/v1/")
        return httpx.Response(200, json=self._content(path, request))

    def _content(self, path: str, request: httpx.Request) -> dict[str, Any]:
        body = json.loads(request.content) if request.content else {}
        match request.method, path.split("/"):
            case "POST", ["documents"]:
                self._texts.append(body["text"])
                content: dict[str, Any] = {"id": str(len(self._texts) - 1)}
            case "GET", ["documents", number, "text"]:
                content = {"text": self._texts[int(number)] + self.suffix}
            case "GET", ["personas"]:
                content = {"personas": self.personas}
            case "POST", ["personas", "import"]:
                self.personas += [{**made, "id": "own-1"} for made in body["personas"]]
                content = {"personas": self.personas}
            case "POST", ["runs"]:
                self.asked.append(body)
                content = {"id": str(len(self.asked) - 1)}
            case "GET", ["runs", number]:
                content = self._run(int(number))
            case asked:
                raise AssertionError(asked)
        return content

    def _run(self, number: int) -> dict[str, Any]:
        self._looks[number] += 1
        asked = self.asked[number]
        tokens = 100 if "persona_ids" in asked else _TOKENS[asked["mode"]]
        state = self.state if self._looks[number] > 1 else "running"
        content = run(finding("A1", NEVER), tokens=tokens, state=state)
        return content | {"engine": self.engine}


async def _run_set(gateway: ScriptedGateway, folder: Path) -> list[str]:
    lines: list[str] = []
    transport = httpx.MockTransport(gateway.answer)
    async with httpx.AsyncClient(transport=transport, base_url="http://g") as http:
        running = LiveSet(
            GatewayClient(http),
            folder,
            plan=_PLAN,
            generalist=_GENERALIST,
            tell=lines.append,
        )
        await running.run([DOCUMENT])
    return lines


async def test_whole_set_is_run_at_an_equal_budget(tmp_path: Path) -> None:
    """Each twin is read by the table, without discussion, and six times over."""
    gateway = ScriptedGateway()

    lines = await _run_set(gateway, tmp_path)

    kinds = Counter(one.place.kind for one in load_set(tmp_path))
    assert kinds == {
        RunKind.ROUNDTABLE: 2,
        RunKind.INDEPENDENT: 2,
        RunKind.GENERALIST: 12,
    }
    assert len(lines) == 16


async def test_arms_are_asked_for_as_they_are_named(tmp_path: Path) -> None:
    """The table discusses or not; the generalist sits alone, without a control."""
    gateway = ScriptedGateway()

    await _run_set(gateway, tmp_path)

    whole, independent, alone = gateway.asked[:3]
    assert (whole["panel_id"], whole["mode"]) == ("table", "roundtable")
    assert (independent["panel_id"], independent["mode"]) == ("table", "review")
    assert (alone["persona_ids"], alone["mode"]) == (["own-1"], "review")
    assert alone["control"] is False
    assert {body["brief"]["document_type"] for body in gateway.asked} == {"other"}


async def test_stored_runs_are_not_run_again(tmp_path: Path) -> None:
    """A second start asks only for what is missing, and makes no second persona."""
    gateway = ScriptedGateway()
    await _run_set(gateway, tmp_path)
    (tmp_path / "thing" / "clean-independent-1-1.json").unlink()
    before = len(gateway.asked)

    await _run_set(gateway, tmp_path)

    assert len(gateway.asked) - before == 1
    assert gateway.asked[-1]["mode"] == "review"
    assert len(gateway.personas) == 1


async def test_failed_run_stops_and_stores_nothing(tmp_path: Path) -> None:
    """A run without an answer is told, and is run again at the next start."""
    with pytest.raises(RunEndedError, match="failed"):
        await _run_set(ScriptedGateway(state="failed"), tmp_path)

    assert load_set(tmp_path) == ()


async def test_incomplete_run_is_kept_as_such(tmp_path: Path) -> None:
    """What a panel with a missing seat found is a result too, and says so."""
    await _run_set(ScriptedGateway(state="incomplete"), tmp_path)

    assert {one.run["state"] for one in load_set(tmp_path)} == {"incomplete"}


async def test_another_engine_does_not_join_a_set(tmp_path: Path) -> None:
    """Half a set from a model and half from the rehearsal would be no set."""
    await _run_set(ScriptedGateway(), tmp_path)
    (tmp_path / "thing" / "clean-independent-1-1.json").unlink()

    with pytest.raises(SetError, match="claude"):
        await _run_set(ScriptedGateway(engine="claude"), tmp_path)


async def test_another_text_is_not_scored(tmp_path: Path) -> None:
    """Where the gateway read other words, the keys' places would mean nothing."""
    gateway = ScriptedGateway()
    gateway.suffix = " "

    with pytest.raises(SetError, match="another text"):
        await _run_set(gateway, tmp_path)
