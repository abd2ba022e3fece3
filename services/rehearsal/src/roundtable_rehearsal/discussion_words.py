"""What a seat says in a discussion, in the document's language."""

from dataclasses import dataclass

from roundtable_rehearsal.language import Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscussionWords:
    """The sentences of one language."""

    opening: str
    spoken: str
    others: str
    unspoken: str
    unmoved: str
    supported: str
    stood_by: str
    kept: str
    silent: str
    silent_on_marks: str


WORDS: dict[Voice, DiscussionWords] = {
    "en": DiscussionWords(
        opening="This is a rehearsal: rules compare what they found, no AI argues.",
        spoken="My rules speak to {count} of {total} points: {items}.",
        others="others",
        unspoken="Where they are silent I take no side.",
        unmoved="My verdict and my mark come from the text, so that nothing said here "
        "moves them.",
        supported="My own rule finds the same here: {title} (rehearsal).",
        stood_by="I stand by it, as my rule does: {title} (rehearsal).",
        kept="I keep my mark for {label}: my rules found {count} here (rehearsal).",
        silent="My rules do not speak to this passage (rehearsal).",
        silent_on_marks="My rules found nothing that speaks for one mark or the other "
        "(rehearsal).",
    ),
    "de": DiscussionWords(
        opening="Dies ist eine Probe: Regeln vergleichen ihre Treffer, keine KI "
        "argumentiert.",
        spoken="Meine Regeln sprechen zu {count} von {total} Punkten: {items}.",
        others="weiteren",
        unspoken="Wo sie schweigen, ergreife ich keine Partei.",
        unmoved="Mein Urteil und meine Note kommen aus dem Text, darum ändert hier "
        "nichts sie.",
        supported="Meine eigene Regel findet hier dasselbe: {title} (Probe).",
        stood_by="Ich bleibe dabei wie meine Regel: {title} (Probe).",
        kept="Ich bleibe bei meiner Note für {label}: Treffer meiner Regeln: {count} "
        "(Probe).",
        silent="Meine Regeln sagen nichts zu dieser Stelle (Probe).",
        silent_on_marks="Meine Regeln fanden nichts, was für die eine oder die andere "
        "Note spricht (Probe).",
    ),
}
