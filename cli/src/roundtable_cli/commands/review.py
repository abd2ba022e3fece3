"""``roundtable review``: a document past a panel, from the terminal."""

import asyncio
import json
import os
import sys
from pathlib import Path

import click

from roundtable_cli.client import GatewayClient
from roundtable_cli.commands.server import server_option, token_for
from roundtable_cli.interrupts import exit_at_once, run_interruptible
from roundtable_cli.outcome import exit_code_of
from roundtable_cli.render.progress import progress_on
from roundtable_cli.render.report import print_report
from roundtable_cli.render.terminal import console_on
from roundtable_cli.reviewing import ReviewRequest, review
from roundtable_cli.run import Run


@click.command("review")
@click.argument(
    "document",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
)
@click.option("--panel", "panel_id", required=True, metavar="ID", help="Who reviews.")
@click.option(
    "--document-type",
    metavar="TYPE",
    help="Chooses the rubric: marketing_copy, proposal, prd, design_doc, contract …",
)
@click.option("--audience", metavar="TEXT", help="Who the document is for.")
@click.option("--goal", metavar="TEXT", help="What it is to achieve.")
@click.option("--scope", metavar="TEXT", help="What is in and out of scope.")
@click.option("--instructions", metavar="TEXT", help="What else they should know.")
@click.option(
    "--mode",
    type=click.Choice(("roundtable", "review")),
    default="roundtable",
    show_default=True,
    help="With a discussion of what they disagree on, or without.",
)
@click.option("--title", metavar="TEXT", help="What to call it; else from its content.")
@click.option("--model", metavar="NAME", help="Model for every seat.")
@click.option(
    "--allow-rehearsal",
    is_flag=True,
    help="Accept rule-based checks, which are not AI, if there is no Claude account.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the Run as one object.")
@server_option()
def review_command(  # noqa: PLR0913 - click hands over each option by its name
    *,
    document: Path,
    panel_id: str,
    document_type: str | None,
    audience: str | None,
    goal: str | None,
    scope: str | None,
    instructions: str | None,
    mode: str,
    title: str | None,
    model: str | None,
    allow_rehearsal: bool,
    as_json: bool,
    server: str,
) -> int:
    """Have FILE reviewed by a panel, watch it live and print the decision.

    Exit codes: 0 ship; 1 fix then ship, or rework; 2 no decision, or the run did not
    finish; 3 only the rehearsal engine is there; 64 wrong usage; 69 no gateway; 77 the
    gateway does not know you, see ROUNDTABLE_TOKEN; 130 interrupted.
    """
    brief = {
        "document_type": document_type,
        "audience": audience,
        "goal": goal,
        "scope": scope,
        "instructions": instructions,
    }
    request = ReviewRequest(
        path=document,
        panel_id=panel_id,
        title=title,
        model=model,
        mode=mode,
        brief={field: text for field, text in brief.items() if text is not None},
        allow_rehearsal=allow_rehearsal,
    )
    reviewing = review_at(server, request, token=token_for(server, os.environ))
    run = asyncio.run(run_interruptible(reviewing, on_second=exit_at_once))
    if as_json:
        click.echo(json.dumps(run.json, ensure_ascii=False))
    else:
        address = f"{server}/runs/?id={run.id}"
        print_report(run, console=console_on(sys.stdout), address=address)
    return exit_code_of(run)


async def review_at(
    server: str, request: ReviewRequest, *, token: str | None = None
) -> Run:
    """Review at the gateway of that URL, with progress on standard error."""
    with progress_on(sys.stderr) as progress:
        async with GatewayClient.connect(server, token=token) as client:
            return await review(client, request, progress)
