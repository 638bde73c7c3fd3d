"""What becomes of findings about roles on Azure and Google Cloud once role assignments are taken back.

Sites are those of assignments (:func:`auditor.analysis.role_assignments.assignment_site`), whichever check leads there.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from auditor.analysis.permissions.role_paths import RolePaths
from auditor.analysis.permissions.role_steps import Path, certainly_administers, strong
from auditor.analysis.permissions.takeover import TakenBy, powerful
from auditor.analysis.role_assignments import Held, assignment_site, held_roles
from auditor.model.finding import Dependence
from auditor.model.function import Function
from auditor.model.severity import Severity

_DEEPEST: Final = 4
"""How many changes are looked for that end all paths together."""


def until_weak(
    graded: Iterable[tuple[Severity, str]], now: Severity, least: Severity | None = None
) -> tuple[Dependence, ...]:
    """What becomes of a defect that is as grave as the gravest of several roles, each with its site, with those from
    ``now`` downward taken back one level after the other. ``least``: how grave it is without any; None: it is gone.
    """
    by_severity: dict[Severity, dict[str, None]] = {}
    for severity, site in graded:
        by_severity.setdefault(severity, {})[site] = None
    levels = sorted(by_severity, key=lambda level: -level.rank)
    taken: dict[str, None] = {}
    found = []
    for level, after in zip(levels, (*levels[1:], least), strict=False):  # no level has nothing after it
        taken |= by_severity[level]
        if after is None or after.rank < now.rank:
            found.append(Dependence(sites=tuple(taken), then=after))
    return tuple(found)


def until_harmless(function: Function, found: TakenBy, now: Severity) -> tuple[Dependence, ...]:
    """What becomes of a way to take a function over once its identities may less, or the way lacks a second role."""
    doubted = bool(found.step.doubt)
    grave = (Severity.CRITICAL, Severity.HIGH) if not doubted else (Severity.HIGH, Severity.MEDIUM)
    graded = (
        (grave[not certainly_administers(held.binding)], held.site)
        for held in held_roles(function)
        if certainly_administers(held.binding) or powerful(function, held.binding)
    )
    return (*until_weak(graded, now, Severity.INFORMATIONAL), *_second_roles(found))


def _second_roles(found: TakenBy) -> Iterator[Dependence]:
    """The further roles that a way takes, where one principal has it: without one of them it is none."""
    if len(found.holders) != 1:
        return
    holder = found.holders[0]
    for access in found.step.proof[1:]:
        again = [role for role in holder.roles if access.permission in (*role.permissions, *role.limited_permissions)]
        if again == [access.binding]:
            yield Dependence(sites=(assignment_site(access.binding, access.binding.through or holder.id),))


def until_shorter(
    paths: RolePaths, held: Held, path: Path, severity: Callable[[Path], Severity]
) -> tuple[Dependence, ...]:
    """What becomes of the paths that a role begins, of which this is the gravest, once further roles on the way, or
    those that make its end an administrator, are taken back: the paths are looked for again without those.
    """
    found: dict[tuple[str, ...], Severity | None] = {}
    for sites in _along(paths, held, path):
        taken = sites
        for _ in range(_DEEPEST):  # another path may be left, which takes further changes
            left = paths.without(frozenset(taken)).paths(held.identity.principal)
            rest = next((each for each in left if each.steps[0].proof[0].binding.id == held.binding.id), None)
            then = None if rest is None else severity(rest)
            if then is None or then.rank < severity(path).rank:
                found[taken] = then
            further = None if rest is None else next(_along(paths, held, rest), None)
            if further is None or set(further) <= set(taken):
                break
            taken = tuple(dict.fromkeys((*taken, *further)))
    return tuple(Dependence(sites=sites, then=then) for sites, then in found.items())


def _along(paths: RolePaths, held: Held, path: Path) -> Iterator[tuple[str, ...]]:
    """The sites of each further role that a path takes, each alone, and of all that make its end strong."""
    who: tuple[str, ...] = (held.identity.principal,)
    told = {held.site}
    for step in path.steps:
        for access in step.proof:
            site = _site(paths, who, access.binding.id)
            if site is not None and site not in told:
                told.add(site)
                yield (site,)
        who = step.target.runs_as
    end = paths.estate.holder(path.reached)
    roles = end.roles if end is not None else ()
    for counts in (certainly_administers, strong):
        sites = tuple(dict.fromkeys(assignment_site(r, r.through or path.reached) for r in roles if counts(r)))
        if sites:
            yield sites


def _site(paths: RolePaths, principals: tuple[str, ...], binding: str) -> str | None:
    """The site of a role that one of some principals holds."""
    for principal in principals:
        holder = paths.estate.holder(principal)
        for role in holder.roles if holder is not None else ():
            if role.id == binding:
                return assignment_site(role, role.through or principal)
    return None
