"""Documents with the accepted rewrites in them, over HTTP."""

from collections.abc import Sequence
from dataclasses import replace

import httpx
import pytest

from roundtable_gateway.documents.blocks import MediaType
from roundtable_gateway.documents.docx import read_docx
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.domain.finding import (
    Disposition,
    Finding,
    Quote,
    QuoteStatus,
    Severity,
)
from roundtable_gateway.domain.run import RunDetail
from services.gateway.tests.support.http_harness import Gateway
from services.gateway.tests.support.log_samples import FINDING
from services.gateway.tests.support.problems import check_problem
from services.gateway.tests.support.reports import whole_run
from services.gateway.tests.support.revisions import keep, keep_docx
from services.gateway.tests.support.samples import TEXT, run_summary
from services.gateway.tests.support.word import package, paragraph, parts_of, run

_PATH = "/api/v1/runs/run_1/revised"
_SECONDS = 40  # more than the child has


async def _get(gateway: Gateway, path: str) -> httpx.Response:
    """Return an answer, however busy the machine is on which a child makes it."""
    return await gateway.http.get(path, timeout=_SECONDS)


def _quote(words: str) -> Quote:
    start = TEXT.index(words)
    return replace(
        FINDING.quotes[0],
        text=words,
        status=QuoteStatus.EXACT,
        start=start,
        end=start + len(words),
    )


def _finding(finding_id: str, *words: str, rewrite: str | None = "New.") -> Finding:
    return replace(
        FINDING,
        id=finding_id,
        quotes=tuple(map(_quote, words)),
        rewrite=rewrite,
        disposition=Disposition.ACCEPTED,
    )


def _run_with(gateway: Gateway, findings: Sequence[Finding]) -> RunDetail:
    detail = replace(whole_run(), findings=tuple(findings))
    gateway.runs.add(run_summary("run_1"))
    gateway.runs.logs["run_1"].detail = detail
    return detail


async def test_text_has_the_new_words_in_place(gateway: Gateway) -> None:
    """The original bytes but for them, under a name that says so."""
    detail = _run_with(
        gateway, [_finding("A1", "never fail", rewrite="were restored twice")]
    )
    content = b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode()
    keep(gateway, detail, content, MediaType.MARKDOWN, filename="the plan.md")

    answer = await _get(gateway, _PATH)

    expected = content.replace(b"never fail", b"were restored twice")
    assert (answer.status_code, answer.content) == (200, expected)
    disposition = "attachment; filename*=UTF-8''the%20plan-revised.md"
    assert answer.headers["content-disposition"] == disposition
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert list(gateway.spool_dir.iterdir()) == []


async def test_docx_has_them_as_tracked_changes(gateway: Gateway) -> None:
    """By the reviewer's role, for the author to accept once more."""
    detail = _run_with(gateway, [_finding("A1", "by Friday", rewrite="on Monday")])
    body = "".join(paragraph(run(each)) for each in TEXT.split("\n\n"))
    keep_docx(gateway, detail, package(body))

    answer = await _get(gateway, _PATH)

    written = parts_of(answer.content)["word/document.xml"].decode()
    assert read_docx(answer.content, Limits()).blocks[1].text == "Ship it on Monday."
    assert written.count('w:author="Chief information security officer"') == 2
    assert ">by Friday</w:delText>" in written


async def test_plan_says_what_is_applied_and_what_not(gateway: Gateway) -> None:
    """Of rewrites that overlap the graver wins; nothing goes without its reason."""
    findings = [
        replace(_finding("A1", "never fail."), severity=Severity.MINOR),
        replace(_finding("B1", "backups never"), severity=Severity.BLOCKER),
        _finding("A2", "Ship it"),
        _finding("A3", "Ship it", "Friday"),
        _finding("A4", "Friday", rewrite=None),
        replace(_finding("A5", "Friday"), disposition=Disposition.OPEN),
        _finding("A7", "Friday", rewrite=" \n"),
        replace(_finding("A6", "fail", rewrite="Ł"), panelist_id=None),
    ]
    detail = _run_with(gateway, findings)
    keep(gateway, detail, TEXT.encode(), MediaType.PLAIN, filename="plan.txt")

    plan = (await _get(gateway, f"{_PATH}/plan")).json()

    applied = [
        (each["finding_id"], each["old"], each["new"]) for each in plan["applied"]
    ]
    assert applied == [
        ("B1", "backups never", "New."),
        ("A6", "fail", "Ł"),
        ("A2", "Ship it", "New."),
    ]
    assert plan["applied"][1]["role"] == "Control"
    assert [
        (each["finding_id"], each["reason"], each["other_finding_id"])
        for each in plan["left_out"]
    ] == [
        ("A1", "OVERLAP", "B1"),
        ("A3", "NOT_ONE_PLACE", None),
        ("A4", "NO_REWRITE", None),
        ("A7", "NO_REWRITE", None),
    ]
    assert "B1" in plan["left_out"][0]["detail"]


async def test_what_the_file_can_not_take_is_in_the_plan(gateway: Gateway) -> None:
    """Known only once it was tried: the plan has tried it."""
    findings = [_finding("A1", "backups"), _finding("A2", "fail.\n\nShip")]
    detail = _run_with(gateway, findings)
    body = "".join(paragraph(run(each)) for each in TEXT.split("\n\n"))
    keep_docx(gateway, detail, package(body))

    plan = (await _get(gateway, f"{_PATH}/plan")).json()

    assert [each["finding_id"] for each in plan["applied"]] == ["A1"]
    assert [each["reason"] for each in plan["left_out"]] == ["SEVERAL_PARAGRAPHS"]


@pytest.mark.parametrize("path", [_PATH, f"{_PATH}/plan"])
@pytest.mark.parametrize("media_type", [MediaType.PDF, MediaType.PPTX, MediaType.HTML])
async def test_types_that_are_only_read_are_refused(
    gateway: Gateway, path: str, media_type: MediaType
) -> None:
    """With what to do instead."""
    detail = _run_with(gateway, [_finding("A1", "fail")])
    keep(gateway, detail, b"bytes", media_type, filename="plan")

    answer = await _get(gateway, path)

    problem = check_problem(answer, 422, "REWRITES_NOT_APPLICABLE")
    assert "upload it as DOCX" in problem["detail"]


async def test_nothing_accepted_is_nothing_to_download(gateway: Gateway) -> None:
    """A copy of the original would look like a revision; the plan is empty."""
    detail = _run_with(gateway, [replace(FINDING, rewrite="x")])
    keep(gateway, detail, TEXT.encode(), MediaType.PLAIN, filename="plan.txt")

    answer = await _get(gateway, _PATH)
    plan = await _get(gateway, f"{_PATH}/plan")

    check_problem(answer, 409, "NO_ACCEPTED_REWRITES")
    document_id = detail.run.document.id
    assert plan.json() == {
        "run_id": "run_1",
        "document_id": document_id,
        "applied": [],
        "left_out": [],
    }


async def test_strangers_run_is_not_there(gateway: Gateway) -> None:
    """Neither its file nor its plan."""
    for path in (_PATH, f"{_PATH}/plan"):
        check_problem(await _get(gateway, path), 404, "RUN_NOT_FOUND")
