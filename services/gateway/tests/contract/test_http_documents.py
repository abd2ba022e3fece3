"""Documents over HTTP: upload, paste, read, delete."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from roundtable_gateway.documents.errors import Reason, refusal
from roundtable_gateway.documents.limits import Limits
from services.gateway.tests.support.http_harness import (
    WRITE,
    Gateway,
    serve,
    store_away,
)
from services.gateway.tests.support.problems import check_problem, wrong_fields

_PASTED = {"title": "Plan", "text": "Grüße.\n\nShip it."}
_FIELDS = {
    *("id", "title", "filename", "media_type", "size_bytes", "sha256", "page_count"),
    *("word_count", "paragraph_count", "warnings", "revision", "revision_of"),
    "create_time",
}
_FORM = "multipart/form-data; boundary=b"


async def _paste(gateway: Gateway, **headers: str) -> httpx.Response:
    return await gateway.http.post(
        "/api/v1/documents", headers={**WRITE, **headers}, json=_PASTED
    )


async def _upload(
    gateway: Gateway, content: bytes = b"Ship it.", **fields: str
) -> httpx.Response:
    return await gateway.http.post(
        "/api/v1/documents",
        headers=WRITE,
        files={"file": ("C:\\plans\\../plan.md", content)},
        data=fields,
    )


async def test_pasted_text_becomes_a_document(gateway: Gateway) -> None:
    """201, with every field of the contract; times end in Z."""
    response = await _paste(gateway)

    body = response.json()
    assert response.status_code == 201
    assert body.keys() == _FIELDS
    assert (body["title"], body["filename"]) == ("Plan", "")
    assert body["size_bytes"] == len(_PASTED["text"].encode())
    assert body["create_time"].endswith("Z")
    assert gateway.reader.names == ["pasted.md"]


async def test_uploaded_file_becomes_a_document(gateway: Gateway) -> None:
    """The name loses its folders, and stands for a title that was not given."""
    response = await _upload(gateway)

    body = response.json()
    assert response.status_code == 201
    assert (body["title"], body["filename"]) == ("plan", "plan.md")
    assert gateway.documents.rows[body["id"]][3] == b"Ship it."


async def test_given_title_wins(gateway: Gateway) -> None:
    """What the author calls it counts, not the file's name."""
    response = await _upload(gateway, title="My plan")

    assert response.json()["title"] == "My plan"


async def test_nothing_of_an_upload_stays_on_disk(gateway: Gateway) -> None:
    """The spool is empty again, after a refusal too."""
    await _upload(gateway)
    gateway.reader.error = refusal(Reason.ENCRYPTED, Limits())
    await _upload(gateway)

    assert list(gateway.spool_dir.iterdir()) == []


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        (Reason.UNSUPPORTED_TYPE, 415),
        (Reason.TOO_MANY_PAGES, 413),
        (Reason.TOO_MUCH_TEXT, 413),
        (Reason.SCANNED_OR_EMPTY, 422),
        (Reason.ENCRYPTED, 422),
        (Reason.UNREADABLE, 422),
    ],
)
async def test_document_that_is_not_taken_is_a_problem(
    gateway: Gateway, reason: Reason, status: int
) -> None:
    """The reader's reason becomes the contract's status."""
    gateway.reader.error = refusal(reason, Limits())

    check_problem(await _upload(gateway), status, reason.value)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["title", "text"]),
        ({**_PASTED, "title": ""}, ["title"]),
        ({**_PASTED, "title": "  "}, ["title"]),
        ({**_PASTED, "title": "x" * 301}, ["title"]),
        ({**_PASTED, "text": ""}, ["text"]),
        ({**_PASTED, "text": 7}, ["text"]),
        ({**_PASTED, "colour": "red"}, ["colour"]),
        ([], ["body"]),
    ],
    ids=str,
)
async def test_wrong_field_of_a_paste_is_named(
    gateway: Gateway, body: object, fields: list[str]
) -> None:
    """An unknown field is wrong too."""
    response = await gateway.http.post("/api/v1/documents", headers=WRITE, json=body)

    assert wrong_fields(check_problem(response, 422, "INVALID_FIELD")) == fields


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"title": "a", "text": "\xff"}', b"[" * 100_000]
)
async def test_paste_that_is_no_json_is_malformed(
    gateway: Gateway, content: bytes
) -> None:
    """400, whatever is wrong with it."""
    response = await gateway.http.post(
        "/api/v1/documents",
        headers={**WRITE, "Content-Type": "application/json; charset=utf-8"},
        content=content,
    )

    check_problem(response, 400, "MALFORMED_JSON")


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", ""])
async def test_other_body_is_unsupported(gateway: Gateway, media_type: str) -> None:
    """A document comes as a form or as JSON."""
    response = await gateway.http.post(
        "/api/v1/documents",
        headers={**WRITE, "Content-Type": media_type},
        content=b"Ship it.",
    )

    check_problem(response, 415, "UNSUPPORTED_BODY")


