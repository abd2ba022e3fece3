"""What a panel makes of its findings, checked before it is appended."""

from roundtable.store.v1 import event_pb2, process_pb2
from roundtable_store.rpc.violations import Violations


def check_panel_fact(
    payload: event_pb2.EventPayload, field: str, violations: Violations
) -> None:
    """Note what is missing of a decision, clusters, an agenda or a synthesis."""
    match payload.WhichOneof("fact"):
        case "decision_set":
            violations.require_enums(f"{field}.decision_set", payload.decision_set)
        case "clusters_set":
            clusters, field = payload.clusters_set, f"{field}.clusters_set"
            violations.require_enums(field, clusters)
            for index, cluster in enumerate(clusters.clusters):
                _check_cluster(cluster, f"{field}.clusters[{index}]", violations)
        case "agenda_set":
            agenda, field = payload.agenda_set, f"{field}.agenda_set"
            violations.require_enums(field, agenda)
            for index, item in enumerate(agenda.items):
                names = ("item_id", "question", "criterion")
                violations.require_fields(f"{field}.items[{index}]", item, names)
        case "synthesis_set":
            field = f"{field}.synthesis_set.synthesis"
            _check_synthesis(payload.synthesis_set.synthesis, field, violations)


def check_stance(
    payload: event_pb2.EventPayload, field: str, violations: Violations
) -> None:
    """Note what is missing of a stance."""
    stance, field = payload.stance_changed.stance, f"{field}.stance_changed.stance"
    violations.require_enums(field, stance)
    violations.require_fields(field, stance, ("item_id", "panelist_id"))
    if stance.turn_id != payload.turn_id:
        violations.add(f"{field}.turn_id", "is not the payload's turn")
    if stance.round < 1:
        violations.add(f"{field}.round", "is numbered from 1")


def _check_cluster(
    cluster: process_pb2.Cluster, field: str, violations: Violations
) -> None:
    names = ("cluster_id", "lead_finding_id", "finding_ids")
    violations.require_fields(field, cluster, names)
    if cluster.finding_ids and cluster.finding_ids[0] != cluster.lead_finding_id:
        violations.add(f"{field}.finding_ids", "begin with the lead")
    for index, link in enumerate(cluster.links):
        ends = ("first_finding_id", "second_finding_id")
        violations.require_fields(f"{field}.links[{index}]", link, ends)


def _check_synthesis(
    synthesis: process_pb2.Synthesis, field: str, violations: Violations
) -> None:
    violations.require(f"{field}.sentences", synthesis.sentences)
    for name in ("sentences", "minority"):
        for index, sentence in enumerate(getattr(synthesis, name)):
            path = f"{field}.{name}[{index}]"
            violations.require_fields(path, sentence, ("text", "finding_ids"))
