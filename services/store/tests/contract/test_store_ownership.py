"""Who may call what: every RPC of the store with the wrong caller."""

from collections.abc import Awaitable, Callable
from typing import Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration

from roundtable.store.v1 import caller_pb2, turn_pb2
from roundtable.store.v1 import conductor_service_pb2 as conductor_pb2
from roundtable.store.v1 import document_service_pb2 as documents_pb2
from roundtable.store.v1 import run_service_pb2 as runs_pb2
from roundtable.store.v1 import token_service_pb2 as tokens_pb2
from roundtable_kit.errors import InvalidArgument, NotFound, PermissionDenied
from services.store.tests.store_harness import (
    ALICE,
    BOB,
    GATEWAY,
    StoreHarness,
    document_header,
    document_messages,
    refused,
    run_request,
)

Call = Callable[[StoreHarness, caller_pb2.Caller, str, str], Awaitable[Any]]


async def _drain(stream: Any) -> None:
    async for _ in stream:
        pass


# Each takes the store, the caller, and Alice's document and run.
OWNED_CALLS: dict[str, Call] = {
    "GetDocument": lambda store, caller, document_id, _: store.documents.GetDocument(
        documents_pb2.GetDocumentRequest(caller=caller, document_id=document_id)
    ),
    "ReadDocumentText": lambda store, caller, document_id, _: _drain(
        store.documents.ReadDocumentText(
            documents_pb2.ReadDocumentTextRequest(
                caller=caller, document_id=document_id
            )
        )
    ),
    "ReadDocumentContent": lambda store, caller, document_id, _: _drain(
        store.documents.ReadDocumentContent(
            documents_pb2.ReadDocumentContentRequest(
                caller=caller, document_id=document_id
            )
        )
    ),
    "DeleteDocument": lambda store, caller, document_id, _: (
        store.documents.DeleteDocument(
            documents_pb2.DeleteDocumentRequest(
                caller=caller, request_id="d", document_id=document_id
            )
        )
    ),
    "GetRun": lambda store, caller, _, run_id: store.detail(run_id, caller),
    "DeleteRun": lambda store, caller, _, run_id: store.runs.DeleteRun(
        runs_pb2.DeleteRunRequest(caller=caller, request_id="d", run_id=run_id)
    ),
    "CancelRun": lambda store, caller, _, run_id: store.runs.CancelRun(
        runs_pb2.CancelRunRequest(caller=caller, request_id="c", run_id=run_id)
    ),
    "RetryRun": lambda store, caller, _, run_id: store.runs.RetryRun(
        runs_pb2.RetryRunRequest(caller=caller, request_id="r", run_id=run_id)
    ),
    "SetDisposition": lambda store, caller, _, run_id: store.runs.SetDisposition(
        runs_pb2.SetDispositionRequest(
            caller=caller,
            request_id="s",
            run_id=run_id,
            finding_id="A1",
            disposition=turn_pb2.DISPOSITION_REJECTED,
        )
    ),
    "AskQuestion": lambda store, caller, _, run_id: store.runs.AskQuestion(
        runs_pb2.AskQuestionRequest(
            caller=caller,
            request_id="a",
            request_sha256="fingerprint",
            run_id=run_id,
            panelist_ids=["A"],
            text="Why?",
        )
    ),
    "ListEvents": lambda store, caller, _, run_id: store.runs.ListEvents(
        runs_pb2.ListEventsRequest(caller=caller, run_id=run_id)
    ),
    "WatchEvents": lambda store, caller, _, run_id: _drain(
        store.runs.WatchEvents(
            runs_pb2.WatchEventsRequest(caller=caller, run_id=run_id)
        )
    ),
}
CREATES: dict[str, Call] = {
    "CreateDocument": lambda store, caller, *_: store.documents.CreateDocument(
        document_messages(document_header(caller))
    ),
    "CreateRun": lambda store, caller, document_id, _: store.runs.CreateRun(
        run_request(document_id, caller=caller)
    ),
    "CreateToken": lambda store, caller, *_: store.tokens.CreateToken(
        tokens_pb2.CreateTokenRequest(caller=caller, request_id="t", name="mine")
    ),
}
LISTS: dict[str, Call] = {
    "ListDocuments": lambda store, caller, *_: store.documents.ListDocuments(
        documents_pb2.ListDocumentsRequest(caller=caller)
    ),
    "ListRuns": lambda store, caller, *_: store.runs.ListRuns(
        runs_pb2.ListRunsRequest(caller=caller)
    ),
}
# What a person has of their own, and the gateway has none of.
PERSONAL_CALLS: dict[str, Call] = {
    "ListTokens": lambda store, caller, *_: store.tokens.ListTokens(
        tokens_pb2.ListTokensRequest(caller=caller)
    ),
    "DeleteToken": lambda store, caller, *_: store.tokens.DeleteToken(
        tokens_pb2.DeleteTokenRequest(caller=caller, request_id="d", token_id="tok_1")
    ),
}
GATEWAY_CALLS: dict[str, Call] = {
    "ClaimRun": lambda store, caller, *_: store.conductor.ClaimRun(
        conductor_pb2.ClaimRunRequest(
            caller=caller, request_id="c", holder="h", lease=Duration(seconds=1)
        )
    ),
    "RenewLease": lambda store, caller, _, run_id: store.conductor.RenewLease(
        conductor_pb2.RenewLeaseRequest(
            caller=caller,
            request_id="r",
            run_id=run_id,
            fencing_token=1,
            lease=Duration(seconds=1),
        )
    ),
    "ReleaseLease": lambda store, caller, _, run_id: store.conductor.ReleaseLease(
        conductor_pb2.ReleaseLeaseRequest(
            caller=caller, request_id="r", run_id=run_id, fencing_token=1
        )
    ),
    "AppendEvents": lambda store, caller, _, run_id: store.conductor.AppendEvents(
        conductor_pb2.AppendEventsRequest(caller=caller, run_id=run_id, fencing_token=1)
    ),
    "RecordAccount": lambda store, caller, *_: store.conductor.RecordAccount(
        conductor_pb2.RecordAccountRequest(caller=caller, request_id="r")
    ),
    "GetInstallation": lambda store, caller, *_: store.conductor.GetInstallation(
        conductor_pb2.GetInstallationRequest(caller=caller)
    ),
    "GetDayUsage": lambda store, caller, *_: store.conductor.GetDayUsage(
        conductor_pb2.GetDayUsageRequest(caller=caller, day="2026-01-01")
    ),
    "ListRejections": lambda store, caller, _, run_id: store.conductor.ListRejections(
        conductor_pb2.ListRejectionsRequest(caller=caller, run_id=run_id)
    ),
    "AuthenticateToken": lambda store, caller, *_: store.tokens.AuthenticateToken(
        tokens_pb2.AuthenticateTokenRequest(
            caller=caller, secret="rt_", kind=tokens_pb2.TOKEN_KIND_PERSONAL
        )
    ),
    "CreateSession": lambda store, caller, *_: store.tokens.CreateSession(
        tokens_pb2.CreateSessionRequest(caller=caller, request_id="s", secret="rt_")
    ),
    "EndSession": lambda store, caller, *_: store.tokens.EndSession(
        tokens_pb2.EndSessionRequest(caller=caller, secret="rts_")
    ),
}
ALL_CALLS = OWNED_CALLS | CREATES | LISTS | PERSONAL_CALLS | GATEWAY_CALLS


