"""What became of a run's stages, as viewers are told while they pass."""

from roundtable_gateway.conductor.ports import Progress
from roundtable_gateway.conductor.run_log import RunLog
from roundtable_gateway.domain.run import (
    ManifestEntry,
    RunSummary,
    Stage,
    StageResult,
)

_ORDER = tuple(Stage)


def ran(stage: Stage, reason: str | None = None) -> ManifestEntry:
    """Return the entry of a stage that ran; a reason says what it did without."""
    return ManifestEntry(stage, StageResult.RAN, reason)


def skipped(stage: Stage, reason: str) -> ManifestEntry:
    """Return the entry of a stage that there was no need or no ground for."""
    return ManifestEntry(stage, StageResult.SKIPPED, reason)


def failed(stage: Stage, reason: str) -> ManifestEntry:
    """Return the entry of a stage that did not finish."""
    return ManifestEntry(stage, StageResult.FAILED, reason)


class Manifest:
    """Tells the log where the run is, as far as that is news.

    A conductor that takes over passes stages that are done; nothing of that is told.
    """

    def __init__(self, run: RunSummary, log: RunLog) -> None:
        self._log = log
        self._stage = run.stage
        self._entries = {entry.stage: entry for entry in run.manifest}

    @property
    def entries(self) -> tuple[ManifestEntry, ...]:
        """What became of each stage so far, in order."""
        return tuple(self._entries[each] for each in _ORDER if each in self._entries)

    def begin(self, stage: Stage) -> None:
        """Note that there is work to do in a stage."""
        if stage is not self._stage:
            self._tell(stage)

    def close(self, entry: ManifestEntry) -> None:
        """Note what became of a stage; of later ones nothing is known then."""
        if self._entries.get(entry.stage) == entry:
            return
        earlier = _ORDER[: _ORDER.index(entry.stage)]
        self._entries = {
            stage: known for stage, known in self._entries.items() if stage in earlier
        }
        self._entries[entry.stage] = entry
        self._tell(entry.stage)

    def _tell(self, stage: Stage) -> None:
        self._stage = stage
        self._log.note(Progress(stage, self.entries))
