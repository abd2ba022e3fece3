"""The author's answers to findings between records and protobuf."""

from roundtable.store.v1 import turn_pb2
from roundtable_store.records.findings import Disposition, FindingRecord
from roundtable_store.rpc.violations import Violations

_DISPOSITIONS = {
    turn_pb2.Disposition.Value(f"DISPOSITION_{disposition.name}"): disposition
    for disposition in Disposition
}
_WIRE = {disposition: wire for wire, disposition in _DISPOSITIONS.items()}


def check_disposition(
    field: str, wire: turn_pb2.Disposition.ValueType, violations: Violations
) -> None:
    """Note an answer that the store has no word for."""
    if wire not in _DISPOSITIONS:
        violations.add(field, "is open, accepted, rejected or deferred")


def to_disposition(wire: turn_pb2.Disposition.ValueType) -> Disposition:
    """Return the answer; a finding of which none was checked is open."""
    return _DISPOSITIONS.get(wire, Disposition.OPEN)


def to_reason(finding: turn_pb2.Finding) -> str | None:
    """Return why a finding is answered so, None where nobody says."""
    has_reason = finding.HasField("disposition_reason")
    return finding.disposition_reason if has_reason else None


def to_finding(record: FindingRecord) -> turn_pb2.Finding:
    """Return a finding: its body under the author's answer."""
    finding = turn_pb2.Finding.FromString(record.body)
    finding.disposition = _WIRE[record.disposition]
    finding.ClearField("disposition_reason")
    if record.disposition_reason is not None:
        finding.disposition_reason = record.disposition_reason
    return finding
