"""What comes of a panel's findings: the store's messages <-> the domain."""

from roundtable.store.v1 import process_pb2
from roundtable_gateway.clients.enums import (
    AGENDA_REASONS,
    CLUSTER_RULES,
    MOVES,
    POSITIONS,
    SEVERITIES,
)
from roundtable_gateway.clients.finding_converters import (
    quote_from_proto,
    quote_to_proto,
)
from roundtable_gateway.domain.cluster import Cluster, ClusterLink
from roundtable_gateway.domain.discussion import AgendaItem, Stance
from roundtable_gateway.domain.synthesis import Synthesis, SynthesisSentence


def cluster_to_proto(cluster: Cluster) -> process_pb2.Cluster:
    """Return the wire's form of a cluster."""
    return process_pb2.Cluster(
        cluster_id=cluster.id,
        severity=SEVERITIES.to_wire(cluster.severity),
        lead_finding_id=cluster.lead_finding_id,
        finding_ids=cluster.finding_ids,
        links=[
            process_pb2.ClusterLink(
                first_finding_id=link.first_finding_id,
                second_finding_id=link.second_finding_id,
                rule=CLUSTER_RULES.to_wire(link.rule),
                reason=link.reason or "",
            )
            for link in cluster.links
        ],
    )


def cluster_from_proto(message: process_pb2.Cluster) -> Cluster:
    """Return the cluster of a message."""
    return Cluster(
        id=message.cluster_id,
        severity=SEVERITIES.required(message.severity),
        lead_finding_id=message.lead_finding_id,
        finding_ids=tuple(message.finding_ids),
        links=tuple(
            ClusterLink(
                first_finding_id=link.first_finding_id,
                second_finding_id=link.second_finding_id,
                rule=CLUSTER_RULES.required(link.rule),
                reason=link.reason or None,
            )
            for link in message.links
        ),
    )


def agenda_item_to_proto(item: AgendaItem) -> process_pb2.AgendaItem:
    """Return the wire's form of an item of the agenda."""
    return process_pb2.AgendaItem(
        item_id=item.id,
        reason=AGENDA_REASONS.to_wire(item.reason),
        question=item.question,
        cluster_id=item.cluster_id or "",
        criterion=item.criterion,
        finding_ids=item.finding_ids,
        paragraph_ids=item.paragraph_ids,
        panelist_ids=item.panelist_ids,
    )


def agenda_item_from_proto(message: process_pb2.AgendaItem) -> AgendaItem:
    """Return the item of a message."""
    return AgendaItem(
        id=message.item_id,
        reason=AGENDA_REASONS.required(message.reason),
        question=message.question,
        cluster_id=message.cluster_id or None,
        criterion=message.criterion,
        finding_ids=tuple(message.finding_ids),
        paragraph_ids=tuple(message.paragraph_ids),
        panelist_ids=tuple(message.panelist_ids),
    )


def stance_to_proto(stance: Stance) -> process_pb2.Stance:
    """Return the wire's form of a stance."""
    return process_pb2.Stance(
        item_id=stance.item_id,
        panelist_id=stance.panelist_id,
        turn_id=stance.turn_id,
        round=stance.round,
        finding_id=stance.finding_id or "",
        move=MOVES.to_wire(stance.move),
        position=POSITIONS.to_wire(stance.position),
        severity_before=SEVERITIES.to_wire(stance.severity_before),
        severity_after=SEVERITIES.to_wire(stance.severity_after),
        argument=stance.argument,
        changed_by=stance.changed_by or "",
        quotes=map(quote_to_proto, stance.quotes),
        is_change=stance.is_change,
        is_evidenced=stance.is_evidenced,
    )


def stance_from_proto(message: process_pb2.Stance) -> Stance:
    """Return the stance of a message."""
    return Stance(
        item_id=message.item_id,
        panelist_id=message.panelist_id,
        turn_id=message.turn_id,
        round=message.round,
        finding_id=message.finding_id or None,
        move=MOVES.required(message.move),
        position=POSITIONS.required(message.position),
        severity_before=SEVERITIES.optional(message.severity_before),
        severity_after=SEVERITIES.optional(message.severity_after),
        argument=message.argument,
        changed_by=message.changed_by or None,
        quotes=tuple(map(quote_from_proto, message.quotes)),
        is_change=message.is_change,
        is_evidenced=message.is_evidenced,
    )


def synthesis_to_proto(synthesis: Synthesis) -> process_pb2.Synthesis:
    """Return the wire's form of a synthesis."""
    return process_pb2.Synthesis(
        sentences=map(_sentence_to_proto, synthesis.sentences),
        minority=map(_sentence_to_proto, synthesis.minority),
        not_examined=synthesis.not_examined,
        dropped_sentences=synthesis.dropped_sentences,
    )


def synthesis_from_proto(message: process_pb2.Synthesis) -> Synthesis:
    """Return the synthesis of a message."""
    return Synthesis(
        sentences=tuple(map(_sentence_from_proto, message.sentences)),
        minority=tuple(map(_sentence_from_proto, message.minority)),
        not_examined=tuple(message.not_examined),
        dropped_sentences=message.dropped_sentences,
    )


def _sentence_to_proto(sentence: SynthesisSentence) -> process_pb2.SynthesisSentence:
    return process_pb2.SynthesisSentence(
        text=sentence.text, finding_ids=sentence.finding_ids
    )


def _sentence_from_proto(message: process_pb2.SynthesisSentence) -> SynthesisSentence:
    return SynthesisSentence(message.text, tuple(message.finding_ids))
