"""The moderator's text: a template over what was found and who dissents."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from roundtable_rehearsal.assessment import SEVERITIES
from roundtable_rehearsal.language import Voice
from roundtable_rehearsal.material import Fields, GivenFinding, read_finding
from roundtable_rehearsal.reading import Turn
from roundtable_rehearsal.reply import Reply
from roundtable_rehearsal.voices import clip, voice_of

_MOST_SENTENCES = 7
_MOST_IDS = 50
_TITLE_WORDS = 20
_FIX_WORDS = 40
_POSITION_WORDS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    opening: str
    lead: str
    lead_of_many: str
    unproved: str
    dissent: str
    severities: dict[str, str]


_WORDS: dict[Voice, _Words] = {
    "en": _Words(
        opening="This is a rehearsal: a template lists what rules found, no AI wrote "
        "it. ",
        lead="{severity}: {title}. {fix}",
        lead_of_many="{severity}, raised {count} times: {title}. {fix}",
        unproved="{title} (unproved: its words were not found)",
        dissent="{speaker} holds against the decision (rehearsal): {position}",
        severities={name: name.capitalize() for name in SEVERITIES},
    ),
    "de": _Words(
        opening="Dies ist eine Probe: Eine Vorlage nennt, was Regeln fanden, keine KI "
        "hat sie geschrieben. ",
        lead="{severity}: {title}. {fix}",
        lead_of_many="{severity}, {count}-mal genannt: {title}. {fix}",
        unproved="{title} (unbelegt: Die Wörter wurden nicht gefunden)",
        dissent="{speaker} hält der Entscheidung entgegen (Probe): {position}",
        severities={
            "blocker": "Blockiert",
            "major": "Schwer",
            "minor": "Leicht",
            "note": "Hinweis",
        },
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cluster:
    severity: str
    findings: tuple[GivenFinding, ...]

    @property
    def is_verified(self) -> bool:
        return self.findings[0].is_verified


def write_synthesis(turn: Turn) -> Reply:
    """List the gravest clusters by what leads them, and the dissents that cite.

    Findings whose evidence was not found come last, as unproved, and are not cited
    beside others.

    Raises:
        TurnError: The material does not keep the contract.
    """
    read = (_read_cluster(fields) for fields in turn.material.objects("clusters"))
    clusters = sorted((each for each in read if each.findings), key=_order)
    findings = [finding for cluster in clusters for finding in cluster.findings]
    words = _WORDS[voice_of(findings)]
    sentences = [_sentence(cluster, words) for cluster in clusters[:_MOST_SENTENCES]]
    if sentences:
        sentences[0]["text"] = words.opening + sentences[0]["text"]
    known = {finding.finding_id for finding in findings}
    dissents = (
        _dissent(fields, words, known=known)
        for fields in turn.material.objects("dissents")
    )
    minority = [each for each in dissents if each["finding_ids"]]
    return Reply(prose="", result={"sentences": sentences, "minority": minority})


def _read_cluster(fields: Fields) -> _Cluster:
    findings = tuple(read_finding(inner) for inner in fields.objects("findings"))
    verified = tuple(finding for finding in findings if finding.is_verified)
    return _Cluster(severity=fields.text("severity"), findings=verified or findings)


def _order(cluster: _Cluster) -> tuple[bool, int]:
    is_known = cluster.severity in SEVERITIES
    gravity = SEVERITIES.index(cluster.severity) if is_known else len(SEVERITIES)
    return not cluster.is_verified, gravity


def _sentence(cluster: _Cluster, words: _Words) -> dict[str, Any]:
    lead, count = cluster.findings[0], len(cluster.findings)
    template = words.lead if count == 1 else words.lead_of_many
    title = clip(lead.title, most_words=_TITLE_WORDS)
    return {
        "text": template.format(
            severity=words.severities.get(cluster.severity, cluster.severity[:20]),
            count=count,
            title=title if cluster.is_verified else words.unproved.format(title=title),
            fix=clip(lead.fix, most_words=_FIX_WORDS),
        ),
        "finding_ids": _distinct(each.finding_id for each in cluster.findings),
    }


def _dissent(fields: Fields, words: _Words, *, known: set[str]) -> dict[str, Any]:
    position = clip(fields.text("position"), most_words=_POSITION_WORDS)
    return {
        "text": words.dissent.format(
            speaker=clip(fields.text("speaker"), most_words=2), position=position
        ),
        "finding_ids": _distinct(
            each for each in fields.texts("finding_ids") if each in known
        ),
    }


def _distinct(finding_ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(finding_ids))[:_MOST_IDS]
