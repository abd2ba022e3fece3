"""What a prompt and its answer take of a model's window beside the document."""

from roundtable_gateway.domain.persona import Persona, Rubric
from roundtable_gateway.domain.run import Brief, RunSummary
from roundtable_gateway.panel.sections import estimate_tokens

# Rules, output form and example of the longest prompt, by the estimate that documents
# are measured with, and a little more.
_RULES_TOKENS = 4_000
# An answer with many findings, or a short one behind what others said.
_ANSWER_TOKENS = 8_000

# What stands behind a whole document where the answer is short.
MATERIAL_TOKENS = 6_000


def estimate_overhead(run: RunSummary) -> int:
    """Return how many tokens of the window a run's prompts need without a document."""
    words = [
        brief_words(run.brief),
        rubric_words(run.rubric),
        max((persona_words(each.persona) for each in run.panelists), key=len),
    ]
    return _RULES_TOKENS + _ANSWER_TOKENS + sum(map(estimate_tokens, words))


def brief_words(brief: Brief) -> str:
    """Return what prompts say of a brief."""
    given = (brief.audience, brief.goal, brief.scope, brief.instructions)
    return "\n".join(filter(None, given))


def rubric_words(rubric: Rubric) -> str:
    """Return what prompts say of a rubric."""
    return "\n".join(
        line
        for criterion in rubric.criteria
        for line in (
            *(criterion.key, criterion.label, criterion.question),
            *(anchor.text for anchor in criterion.anchors),
            *criterion.expects,
        )
    )


def persona_words(persona: Persona) -> str:
    """Return what prompts say of a persona."""
    return "\n".join(
        (
            *(persona.name, persona.role, persona.summary, persona.background),
            *(persona.convinced_by, persona.voice),
            *(persona.influences, persona.authority),
            *(*persona.priorities, *persona.pet_peeves),
            *(*persona.objections, *persona.questions),
        )
    )
