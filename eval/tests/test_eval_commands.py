"""The commands, as `make` calls them."""

import pytest
from click.testing import CliRunner

from roundtable_eval.__main__ import cli
from roundtable_eval.errors import EvaluationError, SetError


def test_stored_set_is_confirmed() -> None:
    """`score --check` says so when no byte differs."""
    result = CliRunner().invoke(cli, ["score", "rehearsal", "--check"])

    assert result.exit_code == 0
    assert "byte for byte" in result.output


def test_set_that_is_not_there_is_told() -> None:
    """A mistyped name is no set of zero runs."""
    with pytest.raises(SetError, match="no-such-set"):
        CliRunner().invoke(
            cli, ["score", "no-such-set", "--check"], catch_exceptions=False
        )


def test_document_that_is_not_there_is_told_before_anything_is_spent() -> None:
    """A mistyped slug is told before the gateway is asked for anything."""
    arguments = ["live", "--server", "http://127.0.0.1:9", "--panel", "p"]
    with pytest.raises(EvaluationError, match="no-such-document"):
        CliRunner().invoke(
            cli,
            [*arguments, "--set", "s", "--document", "no-such-document"],
            catch_exceptions=False,
        )
