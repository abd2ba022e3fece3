"""``roundtable panels``: named sets of seats, built-in ones and one's own."""

import click

from roundtable_cli.commands.asking import ask
from roundtable_cli.commands.server import server_option
from roundtable_cli.errors import ExitCode
from roundtable_cli.library import (
    Panel,
    Seat,
    create_panel,
    get_panel,
    list_panels,
)
from roundtable_cli.printable import one_line


@click.group("panels")
def panels() -> None:
    """Named sets of reviewers: built-in ones, and your own."""


@panels.command("list")
@server_option()
def list_command(server: str) -> int:
    """List the panels, your own first."""
    for panel in ask(server, list_panels):
        seats = ", ".join(map(_seat, panel.seats))
        click.echo(one_line(f"{panel.id}: {panel.name}: {seats}"))
    return ExitCode.SUCCESS


@panels.command("show")
@click.argument("panel_id", metavar="PANEL")
@server_option()
def show_command(panel_id: str, server: str) -> int:
    """Show who sits on PANEL, by its id."""
    _show(ask(server, lambda client: get_panel(client, panel_id)))
    return ExitCode.SUCCESS


@panels.command("create")
@click.argument("name")
@click.option(
    "--seat",
    "seats",
    metavar="PERSONA[@MODEL]",
    multiple=True,
    required=True,
    help="A persona's id, with a model of its own if you like; one option a seat."
    " One persona on several models is a council.",
)
@click.option(
    "--discussion-rounds",
    type=click.IntRange(0, 2),
    default=1,
    show_default=True,
    help="Rounds of discussion in a roundtable.",
)
@click.option(
    "--control/--no-control",
    default=True,
    show_default=True,
    help="Whether a plain reviewer without persona reads beside the panel.",
)
@server_option()
def create_command(
    name: str,
    *,
    seats: tuple[str, ...],
    discussion_rounds: int,
    control: bool,
    server: str,
) -> int:
    """Put a panel together under NAME."""
    body = {
        "name": name,
        "seats": [_asked_seat(seat) for seat in seats],
        "discussion_rounds": discussion_rounds,
        "control": control,
    }
    _show(ask(server, lambda client: create_panel(client, body)))
    return ExitCode.SUCCESS


def _asked_seat(seat: str) -> dict[str, str | None]:
    persona_id, _, model = seat.partition("@")
    return {"persona_id": persona_id, "model": model or None}


def _show(panel: Panel) -> None:
    kind = "built in" if panel.is_built_in else "your own"
    click.echo(one_line(f"{panel.id} ({kind}): {panel.name}"))
    for number, seat in enumerate(panel.seats, start=1):
        click.echo(one_line(f"Seat {number}: {_seat(seat)}"))
    click.echo(f"Rounds of discussion: {panel.discussion_rounds}")
    click.echo(f"Control reader: {'yes' if panel.has_control else 'no'}")
    for warning in panel.warnings:
        click.echo(one_line(f"Warning: {warning}"), err=True)


def _seat(seat: Seat) -> str:
    return seat.persona_id if seat.model is None else f"{seat.persona_id}@{seat.model}"
