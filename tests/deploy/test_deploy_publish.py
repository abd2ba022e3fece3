"""scripts/publish-images pushes what was looked at, joins it and signs the whole."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

_SCRIPT = Path(__file__).parents[2] / "scripts" / "publish-images"
_NAMES = ("gateway", "persona-runner", "store")
_AMD64, _ARM64, _WHOLE = (f"sha256:{letter * 64}" for letter in "abc")
_RELEASED = "v1.10.0\nv1.11.0-rc.1\nv1.9.0\nv1.9.1"  # in git's own order
_FAKE = """\
import json, os, pathlib, sys, tarfile
folder = pathlib.Path(os.environ["FAKE_FOLDER"])
called = [pathlib.Path(sys.argv[0]).name, *sys.argv[1:]]
with (folder / "calls.jsonl").open("a") as calls:
    calls.write(json.dumps(called) + "\\n")
line = " ".join(called)
for words, answer in json.loads((folder / "answers.json").read_text()).items():
    if words in line:
        print(answer)
if "--metadata-file" in called:
    made = pathlib.Path(called[called.index("--metadata-file") + 1])
    made.write_text((folder / "made.json").read_text())
if called[1] in ("cp", "export"):
    file = tarfile.TarInfo("file")
    file.size = int((folder / "image_bytes").read_text())
    with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as archive:
        archive.addfile(file, open("/dev/zero", "rb"))
"""


@dataclass(frozen=True)
class _Runner:
    """A machine of the workflow, with a docker and a cosign that write down calls."""

    folder: Path

    def answer(self, **answers: str) -> None:
        """Let calls that hold some words answer others; `_` stands for a space."""
        given = {words.replace("_", " "): said for words, said in answers.items()}
        (self.folder / "answers.json").write_text(json.dumps(given))

    def publish(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the script for the registry folder of an owner with capitals."""
        return subprocess.run(  # noqa: S603 -- our own script
            [str(_SCRIPT), *arguments],
            env={
                "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
                "FAKE_FOLDER": str(self.folder),
                "IMAGES": "registry.example/Owner",
            },
            capture_output=True,
            text=True,
            timeout=50,
            check=False,
        )

    def calls(self, *program: str) -> list[list[str]]:
        """Return the calls that begin so."""
        lines = (self.folder / "calls.jsonl").read_text().splitlines()
        calls: list[list[str]] = [json.loads(line) for line in lines]
        return [call for call in calls if call[: len(program)] == list(program)]


@pytest.fixture
def runner(tmp_path: Path) -> _Runner:
    """Give a machine with nothing built."""
    (tmp_path / "bin").mkdir()
    for name in ("docker", "cosign", "git"):
        path = tmp_path / "bin" / name
        path.write_text(f"#!{sys.executable} -IS\n{_FAKE}")
        path.chmod(0o755)
    (tmp_path / "calls.jsonl").touch()
    (tmp_path / "image_bytes").write_text("1024")
    made = {name: {"containerimage.digest": _AMD64} for name in _NAMES}
    (tmp_path / "made.json").write_text(json.dumps(made))
    return _Runner(tmp_path)


def test_a_build_is_looked_at_before_anything_is_pushed(runner: _Runner) -> None:
    """Each image is inspected, run and weighed; nothing leaves the machine."""
    runner.answer(docker_run="x86_64")

    result = runner.publish("build", "amd64")

    assert result.returncode == 0, result.stderr
    assert len(runner.calls("docker", "image", "inspect")) == len(_NAMES)
    assert all("push" not in " ".join(call) for call in runner.calls())


def test_a_stand_in_is_refused(runner: _Runner) -> None:
    """An image on a base that was made offline is for the lab alone."""
    runner.answer(docker_run="x86_64", docker_image_inspect="debian:trixie-slim")

    result = runner.publish("build", "amd64")

    assert result.returncode == 1
    assert "made offline; it is not published" in result.stderr


def test_an_image_that_has_grown_too_large_is_refused(runner: _Runner) -> None:
    """What the README says of the sizes holds for what is published."""
    runner.answer(docker_run="x86_64")
    (runner.folder / "image_bytes").write_text("251000000")

    result = runner.publish("build", "amd64")

    assert result.returncode == 1
    assert "gateway is larger than it may be" in result.stderr


def test_an_image_of_the_wrong_architecture_is_refused(runner: _Runner) -> None:
    """What runs in the image counts, not what the image says of itself."""
    runner.answer(docker_run="x86_64")

    result = runner.publish("build", "arm64")

    assert result.returncode == 1
    assert "for arm64 holds a Python for x86_64" in result.stderr


def test_a_push_prints_the_digests_and_nothing_else(runner: _Runner) -> None:
    """Its output goes into the next job; images go by digest, with attestations."""
    runner.answer(bake="words of the build")

    result = runner.publish("push", "amd64")

    assert result.stdout == " ".join(f"{name}={_AMD64}" for name in _NAMES) + "\n"
    (bake,) = runner.calls("docker", "buildx", "bake")
    assert "store.tags=registry.example/owner/store" in bake
    assert {"--provenance=mode=max", "--sbom=true"} <= set(bake)
    assert "*.output=type=image,push-by-digest=true" in " ".join(bake)


@pytest.mark.parametrize(
    ("ref", "tags"),
    [
        ("v1.10.0", ["1.10.0", "latest"]),
        ("v1.9.1", ["1.9.1"]),
        ("v1.11.0-rc.1", ["1.11.0-rc.1"]),
        ("main", ["main"]),
    ],
    ids=["highest", "older line", "candidate", "branch"],
)
def test_a_join_makes_one_signed_image_of_two(
    runner: _Runner, ref: str, tags: list[str]
) -> None:
    """Both digests get the names of the ref; the digest of the whole is signed."""
    runner.answer(imagetools_inspect=_WHOLE, git_tag=_RELEASED)
    amd64 = " ".join(f"{name}={_AMD64}" for name in _NAMES)
    arm64 = " ".join(f"{name}={_ARM64}" for name in _NAMES)

    result = runner.publish("join", ref, amd64, arm64)

    assert result.returncode == 0, result.stderr
    created = runner.calls("docker", "buildx", "imagetools", "create")
    store = "registry.example/owner/store"
    named = [word for tag in tags for word in ("--tag", f"{store}:{tag}")]
    assert created[-1][4:] == [*named, f"{store}@{_AMD64}", f"{store}@{_ARM64}"]
    signed = [call[-1].rpartition("/")[2] for call in runner.calls("cosign", "sign")]
    assert signed == [f"{name}@{_WHOLE}" for name in _NAMES]


def test_a_release_that_git_does_not_know_is_refused(runner: _Runner) -> None:
    """A checkout without tags can't tell whether this is the latest."""
    runner.answer(imagetools_inspect=_WHOLE)
    each = " ".join(f"{name}={_AMD64}" for name in _NAMES)

    result = runner.publish("join", "v1.10.0", each, each)

    assert result.returncode == 1
    assert "git has no tag v1.10.0 here" in result.stderr
    assert runner.calls("docker") == []


@pytest.mark.parametrize("missing", [0, 1], ids=["amd64", "arm64"])
def test_a_join_without_an_architecture_is_refused(
    runner: _Runner, missing: int
) -> None:
    """An empty output of a job never becomes half an image."""
    runner.answer(imagetools_inspect=_WHOLE)
    lists = [" ".join(f"{name}={_AMD64}" for name in _NAMES)] * 2
    lists[missing] = ""

    result = runner.publish("join", "main", *lists)

    assert result.returncode == 1
    assert "no digest of gateway" in result.stderr
    assert runner.calls("docker") == []
