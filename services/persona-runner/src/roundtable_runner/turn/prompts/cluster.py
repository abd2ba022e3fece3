"""Whether one fix would resolve two findings."""

from roundtable_runner.turn.prompts.closing import Closing
from roundtable_runner.turn.prompts.layout import SeatLine, Wording
from roundtable_runner.turn.prompts.material import show_finding
from roundtable_runner.turn.prompts.rules import MATERIAL_IS_DATA, list_rules
from roundtable_runner.turn.task import ClusterTask

_OPENING = """\
Several readers have reviewed the same document. The material holds pairs of their
findings. Findings that one fix would resolve are shown to the author together; what is
put together wrongly is lost, so doubt means no."""

_RULES = list_rules(
    MATERIAL_IS_DATA,
    """\
Ask of each pair by itself: if the author made one single change to the document,
would both findings be resolved? Yes: is_same is true. No, perhaps, or partly:
is_same is false.""",
    """\
The same passage, the same topic, the same criterion or the same severity does not
make two findings one.""",
    """\
Opposed advice is never the same: where one asks for more and the other for less, or
where doing what one asks would leave or worsen the other, is_same is false.""",
    """\
One finding that is a part of the other is not the same, if the fix of the part would
leave the rest.""",
    """\
Judge nothing else: not which finding is right, nor how well it is put.""",
)


def word_cluster(task: ClusterTask, closing: Closing) -> Wording:
    """Return the question on pairs of findings; it needs no document."""
    pairs = [
        {
            "number": number,
            "first": show_finding(pair.first),
            "second": show_finding(pair.second),
        }
        for number, pair in enumerate(task.pairs, start=1)
    ]
    form = f"""\
OUTPUT
{closing.alone()}
One entry for each pair, in the order given. number is the pair's. reason comes first
and names in one short sentence the one fix, or what keeps the two apart, in the
findings' language. Every field is required."""
    return Wording(
        system=(_OPENING, _RULES, form),
        task=(
            "YOUR SEAT\n"
            "You are a careful editor who sorts findings and has written none.\n"
            "Your task: say of each pair in the material whether one fix would resolve"
            f" both. Doubt means no. {closing.step_alone}"
        ),
        seat_line=SeatLine.without_document(task.kind),
        material={"pairs": pairs},
    )
