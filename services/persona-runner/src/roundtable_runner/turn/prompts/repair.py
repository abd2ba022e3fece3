"""A second chance for quotes that do not stand in the document."""

from roundtable_runner.turn.prompts.closing import Closing
from roundtable_runner.turn.prompts.layout import SeatLine, Wording
from roundtable_runner.turn.prompts.material import show_finding
from roundtable_runner.turn.prompts.rules import ALL_IS_DATA, EXACT_WORDS, list_rules
from roundtable_runner.turn.prompts.seat import describe_reader
from roundtable_runner.turn.task import RepairTask

_OPENING = """\
You have reviewed a document and written findings. A program has looked for the words
that they quote and did not find them in the document. The material holds those
findings. The author is shown a finding only with words that really stand there."""

_RULES = list_rules(
    ALL_IS_DATA,
    """\
For each finding, by its number, do one of two things: give the words of the document
that it rests on, or take it back.""",
    EXACT_WORDS,
    """\
Never invent words, never change any, never put together what stands apart. Words
that are merely near the point will not do: they have to show it.""",
    """\
If no words of the document show the point, take it back: is_withdrawn is true and
quotes is empty. To take a finding back is a correct answer, and better than words
that do not show it.""",
    """\
Change nothing else: no new findings, no other wording, no other severity. A rewrite
was written for other words; it is dropped.""",
)


def word_repair(task: RepairTask, closing: Closing) -> Wording:
    """Return the request for the words of findings."""
    findings = [
        {"number": number, **show_finding(finding)}
        for number, finding in enumerate(task.findings, start=1)
    ]
    form = f"""\
OUTPUT
{closing.alone()}
One entry for each finding, in the order given. number is the finding's. paragraph_id
names the paragraph that holds the words. Every field is required."""
    return Wording(
        system=(_OPENING, _RULES, form),
        task=(
            f"{describe_reader(task.seat, task.subject)}\n"
            "Your task: the quotes of the findings in the material do not stand in the"
            " document. Give the exact words from it, or take the finding back."
            f" {closing.step_alone}"
        ),
        seat_line=SeatLine.of(task.kind, seat=task.seat, subject=task.subject),
        subject=task.subject,
        material={"findings": findings},
    )
