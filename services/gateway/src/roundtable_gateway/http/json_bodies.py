"""Bodies that are JSON and nothing else."""

from fastapi import Depends, Request

from roundtable_gateway.http.problems import Problem


def _require_json(request: Request) -> None:
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type != "application/json":
        raise Problem(415, "UNSUPPORTED_BODY", "Send JSON, as application/json.")


JSON_ONLY = [Depends(_require_json)]
