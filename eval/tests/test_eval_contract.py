"""What the kit reads of a run is in the gateway's contract."""

import json
from pathlib import Path

import pytest

_CONTRACT = Path(__file__).parents[2] / "services" / "gateway" / "openapi.json"
_SCHEMAS = json.loads(_CONTRACT.read_text(encoding="utf-8"))["components"]["schemas"]


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        ("Run", "id state reason engine turns findings clusters stances usage"),
        ("Run", "decision"),
        ("Turn", "kind model usage"),
        ("Usage", "input_tokens output_tokens cache_read_tokens"),
        ("Finding", "id panelist_id kind criterion verified quotes searched_for"),
        ("Quote", "status start end"),
        ("RunCluster", "lead_finding_id finding_ids"),
        ("Stance", "is_change is_evidenced"),
        ("Decision", "score outcome"),
    ],
)
def test_fields_that_are_scored_are_in_the_contract(schema: str, names: str) -> None:
    """A field that is renamed there stops the kit here, not in a live run."""
    assert set(names.split()) <= _SCHEMAS[schema]["properties"].keys()
