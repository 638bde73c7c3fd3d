"""From the options to who reads the accounts, and where what was read is kept."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import urlsplit

from auditor.cli.earlier_run import named_run, stored
from auditor.cli.executor_options import THREADS
from auditor.cli.messages import happened, say
from auditor.distribution.coordinator import Distribution
from auditor.distribution.executors import Executor, ThreadExecutor
from auditor.distribution.storage import is_url, open_storage
from auditor.distribution.stored_run import StoredRun
from auditor.distribution.unit import ACCOUNTS_FILE, EXTERNAL_ID, EarlierRun
from auditor.enricher import PACKAGES
from auditor.errors import UsageError
from auditor.provider import CollectOptions

_LOCAL: Final = "local:"


def is_distributed(values: Mapping[str, Any]) -> bool:
    """Whether the accounts are read in units. Raises UsageError for options that contradict one another."""
    executor, store, resumed = values.get("executor") or THREADS, values.get("store"), values.get("resume")
    if store and resumed and stored(resumed) and _place(store) != _place(resumed):
        raise UsageError("--store and --resume name two stores: a run goes on in the store that it began in.")
    if _is_remote(executor) and not store and not (resumed and stored(resumed)):
        raise UsageError(
            f"--executor {executor} needs a store that all its workers reach: name it with --store (s3://..., "
            "abfs://..., gs://..., or a directory that they share)."
        )
    return executor != THREADS or bool(store) or bool(resumed and stored(resumed))


@contextmanager
def distribution(values: Mapping[str, Any], options: CollectOptions, scratch: Path) -> Iterator[Distribution]:
    """How the run is distributed. ``scratch`` is a directory of the run's own, for a store that nobody named."""
    executor = _executor(values)
    resumed = values.get("resume")
    named = resumed if resumed and stored(resumed) else values.get("store")
    packages = None
    if PACKAGES in options.tiers:
        cache = values.get("cache")
        packages = {"advisories": values.get("advisories"), "cache": str(cache.absolute()) if cache else None}
    earlier = _earlier(values, executor)
    if named is None:
        with TemporaryDirectory(dir=scratch, prefix=".units-") as place:
            run = StoredRun.new(open_storage(place))
            yield Distribution(executor, run, place, f"--resume {values['output_dir']}", earlier, packages)
        return
    place = _place(named)
    storage = open_storage(place)
    run = StoredRun.newest(storage, place) if resumed and stored(resumed) else StoredRun.new(storage)
    happened("stored", f"what is read is kept in {place}/{run.name}", store=place, run=run.name)
    yield Distribution(executor, run, place, f"--resume {place}", earlier, packages)


def _place(named: object) -> str:
    """How every worker names a store."""
    text = str(named)
    return text.rstrip("/") if is_url(text) else str(Path(text).absolute())


def _is_remote(executor: str) -> bool:
    return "://" in executor


def _executor(values: Mapping[str, Any]) -> Executor:
    """Who reads. Raises UsageError where Dask is not installed, or TLS has no certificate."""
    named = values.get("executor") or THREADS
    if named == THREADS:
        return ThreadExecutor()
    from auditor.distribution.cluster import ClusterExecutor, ProcessExecutor  # noqa: PLC0415 - only where asked for

    if named.startswith(_LOCAL):
        told = {EXTERNAL_ID: values.get("external_id"), ACCOUNTS_FILE: _absolute(values.get("accounts_file"))}
        return ProcessExecutor(int(named.removeprefix(_LOCAL)), {name: text for name, text in told.items() if text})
    if named.startswith("dask://") and not _is_loopback(urlsplit(named).hostname or ""):
        say(f"{named} is not encrypted, and whoever reaches it can run code as its workers: tls:// is.")
    return ClusterExecutor(named)


def _absolute(path: object) -> str | None:
    return str(Path(str(path)).absolute()) if path else None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _earlier(values: Mapping[str, Any], executor: Executor) -> EarlierRun | None:
    """The earlier run whose answers the workers may take over. Raises UsageError for one that they cannot see."""
    found = named_run(values)
    if found is None:
        return None
    if executor.remote:
        if values.get("since") or values.get("resume"):
            raise UsageError(
                "--since and --resume name a directory of this machine here, which the workers of a cluster do not see:"
                " resume from a store, or use --executor local:N."
            )
        say("everything is asked: the workers of a cluster do not see the previous result.")
        return None
    return EarlierRun(str(found.place.absolute()), found.resuming, found.max_age.total_seconds() / 86400)
