"""Runs the arms on a gateway and stores what came of it."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from roundtable_cli.client import API, GatewayClient, idempotency_key, json_of
from roundtable_eval.arms import runs_to_come
from roundtable_eval.corpus import EvalDocument, Side, digest_of
from roundtable_eval.errors import RunEndedError, SetError
from roundtable_eval.transcript import (
    RunKind,
    RunPlace,
    Transcript,
    load_set,
    store,
)

_UNDER_WAY = frozenset({"pending", "running"})
_WITH_ANSWER = frozenset({"succeeded", "incomplete"})


@dataclass(frozen=True, slots=True)
class LivePlan:
    """What to run.

    Attributes:
        panel_id: Who sits at the table.
        model: Model for every seat of every arm, None for the account's default.
        poll: How long to wait before a run is looked at again.
    """

    panel_id: str
    replicates: int
    model: str | None
    poll: timedelta


class LiveSet:
    """A set that is being run; what is stored is not run again.

    Args:
        client: The gateway.
        folder: Where the set's transcripts lie.
        generalist: The generalist's persona pack.
        tell: Takes a line for each run.
    """

    def __init__(
        self,
        client: GatewayClient,
        folder: Path,
        *,
        plan: LivePlan,
        generalist: Path,
        tell: Callable[[str], None],
    ) -> None:
        self._client = client
        self._folder = folder
        self._plan = plan
        self._generalist = generalist
        self._tell = tell
        self._uploaded: dict[tuple[str, Side], str] = {}

    async def run(self, documents: Iterable[EvalDocument]) -> None:
        """Run what is missing of the set.

        Raises:
            RunEndedError: A run failed or was cancelled; what was stored stays.
            SetError: Another engine answers than the set's transcripts name.
        """
        done = list(load_set(self._folder))
        persona_id = await self._generalist_id()
        for document in documents:
            for side in Side:
                for replicate in range(1, self._plan.replicates + 1):
                    while places := runs_to_come(
                        document.slug, side, replicate=replicate, done=done
                    ):
                        transcript = await self._run(document, places[0], persona_id)
                        _require_same_engine(transcript, done)
                        store(self._folder, transcript)
                        done.append(transcript)

    async def _run(
        self, document: EvalDocument, place: RunPlace, persona_id: str
    ) -> Transcript:
        document_id = await self._upload(document, place.side)
        created = await self._client.send(
            "POST",
            f"{API}/runs",
            json=self._body(document, place, document_id, persona_id),
            headers=idempotency_key(),
        )
        run = await self._at_rest(json_of(created)["id"])
        state, tokens = run["state"], run["usage"]
        self._tell(f"{place.path} {state} {tokens['input_tokens']} tokens read")
        if state not in _WITH_ANSWER:
            raise RunEndedError(f"{place.path}: {state}, {run['reason']}")
        return Transcript(
            place=place,
            engine=run["engine"],
            model=_model(run) or self._plan.model,
            text_sha256=digest_of(document.text_of(place.side)),
            run=run,
        )

    def _body(
        self, document: EvalDocument, place: RunPlace, document_id: str, persona_id: str
    ) -> dict[str, Any]:
        body: dict[str, Any] = {
            "document_id": document_id,
            "brief": {"document_type": document.document_type},
        }
        if self._plan.model is not None:
            body["model"] = self._plan.model
        if place.kind is RunKind.GENERALIST:
            return body | {
                "persona_ids": [persona_id],
                "mode": "review",
                "control": False,
            }
        body["panel_id"] = self._plan.panel_id
        if place.kind is RunKind.INDEPENDENT:
            return body | {"mode": "review", "control": False}
        return body | {"mode": "roundtable"}

    async def _at_rest(self, run_id: str) -> dict[str, Any]:
        while True:
            run = json_of(await self._client.send("GET", f"{API}/runs/{run_id}"))
            if run["state"] not in _UNDER_WAY:
                return run
            await asyncio.sleep(self._plan.poll.total_seconds())

    async def _upload(self, document: EvalDocument, side: Side) -> str:
        known = self._uploaded.get((document.slug, side))
        if known is not None:
            return known
        text = document.text_of(side)
        body = {"title": document.title, "text": text}
        answer = await self._client.send(
            "POST", f"{API}/documents", json=body, headers=idempotency_key()
        )
        document_id = str(json_of(answer)["id"])
        read = await self._client.send("GET", f"{API}/documents/{document_id}/text")
        if json_of(read)["text"] != text:
            # The keys' places are those of our text; another one would score by chance.
            raise SetError(f"{document.slug}: the gateway read another text")
        self._uploaded[document.slug, side] = document_id
        return document_id

    async def _generalist_id(self) -> str:
        pack = yaml.safe_load(self._generalist.read_text(encoding="utf-8"))
        persona = pack["personas"][0]
        listed = await self._client.send(
            "GET", f"{API}/personas", params={"pack": pack["pack"]}
        )
        for known in json_of(listed)["personas"]:
            if _is_same_persona(known, persona):
                return str(known["id"])
        made = await self._client.send(
            "POST", f"{API}/personas/import", json=pack, headers=idempotency_key()
        )
        return str(json_of(made)["personas"][0]["id"])


def _is_same_persona(known: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return all(
        known[name] == value
        for name, value in wanted.items()
        if name not in ("id", "version")
    )


def _require_same_engine(transcript: Transcript, done: Iterable[Transcript]) -> None:
    others = {other.engine for other in done} - {transcript.engine}
    if others:
        raise SetError(f"{transcript.engine} answers, the set is of {sorted(others)}")


def _model(run: Mapping[str, Any]) -> str | None:
    models = sorted({turn["model"] for turn in run["turns"] if turn["model"]})
    return ", ".join(models) or None
