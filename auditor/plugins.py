"""Finds providers, checks, reporters and scenarios; checks and reporters of others are loaded in the same way as ours.

Built-ins are dotted strings here, so the core imports no cloud, check or format. Those of others come from entry
points (groups ``serverless_auditor.checks`` and so on), loaded only when ``--plugins`` names their distribution,
and from ``--checks-dir``.
"""

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from hashlib import sha256
from importlib.metadata import EntryPoint, PackageNotFoundError, distribution
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from auditor.check import Check
from auditor.errors import UsageError, suggestion
from auditor.formats import FORMATS
from auditor.loading import import_file, loading
from auditor.model.ids import Cloud
from auditor.provider import Provider
from auditor.reporter import AnyReporter, Reporter
from auditor.scenario import Deployment, Scenario

PROVIDERS = {
    Cloud.AWS: "providers.aws.provider:AwsProvider",
    Cloud.AZURE: "providers.azure.provider:AzureProvider",
    Cloud.GCP: "providers.gcp.provider:GcpProvider",
}
SCENARIOS = {"company": "moto_fixtures.company:COMPANY"}
GROUPS = {
    "checks": "serverless_auditor.checks",
    "reporters": "serverless_auditor.reporters",
}


def provider(cloud: Cloud) -> Provider:
    """The provider of a cloud."""
    return cast("Provider", _load(PROVIDERS[cloud])())


def providers() -> dict[Cloud, Provider]:
    """Every provider by cloud."""
    return {cloud: provider(cloud) for cloud in PROVIDERS}


def reporter(name: str, plugins: Iterable[str] = ()) -> AnyReporter:
    """The reporter of a format, ours or from a named distribution."""
    if name in FORMATS:
        return cast("AnyReporter", _load(FORMATS[name].reporter)())
    extra = {found.name: found for found in entry_points("reporters", plugins)}
    if name not in extra:
        known = sorted({*FORMATS, *extra})
        raise UsageError(
            f"There is no report format {name!r}, only {', '.join(known)}{suggestion(name, known)} "
            "One that a package brings is known where --plugins names the package."
        )
    made = cast("Reporter", _made(extra[name], _REPORTER))
    if made.format != name:
        raise UsageError(
            f"The plug-in {_owner(extra[name])}: its entry point is called {name!r}, and the format {made.format!r}: "
            "give both the same name."
        )
    if Path(made.filename).name != made.filename or made.filename.lower() in _TAKEN:
        raise UsageError(
            f"The plug-in {_owner(extra[name])}: the format {name!r} writes {made.filename!r}, which must be the name "
            f"of a file other than {', '.join(sorted(_TAKEN))}."
        )
    return made


_REPORTER = {"format": str, "filename": str, "write": Callable}
"""What an object of a plug-in must have, by name; see the contract in auditor/reporter.py."""

_TAKEN = frozenset({"manifest.json", "snapshot", *(form.filename for form in FORMATS.values())})


def start_scenario(name: str, clouds: Iterable[Cloud], begin: Callable[[Scenario], None]) -> Deployment:
    """Starts a bundled demo scenario; ``begin`` is called before that takes its time.

    Raises UsageError where the demo's own requirements are not installed, whichever of them it is.
    """
    try:
        found = cast("Scenario", _load(SCENARIOS[name]))
        begin(found)
        return found.start(clouds)
    except ImportError as missing:
        top = (missing.name or "").partition(".")[0]
        if top in _OWN:
            raise
        raise UsageError(
            f"The demo needs the Python package {top or missing}, which cannot be imported: "
            "pip install 'serverless-auditor[demo]'."
        ) from missing


_OWN = frozenset({"auditor", "providers", "checks", "reports", "moto_fixtures"})


def checks(plugins: Iterable[str] = (), directories: Iterable[Path] = ()) -> tuple[Check, ...]:
    """Every check: ours, those of named distributions, those in directories. Sorted by id, ids unique."""
    return _unique((*_built_in(), *_from_distributions(plugins), *_from_directories(directories)))


def checks_of_file(path: Path, plugins: Iterable[str] = ()) -> tuple[Check, ...]:
    """The checks that one Python file declares. Raises UsageError where it declares none or takes another's id."""
    own = tuple(_in_module(import_file(path)))
    if not own:
        raise UsageError(
            f"{path} declares no check: decorate a generator function with @check(...) of auditor.check, in this file."
        )
    _unique((*checks(plugins), *own))
    return own


def _unique(declared: Iterable[Check]) -> tuple[Check, ...]:
    found: dict[str, Check] = {}
    for check in declared:
        for name in check.names:
            other = found.setdefault(name, check)
            if other is not check:
                raise UsageError(
                    f"Two checks are called {name!r}: in {other.module} and in {check.module}. Rename one."
                )
    return tuple(found[key] for key in sorted(found) if key == found[key].id)


@cache
def _built_in() -> tuple[Check, ...]:
    package = _ours("checks")
    walked = pkgutil.walk_packages(package.__path__, "checks.")
    return tuple(check for info in walked if not info.ispkg for check in _in_module(importlib.import_module(info.name)))


def _in_module(module: ModuleType) -> Iterator[Check]:
    return (value for value in vars(module).values() if isinstance(value, Check) and value.module == module.__name__)


