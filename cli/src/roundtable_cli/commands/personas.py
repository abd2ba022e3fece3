"""``roundtable personas``: the built-in reviewers, and one's own."""

from pathlib import Path

import click

from roundtable_cli.commands.asking import ask
from roundtable_cli.commands.file_output import out_option, put_out
from roundtable_cli.commands.server import server_option
from roundtable_cli.errors import ExitCode
from roundtable_cli.library import (
    Persona,
    archive_persona,
    copy_persona,
    export_persona,
    get_persona,
    import_personas,
    list_personas,
)
from roundtable_cli.printable import one_line

_WIDTH = 14
_SHOWN = (
    *("name", "role", "summary", "background", "priorities", "pet_peeves"),
    *("objections", "convinced_by", "voice", "influences", "authority", "owns"),
    *("ignores", "questions", "method", "strictness", "pack"),
)


@click.group("personas")
def personas() -> None:
    """The reviewers: built-in ones, and your own."""


@personas.command("list")
@click.option("--pack", default="", help="Of this pack alone.")
@click.option("--query", default="", help="With these words in name, role or summary.")
@server_option()
def list_command(pack: str, query: str, server: str) -> int:
    """List the personas, your own first."""
    found = ask(server, lambda client: list_personas(client, pack=pack, query=query))
    for persona in found:
        click.echo(_line(persona))
    return ExitCode.SUCCESS


@personas.command("show")
@click.argument("persona_id", metavar="PERSONA")
@server_option()
def show_command(persona_id: str, server: str) -> int:
    """Show all that PERSONA, by its id, is."""
    persona = ask(server, lambda client: get_persona(client, persona_id))
    kind = "built in" if persona.is_built_in else "your own"
    click.echo(f"{persona.id} (version {persona.version}, {kind})")
    for name in _SHOWN:
        label = name.replace("_", " ").capitalize()
        value = persona.fields.get(name, "")
        first, *rest = map(str, value) if isinstance(value, list) else (str(value),)
        click.echo(f"  {label:<{_WIDTH}}{one_line(first)}".rstrip())
        for each in rest:
            click.echo(f"  {'':<{_WIDTH}}{one_line(each)}")
    return ExitCode.SUCCESS


@personas.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@server_option()
def import_command(file: Path, server: str) -> int:
    """Write the personas of FILE, a pack in YAML or JSON: all of them or none."""
    for persona in ask(server, lambda client: import_personas(client, file)):
        click.echo(_line(persona))
    return ExitCode.SUCCESS


@personas.command("export")
@click.argument("persona_id", metavar="PERSONA")
@click.option(
    "--format",
    "form",
    type=click.Choice(("yaml", "json")),
    default="yaml",
    show_default=True,
    help="Both are what `import` takes.",
)
@out_option()
@server_option()
def export_command(persona_id: str, *, form: str, out: Path | None, server: str) -> int:
    """Write PERSONA, by its id, to a file that `import` takes."""
    put_out(
        ask(server, lambda client: export_persona(client, persona_id, form=form)), out
    )
    return ExitCode.SUCCESS


@personas.command("copy")
@click.argument("persona_id", metavar="PERSONA")
@server_option()
def copy_command(persona_id: str, server: str) -> int:
    """Make a persona of your own that begins as a copy of PERSONA."""
    click.echo(_line(ask(server, lambda client: copy_persona(client, persona_id))))
    return ExitCode.SUCCESS


@personas.command("archive")
@click.argument("persona_id", metavar="PERSONA")
@server_option()
def archive_command(persona_id: str, server: str) -> int:
    """Take PERSONA, one of your own, out of the lists; its runs keep it."""
    ask(server, lambda client: archive_persona(client, persona_id))
    return ExitCode.SUCCESS


def _line(persona: Persona) -> str:
    return one_line(
        f"{persona.id}: {persona.name}, {persona.role} (pack {persona.pack})"
    )