@pytest.mark.parametrize(
    ("data", "files", "field"),
    [
        ({}, {"other": ("a.md", b"x")}, "other"),
        ({"title": "Plan"}, {}, "file"),
        ({"title": "  "}, {"file": ("a.md", b"x")}, "title"),
        ({"title": "x" * 301}, {"file": ("a.md", b"x")}, "title"),
        ({"colour": "red"}, {"file": ("a.md", b"x")}, "colour"),
        ({}, {"file": ("a.md", b"x"), "title": ("b.md", b"x")}, "title"),
    ],
    ids=str,
)
async def test_wrong_field_of_a_form_is_named(
    gateway: Gateway,
    data: dict[str, str],
    files: dict[str, tuple[str, bytes]],
    field: str,
) -> None:
    """Missing, unknown, empty, too long, or a file where words belong."""
    body = _form(data, files)

    response = await gateway.http.post(
        "/api/v1/documents",
        headers={**WRITE, "Content-Type": _FORM},
        content=body,
    )

    if len(files) > 1:
        check_problem(response, 400, "MALFORMED_MULTIPART")
        return
    assert wrong_fields(check_problem(response, 422, "INVALID_FIELD")) == [field]


def _form(data: dict[str, str], files: dict[str, tuple[str, bytes]]) -> bytes:
    head = "--b\r\nContent-Disposition: form-data; name="
    parts = [f'{head}"{name}"\r\n\r\n{value}'.encode() for name, value in data.items()]
    parts += [
        f'{head}"{name}"; filename="{filename}"\r\n\r\n'.encode() + content
        for name, (filename, content) in files.items()
    ]
    return b"".join(part + b"\r\n" for part in parts) + b"--b--\r\n"


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("multipart/form-data", b"--b--\r\n"),
        (_FORM, b"nothing like a form"),
        (_FORM, b"--b\r\nno header\r\n\r\nx\r\n--b--\r\n"),
        (_FORM, b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"),
        (_FORM, _form({"title": "a", "more": "b"}, {"file": ("a.md", b"x")})),
    ],
)
async def test_malformed_form_is_a_400(
    gateway: Gateway, media_type: str, content: bytes
) -> None:
    """No boundary, no parts, no names, too many fields."""
    response = await gateway.http.post(
        "/api/v1/documents",
        headers={**WRITE, "Content-Type": media_type},
        content=content,
    )

    check_problem(response, 400, "MALFORMED_MULTIPART")


async def test_form_that_is_cut_off_is_no_document(gateway: Gateway) -> None:
    """A form without its last boundary is malformed or holds no file."""
    whole = _form({}, {"file": ("a.md", b"Ship it.")})

    response = await gateway.http.post(
        "/api/v1/documents",
        headers={**WRITE, "Content-Type": _FORM},
        content=whole[:-20],
    )

    assert response.status_code in (400, 422)
    assert gateway.documents.rows == {}


@pytest.fixture
def small() -> Limits:
    """Take files of a hundred bytes."""
    return Limits(file_bytes=100)


async def _raw_post(gateway: Gateway, head: str, *chunks: bytes) -> bytes:
    """Send a request as it stands and return the answer without sending more."""
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    writer.write(
        f"POST /api/v1/documents HTTP/1.1\r\nHost: localhost\r\n"
        f"X-Requested-With: roundtable\r\n{head}\r\n".encode()
    )
    for chunk in chunks:
        writer.write(chunk)
    answer = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    return answer


