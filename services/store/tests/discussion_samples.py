"""Payloads of what a panel makes of its findings, for the store's tests."""

from roundtable.store.v1 import event_pb2, process_pb2, turn_pb2


def clusters_set(*cluster_ids: str) -> event_pb2.EventPayload:
    """Return a payload of clusters of the findings A1 and A2."""
    clusters = [
        process_pb2.Cluster(
            cluster_id=cluster_id,
            severity=turn_pb2.SEVERITY_MAJOR,
            lead_finding_id="A1",
            finding_ids=["A1", "A2"],
            links=[
                process_pb2.ClusterLink(
                    first_finding_id="A1",
                    second_finding_id="A2",
                    rule=process_pb2.CLUSTER_RULE_SAME_WORDS,
                )
            ],
        )
        for cluster_id in cluster_ids
    ]
    return event_pb2.EventPayload(clusters_set=event_pb2.ClustersSet(clusters=clusters))


def agenda_set(*item_ids: str) -> event_pb2.EventPayload:
    """Return a payload of an agenda."""
    items = [
        process_pb2.AgendaItem(
            item_id=item_id,
            reason=process_pb2.AGENDA_REASON_SCORE_GAP,
            question="How clear is it?",
            criterion="clarity",
            panelist_ids=["A", "B"],
        )
        for item_id in item_ids
    ]
    return event_pb2.EventPayload(agenda_set=event_pb2.AgendaSet(items=items))


def stance_changed(
    argument: str = "It is plain.", *, turn_id: str = "t1", attempt: int = 1
) -> event_pb2.EventPayload:
    """Return a payload of a panelist's word on marks, which have no severity."""
    stance = process_pb2.Stance(
        item_id="I1",
        panelist_id="A",
        turn_id=turn_id,
        round=2,
        move=process_pb2.MOVE_SUPPORT,
        position=process_pb2.POSITION_AGREE,
        argument=argument,
        quotes=[turn_pb2.Quote(given="Ship", status=turn_pb2.QUOTE_STATUS_EXACT)],
    )
    return event_pb2.EventPayload(
        turn_id=turn_id,
        attempt=attempt,
        stance_changed=event_pb2.StanceChanged(stance=stance),
    )


def synthesis_set(text: str = "Mend the plan.") -> event_pb2.EventPayload:
    """Return a payload of a synthesis of one sentence."""
    sentence = process_pb2.SynthesisSentence(text=text, finding_ids=["A1"])
    synthesis = process_pb2.Synthesis(sentences=[sentence], not_examined=["Costs"])
    return event_pb2.EventPayload(
        synthesis_set=event_pb2.SynthesisSet(synthesis=synthesis)
    )
