"""Tokens and sessions in the store."""

from uuid import uuid4

import grpc

from roundtable.store.v1 import token_service_pb2, token_service_pb2_grpc
from roundtable_gateway.clients.calls import errors_unwrapped
from roundtable_gateway.clients.document_converters import time_from_proto
from roundtable_gateway.clients.store_documents import user
from roundtable_gateway.clients.store_ledger import GATEWAY
from roundtable_gateway.domain.page import Page
from roundtable_gateway.domain.token import (
    IssuedSession,
    IssuedToken,
    SecretKind,
    Token,
)

_KINDS = {
    SecretKind.PERSONAL: token_service_pb2.TOKEN_KIND_PERSONAL,
    SecretKind.SESSION: token_service_pb2.TOKEN_KIND_SESSION,
}


class StoreTokens:
    """Makes and ends tokens for their owners, and tells whose a secret is."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = token_service_pb2_grpc.TokenServiceStub(channel)

    async def create(self, *, owner: str, name: str, lifetime_days: int) -> IssuedToken:
        """Make a token."""
        request = token_service_pb2.CreateTokenRequest(
            caller=user(owner),
            request_id=uuid4().hex,
            name=name,
            lifetime_days=lifetime_days,
        )
        with errors_unwrapped():
            response = await self._stub.CreateToken(request)
        return IssuedToken(_token_from_proto(response.token), response.secret)

    async def list(self, *, owner: str, page_size: int, page_token: str) -> Page[Token]:
        """Return a page of the owner's tokens, newest first."""
        request = token_service_pb2.ListTokensRequest(
            caller=user(owner), page_size=page_size, page_token=page_token
        )
        with errors_unwrapped():
            response = await self._stub.ListTokens(request)
        return Page(
            tuple(map(_token_from_proto, response.tokens)),
            response.next_page_token or None,
        )

    async def delete(self, token_id: str, *, owner: str) -> None:
        """Delete a token and its sessions."""
        request = token_service_pb2.DeleteTokenRequest(
            caller=user(owner), request_id=uuid4().hex, token_id=token_id
        )
        with errors_unwrapped():
            await self._stub.DeleteToken(request)

    async def find_owner(self, secret: str, kind: SecretKind) -> str:
        """Return whose a secret is, by e-mail address."""
        request = token_service_pb2.AuthenticateTokenRequest(
            caller=GATEWAY, secret=secret, kind=_KINDS[kind]
        )
        with errors_unwrapped():
            response = await self._stub.AuthenticateToken(request)
        return response.email

    async def create_session(self, secret: str) -> IssuedSession:
        """Make a session from a token's secret."""
        request = token_service_pb2.CreateSessionRequest(
            caller=GATEWAY, request_id=uuid4().hex, secret=secret
        )
        with errors_unwrapped():
            response = await self._stub.CreateSession(request)
        return IssuedSession(
            response.email, response.secret, time_from_proto(response.expire_time)
        )

    async def end_session(self, secret: str) -> None:
        """End a session; one that is over stays so."""
        request = token_service_pb2.EndSessionRequest(caller=GATEWAY, secret=secret)
        with errors_unwrapped():
            await self._stub.EndSession(request)


def _token_from_proto(message: token_service_pb2.Token) -> Token:
    was_used = message.HasField("last_use_time")
    return Token(
        id=message.token_id,
        name=message.name,
        create_time=time_from_proto(message.create_time),
        expire_time=time_from_proto(message.expire_time),
        last_use_time=time_from_proto(message.last_use_time) if was_used else None,
    )
