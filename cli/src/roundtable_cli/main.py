"""The ``roundtable`` command."""

import traceback

import click

from roundtable_cli.commands.certs import certs
from roundtable_cli.commands.demo import demo
from roundtable_cli.commands.doctor import doctor
from roundtable_cli.commands.export import export_command
from roundtable_cli.commands.login import login, logout
from roundtable_cli.commands.mcp import mcp_command
from roundtable_cli.commands.panels import panels
from roundtable_cli.commands.personas import personas
from roundtable_cli.commands.recompute import recompute_command
from roundtable_cli.commands.review import review_command
from roundtable_cli.commands.revised import revised_command
from roundtable_cli.commands.runner import runner_command
from roundtable_cli.commands.token import token
from roundtable_cli.commands.up import up
from roundtable_cli.errors import CliError, ExitCode, Interrupted
from roundtable_cli.printable import printable

_SIGNAL_BASE = 128


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="roundtable-cli", prog_name="roundtable")
def cli() -> None:
    """Take a document past a panel of AI personas."""


cli.add_command(up)
cli.add_command(review_command)
cli.add_command(export_command)
cli.add_command(recompute_command)
cli.add_command(revised_command)
cli.add_command(personas)
cli.add_command(panels)
cli.add_command(demo)
cli.add_command(login)
cli.add_command(logout)
cli.add_command(runner_command)
cli.add_command(doctor)
cli.add_command(certs)
cli.add_command(token)
cli.add_command(mcp_command)


def main() -> int:
    """Run the command line and return the exit code."""
    try:
        return int(cli.main(prog_name="roundtable", standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except CliError as error:
        _show(error)
        return error.exit_code
    except Interrupted as interrupt:
        return _SIGNAL_BASE + interrupt.signal_number
    except (KeyboardInterrupt, click.Abort):
        return ExitCode.INTERRUPTED
    except Exception:  # noqa: BLE001 - Python's own code for it, 1, is a decision here
        traceback.print_exc()
        return ExitCode.INTERNAL


def _show(error: CliError) -> None:
    click.echo(f"Error: {printable(error.message)}", err=True)
    for line in error.details:
        click.echo(f"  {printable(line)}", err=True)
