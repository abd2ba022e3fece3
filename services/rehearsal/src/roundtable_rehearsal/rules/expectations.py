"""What a document of a type has to hold, and the words that would show it.

The words before the bar are listed by the rubric of that type for that criterion
(`expects` in `personas/rubrics`, held by a test): a finding that names one of them
can be verified by code. Those after it are further ways to say the same; any one
of them in the text is enough.
"""

from dataclasses import dataclass
from typing import Literal

Subject = Literal[
    "acceptance",
    "action",
    "alternatives",
    "attackers",
    "cost",
    "data",
    "date",
    "definitions",
    "difference",
    "liability",
    "limits",
    "metrics",
    "operation",
    "owner",
    "problem",
    "proof",
    "risks",
    "scope",
    "termination",
    "terms",
]


@dataclass(frozen=True, slots=True)
class Expectation:
    """A subject that must not be absent, with the words that show it is not."""

    document_type: str
    criterion: str
    subject: Subject
    severity: Literal["major", "minor"]
    terms: tuple[str, ...]


def _expect(
    place: str, subject: Subject, severity: Literal["major", "minor"], *, words: str
) -> Expectation:
    document_type, criterion = place.split(".")
    terms = tuple(term.strip() for term in words.replace("|", ",").split(","))
    return Expectation(document_type, criterion, subject, severity, terms)


