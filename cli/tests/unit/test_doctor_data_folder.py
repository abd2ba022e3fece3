"""How the doctor judges the data folder."""

import sys
from pathlib import Path

import pytest

from roundtable_cli.doctor.data_folder import check_data_folder
from roundtable_cli.doctor.result import Level

# Nobody writes there, not even root.
_UNWRITABLE = Path("/proc/sys")
_ON_LINUX = pytest.mark.skipif(
    sys.platform != "linux", reason="no folder that even root cannot write"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as the launcher makes it."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    return folder


def test_folder_of_the_owner_alone_is_fine(folder: Path) -> None:
    """Nothing is left behind by the trial."""
    result = check_data_folder(folder, is_gateway_up=True)

    assert (result.level, result.mend) == (Level.FINE, None)
    assert list(folder.iterdir()) == []


def test_folder_that_others_may_read_is_doubtful(folder: Path) -> None:
    """The mend can be typed as it stands."""
    folder.chmod(0o755)

    result = check_data_folder(folder, is_gateway_up=False)

    assert (result.level, result.mend) == (Level.DOUBTFUL, f"chmod 700 {folder}")
    assert "755" in result.words


@_ON_LINUX
@pytest.mark.parametrize("folder", [_UNWRITABLE, _UNWRITABLE / "deeper"])
def test_folder_that_cannot_be_written_is_broken(folder: Path) -> None:
    """Or be made."""
    result = check_data_folder(folder, is_gateway_up=False)

    assert result.level is Level.BROKEN
    assert "ROUNDTABLE_DATA_DIR" in (result.mend or "")


def test_file_in_its_place_is_broken(folder: Path) -> None:
    """As is a folder below a file."""
    file = folder / "file"
    file.touch()

    results = [
        check_data_folder(path, is_gateway_up=False) for path in (file, file / "below")
    ]

    assert [result.level for result in results] == [Level.BROKEN] * 2
    assert all("ROUNDTABLE_DATA_DIR" in (result.mend or "") for result in results)


def test_no_folder_before_the_first_start_is_no_fault(folder: Path) -> None:
    """The start makes it."""
    result = check_data_folder(folder / "new", is_gateway_up=False)

    assert (result.level, result.mend) == (Level.NOT_CHECKED, None)


def test_no_folder_beside_a_gateway_lies_elsewhere(folder: Path) -> None:
    """As with a container: the doctor says what it did not see."""
    result = check_data_folder(folder / "new", is_gateway_up=True)

    assert result.level is Level.NOT_CHECKED
    assert "--data-dir" in (result.mend or "")
