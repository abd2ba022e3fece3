"""Which criteria a persona answers for."""

import pytest

from roundtable_gateway.domain.persona import Criterion, Method, Persona, Rubric
from roundtable_gateway.panel.criteria import owned_criteria

RUBRIC = Rubric(
    "proposal",
    tuple(Criterion(key, key, "?", ()) for key in ("evidence", "clarity", "risk")),
)


def persona(owns: tuple[str, ...], ignores: tuple[str, ...]) -> Persona:
    """Build a persona of which only the criteria matter."""
    return Persona(
        id="ciso",
        version=1,
        name="Ada",
        role="CISO",
        pack="security",
        summary="",
        background="",
        priorities=(),
        pet_peeves=(),
        objections=(),
        convinced_by="",
        voice="",
        influences="",
        authority="",
        owns=owns,
        ignores=ignores,
        questions=(),
        method=Method.ATTACK,
        strictness=3,
        built_in=True,
        etag="1",
    )


@pytest.mark.parametrize(
    ("owns", "ignores", "expected"),
    [
        pytest.param(("risk", "evidence"), (), ("evidence", "risk"), id="rubric order"),
        pytest.param(("risk", "price"), (), ("risk",), id="another rubric's key"),
        pytest.param(("risk", "clarity"), ("risk",), ("clarity",), id="ignored"),
        pytest.param(("price",), (), ("evidence", "clarity", "risk"), id="none here"),
        pytest.param((), (), ("evidence", "clarity", "risk"), id="none at all"),
        pytest.param(
            ("risk",), ("risk",), ("evidence", "clarity", "risk"), id="all out"
        ),
    ],
)
def test_a_persona_answers_for_what_it_owns(
    owns: tuple[str, ...], ignores: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    """Owned and not ignored; whoever owns nothing of the run takes all."""
    assert owned_criteria(persona(owns, ignores), RUBRIC) == expected
