"""The synthesis lists leads, gravest first, and cites what is there."""

from collections.abc import Callable
from typing import Any

Compose = Callable[..., str]
Reply = Callable[[str], Any]
Make = Callable[..., dict[str, Any]]


def _cluster(severity: str, *findings: dict[str, Any]) -> dict[str, Any]:
    return {"cluster_id": "K1", "severity": severity, "findings": list(findings)}


def _material(*clusters: dict[str, Any], dissents: Any = ()) -> dict[str, Any]:
    return {
        "document_title": "A page",
        "document_type": "marketing_copy",
        "decision": "Fix, then ship: two majors.",
        "clusters": list(clusters),
        "dissents": list(dissents),
        "items": [],
        "not_examined": [],
    }


def _dissent(*finding_ids: str) -> dict[str, Any]:
    return {
        "speaker": "Panelist B",
        "position": "I would not let it pass.",
        "finding_ids": list(finding_ids),
    }


def test_gravest_clusters_come_first_and_every_sentence_cites(
    material_message: Compose, reply: Reply, make_finding: Make
) -> None:
    """A sentence a cluster, with its lead's words and all its members' ids."""
    minor = _cluster("minor", make_finding(finding_id="A1", title="Small thing"))
    blocker = _cluster(
        "blocker",
        make_finding(finding_id="B1", title="Great thing", fix="Mend it."),
        make_finding(finding_id="C4", title="Same thing"),
    )

    result = reply(material_message("synthesis", _material(minor, blocker))).result

    first, second = result["sentences"]
    assert first["finding_ids"] == ["B1", "C4"]
    assert "Blocker, raised 2 times: Great thing. Mend it." in first["text"]
    assert second["finding_ids"] == ["A1"]
    assert second["text"].startswith("Minor: Small thing.")


def test_first_sentence_says_that_it_is_a_rehearsal(
    material_message: Compose, reply: Reply, make_finding: Make
) -> None:
    """Whatever may be quoted from it, the label comes along."""
    cluster = _cluster("major", make_finding(finding_id="A1"))

    result = reply(material_message("synthesis", _material(cluster))).result

    assert result["sentences"][0]["text"].startswith("This is a rehearsal")


def test_at_most_seven_sentences(
    material_message: Compose, reply: Reply, make_finding: Make
) -> None:
    """The rest stands in the list of findings."""
    clusters = [
        _cluster("note", make_finding(finding_id=f"A{number}"))
        for number in range(1, 12)
    ]

    result = reply(material_message("synthesis", _material(*clusters))).result

    assert len(result["sentences"]) == 7


def test_unverified_findings_come_last_and_are_called_unproved(
    material_message: Compose, reply: Reply, make_finding: Make
) -> None:
    """Nor are they cited beside a verified one, or lead it."""
    unproved = make_finding(finding_id="A1", title="Guess", is_verified=False)
    proved = make_finding(finding_id="B1", title="Slip")
    clusters = [
        _cluster("blocker", unproved | {"finding_id": "C1"}),
        _cluster("minor", unproved, proved),
    ]

    result = reply(material_message("synthesis", _material(*clusters))).result

    first, second = result["sentences"]
    assert first["finding_ids"] == ["B1"]
    assert "Slip. A fix." in first["text"]
    assert second["finding_ids"] == ["C1"]
    assert "Guess (unproved" in second["text"]


def test_nothing_found_is_nothing_said(material_message: Compose, reply: Reply) -> None:
    """Without a finding there is nothing to cite."""
    result = reply(material_message("synthesis", _material())).result

    assert result == {"sentences": [], "minority": []}


def test_minority_is_who_dissents_on_findings_that_are_there(
    material_message: Compose, reply: Reply, make_finding: Make
) -> None:
    """An id that no cluster has is not cited, and a dissent without one is left out."""
    cluster = _cluster("major", make_finding(finding_id="B1"))
    dissents = [_dissent("B1", "Z9"), _dissent(), _dissent("Z9")]

    result = reply(
        material_message("synthesis", _material(cluster, dissents=dissents))
    ).result

    [minority] = result["minority"]
    assert minority["finding_ids"] == ["B1"]
    assert "Panelist B" in minority["text"]
    assert "I would not let it pass." in minority["text"]


def test_german_findings_get_german_sentences(
    material_message: Compose, reply: Reply, make_finding: Make
) -> None:
    """The findings tell the document's language."""
    finding = make_finding(
        finding_id="A1",
        title="Superlativ ohne Beleg: „die beste“",
        fix="Vergleich, Datum und Quelle nennen oder schlicht sagen, was das Produkt "
        "für die Leser leistet und was nicht.",
    )

    result = reply(
        material_message("synthesis", _material(_cluster("blocker", finding)))
    ).result

    assert result["sentences"][0]["text"].startswith("Dies ist eine Probe")
