"""``python -m roundtable_store create-token``: a personal token without a gateway.

Whoever may write the database may do this: it is how the first token comes to be. It
works beside a running store, and on an empty data directory: the database is brought up
to date first, unless a store runs on it, then written in one short transaction that the
store waits for.
"""

import argparse
import sys
from datetime import timedelta
from uuid import uuid4

from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from roundtable_kit.clock import SystemClock
from roundtable_kit.errors import ServiceError
from roundtable_store.records.ids import RandomIds
from roundtable_store.records.tokens import (
    DEFAULT_LIFETIME_DAYS,
    MAX_LIFETIME_DAYS,
    MAX_NAME_LENGTH,
    CreatedToken,
    NewToken,
    RandomSecrets,
    canonical_email,
    is_token_name,
)
from roundtable_store.settings import Settings
from roundtable_store.sql.engine import open_writer, parse_url
from roundtable_store.sql.instance_lock import InstanceLock
from roundtable_store.sql.migrate import OtherSchemaInUseError, bring_up_to_date
from roundtable_store.sql.token_rows import Issuing, issue_token

_EXIT_REFUSED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the sub-command's arguments."""
    parser.add_argument("email", metavar="EMAIL", type=_email, help="whose it is")
    parser.add_argument(
        "--name", type=_name, default="first token", help="what to call it"
    )
    parser.add_argument(
        "--days",
        type=_days,
        default=DEFAULT_LIFETIME_DAYS,
        help=f"how long it lasts, at most {MAX_LIFETIME_DAYS} (default %(default)s)",
    )


def create_token(settings: Settings, *, email: str, name: str, days: int) -> int:
    """Print a new token, alone, on standard output; return the exit code."""
    new = NewToken(
        owner=email,
        request_id=uuid4().hex,
        name=name,
        lifetime=timedelta(days=days),
    )
    try:
        created = _issue(settings, new)
    except ServiceError as error:
        return _refuse(error.message)
    except OtherSchemaInUseError as error:
        return _refuse(str(error))
    except (SQLAlchemyError, CommandError) as error:
        return _refuse(f"the database can't be written: {error}")
    sys.stderr.write(
        f"A token of {created.token.owner}, valid until"
        f" {created.token.expire_time:%Y-%m-%d}. It is shown this once:\n"
    )
    sys.stdout.write(created.secret + "\n")
    return 0


def _refuse(why: str) -> int:
    sys.stderr.write(f"roundtable-store: {why}\n")
    return _EXIT_REFUSED


def _issue(settings: Settings, new: NewToken) -> CreatedToken:
    url = parse_url(settings.effective_database_url)
    issuing = Issuing(SystemClock(), RandomIds(), RandomSecrets())
    bring_up_to_date(url, beside=InstanceLock(settings.data_dir))
    engine = open_writer(url)
    try:
        with engine.begin() as connection:
            return issue_token(connection, new, issuing=issuing)
    finally:
        engine.dispose()


def _email(text: str) -> str:
    address = canonical_email(text)
    if address is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no e-mail address")
    return address


def _name(text: str) -> str:
    if not is_token_name(text):
        raise argparse.ArgumentTypeError(
            f"takes one line of 1 to {MAX_NAME_LENGTH} characters"
        )
    return text


def _days(text: str) -> int:
    days = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= days <= MAX_LIFETIME_DAYS:
        raise argparse.ArgumentTypeError(
            f"takes a number from 1 to {MAX_LIFETIME_DAYS}"
        )
    return days
