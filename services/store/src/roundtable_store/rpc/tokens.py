"""Serves tokens: people's own, and the gateway's questions of whose one is."""

from datetime import timedelta
from typing import Any

import grpc
from typing_extensions import override

from roundtable.store.v1 import token_service_pb2 as pb2
from roundtable.store.v1.token_service_pb2_grpc import TokenServiceServicer
from roundtable_store.records.ports import Tokens
from roundtable_store.records.tokens import (
    DEFAULT_LIFETIME_DAYS,
    MAX_LIFETIME_DAYS,
    MAX_NAME_LENGTH,
    NewToken,
    TokenKind,
    TokenRecord,
    canonical_email,
    is_token_name,
)
from roundtable_store.rpc.callers import to_caller
from roundtable_store.rpc.paging import to_page_request, to_page_token
from roundtable_store.rpc.times import to_timestamp
from roundtable_store.rpc.violations import Violations

_Context = grpc.aio.ServicerContext[Any, Any]

_KINDS = {
    pb2.TOKEN_KIND_PERSONAL: TokenKind.PERSONAL,
    pb2.TOKEN_KIND_SESSION: TokenKind.SESSION,
}
_KIND_VALUES = {kind: value for value, kind in _KINDS.items()}


class TokenServicer(TokenServiceServicer):
    """Answers people about their own tokens, and the gateway about a secret."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    @override
    async def CreateToken(
        self, request: pb2.CreateTokenRequest, context: _Context
    ) -> pb2.CreateTokenResponse:
        created = await self._tokens.create(_to_new_token(request))
        return pb2.CreateTokenResponse(
            token=_to_token(created.token), secret=created.secret
        )

    @override
    async def ListTokens(
        self, request: pb2.ListTokensRequest, context: _Context
    ) -> pb2.ListTokensResponse:
        page = await self._tokens.list_page(
            to_caller(request.caller),
            to_page_request(request.page_size, request.page_token),
        )
        return pb2.ListTokensResponse(
            tokens=[_to_token(record) for record in page.items],
            next_page_token=to_page_token(page.next_cursor),
        )

    @override
    async def DeleteToken(
        self, request: pb2.DeleteTokenRequest, context: _Context
    ) -> pb2.DeleteTokenResponse:
        caller = to_caller(request.caller)
        violations = Violations()
        violations.require("request_id", request.request_id)
        violations.require("token_id", request.token_id)
        violations.check()
        await self._tokens.delete(caller, request.token_id)
        return pb2.DeleteTokenResponse()

    @override
    async def AuthenticateToken(
        self, request: pb2.AuthenticateTokenRequest, context: _Context
    ) -> pb2.AuthenticateTokenResponse:
        to_caller(request.caller).require_gateway()
        kind = _KINDS.get(request.kind)
        violations = Violations()
        violations.require("kind", kind)
        violations.check()
        bearer = await self._tokens.authenticate(
            request.secret, kind or TokenKind.PERSONAL
        )
        return pb2.AuthenticateTokenResponse(
            email=bearer.email,
            token_id=bearer.token_id,
            kind=_KIND_VALUES[bearer.kind],
            expire_time=to_timestamp(bearer.expire_time),
        )

    @override
    async def CreateSession(
        self, request: pb2.CreateSessionRequest, context: _Context
    ) -> pb2.CreateSessionResponse:
        to_caller(request.caller).require_gateway()
        violations = Violations()
        violations.require("request_id", request.request_id)
        violations.check()
        session = await self._tokens.create_session(
            request.secret, request_id=request.request_id
        )
        return pb2.CreateSessionResponse(
            email=session.email,
            secret=session.secret,
            expire_time=to_timestamp(session.expire_time),
        )

    @override
    async def EndSession(
        self, request: pb2.EndSessionRequest, context: _Context
    ) -> pb2.EndSessionResponse:
        to_caller(request.caller).require_gateway()
        await self._tokens.end_session(request.secret)
        return pb2.EndSessionResponse()


def _to_new_token(request: pb2.CreateTokenRequest) -> NewToken:
    caller = to_caller(request.caller).require_user()
    owner = canonical_email(caller)
    days = request.lifetime_days or DEFAULT_LIFETIME_DAYS
    violations = Violations()
    if owner is None:
        violations.add("caller.email", "is no e-mail address")
    violations.require("request_id", request.request_id)
    if not is_token_name(request.name):
        violations.add("name", f"must be one line of 1 to {MAX_NAME_LENGTH} characters")
    if not 1 <= days <= MAX_LIFETIME_DAYS:
        violations.add("lifetime_days", f"must be from 1 to {MAX_LIFETIME_DAYS}")
    violations.check()
    return NewToken(
        owner=owner or caller,
        request_id=request.request_id,
        name=request.name,
        lifetime=timedelta(days=days),
    )


def _to_token(record: TokenRecord) -> pb2.Token:
    token = pb2.Token(
        token_id=record.token_id,
        name=record.name,
        create_time=to_timestamp(record.create_time),
        expire_time=to_timestamp(record.expire_time),
    )
    if record.last_use_time is not None:
        token.last_use_time.CopyFrom(to_timestamp(record.last_use_time))
    return token
