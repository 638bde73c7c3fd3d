"""The pipeline, readable aloud: normalise, evaluate, score, report."""

import gc
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

from auditor.analysis.cost.prices import SHIPPED, PriceList
from auditor.analysis.cost.reckoned import Ceilings
from auditor.analysis.imported_scans import ImportedScan, with_imports
from auditor.analysis.unused_permissions import unused_permissions
from auditor.check import Check
from auditor.config import CheckSettings, PriceSettings
from auditor.engine.context import EvaluationContext
from auditor.engine.coverage import measure
from auditor.engine.derive import derived
from auditor.engine.evaluate import Results, describe, evaluate
from auditor.engine.judged import JudgedCapture
from auditor.engine.report import AuditReport, RunFacts
from auditor.engine.report_spool import SpooledReport
from auditor.errors import AuditorError, ExitCode, FormatError, UsageError
from auditor.model.capture import Capture
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory
from auditor.model.observed import Unknown
from auditor.model.waiver import Waivers
from auditor.provider import Provider
from auditor.reporter import AnyReporter, DirectoryReporter, Report
from auditor.snapshot.files import atomic, atomic_directory, storing

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Judging:
    """What to judge with. ``as_of`` None: the capture's own date. ``narrowing`` is what functions have to match besides
    what the capture was narrowed to. ``plugins`` say whose code takes part. ``imports`` are the reports of others.
    ``left_out`` are the checks that would show a trait of functions and are not to be run.
    """

    checks: tuple[Check, ...]
    settings: CheckSettings
    as_of: date | None
    fail_on: str
    fail_on_incomplete: bool
    selection: Mapping[str, object]
    narrowing: tuple[tuple[str, str], ...] = ()
    plugins: tuple[Mapping[str, object], ...] = ()
    waivers: Waivers | None = None
    strict_waivers: bool = False
    only_new: bool = False
    prices: PriceSettings = field(default_factory=PriceSettings)
    imports: tuple[ImportedScan, ...] = ()
    left_out: tuple[Check, ...] = ()


def audit(
    capture: Capture, providers: Mapping[Cloud, Provider], judging: Judging, signalled: ExitCode | None = None
) -> AuditReport:
    """Everything after collection. Pure but for reading the snapshot.

    ``signalled`` is the exit code of a run that a signal ended: it wins over what the report would come to.
    """
    with _nothing_thrown_away():
        return _audited(judged(capture, providers), providers, judging, signalled)


@contextmanager
def _nothing_thrown_away() -> Iterator[None]:
    """Puts the search for cyclic garbage off: an evaluation keeps what it makes, and going through it costs a sixth."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _audited(
    capture: Capture, providers: Mapping[Cloud, Provider], judging: Judging, signalled: ExitCode | None
) -> AuditReport:
    prices = judging.prices.listed()
    verdicts = reach_verdicts(
        capture,
        providers,
        judging.checks,
        judging.settings,
        judging.as_of,
        narrowing=judging.narrowing,
        imports=judging.imports,
        prices=prices,
    )
    inventory, results = verdicts.inventory, verdicts.results
    run = RunFacts(
        selection={**judging.selection, **_narrowing(dict.fromkeys((*capture.facts.selection, *judging.narrowing)))},
        as_of=verdicts.as_of.isoformat(),
        fail_on=judging.fail_on,
        fail_on_incomplete=judging.fail_on_incomplete,
        listing=frozenset(name for provider in providers.values() for name in provider.listing),
        owner_keys=judging.settings.owner_tags,
        settings=_changed(judging.settings),
        ceilings=verdicts.ceilings,
        changed_prices=judging.prices.changed(),
        plugins=judging.plugins,
        signalled=signalled,
        waivers=judging.waivers,
        strict_waivers=judging.strict_waivers,
        only_new=judging.only_new,
        left_out=judging.left_out,
    )
    _log.info("judged %d functions by %d checks", len(inventory.functions), len(judging.checks))
    return AuditReport(capture.facts, inventory, results, measure(capture), run)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What checks say of a capture, and of which day, and the spend ceilings that they asked for."""

    inventory: Inventory
    results: Results
    as_of: date
    ceilings: Ceilings


def reach_verdicts(
    capture: Capture,
    providers: Mapping[Cloud, Provider],
    checks: Sequence[Check],
    settings: CheckSettings,
    as_of: date | None,
    *,
    narrowing: Iterable[tuple[str, str]] = (),
    prices: PriceList = SHIPPED,
    imports: Sequence[ImportedScan] = (),
) -> Verdicts:
    """Normalises a capture, as :func:`judged` reads it, and runs checks over it, on what both narrowings leave."""
    told = derived(_normalize(capture, providers.values()), capture, providers)
    inventory = told.inventory
    if imports:
        inventory = replace(inventory, functions=with_imports(inventory.functions, imports))
    _refuse_twins(inventory.functions)
    today = as_of or date.fromisoformat(capture.facts.started_at[:10])
    # the context knows every function: narrowing must not hide who else runs as a role
    context = EvaluationContext(inventory, today, settings, prices, told.role_paths)
    inventory = _with_unused_permissions(narrowed(narrowed(inventory, capture.facts.selection), narrowing), context)
    return Verdicts(inventory, evaluate(inventory, checks, context), today, context.ceilings)


