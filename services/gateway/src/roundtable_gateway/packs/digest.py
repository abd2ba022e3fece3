"""Names a persona, a panel or a rubric by its content."""

import dataclasses
import hashlib
import json

from roundtable_gateway.domain.persona import Panel, Persona, Rubric


def content_digest(content: Persona | Panel | Rubric) -> str:
    """Return the SHA-256 (hex) of everything the content says but its etag.

    It depends on no order of keys and on no spelling of the file it came from, so a
    run can record it and an unchanged entry keeps it across releases.
    """
    fields = dataclasses.asdict(content)
    fields.pop("etag", None)
    canonical = json.dumps(
        fields, ensure_ascii=False, separators=(",", ":"), sort_keys=True
    )
    return hashlib.sha256(canonical.encode()).hexdigest()
