"""Runs and turns: the store's messages <-> the domain."""

from roundtable.store.v1 import run_detail_pb2, run_pb2
from roundtable_gateway.clients.document_converters import (
    document_from_proto,
    document_to_proto,
    time_from_proto,
    time_to_proto,
)
from roundtable_gateway.clients.enums import (
    ENGINES,
    MODES,
    RUN_STATES,
    STAGE_RESULTS,
    STAGES,
    named,
)
from roundtable_gateway.clients.finding_converters import (
    decision_from_proto,
    finding_from_proto,
)
from roundtable_gateway.clients.persona_converters import (
    persona_from_proto,
    persona_to_proto,
    rubric_from_proto,
    rubric_to_proto,
)
from roundtable_gateway.clients.process_converters import (
    agenda_item_from_proto,
    cluster_from_proto,
    stance_from_proto,
    synthesis_from_proto,
)
from roundtable_gateway.clients.turn_converters import (
    turn_from_proto,
    usage_from_proto,
)
from roundtable_gateway.domain.run import (
    Brief,
    Budget,
    Effort,
    ManifestEntry,
    Panelist,
    Pause,
    RunDetail,
    RunSummary,
)


def run_to_proto(run: RunSummary) -> run_pb2.Run:
    """Return the wire's form of a run; what the store sets itself is left out."""
    return run_pb2.Run(
        run_id=run.id,
        state=RUN_STATES.to_wire(run.state),
        stage=STAGES.to_wire(run.stage),
        engine=ENGINES.to_wire(run.engine),
        effort=run.effort or "",
        mode=MODES.to_wire(run.mode),
        discussion_rounds=run.discussion_rounds,
        control=run.control,
        brief=_brief_to_proto(run.brief),
        budget=run_pb2.Budget(turns=run.budget.turns, cost_usd=run.budget.cost_usd),
        document=document_to_proto(run.document),
        panelists=[
            run_pb2.Panelist(
                panelist_id=panelist.id,
                persona=persona_to_proto(panelist.persona),
                model=panelist.model or "",
            )
            for panelist in run.panelists
        ],
        rubric=rubric_to_proto(run.rubric),
    )


def run_from_proto(message: run_pb2.Run) -> RunSummary:
    """Return the run of a message."""
    return RunSummary(
        id=message.run_id,
        state=RUN_STATES.required(message.state),
        reason=message.reason or None,
        stage=STAGES.required(message.stage),
        pause=pause_from_proto(message.pause) if message.HasField("pause") else None,
        queue_position=(
            message.queue_position if message.HasField("queue_position") else None
        ),
        engine=ENGINES.required(message.engine),
        effort=named(Effort, message.effort) if message.effort else None,
        mode=MODES.required(message.mode),
        discussion_rounds=message.discussion_rounds,
        control=message.control,
        brief=_brief_from_proto(message.brief),
        budget=Budget(
            turns=message.budget.turns if message.budget.HasField("turns") else None,
            cost_usd=(
                message.budget.cost_usd if message.budget.HasField("cost_usd") else None
            ),
        ),
        document=document_from_proto(message.document),
        panelists=tuple(
            Panelist(
                id=panelist.panelist_id,
                persona=persona_from_proto(panelist.persona),
                model=panelist.model or None,
            )
            for panelist in message.panelists
        ),
        rubric=rubric_from_proto(message.rubric),
        usage=usage_from_proto(message.usage),
        manifest=tuple(manifest_entry_from_proto(entry) for entry in message.manifest),
        last_sequence=message.last_sequence,
        create_time=time_from_proto(message.create_time),
        start_time=(
            time_from_proto(message.start_time)
            if message.HasField("start_time")
            else None
        ),
        end_time=(
            time_from_proto(message.end_time) if message.HasField("end_time") else None
        ),
        reopen_time=(
            time_from_proto(message.reopen_time)
            if message.HasField("reopen_time")
            else None
        ),
    )


def detail_from_proto(message: run_detail_pb2.RunDetail) -> RunDetail:
    """Return the run of a message with all that belongs to it."""
    return RunDetail(
        run=run_from_proto(message.run),
        turns=tuple(turn_from_proto(turn) for turn in message.turns),
        findings=tuple(finding_from_proto(finding) for finding in message.findings),
        decision=(
            decision_from_proto(message.decision)
            if message.HasField("decision")
            else None
        ),
        clusters=tuple(map(cluster_from_proto, message.clusters)),
        agenda=tuple(map(agenda_item_from_proto, message.agenda)),
        stances=tuple(map(stance_from_proto, message.stances)),
        synthesis=(
            synthesis_from_proto(message.synthesis)
            if message.HasField("synthesis")
            else None
        ),
    )


def manifest_entry_to_proto(entry: ManifestEntry) -> run_pb2.ManifestEntry:
    """Return the wire's form of a manifest's entry."""
    return run_pb2.ManifestEntry(
        stage=STAGES.to_wire(entry.stage),
        result=STAGE_RESULTS.to_wire(entry.result),
        reason=entry.reason or "",
    )


def manifest_entry_from_proto(message: run_pb2.ManifestEntry) -> ManifestEntry:
    """Return the manifest's entry of a message."""
    return ManifestEntry(
        stage=STAGES.required(message.stage),
        result=STAGE_RESULTS.required(message.result),
        reason=message.reason or None,
    )


def pause_to_proto(pause: Pause) -> run_pb2.Pause:
    """Return the wire's form of a pause."""
    return run_pb2.Pause(
        reason=pause.reason,
        resume_time=time_to_proto(pause.resume_time) if pause.resume_time else None,
    )


def pause_from_proto(message: run_pb2.Pause) -> Pause:
    """Return the pause of a message."""
    return Pause(
        reason=message.reason,
        resume_time=(
            time_from_proto(message.resume_time)
            if message.HasField("resume_time")
            else None
        ),
    )


def _brief_to_proto(brief: Brief) -> run_pb2.Brief:
    return run_pb2.Brief(
        document_type=brief.document_type or "",
        audience=brief.audience or "",
        goal=brief.goal or "",
        scope=brief.scope or "",
        instructions=brief.instructions or "",
    )


def _brief_from_proto(message: run_pb2.Brief) -> Brief:
    return Brief(
        document_type=message.document_type or None,
        audience=message.audience or None,
        goal=message.goal or None,
        scope=message.scope or None,
        instructions=message.instructions or None,
    )
