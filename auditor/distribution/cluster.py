"""Units read by Dask: processes of this machine, or the workers of a scheduler somewhere.

What travels is the JSON text of a unit and the JSON text of how it ended. Workers sign in by themselves.
"""

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from threading import Event
from time import monotonic
from typing import Any, Final

from auditor.distribution.executors import LOOK, ExecutorLostError
from auditor.distribution.unit import WorkUnit
from auditor.distribution.worker import UnitError, UnitResult, read_unit
from auditor.errors import UsageError

_log = logging.getLogger(__name__)

_RETRIES: Final = 2
"""How often Dask tries a unit again that failed by an error."""

_DEATHS: Final = 10
"""Workers of our own that may end under a unit until it is given up. A scheduler elsewhere has its own number."""

_CONNECT: Final = 10
_LOST: Final = 10.0
"""Seconds to connect to a scheduler, and until one that fell silent is taken for gone."""

_ANY_PORT: Final = "127.0.0.1:0"
_GONE: Final = frozenset({"cancelled", "lost"})
"""How the units stand whose scheduler has ended."""

_CERTIFICATES: Final = (
    "DASK_DISTRIBUTED__COMM__TLS__CA_FILE",
    "DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT",
    "DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY",
)


def needs_dask(option: str) -> Any:
    """The package distributed. Raises UsageError where it is not installed."""
    try:
        import distributed  # noqa: PLC0415 - heavy, and only for a run that asks for it
    except ImportError as missing:
        raise UsageError(
            f"--executor {option} needs the Python package {missing.name or 'distributed'}, which cannot be imported: "
            "pip install 'serverless-auditor[dask]'."
        ) from missing
    return distributed


class _DaskExecutor(ABC):
    """What both executors by Dask do with a client."""

    def results(self, units: Mapping[str, WorkUnit], stop: Event) -> Iterator[tuple[str, UnitResult | UnitError]]:
        with self._client() as client:
            pending = {
                name: client.submit(
                    read_unit,
                    unit.encoded(),
                    key=f"{unit.run}-{name}.{unit.attempt}",
                    pure=False,
                    retries=_RETRIES,
                )
                for name, unit in units.items()
            }
            heard = monotonic()
            try:
                while pending and not stop.wait(LOOK):
                    if client.status == "running":
                        heard = monotonic()
                    states = {name: future.status for name, future in pending.items()}
                    for name in [name for name, status in states.items() if status in ("finished", "error")]:
                        yield name, _told(pending.pop(name))
                    if _GONE & set(states.values()) or monotonic() - heard > _LOST:
                        raise self._lost()
            finally:
                if client.status == "running":
                    with suppress(Exception):  # the scheduler may go away in the same moment
                        client.cancel(list(pending.values()), force=True)

    @abstractmethod
    def _client(self) -> AbstractContextManager[Any]:
        """A client for the length of the block."""

    @abstractmethod
    def _lost(self) -> ExecutorLostError:
        """Says that nobody is left who reads."""


def _told(future: Any) -> UnitResult | UnitError:
    """How a unit ended. What a worker raised is told by its type, unless it is our own sentence."""
    failed = future.exception()
    if failed is None:
        return UnitResult.decoded(future.result())
    if isinstance(failed, UnitError):
        return failed
    if type(failed).__name__ == "KilledWorker":
        return UnitError("the workers that read it ended, each time, before it was read")
    return UnitError(f"its worker failed ({type(failed).__name__})")


class ProcessExecutor(_DaskExecutor):
    """Implements :class:`Executor` with processes of this machine: a Dask cluster of our own, over TLS on loopback.

    A process that ends is replaced, and what it read is read again.
    """

    remote = False

    def __init__(self, processes: int, environment: Mapping[str, str]) -> None:
        """``environment`` is what the processes have besides our own. Raises UsageError without the package."""
        needs_dask(f"local:{processes}")
        self._processes = processes
        self._environment = environment

    @contextmanager
    def _client(self) -> Iterator[Any]:
        import dask.config  # noqa: PLC0415 - heavy, and only for a run that asks for it
        from distributed import Client, LocalCluster, Security  # noqa: PLC0415 - the same

        settings = {
            "distributed.scheduler.allowed-failures": _DEATHS,
            "distributed.worker.multiprocessing-method": "spawn",
            "distributed.scheduler.http.routes": [],  # nothing is served but the protocol itself
            "distributed.worker.http.routes": [],
        }
        with ExitStack() as entered:
            entered.enter_context(dask.config.set(settings))
            entered.enter_context(_quiet())
            try:
                cluster = entered.enter_context(
                    LocalCluster(
                        n_workers=self._processes,
                        threads_per_worker=1,
                        host="127.0.0.1",
                        protocol="tls://",
                        security=Security.temporary(),
                        dashboard_address=_ANY_PORT,
                        worker_dashboard_address=_ANY_PORT,
                        memory_limit=0,
                        silence_logs=logging.CRITICAL,
                        env=dict(self._environment),
                    )
                )
            except (OSError, RuntimeError) as refused:
                raise ExecutorLostError(
                    f"The {self._processes} processes that were to read the accounts cannot be started "
                    f"({type(refused).__name__}): name fewer with --executor local:N."
                ) from refused
            yield entered.enter_context(Client(cluster))

    def _lost(self) -> ExecutorLostError:
        return ExecutorLostError("The processes that read the accounts are gone.")


class ClusterExecutor(_DaskExecutor):
    """Implements :class:`Executor` with the workers of a Dask scheduler."""

    remote = True

    def __init__(self, address: str) -> None:
        """``address`` is dask://HOST:PORT, or tls://HOST:PORT with the certificates of Dask's own configuration.

        Raises UsageError without the package, and where TLS is asked for and there is no certificate.
        """
        distributed = needs_dask(address)
        scheme, _, where = address.partition("://")
        self._named = address
        self._encrypted = scheme == "tls"
        self._address = f"{'tls' if self._encrypted else 'tcp'}://{where}"
        self._security = distributed.Security(require_encryption=True) if self._encrypted else distributed.Security()
        if self._encrypted and self._security.get_connection_args("client").get("ssl_context") is None:
            raise UsageError(
                f"--executor {address} needs a certificate of this client and of the authority that it trusts: set "
                f"{', '.join(_CERTIFICATES[:-1])} and {_CERTIFICATES[-1]}, or the same in Dask's configuration."
            )

    @contextmanager
    def _client(self) -> Iterator[Any]:
        from distributed import Client  # noqa: PLC0415 - heavy, and only for a run that asks for it

        with ExitStack() as entered:
            entered.enter_context(_quiet())
            try:
                client = entered.enter_context(
                    Client(self._address, security=self._security, timeout=_CONNECT, set_as_default=False)
                )
            except (OSError, TimeoutError, RuntimeError, ValueError) as refused:
                raise UsageError(
                    f"No Dask scheduler can be used at {self._named} ({type(refused).__name__}): see that it runs, "
                    f"and speaks {'TLS, with certificates of the same authority' if self._encrypted else 'plain TCP'}."
                ) from refused
            if not client.scheduler_info()["workers"]:
                _log.warning("No worker has joined the Dask scheduler at %s yet: waiting for one.", self._named)
            yield client

    def _lost(self) -> ExecutorLostError:
        return ExecutorLostError(f"The Dask scheduler at {self._named} is gone.")


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps Dask's own log from standard error: what matters of it is told by us."""
    logger = logging.getLogger("distributed")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)
