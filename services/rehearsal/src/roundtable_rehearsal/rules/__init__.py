"""All rules, in the order in which their hits are reported."""

from roundtable_rehearsal.rules import (
    absolutes,
    acronyms,
    calendar,
    claims,
    contradictions,
    jargon,
    leftovers,
    omissions,
    sentences,
    vagueness,
)
from roundtable_rehearsal.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    *absolutes.RULES,
    *contradictions.RULES,
    *calendar.RULES,
    *leftovers.RULES,
    *omissions.RULES,
    *claims.RULES,
    *vagueness.RULES,
    *acronyms.RULES,
    *sentences.RULES,
    *jargon.RULES,
)
