"""What passes between the gateway and a child that edits.

An order is JSON, made by the gateway. An answer is a line of JSON and, unless it is a
refusal, the file; it is parsed as hostile input.
"""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from roundtable_gateway.documents.editing.edits import (
    Commenting,
    Edited,
    Obstacle,
    Remark,
    Rewrite,
    Rewriting,
)
from roundtable_gateway.documents.errors import Reason


def encode_order(order: Commenting | Rewriting) -> bytes:
    """Write an order down."""
    fields = asdict(order) | {"time": order.time.isoformat()}
    return json.dumps(fields).encode()


def decode_order(data: bytes) -> Commenting | Rewriting:
    """Read an order."""
    fields: dict[str, Any] = json.loads(data)
    text, time = fields["text"], datetime.fromisoformat(fields["time"])
    if "remarks" in fields:
        remarks = tuple(
            Remark(**{**each, "lines": tuple(each["lines"])})
            for each in fields["remarks"]
        )
        return Commenting(text, remarks, time)
    return Rewriting(text, tuple(Rewrite(**each) for each in fields["rewrites"]), time)


def encode_edited(edited: Edited) -> bytes:
    """Write an answer down."""
    return json.dumps({"obstacles": edited.obstacles}).encode() + b"\n" + edited.content


def encode_refusal(reason: Reason, diagnosis: str = "") -> bytes:
    """Write down why there is no file."""
    return json.dumps({"refused": reason, "diagnosis": diagnosis}).encode() + b"\n"


def decode_answer(data: bytes, order: Commenting | Rewriting) -> Edited | Reason:
    """Read the answer to an order.

    Raises:
        ValueError: It is none; a child that died or was taken over wrote it.
    """
    line, _, content = data.partition(b"\n")
    try:
        header = json.loads(line)
        if "refused" in header:
            return Reason(header["refused"])
        obstacles = tuple(
            None if each is None else Obstacle(each) for each in header["obstacles"]
        )
    except (KeyError, TypeError, RecursionError) as err:
        raise ValueError("malformed answer") from err
    expected = len(order.rewrites) if isinstance(order, Rewriting) else 0
    if len(obstacles) != expected:
        raise ValueError("an answer to something else")
    return Edited(content, obstacles)
