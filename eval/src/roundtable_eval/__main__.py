"""``python -m roundtable_eval``: score stored transcripts, or run the arms live."""

import asyncio
import os
import sys
from datetime import timedelta
from pathlib import Path

import click

from roundtable_cli.client import GatewayClient
from roundtable_cli.errors import CliError
from roundtable_cli.token import read_token
from roundtable_eval.corpus import load_documents
from roundtable_eval.errors import EvaluationError
from roundtable_eval.live import LivePlan, LiveSet
from roundtable_eval.report import stale_files, write_files
from roundtable_eval.scoring import SetScores, score_set
from roundtable_eval.transcript import load_set

_ROOT = Path(__file__).parents[2]
_POLL = timedelta(seconds=1)


@click.group()
def cli() -> None:
    """Measure a panel against a plain reader."""


@cli.command()
@click.argument("name", metavar="SET")
@click.option("--check", is_flag=True, help="Write nothing; fail on another byte.")
def score(*, name: str, check: bool) -> None:
    """Score the stored transcripts of SET."""
    folder = _ROOT / "transcripts" / name
    scores = _score(folder)
    if not check:
        write_files(folder, scores)
        click.echo((folder / "report.md").read_text(encoding="utf-8"))
        return
    stale = stale_files(folder, scores)
    if stale:
        raise EvaluationError(f"{name}: scored anew, {', '.join(stale)} would differ")
    click.echo(f"{name}: the same figures, byte for byte")


@cli.command()
@click.option("--server", required=True, metavar="URL", help="The gateway.")
@click.option("--panel", "panel_id", required=True, metavar="ID", help="The table.")
@click.option("--set", "name", required=True, help="Where it is stored.")
@click.option("--replicates", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--model", help="For every seat of every arm.")
@click.option(
    "--document", "slugs", multiple=True, metavar="SLUG", help="These only; else all."
)
def live(
    *,
    server: str,
    panel_id: str,
    name: str,
    replicates: int,
    model: str | None,
    slugs: tuple[str, ...],
) -> None:
    """Run what is missing of a set on a gateway, then score it."""
    plan = LivePlan(panel_id, replicates=replicates, model=model, poll=_POLL)
    folder = _ROOT / "transcripts" / name
    asyncio.run(_run(server, folder, plan=plan, slugs=slugs))
    write_files(folder, _score(folder))


async def _run(
    server: str, folder: Path, *, plan: LivePlan, slugs: tuple[str, ...]
) -> None:
    documents = load_documents(_ROOT)
    unknown = set(slugs) - documents.keys()
    if unknown:
        raise EvaluationError(f"no such document: {', '.join(sorted(unknown))}")
    async with GatewayClient.connect(server, token=read_token(os.environ)) as client:
        running = LiveSet(
            client,
            folder,
            plan=plan,
            generalist=_ROOT / "generalist.yaml",
            tell=click.echo,
        )
        await running.run(documents[slug] for slug in slugs or documents)


def _score(folder: Path) -> SetScores:
    documents = load_documents(_ROOT)
    return score_set(folder.name, load_set(folder), documents=documents)


def main() -> None:
    """Run the command; 1 where it cannot go on, with the reason."""
    try:
        cli(prog_name="roundtable-eval")
    except (EvaluationError, CliError) as error:
        click.echo(error, err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
