"""``roundtable certs``: the certificates by which the services know one another."""

from pathlib import Path

import click

from roundtable_cli.errors import ExitCode
from roundtable_cli.launcher.certificates import make_certificates
from roundtable_cli.launcher.preparation import certificates_dir, prepare_data_dir


@click.command()
@click.argument(
    "folder",
    required=False,
    metavar="[DIR]",
    type=click.Path(file_okay=False, path_type=Path),
)
@click.option("--renew", is_flag=True, help="Make new ones though none is due.")
@click.option(
    "--data-dir",
    envvar="ROUNDTABLE_DATA_DIR",
    default=".roundtable",
    show_default=True,
    show_envvar=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where they lie if DIR is not given.",
)
def certs(folder: Path | None, data_dir: Path, *, renew: bool) -> int:
    """Make the services' certificates where missing or due; `up` does so by itself.

    Services that run take renewed ones up without a stop.
    """
    target = folder or certificates_dir(prepare_data_dir(data_dir))
    made = make_certificates(target, renew=renew)
    for line in made or (f"Nothing is due in {target}.",):
        click.echo(line)
    return ExitCode.SUCCESS
