"""What is said of a subject that a document does not mention."""

from dataclasses import dataclass

from roundtable_rehearsal.language import Voice
from roundtable_rehearsal.rules.expectations import Subject


@dataclass(frozen=True, slots=True)
class Absence:
    """The subject's name, and the finding that its absence makes."""

    label: str
    title: str
    impact: str
    fix: str


_EN: dict[Subject, Absence] = {
    "acceptance": Absence(
        "acceptance criteria",
        "No acceptance criterion",
        "Nobody can say when this is done, so it will be argued about at the end.",
        "Give each requirement a condition that a test can fail.",
    ),
    "action": Absence(
        "a call to action",
        "No call to action",
        "A reader who is convinced is not told what to do next.",
        "End with one step: a verb, an address, what happens then.",
    ),
    "alternatives": Absence(
        "alternatives",
        "No alternative considered",
        "Reviewers cannot tell a choice from a habit.",
        "Name the serious other ways, doing nothing among them, and why not.",
    ),
    "attackers": Absence(
        "protection against misuse",
        "Nothing on misuse",
        "Who may do what, and what stops the others, is left to the builder.",
        "State roles, authentication, secrets and hostile input one by one.",
    ),
    "cost": Absence(
        "the cost",
        "No cost",
        "The decision would be taken without knowing its price.",
        "State one-off and running costs, and the sum.",
    ),
    "data": Absence(
        "data protection",
        "Nothing on data protection",
        "If personal data is touched, nobody has agreed how it is handled.",
        "State which data, for what, where, by whom, for how long.",
    ),
    "date": Absence(
        "a date",
        "No date",
        "What has no date cannot be late, and cannot be planned around.",
        "Give each step a date, or a number of weeks from the start.",
    ),
    "definitions": Absence(
        "definitions",
        "No definitions",
        "Terms that carry duties and sums can be read in two ways.",
        "Define each such term once and use it as defined.",
    ),
    "difference": Absence(
        "a comparison",
        "No difference stated",
        "With a competitor's name in place of yours the text would stay true.",
        "Name one checkable difference and for whom it matters.",
    ),
    "liability": Absence(
        "liability",
        "Nothing on liability",
        "Who bears which loss is left to the law and to a court.",
        "State limits, exceptions and insurance for both sides.",
    ),
    "limits": Absence(
        "limits and risks",
        "No limit or risk named",
        "A reader who follows the text gets no warning of where it ends.",
        "Say when it does not apply and what could go wrong.",
    ),
    "metrics": Absence(
        "a measure of success",
        "No measure of success",
        "After the release nobody will be able to tell whether it worked.",
        "Name one metric with today's value, target and date.",
    ),
    "operation": Absence(
        "operation",
        "Nothing on operation",
        "Who did not build it cannot deploy, watch, mend or roll it back.",
        "Describe rollout, rollback, alerts and the main failures.",
    ),
    "owner": Absence(
        "an owner",
        "No owner",
        "What belongs to nobody is done by nobody.",
        "Name one responsible person or role for each step.",
    ),
    "problem": Absence(
        "the problem",
        "No problem stated",
        "A solution whose problem is not named cannot be judged.",
        "Say who has which problem, how often, and what it costs them.",
    ),
    "proof": Absence(
        "evidence",
        "No source anywhere",
        "A sceptical reader finds nothing to check the claims against.",
        "Give the main claims a source, a measurement or an example.",
    ),
    "risks": Absence(
        "risks",
        "No risk named",
        "What can go wrong will be met unprepared.",
        "Name the few risks that matter, with early sign and answer.",
    ),
    "scope": Absence(
        "the limits of the scope",
        "Nothing is ruled out",
        "Two readers will expect two different things to be delivered.",
        "List what is not included.",
    ),
    "termination": Absence(
        "termination",
        "No way out",
        "How either side ends this, and what follows, is open.",
        "State term, renewal, notice and the hand-over afterwards.",
    ),
    "terms": Absence(
        "deadlines and standards",
        "Duties without deadline or standard",
        "A duty without a date or measure cannot be enforced.",
        "Give each duty a period and a standard.",
    ),
}
_DE: dict[Subject, Absence] = {
    "acceptance": Absence(
        "Abnahmekriterien",
        "Kein Abnahmekriterium",
        "Niemand kann sagen, wann es fertig ist; am Ende wird darüber gestritten.",
        "Jeder Anforderung eine Bedingung geben, an der ein Test scheitern kann.",
    ),
    "action": Absence(
        "eine Aufforderung",
        "Kein nächster Schritt",
        "Wer überzeugt ist, erfährt nicht, was zu tun ist.",
        "Mit einem Schritt enden: Verb, Adresse, was dann geschieht.",
    ),
    "alternatives": Absence(
        "Alternativen",
        "Keine Alternative erwogen",
        "Wahl und Gewohnheit sind nicht zu unterscheiden.",
        "Die ernsthaften anderen Wege nennen, auch Nichtstun, und warum nicht.",
    ),
    "attackers": Absence(
        "Schutz vor Missbrauch",
        "Nichts zum Missbrauch",
        "Wer was darf und was andere hindert, bleibt offen.",
        "Rollen, Anmeldung, Geheimnisse und feindliche Eingaben einzeln festlegen.",
    ),
    "cost": Absence(
        "die Kosten",
        "Keine Kosten",
        "Die Entscheidung fiele, ohne den Preis zu kennen.",
        "Einmalige und laufende Kosten und die Summe nennen.",
    ),
    "data": Absence(
        "Datenschutz",
        "Nichts zum Datenschutz",
        "Falls personenbezogene Daten berührt sind, ist nichts vereinbart.",
        "Festlegen: welche Daten, wofür, wo, durch wen, wie lange.",
    ),
    "date": Absence(
        "ein Datum",
        "Kein Datum",
        "Was kein Datum hat, kann nicht zu spät sein und nicht geplant werden.",
        "Jedem Schritt ein Datum oder eine Zahl von Wochen geben.",
    ),
    "definitions": Absence(
        "Begriffsbestimmungen",
        "Keine Begriffsbestimmungen",
        "Begriffe, an denen Pflichten und Summen hängen, sind zweideutig.",
        "Jeden solchen Begriff einmal festlegen und so verwenden.",
    ),
    "difference": Absence(
        "ein Vergleich",
        "Kein Unterschied genannt",
        "Mit dem Namen eines Wettbewerbers bliebe der Text wahr.",
        "Einen prüfbaren Unterschied nennen und für wen er zählt.",
    ),
    "liability": Absence(
        "Haftung",
        "Nichts zur Haftung",
        "Wer welchen Schaden trägt, bleibt Gesetz und Gericht überlassen.",
        "Grenzen, Ausnahmen und Versicherung für beide Seiten festlegen.",
    ),
    "limits": Absence(
        "Grenzen und Risiken",
        "Keine Grenze, kein Risiko genannt",
        "Wer dem Text folgt, wird nicht gewarnt, wo er endet.",
        "Sagen, wann er nicht gilt und was schiefgehen kann.",
    ),
    "metrics": Absence(
        "ein Erfolgsmaß",
        "Kein Erfolgsmaß",
        "Nach der Einführung kann niemand sagen, ob es gewirkt hat.",
        "Eine Kennzahl mit heutigem Wert, Ziel und Datum nennen.",
    ),
    "operation": Absence(
        "der Betrieb",
        "Nichts zum Betrieb",
        "Wer es nicht gebaut hat, kann es nicht betreiben oder zurücknehmen.",
        "Einführung, Rücknahme, Alarme und die wichtigsten Ausfälle beschreiben.",
    ),
    "owner": Absence(
        "eine verantwortliche Person",
        "Niemand verantwortlich",
        "Was niemandem gehört, tut niemand.",
        "Für jeden Schritt eine Person oder Rolle nennen.",
    ),
    "problem": Absence(
        "das Problem",
        "Kein Problem genannt",
        "Eine Lösung ohne Problem lässt sich nicht beurteilen.",
        "Sagen, wer welches Problem hat, wie oft und was es kostet.",
    ),
    "proof": Absence(
        "Belege",
        "Nirgends eine Quelle",
        "Wer zweifelt, findet nichts zum Nachprüfen.",
        "Den Hauptaussagen Quelle, Messung oder Beispiel geben.",
    ),
    "risks": Absence(
        "Risiken",
        "Kein Risiko genannt",
        "Was schiefgehen kann, trifft alle unvorbereitet.",
        "Die wenigen wichtigen Risiken mit Anzeichen und Antwort nennen.",
    ),
    "scope": Absence(
        "Grenzen des Umfangs",
        "Nichts ausgeschlossen",
        "Zwei Leser erwarten zwei verschiedene Lieferungen.",
        "Aufzählen, was nicht enthalten ist.",
    ),
    "termination": Absence(
        "Kündigung",
        "Kein Ausstieg",
        "Wie eine Seite beendet und was dann folgt, ist offen.",
        "Laufzeit, Verlängerung, Frist und Übergabe festlegen.",
    ),
    "terms": Absence(
        "Fristen und Maßstäbe",
        "Pflichten ohne Frist oder Maßstab",
        "Eine Pflicht ohne Datum oder Maß ist nicht durchsetzbar.",
        "Jeder Pflicht Frist und Maßstab geben.",
    ),
}
ABSENCES: dict[Voice, dict[Subject, Absence]] = {"en": _EN, "de": _DE}