def _from_distributions(plugins: Iterable[str]) -> Iterator[Check]:
    for found in entry_points("checks", plugins):
        loaded = _from(found)
        if isinstance(loaded, Check):
            yield loaded
            continue
        if not isinstance(loaded, ModuleType):
            raise UsageError(
                f"The plug-in {_owner(found)} is of the wrong shape: {found.value} under {GROUPS['checks']} must be a "
                f"module or a package that declares checks, or one check, not a {type(loaded).__name__}."
            )
        package_path = getattr(loaded, "__path__", None)
        if package_path is None:
            yield from _in_module(loaded)
            continue
        for info in pkgutil.walk_packages(package_path, f"{loaded.__name__}."):
            name = info.name
            what = f"The plug-in {_owner(found)}: {name}"
            yield from _in_module(loading(what, partial(importlib.import_module, name)))


def _from_directories(directories: Iterable[Path]) -> Iterator[Check]:
    for directory in directories:
        if not directory.is_dir():
            raise UsageError(f"--checks-dir {directory}: there is no such directory.")
        for path in sorted(directory.rglob("*.py")):
            if path.name.startswith("_"):
                continue
            yield from _in_module(import_file(path))


def entry_points(kind: str, plugins: Iterable[str]) -> Iterator[EntryPoint]:
    """The entry points of a kind that the named distributions offer. Raises UsageError for one not installed."""
    for name in plugins:
        try:
            found = distribution(name)
        except PackageNotFoundError as missing:
            raise UsageError(
                f"--plugins names {name!r}, which is not installed here: it takes the name of a distribution, as in "
                "'pip install NAME'."
            ) from missing
        points = [point for point in found.entry_points if point.group in GROUPS.values()]
        if not points:
            raise UsageError(
                f"--plugins names {name!r}, which brings no checks and no formats: it has no entry point in "
                f"{', '.join(GROUPS.values())}."
            )
        yield from (point for point in points if point.group == GROUPS[kind])


def _from(point: EntryPoint) -> Any:
    return loading(f"{point.value!r} of the plug-in {_owner(point)}", point.load, "loaded")


def described(plugins: Iterable[str], directories: Iterable[Path]) -> tuple[Mapping[str, str | None], ...]:
    """Whose code takes part: ``name``, ``version`` (None for a directory) and ``sha256`` of its Python files."""
    found: list[Mapping[str, str | None]] = []
    for name in dict.fromkeys(plugins):
        points = [point for kind in GROUPS for point in entry_points(kind, (name,))]
        sources = sorted({path for point in points for path in _sources(point)})
        found.append({"name": name, "version": distribution(name).version, "sha256": _digest(sources)})
    for directory in dict.fromkeys(directories):
        sources = sorted((path.relative_to(directory).as_posix(), path) for path in directory.rglob("*.py"))
        found.append({"name": str(directory), "version": None, "sha256": _digest(sources)})
    return tuple(found)


def _sources(point: EntryPoint) -> Iterator[tuple[str, Path]]:
    """The Python files behind an entry point: its module, or everything below its package."""
    top = point.module.partition(".")[0]
    spec = importlib.util.find_spec(top)
    for folder in map(Path, (spec.submodule_search_locations or ()) if spec else ()):
        yield from ((f"{top}/{path.relative_to(folder).as_posix()}", path) for path in folder.rglob("*.py"))
    if spec is not None and not spec.submodule_search_locations and spec.origin:
        yield Path(spec.origin).name, Path(spec.origin)


def _digest(sources: Iterable[tuple[str, Path]]) -> str:
    digest = sha256()
    for name, path in sources:
        digest.update(f"{name} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _made(point: EntryPoint, shape: Mapping[str, Any]) -> Any:
    """The object a plug-in makes. Raises UsageError that names the plug-in where it is not of the promised shape."""
    load = _from(point)
    made = loading(f"The plug-in {_owner(point)}: {point.value}", load, "set up") if callable(load) else load
    for name, kind in shape.items():
        if not isinstance(getattr(made, name, None), kind):
            what = "a method" if kind is Callable else f"a {kind.__name__}"
            raise UsageError(
                f"The plug-in {_owner(point)} is of the wrong shape: {point.value} must make an object whose "
                f"{name!r} is {what}."
            )
    return made


def _owner(point: EntryPoint) -> str:
    return point.dist.name if point.dist else "?"


def _load(dotted: str) -> Any:
    module, _, name = dotted.partition(":")
    return getattr(_ours(module), name)


def _ours(module: str) -> ModuleType:
    """A module of the packages installed beside this one; a namesake found first would run with our name on it.

    Raises UsageError for a namesake, before a line of it runs.
    """
    top = module.partition(".")[0]
    if top not in sys.modules:
        found = importlib.util.find_spec(top)
        origin = Path(found.origin or "").parent.parent if found else None
        if origin is not None and origin.resolve() != _HOME:
            raise UsageError(
                f"The package {top!r} in {origin} hides the auditor's own in {_HOME}: install the auditor in an "
                "environment of its own, and clear PYTHONPATH."
            )
    return importlib.import_module(module)


_HOME = Path(__file__).resolve().parent.parent
