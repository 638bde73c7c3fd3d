"""Which language runtime an app runs, and when Azure ends its support."""

import re
from typing import Any, Final, NamedTuple

from auditor.model.capture import Json
from auditor.model.hosting import HostingKind
from auditor.model.lifecycle import Support
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown
from auditor.model.redacted import find
from providers.answers.fields import day
from providers.azure.normalize.answers import Answers, known
from providers.azure.normalize.fields import (
    UnreadableError,
    filled_text,
    given,
    items,
    member,
    optional_flag,
    optional_member,
    optional_text,
    string,
    text,
)
from providers.azure.normalize.settings import AppSettings
from providers.azure.normalize.sites import Site, configured

_STACKS = "web:ListFunctionAppStacks"

_LANGUAGES = frozenset({"python", "node", "dotnet", "dotnet-isolated", "java", "powershell", "custom", "go"})
_VERSION = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_FRAMEWORK = "dotnetframework"
"""The .NET Framework runs on a worker that carries the version of another .NET, and has its support from Windows."""
_OLDER_NET = {"~1": "4.8", "~2": "2.2", "~3": "3.1"}
"""What in-process .NET is on a Windows host whose framework version was left at its default."""


def flex_runtime(body: dict[str, Any]) -> tuple[str, str | None]:
    """Name and version that a Flex Consumption app states itself."""
    runtime = member(member(body, "functionAppConfig"), "runtime")
    return text(runtime, "name").lower(), optional_text(runtime, "version")


def runtime(site: Site, settings: Observed[AppSettings]) -> Observed[str | None]:
    """``python|3.11``, ``node|20``, ``dotnet-isolated|8.0``…; Known(None) for an image, which brings its own."""
    if site.host.container:
        return known(None, site.source)
    if site.host.kind is HostingKind.FLEX_CONSUMPTION:
        return site.properties.read(lambda body: identifier(*flex_runtime(body)))
    if site.host.system == "linux":
        return _linux(site, settings)
    return _windows(site, settings)


def identifier(language: str, version: str | None) -> str:
    """How our tables name a runtime."""
    language = language.strip().lower()
    if language not in _LANGUAGES:
        raise UnreadableError(f"the runtime {language[:32]!r} is unknown", GapReason.UNRECOGNISED)
    if language == "custom":
        return language
    match = _VERSION.search(version or "")
    if match is None:
        raise UnreadableError(f"the version of {language} is not told", GapReason.UNRECOGNISED)
    return f"{language}|{_version(language, match[0])}"


def _version(language: str, version: str) -> str:
    parts = version.split(".")
    if language == "node":
        return parts[0]
    if language == "java":
        return parts[1] if parts[0] == "1" and len(parts) > 1 else parts[0]
    return ".".join((*parts, "0")[:2])


def _stack(site: Site) -> Observed[str]:
    """The stack of a Linux app; lists repeat it, and older ones among the properties of the site alone."""
    own = configured(site, lambda body: string(body.get("linuxFxVersion"), "linuxFxVersion"))
    if isinstance(own, Known) and own.value:
        return own
    for repeated in (site.listed.read(lambda body: text(body, "linuxFxVersion")), site.properties.read(_repeated)):
        if isinstance(repeated, Known) and repeated.value:
            return repeated
    return own


_STACK: Final = "LinuxFxVersion"


def _repeated(body: dict[str, Any]) -> str:
    entries = items(member(body, "siteProperties"), "properties")
    held = next((entry.get("value") for entry in entries if text(entry, "name") == _STACK), None)
    if isinstance(held, str):  # as snapshots of before held it
        return held
    judged = find(_STACK, held)
    return "" if judged is None else judged.variable.value or ""


def _linux(site: Site, settings: Observed[AppSettings]) -> Observed[str | None]:
    stack = _stack(site)
    if isinstance(stack, Unknown):
        return stack
    if "|" in stack.value:
        language, _, version = stack.value.partition("|")
        return site.answers.fact(stack.source, lambda: identifier(language, version), site.id)
    if isinstance(settings, Known):
        worker = settings.value.get("FUNCTIONS_WORKER_RUNTIME")
        if worker is not None and worker.variable.value == "custom":
            return known("custom", settings.source)
    gap = Gap(GapReason.NOT_COLLECTED, stack.source, None, "the app names no stack", site.id)
    return settings if isinstance(settings, Unknown) else Unknown(gap)


