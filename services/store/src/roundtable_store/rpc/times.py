"""Moments and spans between protobuf and Python."""

from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp


def to_timestamp(moment: datetime) -> Timestamp:
    """Return the moment in protobuf."""
    timestamp = Timestamp()
    timestamp.FromDatetime(moment)
    return timestamp


def from_timestamp(timestamp: Timestamp) -> datetime:
    """Return the moment, aware and in UTC."""
    return timestamp.ToDatetime(UTC)
