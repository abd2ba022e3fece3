"""Words around the findings, in the document's language."""

from collections import Counter
from dataclasses import dataclass

from roundtable_rehearsal.assessment import Assessment
from roundtable_rehearsal.criteria import lens
from roundtable_rehearsal.language import Voice
from roundtable_rehearsal.rules.rule import Hit, Rule
from roundtable_rehearsal.scoring import Verdict
from roundtable_rehearsal.voices import clip, listed

_PLACES = 3
_QUOTED_WORDS = 9
_TITLE_WORDS = 11
_NAMED_CRITERIA = 3


@dataclass(frozen=True, slots=True)
class Remark:
    """A hit that is reported, with the rule and the criterion it stands under."""

    rule: Rule
    criterion: str
    hit: Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class _Phrases:
    opening: str
    looked: str
    place: str
    absence: str
    more: str
    nothing: str
    blind: str
    mute: str
    hits: str
    clean: str
    unread: str
    silent: str
    language: str
    whole: str
    truth: str
    verdict: dict[Verdict, str]
    reason: dict[Verdict, str]


_EN = _Phrases(
    opening="This is a rehearsal: rules read the text, no AI did.",
    looked="Under {labels} I looked for {lenses}.",
    place="{id}, “{words}”: {what}.",
    absence="In the whole text: {what}.",
    more="And {count} more like it ({label}).",
    nothing="No rule tripped. That shows the absence of the usual slips, not that "
    "all is well.",
    blind="No rule speaks to these criteria in this text.",
    mute="{label}: no rule speaks to this in this kind of text",
    hits="{label}: {count}",
    clean="No hit by: {labels}.",
    unread="No rule speaks to {label} in this text.",
    silent="{label}: no rule speaks to this in a part of this text",
    language="{label} (no rule for this document's language)",
    whole="{label} (takes the whole document, and this is a part of it)",
    truth="Whether the statements are true: this is a rehearsal, and rules see only "
    "the text itself",
    verdict={
        "approve": "I would let it pass.",
        "approve_with_changes": "I would let it pass once the major points are "
        "settled.",
        "request_changes": "I would not let it pass as it stands.",
        "abstain": "So I abstain.",
    },
    reason={
        "approve": "The rules for {labels} found nothing graver than a minor slip.",
        "approve_with_changes": "The rules for {labels} found at least one major point "
        "and no blocker.",
        "request_changes": "The rules for {labels} found at least one blocker.",
        "abstain": "No rule speaks to {labels} in this text.",
    },
)
_DE = _Phrases(
    opening="Dies ist eine Probe: Regeln haben den Text gelesen, keine KI.",
    looked="Unter {labels} suchte ich: {lenses}.",
    place="{id}, „{words}“: {what}.",
    absence="Im ganzen Text: {what}.",
    more="Und {count} weitere davon ({label}).",
    nothing="Keine Regel hat angeschlagen. Das zeigt nur, dass die üblichen Fehler "
    "fehlen, nicht, dass alles gut ist.",
    blind="Zu diesen Kriterien hat keine Regel in diesem Text etwas zu sagen.",
    mute="{label}: dazu gibt es für diese Art Text keine Regel",
    hits="{label}: {count}",
    clean="Ohne Treffer: {labels}.",
    unread="Zu {label} hat keine Regel in diesem Text etwas zu sagen.",
    silent="{label}: zu einem Teil dieses Textes gibt es dafür keine Regel",
    language="{label} (keine Regel für die Sprache des Dokuments)",
    whole="{label} (dazu braucht es das ganze Dokument, dies ist ein Teil)",
    truth="Ob die Aussagen stimmen: Dies ist eine Probe, und Regeln sehen nur den "
    "Text selbst",
    verdict={
        "approve": "Ich würde es durchlassen.",
        "approve_with_changes": "Ich würde es durchlassen, sobald die größeren Punkte "
        "geklärt sind.",
        "request_changes": "So würde ich es nicht durchlassen.",
        "abstain": "Darum enthalte ich mich.",
    },
    reason={
        "approve": "Die Regeln zu {labels} fanden höchstens kleine Fehler.",
        "approve_with_changes": "Die Regeln zu {labels} fanden mindestens einen "
        "größeren Punkt, aber nichts Blockierendes.",
        "request_changes": "Die Regeln zu {labels} fanden mindestens einen Punkt, der "
        "blockiert.",
        "abstain": "Zu {labels} hat keine Regel in diesem Text etwas zu sagen.",
    },
)


