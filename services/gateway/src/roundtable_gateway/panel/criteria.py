"""Which of a run's criteria a persona answers for."""

from roundtable_gateway.domain.persona import Persona, Rubric


def owned_criteria(persona: Persona, rubric: Rubric) -> tuple[str, ...]:
    """The keys a persona scores, in the rubric's order.

    Those it owns and does not ignore; all of the rubric's if that leaves none.
    """
    keys = tuple(criterion.key for criterion in rubric.criteria)
    owned = tuple(
        key for key in keys if key in persona.owns and key not in persona.ignores
    )
    return owned or keys