async def test_declared_size_above_the_cap_is_refused_unread(
    tmp_path: Path, small: Limits
) -> None:
    """413 comes before a byte of the body was sent."""
    async with serve(tmp_path, limits=small) as gateway:
        answer = await _raw_post(
            gateway,
            "Content-Type: application/json\r\nContent-Length: 99999999\r\n",
        )

    assert answer.startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "head",
    [
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n",
        f"Content-Type: {_FORM}\r\nTransfer-Encoding: chunked\r\n",
    ],
)
async def test_chunked_body_above_the_cap_is_cut_off(
    tmp_path: Path, small: Limits, head: str
) -> None:
    """A body of no declared size is refused once it is too large, not at its end."""
    opening = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.md"\r\n\r\n'
    )
    chunk = opening + b" " * 100_000
    async with serve(tmp_path, limits=small) as gateway:
        answer = await _raw_post(gateway, head, b"%x\r\n%b\r\n" % (len(chunk), chunk))

        assert answer.startswith(b"HTTP/1.1 413")
        assert list(gateway.spool_dir.iterdir()) == []


async def test_file_above_the_cap_is_too_large(tmp_path: Path, small: Limits) -> None:
    """The file counts, not the envelope around it."""
    async with serve(tmp_path, limits=small) as gateway:
        fits = await _upload(gateway, b"x" * 100)
        too_large = await _upload(gateway, b"x" * 101)
        pasted = await gateway.http.post(
            "/api/v1/documents",
            headers=WRITE,
            json={"title": "t", "text": "x" * 101},
        )

    assert fits.status_code == 201
    check_problem(too_large, 413, "FILE_TOO_LARGE")
    check_problem(pasted, 413, "FILE_TOO_LARGE")


async def test_same_key_answers_the_same_document(gateway: Gateway) -> None:
    """A create that is sent again makes nothing new."""
    first = await _paste(gateway, **{"Idempotency-Key": "k1"})
    again = await _paste(gateway, **{"Idempotency-Key": "k1"})
    other = await _paste(gateway, **{"Idempotency-Key": "k2"})
    without = await _paste(gateway)

    assert (again.status_code, again.json()) == (201, first.json())
    assert len({each.json()["id"] for each in (first, other, without)}) == 3


async def test_same_key_with_another_body_is_refused(gateway: Gateway) -> None:
    """A key stands for one request."""
    await _paste(gateway, **{"Idempotency-Key": "k1"})

    response = await gateway.http.post(
        "/api/v1/documents",
        headers={**WRITE, "Idempotency-Key": "k1"},
        json={**_PASTED, "title": "Another"},
    )

    check_problem(response, 409, "IDEMPOTENCY_KEY_REUSED")


async def test_same_file_and_fields_are_the_same_upload(gateway: Gateway) -> None:
    """Boundaries differ from request to request; file and fields count."""
    headers = {**WRITE, "Idempotency-Key": "k1"}
    responses = [
        await gateway.http.post(
            "/api/v1/documents",
            headers=headers,
            files={"file": (name, content)},
            data={"title": title},
        )
        for name, content, title in [
            ("a.md", b"one", "t"),
            ("a.md", b"one", "t"),
            ("b.md", b"one", "t"),
            ("a.md", b"two", "t"),
            ("a.md", b"one", "u"),
        ]
    ]

    assert [each.status_code for each in responses] == [201, 201, 409, 409, 409]


@pytest.mark.parametrize("key", ["", "x" * 201, "tab\tin"])
async def test_unusable_key_is_refused(gateway: Gateway, key: str) -> None:
    """The header is named."""
    response = await gateway.http.post(
        "/api/v1/documents",
        headers=[*WRITE.items(), ("Idempotency-Key", key)],
        json=_PASTED,
    )

    problem = check_problem(response, 422, "INVALID_FIELD")
    assert wrong_fields(problem) == ["Idempotency-Key"]


