"""Which projects there are to read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from auditor.errors import NoScopeError, UsageError
from auditor.model.observed import GapReason
from auditor.provider import CollectOptions, Recorder
from providers.answers.json_paths import text
from providers.calls.once import Once
from providers.calls.opening import Opening, unopened
from providers.calls.reply import Refusal
from providers.gcp.collect.ancestors import chain
from providers.gcp.collect.project_context import Project
from providers.gcp.gateway import Gateway, Request, Target
from providers.gcp.operations import BY_ID
from providers.gcp.session import SIGN_IN

_SEARCH: Final = "resourcemanager:SearchProjects"
_GET: Final = "resourcemanager:GetProject"
_ID: Final = re.compile(r"[a-z0-9][a-z0-9.:-]*")
_LIVE: Final = "ACTIVE"
_LEAVING: Final = "DELETE_REQUESTED"
_REMEDY: Final = (
    f"name one with --project-id, or grant them {BY_ID[_SEARCH].permission} on each project to be read, which the role"
    " that 'auditor permissions gcp' prints holds"
)
"""Google answers a search with those projects alone that the caller may look at: seeing none is a refusal, too."""

_HOPELESS: Final = frozenset({GapReason.EXPIRED, GapReason.UNREACHABLE})


def parent_of(options: CollectOptions) -> str:
    """The folder or organisation whose projects are asked for; "" for all. Raises UsageError for one that is none."""
    for setting, kind in (("folder_id", "folders"), ("organization_id", "organizations")):
        given = (options.settings.get(setting) or "").strip().removeprefix(f"{kind}/")
        if given:
            if not given.isdecimal():
                option = setting.replace("_", "-")
                raise UsageError(f"--{option} takes the number of a {kind[:-1]}, not {given!r}.")
            return f"{kind}/{given}"
    return ""


def projects_to_read(
    gateway: Gateway, options: CollectOptions, recorder: Recorder, shared: Once
) -> tuple[Project, ...]:
    """The projects of this run, sorted; none where the run was stopped first.

    Raises NoScopeError where there is none to read, UsageError for a name that cannot be a project's.
    """
    named = _named(options)
    rows_found = _get(gateway, named) if named else _search(gateway, recorder)
    found = tuple(_live(rows_found, recorder, said=bool(named)))
    parent = parent_of(options)
    if parent:
        found = tuple(_below(found, parent, gateway, recorder, shared))
    if not found and not gateway.stopped:
        where = f" below {parent}" if parent else ""
        raise NoScopeError(f"The Google Cloud credentials see no active project{where}: {_REMEDY}.")
    return tuple(sorted(found, key=lambda project: project.id))


def _named(options: CollectOptions) -> tuple[str, ...]:
    names = [name.strip().removeprefix("projects/") for name in (options.settings.get("project_id") or "").split(",")]
    for name in filter(None, names):
        if not _ID.fullmatch(name):
            raise UsageError(f"{name!r} cannot be the id of a Google Cloud project.")
    return tuple(dict.fromkeys(filter(None, names)))


def _search(gateway: Gateway, recorder: Recorder) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    refusals: list[Refusal] = []
    unreadable = 0

    def keep(_page: int, answer: Any) -> bool:
        nonlocal unreadable
        if isinstance(answer, Refusal):
            refusals.append(answer)
            return False
        for row in answer.get("projects") or ():
            if project := _project(row):
                gateway.record(_SEARCH, Target(project.id), 0, {"projects": [dict(row)]})
                found.append(row)
            else:
                unreadable += 1
        return True

    gateway.pages(_SEARCH, Target(""), Request(), keep)
    if unreadable:
        recorder.error(f"{unreadable} entries of the list of projects name no project: what they are was not read.")
    if refusals and not found:
        _unknown(gateway, _SEARCH, refusals[0])
    elif refusals:
        recorder.error(f"The list of projects broke off, so some were not read ({refusals[0].message.rstrip('.')}).")
    return found


def _get(gateway: Gateway, names: tuple[str, ...]) -> list[Mapping[str, Any]]:
    """The projects that were named. One that may not be looked at is tried all the same."""
    found: list[Mapping[str, Any]] = []
    refusals: list[Refusal] = []
    for name in names:
        answer = gateway.ask(_GET, Target(name, own=frozenset({name})), Request({"project": name}))
        if isinstance(answer, Refusal):
            refusals.append(answer)
            found.append({"projectId": name, "state": _LIVE})
        else:
            found.append(answer if _project(answer) else {**answer, "projectId": name})
        scope = text(found[-1], "projectId")
        gateway.record(_GET, Target(scope), 0, answer)
    if len(refusals) == len(names) and all(refusal.reason in _HOPELESS for refusal in refusals):
        _unknown(gateway, _GET, refusals[0])
    return found


def _unknown(gateway: Gateway, operation: str, refusal: Refusal) -> None:
    """Raises NoScopeError for a refusal that leaves no project to read; a stopped run ends quietly."""
    if refusal.reason is GapReason.INTERRUPTED:
        return
    failed = "The Google Cloud projects cannot be listed"
    if refusal.off:
        said = refusal.message.rstrip(".")
        raise NoScopeError(f"{failed} ({said}): enable that API, or name a project with --project-id.")
    grant = "grant it ('auditor permissions gcp' prints a role), or name a project with --project-id"
    address, setting = gateway.address(operation)
    opening = Opening("Google Cloud", failed, SIGN_IN, BY_ID[operation].permission, grant, address, setting)
    raise unopened(opening, refusal)


def _project(row: Any) -> Project | None:
    name = text(row, "projectId")
    number = text(row, "name").removeprefix("projects/")
    return Project(name, number if number.isdecimal() else "", text(row, "parent")) if name else None


def _live(found: Iterable[Mapping[str, Any]], recorder: Recorder, *, said: bool) -> Iterator[Project]:
    for row in found:
        project = _project(row)
        if project is None:
            continue
        state = row.get("state")
        if state == _LEAVING:
            if said:
                recorder.error(f"Project {project.id} is being deleted ({state}): it was not read.")
            continue
        if state != _LIVE:
            recorder.error(f"Google Cloud does not say whether project {project.id} is active.")
        yield project


def _below(
    found: Iterable[Project], parent: str, gateway: Gateway, recorder: Recorder, shared: Once
) -> Iterator[Project]:
    """The projects below a folder or organisation, as far as the folders between may be looked at."""
    untold: list[str] = []
    for project in found:
        above = chain(gateway, shared, project.parent)
        if parent in above:
            yield project
        elif not above or not above[-1].startswith("organizations/"):
            untold.append(project.id)
    if untold:
        recorder.error(
            f"Whether these projects are below {parent} could not be read (resourcemanager.folders.get), so they "
            f"were left out: {', '.join(sorted(untold)[:20])}."
        )