def _windows(site: Site, settings: Observed[AppSettings]) -> Observed[str | None]:
    """A Windows app keeps its language in the settings and the version here or there; some languages show without."""
    if isinstance(settings, Known):
        known_settings = settings.value
        worker = known_settings.get("FUNCTIONS_WORKER_RUNTIME")
        if worker is not None and worker.variable.value is not None:
            return _of_worker(site, worker.variable.value.lower(), known_settings, settings.source)
    shown = site.config.read(_shown)
    if isinstance(shown, Known) and shown.value is not None:
        return shown
    if isinstance(settings, Unknown):
        return settings
    return Unknown(site.answers.gap(settings.source, GapReason.NOT_COLLECTED, "the app names no runtime", site.id))


def _of_worker(site: Site, worker: str, settings: AppSettings, source: str) -> Observed[str | None]:
    if worker == "custom":
        return known(worker, source)
    if worker == "node":
        setting = settings.get("WEBSITE_NODE_DEFAULT_VERSION")
        version = setting.variable.value if setting is not None else None
        return site.answers.fact(source, lambda: identifier(worker, version), site.id)
    if worker in ("dotnet", "dotnet-isolated"):
        host = settings.get("FUNCTIONS_EXTENSION_VERSION")
        return site.config.read(lambda body: _net(worker, text(body, "netFrameworkVersion"), host))
    member_of = {"java": "javaVersion", "powershell": "powerShellVersion"}.get(worker)
    if member_of is None:
        return site.answers.fact(source, lambda: identifier(worker, None), site.id)
    return site.config.read(lambda body: identifier(worker, text(body, member_of)))


def _net(worker: str, framework: str, host: Any) -> str:
    if worker == "dotnet" and framework.lower() == "v4.0" and host is not None:
        return identifier(worker, _OLDER_NET.get(host.variable.value or ""))
    return identifier(worker, framework)


def _shown(body: dict[str, Any]) -> str | None:
    """The runtime that the site configuration betrays."""
    for language, key in (("java", "javaVersion"), ("powershell", "powerShellVersion")):
        version = filled_text(body, key)
        if version:
            return identifier(language, version)
    return None


class _Stack(NamedTuple):
    ends: str | None
    ended: bool
    preview: bool


_UNDATED = _Stack(None, ended=False, preview=False)


class Stacks:
    """The runtimes on offer and when each loses support, as Azure says today."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        listing = answers.readable(answers.rows(_STACKS), _stacks)
        self._gap = listing.gap
        self._found: dict[str, _Stack] = {}
        for name, stack in (pair for page in listing.items for pair in page):
            if self._found.get(name, _UNDATED) == _UNDATED:
                self._found[name] = stack

    def support(self, of: Observed[str | None]) -> Observed[Support | None]:
        """The dates of a runtime; Known(None) where Azure no longer lists it, or an image brings its own."""
        if isinstance(of, Unknown):
            return of
        if of.value is None:
            return known(None, of.source)
        stack = self._found.get(of.value)
        if stack is None:
            return known(None, _STACKS) if self._gap is None else Unknown(self._gap)
        if stack == _UNDATED:
            return known(None, _STACKS)
        return Known(
            Support(deprecated_on=stack.ends, decommissioned_on=None, ended=stack.ended, preview=stack.preview), _STACKS
        )


def _stacks(item: Json) -> tuple[tuple[str, _Stack], ...]:
    body = member(item, "properties")
    language = text(body, "value")
    found: list[tuple[str, _Stack]] = []
    for major in items(body, "majorVersions"):
        if text(major, "value").lower().startswith(_FRAMEWORK):
            continue
        for minor in items(major, "minorVersions"):
            settings = member(minor, "stackSettings")
            for key in ("linuxRuntimeSettings", "windowsRuntimeSettings"):
                if given(settings, key):
                    found.extend(_offered(language, member(settings, key)))
    return tuple(found)


def _offered(language: str, offer: dict[str, Any]) -> list[tuple[str, _Stack]]:
    """One version on one operating system; one that we cannot name is none that an app of ours could run."""
    version = optional_text(offer, "runtimeVersion") or ""
    if "|" in version:
        language, _, version = version.partition("|")
    else:
        language = (
            optional_text(optional_member(offer, "appSettingsDictionary"), "FUNCTIONS_WORKER_RUNTIME") or language
        )
    stack = _Stack(
        ends=_day(filled_text(offer, "endOfLifeDate")),
        ended=optional_flag(offer, "isDeprecated"),
        preview=optional_flag(offer, "isPreview") or optional_flag(offer, "isEarlyAccess"),
    )
    try:
        return [(identifier(language, version), stack)]
    except UnreadableError:
        return []


def _day(moment: str | None) -> str | None:
    return None if moment is None else day(moment, "endOfLifeDate")
