"""How a seat speaks of the criteria it answers for."""

from dataclasses import dataclass

from roundtable_rehearsal.language import Voice


@dataclass(frozen=True, slots=True)
class Lens:
    """A criterion's name, and what a seat that owns it looks for."""

    label: str
    looks_for: str


_EN = {
    "clarity": Lens("clarity", "what a first reading trips over"),
    "evidence": Lens("evidence", "claims that nothing backs"),
    "consistency": Lens("consistency", "statements that disagree"),
    "completeness": Lens("completeness", "what was left open"),
    "audience_fit": Lens("audience fit", "words the reader does not share"),
    "differentiation": Lens("differentiation", "what any competitor could say too"),
    "call_to_action": Lens("call to action", "the step a reader is asked to take"),
    "scope": Lens("scope", "what is in and what is out"),
    "feasibility": Lens("feasibility", "who does what by when"),
    "risk": Lens("risk", "promises that can turn against you"),
    "cost": Lens("cost", "sums and what they hide"),
    "problem": Lens("problem", "whose problem this solves"),
    "acceptance": Lens("acceptance", "what a test could fail"),
    "metrics": Lens("metrics", "what can be measured afterwards"),
    "alternatives": Lens("alternatives", "the ways not taken"),
    "security": Lens("security", "protection that is claimed rather than shown"),
    "operability": Lens("operability", "what happens on a bad day"),
    "obligations": Lens("obligations", "who owes what by when"),
    "definitions": Lens("definitions", "terms with two meanings"),
    "liability": Lens("liability", "who bears which loss"),
    "termination": Lens("termination", "the way out"),
    "data_protection": Lens("data protection", "what happens to personal data"),
}
_DE = {
    "clarity": Lens("Klarheit", "worüber man beim ersten Lesen stolpert"),
    "evidence": Lens("Belege", "Behauptungen ohne Stütze"),
    "consistency": Lens("Stimmigkeit", "Aussagen, die einander widersprechen"),
    "completeness": Lens("Vollständigkeit", "was offen geblieben ist"),
    "audience_fit": Lens("Passung zu den Lesern", "Wörter, die Leser nicht teilen"),
    "differentiation": Lens("Abgrenzung", "was jeder Wettbewerber sagen könnte"),
    "call_to_action": Lens("Aufforderung", "den Schritt, der verlangt wird"),
    "scope": Lens("Umfang", "was dazugehört und was nicht"),
    "feasibility": Lens("Machbarkeit", "wer was bis wann tut"),
    "risk": Lens("Risiko", "Versprechen, die sich gegen Sie wenden"),
    "cost": Lens("Kosten", "Summen und was sie verbergen"),
    "problem": Lens("Problem", "wessen Problem gelöst wird"),
    "acceptance": Lens("Abnahme", "woran ein Test scheitern könnte"),
    "metrics": Lens("Kennzahlen", "was sich nachher messen lässt"),
    "alternatives": Lens("Alternativen", "die nicht gegangenen Wege"),
    "security": Lens("Sicherheit", "Schutz, der behauptet statt gezeigt wird"),
    "operability": Lens("Betrieb", "was an einem schlechten Tag geschieht"),
    "obligations": Lens("Pflichten", "wer wem was bis wann schuldet"),
    "definitions": Lens("Begriffe", "Wörter mit zwei Bedeutungen"),
    "liability": Lens("Haftung", "wer welchen Schaden trägt"),
    "termination": Lens("Kündigung", "den Ausstieg"),
    "data_protection": Lens("Datenschutz", "was mit personenbezogenen Daten geschieht"),
}


def lens(criterion: str, voice: Voice) -> Lens:
    """Give the words for a criterion; one that is not known speaks for itself."""
    label = criterion.replace("_", " ")
    return (_DE if voice == "de" else _EN).get(criterion, Lens(label, label))
