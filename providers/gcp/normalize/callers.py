"""What calls functions by URL: push subscriptions, scheduled jobs, queues of tasks and workflows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from auditor.model.guardrails import Caller
from auditor.model.observed import Gap, Observed, Unknown
from auditor.model.secret import SecretVerdict
from providers.answers.variables import variable
from providers.gcp.normalize.answers import Told, known
from providers.gcp.normalize.assets import JOB, QUEUE, SUBSCRIPTION, WORKFLOW
from providers.gcp.normalize.collections import Collection
from providers.gcp.normalize.fields import (
    UnreadableError,
    items,
    member,
    optional_member,
    optional_text,
    record,
    text,
)
from providers.gcp.normalize.function_list import Entry
from providers.gcp.normalize.project_index import ProjectIndex

_SUBSCRIPTIONS: Final = "pubsub:ListSubscriptions"
_JOBS: Final = "cloudscheduler:ListJobs"
_QUEUES: Final = "cloudtasks:ListQueues"
_WORKFLOWS: Final = "workflows:ListWorkflows"
LISTS: Final = {
    SUBSCRIPTION: (_SUBSCRIPTIONS, "subscriptions"),
    JOB: (_JOBS, "jobs"),
    QUEUE: (_QUEUES, "queues"),
    WORKFLOW: (_WORKFLOWS, "workflows"),
}
"""By the type of caller, the operation that lists them and where."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call of an address, by whom, and what told of it. ``kind`` is the caller's type in the inventory."""

    caller: Caller
    kind: str
    told: Told


class Callers:
    """The callers among all projects' subscriptions and jobs, by the host and path they call."""

    def __init__(self, estate: ProjectIndex) -> None:
        self._by_host: dict[str, list[Call]] = {}
        self._gaps: dict[str, dict[str, Gap]] = {name: {} for name in estate.projects}
        self._told: dict[tuple[str, str], tuple[Told, ...]] = {}
        for name, project in estate.projects.items():
            for kind, (operation, key) in LISTS.items():
                listed = Collection(
                    project.answers, project.assets, estate.ids, kind=kind, operation=operation, key=key
                )
                self._told[name, kind] = tuple(listed.all())
                self._note(name, kind, listed.everywhere())
                for told in self._told[name, kind]:
                    self._add(name, kind, told)

    def _note(self, project: str, kind: str, gap: Gap | None) -> None:
        if gap is not None:
            self._gaps[project].setdefault(kind, gap)

    def _add(self, project: str, kind: str, told: Told) -> None:
        found = told.fact(lambda body: tuple(_READS[kind](body, told.name)))
        if isinstance(found, Unknown):
            self._note(project, kind, found.gap)
            return
        for caller in found.value:
            self._by_host.setdefault(caller.target.partition("/")[0], []).append(Call(caller, kind, told))

    def told(self, project: str, kind: str) -> tuple[Told, ...]:
        """The callers of a type in a project, whatever they call."""
        return self._told[project, kind]

    def gaps(self, project: str) -> dict[str, Gap]:
        """Why the callers in a project are not all known, by their type."""
        return self._gaps[project]

    def calls(self, entry: Entry, urls: tuple[str, ...]) -> Iterator[Call]:
        """The calls of a function that answers on some URLs."""
        for url in urls:
            address = _address(url)
            for call in self._by_host.get(address.partition("/")[0], ()) if address else ():
                if address and _under(call.caller.target, address):
                    yield Call(_owned(call.caller, entry.id), call.kind, call.told)

    def of(self, entry: Entry, urls: tuple[str, ...], project: str) -> Observed[tuple[Caller, ...]]:
        """The callers of a function that answers on some URLs."""
        calls = tuple(self.calls(entry, urls))
        found = [call.caller for call in calls]
        source = next((call.told.source for call in calls), "")
        gap = next(iter(self._gaps[project].values()), None)
        if gap is not None and all(caller.identified and not caller.key_in_url for caller in found):
            return Unknown(gap)  # those that are unread may call without an identity
        return known(tuple(dict.fromkeys(found)), source or _SUBSCRIPTIONS)


def _owned(caller: Caller, function: str) -> Caller:
    return Caller(
        id=caller.id,
        kind=caller.kind,
        target=caller.target,
        function=function,
        identified=caller.identified,
        key_in_url=caller.key_in_url,
    )


def _under(target: str, address: str) -> bool:
    """Whether a call goes to an address or to a path below it."""
    return target == address or target.startswith(address.rstrip("/") + "/")


def _address(url: str) -> str | None:
    """Host and path of a URL, None for what is none."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return f"{host}{parts.path.rstrip('/')}" if host else None


def _subscription(body: dict[str, Any], name: str) -> Iterator[Caller]:
    push = optional_member(body, "pushConfig")
    if optional_text(push, "pushEndpoint"):
        yield _caller("subscription", name, text(push, "pushEndpoint"), push, "pushQuery")


def _job(body: dict[str, Any], name: str) -> Iterator[Caller]:
    if "httpTarget" in body:
        target = member(body, "httpTarget")
        yield _caller("scheduled job", name, text(target, "uri"), target, "uriQuery")


def _queue(body: dict[str, Any], name: str) -> Iterator[Caller]:
    """A queue that sends each task to an address of its own; the others leave the address to whoever makes the task."""
    target = optional_member(body, "httpTarget")
    override = optional_member(target, "uriOverride")
    host = optional_text(override, "host")
    if host:
        path = optional_text(optional_member(override, "pathOverride"), "path") or ""
        yield _caller("task queue", name, f"https://{host}/{path.lstrip('/')}", target, "uriQuery")


def _workflow(body: dict[str, Any], name: str) -> Iterator[Caller]:
    """What the source of a workflow calls. Raises UnreadableError where that was not told."""
    if not isinstance(body.get("calls"), list):
        raise UnreadableError("what the workflow calls is not told")
    for item in items(body, "calls"):
        call = record(item)
        yield Caller(
            id=name,
            kind="workflow",
            target=text(call, "address"),
            function=None,
            identified=optional_text(call, "token") == "OIDC",
            key_in_url=False,
        )


_READS: Final[dict[str, Callable[[dict[str, Any], str], Iterator[Caller]]]] = {
    SUBSCRIPTION: _subscription,
    JOB: _job,
    QUEUE: _queue,
    WORKFLOW: _workflow,
}


def _caller(kind: str, name: str, url: str, config: dict[str, Any], query: str) -> Caller:
    address = _address(url)
    if address is None:
        raise UnreadableError("the address called is no URL")
    judged = (variable(key, value) for key, value in optional_member(config, query).items())
    key_in_url = any(each.verdict is SecretVerdict.SECRET for each in judged)
    return Caller(
        id=name,
        kind=kind,
        target=address,
        function=None,
        identified="oidcToken" in config and bool(member(config, "oidcToken")),
        key_in_url=key_in_url,
    )