EXPECTATIONS = (
    _expect(
        "marketing_copy.call_to_action",
        "action",
        "major",
        words="apply, book, call us, contact, demo, download, email us, order, "
        "register, request a quote, sign up, subscribe, talk to us, trial | "
        "get started, try, buy, start, visit, learn more, click, call, join, "
        "schedule, https, www, jetzt, kontakt, anmelden, bestellen, testen, "
        "buchen, anfragen, herunterladen",
    ),
    _expect(
        "marketing_copy.differentiation",
        "difference",
        "minor",
        words="alternatives, compared to, compared with, difference, instead of, "
        "other products, unlike | better than, more than any, cheaper than, "
        "faster than, competitors, only one, im gegensatz, "
        "im vergleich, anders als, statt, unterschied, als andere",
    ),
    _expect(
        "marketing_copy.evidence",
        "proof",
        "minor",
        words="according to, measured, source, study, survey, test report, tested "
        "by, audited by | audit, certified, benchmark, case study, customers "
        "say, https, laut, quelle, studie, umfrage, gemessen, geprüft, "
        "zertifiziert",
    ),
    _expect(
        "proposal.feasibility",
        "owner",
        "major",
        words="owner, responsible | accountable, lead, leads, led by, team lead, "
        "project manager, verantwortlich, zuständig, leitung, projektleiter, "
        "projektleiterin",
    ),
    _expect(
        "proposal.feasibility",
        "date",
        "major",
        words="deadline, milestone, milestones, schedule, timeline | by the end of, "
        "due, weeks, week, months, quarter, q1, q2, q3, q4, termin, "
        "meilenstein, meilensteine, zeitplan, frist, bis ende, wochen, monate",
    ),
    _expect(
        "proposal.cost",
        "cost",
        "major",
        words="budget, cost, costs, fee, hourly rate, price, total | eur, usd, gbp, "
        "fees, priced, pricing, kosten, preis, honorar, stundensatz, gesamt, "
        "euro",
    ),
    _expect(
        "proposal.risk",
        "risks",
        "major",
        words="contingency, fallback, mitigation, risk, risks | plan b, risiko, "
        "risiken, rückfallplan, puffer",
    ),
    _expect(
        "proposal.scope",
        "scope",
        "minor",
        words="assumptions, deliverables, excluded, exclusions, not included, out "
        "of scope | deliverable, does not include, not part of, lieferumfang, "
        "nicht enthalten, annahmen, ausgeschlossen, leistungsumfang",
    ),
    _expect(
        "proposal.evidence",
        "proof",
        "minor",
        words="according to, counted, figures, interviews, measured, pilot, source, "
        "survey, tested | audit, trial, interviewed, laut, gemessen, quelle, "
        "umfrage, befragt, gezählt",
    ),
    _expect(
        "prd.acceptance",
        "acceptance",
        "major",
        words="acceptance, acceptance criteria, acceptance criterion, accepted "
        "when, definition of done, done when, given when then | test case, "
        "test cases, abnahme, abnahmekriterien, abnahmekriterium, fertig "
        "wenn, akzeptanzkriterien",
    ),
    _expect(
        "prd.metrics",
        "metrics",
        "major",
        words="baseline, key result, kpi, metric, metrics, success measure, target "
        "| kpis, targets, measured, kennzahl, kennzahlen, zielwert, messgröße",
    ),
    _expect(
        "prd.scope",
        "scope",
        "minor",
        words="non-goal, non-goals, not included, out of scope | non goals, non "
        "goal, excluded, not part of, nicht enthalten, nicht teil, "
        "nichtziele, nicht-ziele",
    ),
    _expect(
        "prd.risk",
        "risks",
        "major",
        words="assumption, assumptions, dependencies, dependency, mitigation, risk, "
        "risks, rollback | depends on, risiko, risiken, annahme, annahmen, "
        "abhängigkeit, abhängigkeiten",
    ),
    _expect(
        "prd.problem",
        "problem",
        "major",
        words="pain point, problem, today, user need, users | pain points, "
        "problems, user, customers, currently, heute, nutzer, problematisch, "
        "derzeit",
    ),
    _expect(
        "design_doc.alternatives",
        "alternatives",
        "major",
        words="alternative, alternatives, considered, rejected, trade-off, "
        "trade-offs | instead of, option, options, tradeoff, tradeoffs, "
        "alternativen, abgewogen, verworfen",
    ),
    _expect(
        "design_doc.security",
        "attackers",
        "major",
        words="access control, attacker, authentication, authorisation, "
        "authorization, permissions, secrets, threat, threat model | threats, "
        "mtls, tls, encryption, authenticated, angreifer, zugriffskontrolle, "
        "authentifizierung, berechtigungen, bedrohung, verschlüsselung",
    ),
    _expect(
        "design_doc.operability",
        "operation",
        "major",
        words="alert, alerts, backup, deployment, migration, monitoring, restore, "
        "rollback, rollout, runbook | deploy, metrics, backups, roll back, "
        "überwachung, sicherung, inbetriebnahme, betrieb",
    ),
    _expect(
        "design_doc.risk",
        "risks",
        "major",
        words="failure, failure mode, failure modes, limitation, limitations, open "
        "question, open questions, risk, risks | fails, risiko, risiken, "
        "ausfall, offene fragen, grenzen",
    ),
    _expect(
        "design_doc.problem",
        "problem",
        "minor",
        words="goal, goals, non-goal, non-goals, problem, requirements | problems, "
        "requirement, ziel, ziele, anforderungen",
    ),
    _expect(
        "contract.definitions",
        "definitions",
        "minor",
        words="definition, definitions, means, shall mean | defined, hereinafter, "
        "begriffsbestimmungen, definitionen, bezeichnet, im sinne",
    ),
    _expect(
        "contract.obligations",
        "terms",
        "major",
        words="acceptance, deadline, deliver, response time, service level, service "
        "levels, within | no later than, innerhalb, frist, binnen, abnahme, "
        "spätestens",
    ),
    _expect(
        "contract.liability",
        "liability",
        "major",
        words="cap, damages, indemnify, indemnity, insurance, liability, liable | "
        "haftung, haftet, schadensersatz, versicherung",
    ),
    _expect(
        "contract.termination",
        "termination",
        "major",
        words="expiry, notice period, renew, renewal, terminate, termination | "
        "terminated, expires, kündigung, kündigen, laufzeit, verlängerung",
    ),
    _expect(
        "contract.data_protection",
        "data",
        "major",
        words="confidentiality, data breach, data processing, data protection, "
        "personal data, privacy, retention, subcontractors, subprocessors, "
        "sub-processors | gdpr, confidential, datenschutz, personenbezogene "
        "daten, vertraulichkeit, auftragsverarbeitung, dsgvo",
    ),
    _expect(
        "other.completeness",
        "owner",
        "minor",
        words="author, contact, owner, responsible | written by, verantwortlich, "
        "zuständig, kontakt, autor, autorin, ansprechpartner",
    ),
    _expect(
        "other.completeness",
        "date",
        "minor",
        words="date, deadline, next step, next steps | due, by the end of, datum, "
        "frist, termin, nächste schritte",
    ),
    _expect(
        "other.evidence",
        "proof",
        "minor",
        words="according to, example, for example, measured, source, study, survey "
        "| examples, https, zum beispiel, beispiel, laut, quelle, studie, "
        "umfrage",
    ),
    _expect(
        "other.risk",
        "limits",
        "minor",
        words="caution, exception, exceptions, limit, limitation, limitations, "
        "limits, risk, risks, warning | except, unless, ausnahme, ausnahmen, "
        "risiko, risiken, vorsicht, grenzen",
    ),
)
