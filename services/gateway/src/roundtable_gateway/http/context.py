"""What routes need of the rest of the gateway, set once by `main`."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from roundtable_gateway.access.identity import AccessRules, Identity, Role
from roundtable_gateway.documents.editing.editor import Editor
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.http.feeds import Feeds
from roundtable_gateway.http.idempotency import KeysInFlight
from roundtable_gateway.http.library import Library
from roundtable_gateway.http.ports import (
    Accounts,
    Documents,
    Engines,
    Peers,
    Reader,
    RunNotices,
    Runs,
    Tokens,
    TurnQueue,
)
from roundtable_gateway.http.problems import admins_only, sign_in_required
from roundtable_gateway.http.sign_ins import SignIns
from roundtable_gateway.packs.catalogue import Catalogue
from roundtable_gateway.settings import MODEL_WINDOW_TOKENS, TURNS_AT_ONCE


@dataclass(frozen=True, slots=True)
class Context:
    """Everything the routes call on."""

    library: Library
    documents: Documents
    runs: Runs
    tokens: Tokens
    access: AccessRules
    engines: Engines
    accounts: Accounts
    turn_queue: TurnQueue
    peers: Peers
    reader: Reader
    notices: RunNotices
    feeds: Feeds
    keys_in_flight: KeysInFlight
    limits: Limits
    spool_dir: Path
    closing: asyncio.Event
    sign_ins: SignIns = field(default_factory=SignIns)
    editor: Editor = field(default_factory=Editor)
    model_window_tokens: int = MODEL_WINDOW_TOKENS
    turns_at_once: int = TURNS_AT_ONCE
    model_tokens_per_second: float | None = None

    @property
    def catalogue(self) -> Catalogue:
        """The shipped packs."""
        return self.library.catalogue


def context_of(request: Request) -> Context:
    """Return what the application of a request was given."""
    context = request.app.state.context
    assert isinstance(context, Context)  # noqa: S101 - set by main
    return context


def _visitor(request: Request) -> Identity | None:
    """Return who is calling, None for a stranger; Identification has found it out."""
    identity: Identity | None = request.state.identity
    return identity


def _caller(visitor: Annotated[Identity | None, Depends(_visitor)]) -> Identity:
    """Return who is calling; closed to strangers wherever the route lies."""
    if visitor is None:
        raise sign_in_required()
    return visitor


def _admin(caller: Annotated[Identity, Depends(_caller)]) -> Identity:
    """Return who is calling; closed to members."""
    if caller.role is not Role.ADMIN:
        raise admins_only()
    return caller


ContextDep = Annotated[Context, Depends(context_of)]
VisitorDep = Annotated[Identity | None, Depends(_visitor)]
CallerDep = Annotated[Identity, Depends(_caller)]
AdminDep = Annotated[Identity, Depends(_admin)]
