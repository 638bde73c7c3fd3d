"""What calls functions by URL: push subscriptions and scheduled jobs."""

from typing import Any, Final
from urllib.parse import urlsplit

from auditor.model.guardrails import Caller
from auditor.model.observed import Gap, Observed, Unknown
from auditor.model.secret import SecretVerdict
from providers.answers.variables import variable
from providers.gcp.normalize.answers import Told, known
from providers.gcp.normalize.assets import JOB, SUBSCRIPTION
from providers.gcp.normalize.collections import Collection
from providers.gcp.normalize.fields import UnreadableError, member, optional_member, optional_text, text
from providers.gcp.normalize.function_list import Entry
from providers.gcp.normalize.project_index import ProjectIndex

_SUBSCRIPTIONS: Final = "pubsub:ListSubscriptions"
_JOBS: Final = "cloudscheduler:ListJobs"


class Callers:
    """The callers among all projects' subscriptions and jobs, by the host and path they call."""

    def __init__(self, estate: ProjectIndex) -> None:
        self._by_host: dict[str, list[tuple[str, Caller, str]]] = {}
        self._gaps: dict[str, Gap | None] = {}
        for name, project in estate.projects.items():
            subscriptions = Collection(
                project.answers,
                project.assets,
                estate.ids,
                kind=SUBSCRIPTION,
                operation=_SUBSCRIPTIONS,
                key="subscriptions",
            )
            jobs = Collection(project.answers, project.assets, estate.ids, kind=JOB, operation=_JOBS, key="jobs")
            self._gaps[name] = subscriptions.everywhere() or jobs.everywhere()
            for collection, read in ((subscriptions, _subscription), (jobs, _job)):
                for told in collection.all():
                    self._add(name, told, read)

    def _add(self, project: str, told: Told, read: Any) -> None:
        found: Observed[Caller | None] = told.fact(lambda body: read(body, told.name))
        if isinstance(found, Unknown):
            self._gaps[project] = self._gaps[project] or found.gap
        elif found.value is not None:
            host = found.value.target.partition("/")[0]
            self._by_host.setdefault(host, []).append((found.value.target, found.value, told.source))

    def of(self, entry: Entry, urls: tuple[str, ...], project: str) -> Observed[tuple[Caller, ...]]:
        """The callers of a function that answers on some URLs."""
        found: list[Caller] = []
        source = ""
        for url in urls:
            address = _address(url)
            if address is None:
                continue
            for target, caller, told in self._by_host.get(address.partition("/")[0], ()):
                if _under(target, address):
                    found.append(_owned(caller, entry.id))
                    source = source or told
        gap = self._gaps.get(project)
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


def _subscription(body: dict[str, Any], name: str) -> Caller | None:
    push = optional_member(body, "pushConfig")
    if not optional_text(push, "pushEndpoint"):
        return None
    return _caller("subscription", name, text(push, "pushEndpoint"), push, "pushQuery")


def _job(body: dict[str, Any], name: str) -> Caller | None:
    if "httpTarget" not in body:
        return None
    target = member(body, "httpTarget")
    return _caller("scheduled job", name, text(target, "uri"), target, "uriQuery")


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
