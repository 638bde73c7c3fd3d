"""Collects: one thread a cloud, all answers into one snapshot."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from auditor import __version__
from auditor.engine.recorder import SnapshotRecorder
from auditor.errors import NoScopeError, UsageError
from auditor.model.capture import CaptureFacts
from auditor.model.ids import Cloud
from auditor.provider import CollectOptions, Progress, Provider


def collect(
    providers: Mapping[Cloud, Provider],
    options: Mapping[Cloud, CollectOptions],
    root: Path,
    selection: tuple[tuple[str, str], ...],
    progress: Progress,
) -> CaptureFacts:
    """Runs every provider's collection side by side and writes the snapshot under ``root``.

    A cloud that cannot be opened is a sentence in the capture, never another cloud's problem. Raises
    NoScopeError where no cloud could be opened at all, with every cloud's sentence.
    """
    depth = next(iter(options.values())).depth
    recorder = SnapshotRecorder(root, depth, __version__, selection)
    refusals: list[str] = []

    def one(cloud: Cloud) -> None:
        mine = recorder.for_cloud(cloud)
        try:
            providers[cloud].collect(options[cloud], mine, progress)
        except NoScopeError as refused:
            sentence = recorder.redactor.text(str(refused))
            refusals.append(sentence)
            mine.error(sentence)

    with ThreadPoolExecutor(max_workers=len(providers), thread_name_prefix="cloud") as pool:
        futures = [pool.submit(one, cloud) for cloud in providers]
        crashes = [future.exception() for future in futures]
    stopped = any(option.stop.is_set() for option in options.values())
    for crash in crashes:
        if isinstance(crash, UsageError):
            raise crash
    facts = recorder.close(interrupted=stopped)
    for crash in crashes:
        if crash is not None:
            raise crash
    if not facts.scopes and refusals and not stopped:
        raise NoScopeError(" ".join(refusals))
    return facts