def _phrases(voice: Voice) -> _Phrases:
    return _DE if voice == "de" else _EN


def reaction(assessment: Assessment, remarks: list[Remark], *, verdict: Verdict) -> str:
    """Write the live prose, at most 150 words."""
    voice = assessment.document.voice
    phrases = _phrases(voice)
    lenses = [lens(key, voice) for key in assessment.criteria[:_NAMED_CRITERIA]]
    parts = [
        phrases.opening,
        phrases.looked.format(
            labels=listed([item.label for item in lenses], voice),
            lenses=listed([item.looks_for for item in lenses], voice),
        ),
    ]
    if remarks:
        named = _distinct_places(remarks)[:_PLACES]
        parts += [_place(remark, phrases) for remark in named]
        parts += _more(assessment, named, phrases)
    elif assessment.assessed:
        parts.append(phrases.nothing)
    else:
        parts.append(phrases.blind)
    return " ".join([*parts, phrases.verdict[verdict]])


def _place(remark: Remark, phrases: _Phrases) -> str:
    quotes, title = remark.hit.quotes, remark.hit.advice.title
    if not quotes:
        return phrases.absence.format(what=clip(title, most_words=_TITLE_WORDS))
    return phrases.place.format(
        id=quotes[0].paragraph_id,
        words=clip(quotes[0].text, most_words=_QUOTED_WORDS),
        what=clip(title, most_words=_TITLE_WORDS),
    )


def _distinct_places(remarks: list[Remark]) -> list[Remark]:
    """Keep the gravest remark for each quote, so that three places are three."""
    by_place: dict[object, Remark] = {}
    for remark in remarks:
        by_place.setdefault(remark.hit.quotes or remark.hit.advice, remark)
    return list(by_place.values())


def _more(assessment: Assessment, named: list[Remark], phrases: _Phrases) -> list[str]:
    """Say of the named rule with the most further hits how many there are."""
    named_of_rule = Counter(remark.rule.name for remark in named)
    unsaid = Counter(
        {
            item.rule.label[assessment.document.voice]: len(item.hits)
            - named_of_rule[item.rule.name]
            for item in assessment.findings
            if item.rule.name in named_of_rule
        }
    )
    return [
        phrases.more.format(count=count, label=label)
        for label, count in unsaid.most_common(1)
        if count > 0
    ]


def rationale(assessment: Assessment, criterion: str, *, label: str) -> str:
    """Say which rules made the score."""
    phrases, voice = _phrases(assessment.document.voice), assessment.document.voice
    spoken = [item for item in assessment.findings if item.criterion == criterion]
    if not spoken:
        return phrases.unread.format(label=label)
    hits = [
        phrases.hits.format(count=len(item.hits), label=item.rule.label[voice])
        for item in spoken
        if item.hits
    ]
    if hits:
        return "; ".join(hits) + "."
    return phrases.clean.format(labels=", ".join(i.rule.label[voice] for i in spoken))


def reason(assessment: Assessment, verdict: Verdict) -> str:
    """Give the verdict's reason in one sentence."""
    voice = assessment.document.voice
    labels = [lens(key, voice).label for key in assessment.criteria]
    return _phrases(voice).reason[verdict].format(labels=listed(labels, voice))


def not_assessed(assessment: Assessment) -> list[str]:
    """Name the criteria and the rules that stayed silent, and what no rule can tell."""
    voice = assessment.document.voice
    phrases = _phrases(voice)
    mute = [key for key in assessment.criteria if key not in assessment.assessed]
    unread = phrases.silent if assessment.is_part else phrases.mute
    return [
        *(unread.format(label=lens(key, voice).label) for key in mute),
        *(phrases.language.format(label=r.label[voice]) for r in assessment.skipped),
        *(phrases.whole.format(label=r.label[voice]) for r in assessment.withheld),
        phrases.truth,
    ]