def test_every_rpc_is_in_a_table() -> None:
    """An RPC that is added without a row here fails."""
    services = (
        documents_pb2.DESCRIPTOR.services_by_name["DocumentService"],
        runs_pb2.DESCRIPTOR.services_by_name["RunService"],
        conductor_pb2.DESCRIPTOR.services_by_name["ConductorService"],
        tokens_pb2.DESCRIPTOR.services_by_name["TokenService"],
    )

    methods = {method.name for service in services for method in service.methods}

    assert methods == set(ALL_CALLS)


@pytest.mark.parametrize("name", OWNED_CALLS)
async def test_what_is_anothers_is_not_found(store: StoreHarness, name: str) -> None:
    """Bob can't tell Alice's objects from those that there are not."""
    run = await store.create_run(ALICE)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await OWNED_CALLS[name](store, BOB, run.document.document_id, run.run_id)

    assert isinstance(refused(caught.value), NotFound)
    assert (await store.detail(run.run_id)).run == run


async def test_run_on_anothers_document_is_not_found(store: StoreHarness) -> None:
    """Bob can't have Alice's document read."""
    document = await store.create_document(ALICE)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await CREATES["CreateRun"](store, BOB, document.document_id, "")

    assert isinstance(refused(caught.value), NotFound)


async def test_revision_of_anothers_document_is_not_found(store: StoreHarness) -> None:
    """Bob can't put a revision behind Alice's document."""
    document = await store.create_document(ALICE)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await store.create_document(BOB, revision_of=document.document_id)

    assert isinstance(refused(caught.value), NotFound)


async def test_lists_hold_the_callers_own_objects_only(store: StoreHarness) -> None:
    """Alice sees hers, Bob none, the gateway all."""
    await store.create_run(ALICE)

    for call, plural in (("ListDocuments", "documents"), ("ListRuns", "runs")):
        counts = [
            len(getattr(await LISTS[call](store, caller, "", ""), plural))
            for caller in (ALICE, BOB, GATEWAY)
        ]
        assert counts == [1, 0, 1]


@pytest.mark.parametrize("name", ["RetryRun", "SetDisposition", "AskQuestion"])
async def test_only_a_person_speaks_for_the_author(
    store: StoreHarness, name: str
) -> None:
    """The gateway answers no finding, asks nothing and retries nothing of its own."""
    run = await store.create_run(ALICE)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await ALL_CALLS[name](store, GATEWAY, "", run.run_id)

    assert isinstance(refused(caught.value), PermissionDenied)


@pytest.mark.parametrize("name", CREATES | PERSONAL_CALLS)
async def test_gateway_has_nothing_of_its_own(store: StoreHarness, name: str) -> None:
    """Whatever is created has a person as its owner, and so has every token."""
    document = await store.create_document(ALICE)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await ALL_CALLS[name](store, GATEWAY, document.document_id, "")

    assert isinstance(refused(caught.value), PermissionDenied)


@pytest.mark.parametrize("name", GATEWAY_CALLS)
async def test_people_do_not_do_the_gateways_work(
    store: StoreHarness, name: str
) -> None:
    """A person is refused even for a run of their own."""
    run = await store.create_run(ALICE)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await GATEWAY_CALLS[name](store, ALICE, "", run.run_id)

    assert isinstance(refused(caught.value), PermissionDenied)


@pytest.mark.parametrize("name", ALL_CALLS)
@pytest.mark.parametrize(
    ("caller", "field"),
    [
        (caller_pb2.Caller(email="alice@example.com"), "caller.kind"),
        (caller_pb2.Caller(kind=caller_pb2.CALLER_KIND_USER), "caller.email"),
    ],
)
async def test_caller_that_does_not_say_who_it_is_is_refused(
    store: StoreHarness, name: str, caller: caller_pb2.Caller, field: str
) -> None:
    """Kind and address of the caller are required by every RPC."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await ALL_CALLS[name](store, caller, "doc_none", "run_none")

    error = refused(caught.value)
    assert isinstance(error, InvalidArgument)
    assert [violation.field for violation in error.violations] == [field]