def _with_unused_permissions(inventory: Inventory, context: EvaluationContext) -> Inventory:
    """The inventory with what the code of each package that was read leaves unused of its role."""
    functions = tuple(
        replace(function, code=replace(function.code, unused_permissions=unused_permissions(function, context)))
        if function.cloud is Cloud.AWS
        else function
        for function in inventory.functions
    )
    return replace(inventory, functions=functions)


def judged(capture: Capture, providers: Mapping[Cloud, Provider]) -> Capture:
    """The capture as it is read: what does not hold what its operation promises is a gap."""
    return JudgedCapture(
        capture, {cloud: {each.id: each for each in provider.operations} for cloud, provider in providers.items()}
    )


def _changed(settings: CheckSettings) -> dict[str, object]:
    """The settings that differ from their defaults: what may have changed a verdict."""
    defaults = CheckSettings().model_dump(mode="json")
    return {name: value for name, value in settings.model_dump(mode="json").items() if value != defaults[name]}


def _normalize(capture: Capture, providers: Iterable[Provider]) -> Inventory:
    captured = {cloud for cloud, _, _ in capture.facts.scopes}
    parts = [provider.normalize(capture) for provider in providers if provider.cloud in captured]
    return Inventory(
        scopes=tuple(scope for part in parts for scope in part.scopes),
        locations=tuple(location for part in parts for location in part.locations),
        functions=tuple(function for part in parts for function in part.functions),
    )


def _narrowing(selection: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """What a capture was narrowed to, by the option's name."""
    chosen: dict[str, list[str]] = {}
    for kind, value in selection:
        chosen.setdefault(kind, []).append(value)
    return chosen


def _refuse_twins(functions: Iterable[Function]) -> None:
    """A function that two accounts claim comes from a copied folder: whose it is, nobody could tell."""
    seen: dict[str, Function] = {}
    for function in functions:
        other = seen.setdefault(function.id, function)
        if (other.scope, other.location) != (function.scope, function.location):
            locations = " and ".join(sorted({f"{each.scope}/{each.location}" for each in (function, other)}))
            raise UsageError(
                f"The snapshot holds the function {function.id} twice, in {locations}: was a folder of it copied under "
                "another name? Evaluate the snapshot as it was collected."
            )


def narrowed(inventory: Inventory, selection: Iterable[tuple[str, str]]) -> Inventory:
    """The functions that ``--function`` and ``--tag`` asked for. One whose tags are unknown stays: it might match."""
    chosen = tuple(selection)
    globs = [value for kind, value in chosen if kind == "function"]
    tags = [value.partition("=")[::2] for kind, value in chosen if kind == "tag"]

    def wanted(function: Function) -> bool:
        if globs and not any(fnmatchcase(function.name, glob) for glob in globs):
            return False
        if isinstance(function.tags, Unknown):
            return True
        own = function.tags.value
        return all(own.get(key) == value for key, value in tags)

    return replace(inventory, functions=tuple(filter(wanted, inventory.functions)))


def write(
    report: Report, reporters: Iterable[AnyReporter], directory: Path, crashed: Callable[[str], None]
) -> tuple[Path, ...]:
    """Writes each format into the directory, each whole or not at all.

    A reporter that crashes, or cannot write, costs its own file and no other: ``crashed`` is called with a sentence,
    and a report.json that was written before is written again, so that it can tell of it. Raises the crash where
    nothing was written.
    """
    chosen = tuple(reporters)
    if len(chosen) > 1:
        with SpooledReport(report) as spooled:
            return _write(spooled, chosen, directory, crashed)
    return _write(report, chosen, directory, crashed)


def _write(
    report: Report, chosen: tuple[AnyReporter, ...], directory: Path, crashed: Callable[[str], None]
) -> tuple[Path, ...]:
    written: dict[str, Path] = {}
    crashes: list[Exception] = []
    failed: list[FormatError] = []
    for reporter in chosen:
        try:
            written[reporter.format] = _written(report, reporter, directory)
        except FormatError as unwritten:
            failed.append(unwritten)
        except AuditorError:
            raise
        except Exception as crash:  # noqa: BLE001 - another's code, or ours: the other formats are written all the same
            crashes.append(crash)
            crashed(f"The format {reporter.format} crashed ({describe(crash)}): {reporter.filename} was not written.")
    if (crashes or failed) and not written:
        raise (*crashes, *failed)[0]
    for sentence in map(str, failed):
        crashed(sentence)
    for reporter in chosen if crashes or failed else ():
        if reporter.format == "json" and "json" in written:
            _written(report, reporter, directory)
    return tuple(written.values())


def _written(report: Report, reporter: AnyReporter, directory: Path) -> Path:
    path = directory / reporter.filename
    if isinstance(reporter, DirectoryReporter):
        with storing(path), atomic_directory(path) as place:
            reporter.write_into(report, place)
        return path
    with atomic(path) as stream:
        reporter.write(report, stream)
    _log.debug("written %s", path)
    return path