async def test_documents_come_newest_first_page_by_page(gateway: Gateway) -> None:
    """The token leads on; the last page has none."""
    ids = [(await _paste(gateway)).json()["id"] for _ in range(3)]

    first = (await gateway.http.get("/api/v1/documents?page_size=2")).json()
    rest = (
        await gateway.http.get(
            "/api/v1/documents",
            params={"page_size": 2, "page_token": first["next_page_token"]},
        )
    ).json()

    assert first.keys() == {"documents", "next_page_token"}
    assert [each["id"] for each in first["documents"] + rest["documents"]] == ids[::-1]
    assert rest["next_page_token"] is None
    check_problem(
        await gateway.http.get("/api/v1/documents?page_token=no"),
        400,
        "BAD_PAGE_TOKEN",
    )


async def test_text_comes_with_its_paragraphs(gateway: Gateway) -> None:
    """Offsets are code points, and each paragraph repeats its own text."""
    document = (await _paste(gateway)).json()

    response = await gateway.http.get(f"/api/v1/documents/{document['id']}/text")

    body = response.json()
    assert body["text"] == _PASTED["text"]
    (paragraph,) = body["paragraphs"]
    assert paragraph.keys() == {"id", "start", "end", "text", "page", "heading"}
    assert paragraph["text"] == body["text"][paragraph["start"] : paragraph["end"]]


async def test_content_comes_as_an_attachment_whatever_it_is(gateway: Gateway) -> None:
    """A browser must never run what somebody uploaded."""
    response = await gateway.http.post(
        "/api/v1/documents",
        headers=WRITE,
        files={"file": ('rä"t\r\n.html', b"<script>alert(1)</script>")},
    )
    document_id = response.json()["id"]

    content = await gateway.http.get(f"/api/v1/documents/{document_id}/content")

    assert content.content == b"<script>alert(1)</script>"
    assert content.headers["content-type"] == "application/octet-stream"
    assert content.headers["x-content-type-options"] == "nosniff"
    disposition = content.headers["content-disposition"]
    assert disposition.startswith("attachment; filename*=UTF-8''r%C3%A4")
    assert '"' not in disposition


async def test_deleted_document_is_gone(gateway: Gateway) -> None:
    """204 without a body, then 404."""
    document_id = (await _paste(gateway)).json()["id"]

    response = await gateway.http.delete(
        f"/api/v1/documents/{document_id}", headers=WRITE
    )
    again = await gateway.http.get(f"/api/v1/documents/{document_id}")

    assert (response.status_code, response.content) == (204, b"")
    check_problem(again, 404, "DOCUMENT_NOT_FOUND")


@pytest.mark.parametrize("rest", ["", "/text", "/content"])
async def test_anothers_document_is_not_found(gateway: Gateway, rest: str) -> None:
    """Whether it exists is nobody else's business."""
    document_id = (await _paste(gateway)).json()["id"]
    _, *kept = gateway.documents.rows[document_id]
    gateway.documents.rows[document_id] = ("other@example.com", *kept)  # type: ignore[assignment]  # the rest of the row

    response = await gateway.http.get(f"/api/v1/documents/{document_id}{rest}")

    check_problem(response, 404, "DOCUMENT_NOT_FOUND")


async def test_store_that_is_away_is_a_503(gateway: Gateway) -> None:
    """Ask again later, and when."""
    gateway.documents.error = store_away()

    response = await gateway.http.get("/api/v1/documents")

    check_problem(response, 503, "UNREACHABLE")
    assert int(response.headers["retry-after"]) >= 1


async def test_key_in_flight_is_refused(gateway: Gateway) -> None:
    """Two requests with one key never make two documents."""
    begun, go = asyncio.Event(), asyncio.Event()
    read = gateway.reader.read

    async def slow_read(path: Path, filename: str) -> object:
        begun.set()
        await go.wait()
        return await read(path, filename)

    gateway.reader.read = slow_read  # type: ignore[method-assign,assignment]  # holds the first one up
    first = asyncio.create_task(_paste(gateway, **{"Idempotency-Key": "k1"}))
    await begun.wait()

    second = await _paste(gateway, **{"Idempotency-Key": "k1"})
    go.set()

    check_problem(second, 409, "IDEMPOTENCY_KEY_IN_FLIGHT")
    assert (await first).status_code == 201
    again = await _paste(gateway, **{"Idempotency-Key": "k1"})
    assert again.json() == (await first).json()
    assert json.loads((await first).content)["title"] == "Plan"
