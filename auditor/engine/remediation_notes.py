"""What the hosting of a function changes about a repair: lines that would not work there, and notes before the rest."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from auditor.engine.azure_commands import in_container_app, outside_container_apps
from auditor.model.function import Function
from auditor.model.hosting import Hosting, HostingKind
from auditor.model.ids import Cloud
from auditor.model.observed import Known

_DEPLOY: Final = "gcloud functions deploy"
_RESOURCE: Final = "google_cloudfunctions2_function"
_FOREIGN: Final = {
    HostingKind.FIRST_GENERATION: (
        "gcloud run ",
        "# a first-generation function: it has no Cloud Run service to change",
    ),
    HostingKind.SERVICE: ("gcloud functions ", "# a Cloud Run service without a function record: change the service"),
}
"""The commands that another kind of hosting has no object for, and the line that says so where nothing else is left."""

_ONLY: Final = {
    "first generation": HostingKind.FIRST_GENERATION,
    "second generation": HostingKind.SECOND_GENERATION,
    "without a function record": HostingKind.SERVICE,
}
"""Comments that mark a line of a template as being for one kind of hosting."""

_FLEX: Final = "Flex Consumption"
_ON_AZURE: Final[Mapping[str, Callable[[Hosting], bool | None]]] = {
    _FLEX: lambda hosting: hosting.kind is HostingKind.FLEX_CONSUMPTION,
    "a Linux app": lambda hosting: _runs_on(hosting, "linux"),
    ".NET on Windows": lambda hosting: _runs_on(hosting, "windows"),
}
"""The same for apps of Azure: whether a line is for an app so hosted; None where that is not known."""

_CONTAINER_APP: Final = "/providers/microsoft.app/containerapps/"
_SITE: Final = '"azurerm_linux_function_app"'

_TERRAFORM: Final = {
    HostingKind.FIRST_GENERATION: "# of the first generation: google_cloudfunctions_function, arguments at top level",
    HostingKind.SERVICE: "# a Cloud Run service: google_cloud_run_v2_service, arguments under template",
}
_SOURCE: Final = (
    "# run it where the function's source is: what was deployed from a directory is deployed from the current one"
)


def for_hosting(function: Function, template: str) -> str:
    """The command's template without the lines that its hosting has no object for, after what to know first."""
    kind = _kind(function)
    lines = [line for line in (_of_kind(line, kind) for line in _for_app(function, template)) if line is not None]
    if kind in _FOREIGN:
        foreign, instead = _FOREIGN[kind]
        lines = [line for line in lines if not line.startswith(foreign)] or [instead]
    return "\n".join((*((_SOURCE,) if any(_DEPLOY in line for line in lines) else ()), *lines))


def _for_app(function: Function, template: str) -> list[str]:
    """The lines that an app of Azure can use; one for Flex Consumption stands in for that before it."""
    hosting = function.hosting.value if isinstance(function.hosting, Known) else None
    if function.cloud is not Cloud.AZURE:
        return template.splitlines()
    if _CONTAINER_APP in function.id.lower():
        template = in_container_app("\n".join(line for line in template.splitlines() if not _is_of_an_app(line)))
    else:
        template = outside_container_apps(template)
    if hosting is None:
        return template.splitlines()
    lines: list[str] = []
    for line in template.splitlines():
        command, _, mark = line.rpartition("  # ")
        fits = _ON_AZURE[mark](hosting) if mark in _ON_AZURE else None
        if fits is None:
            lines.append(line)
        elif fits:
            if mark == _FLEX and lines and "  # " not in lines[-1]:
                lines.pop()
            lines.append(command)
    return lines


def _is_of_an_app(line: str) -> bool:
    """Whether a line is marked for one kind of hosting on App Service."""
    return line.rpartition("  # ")[2] in _ON_AZURE


def _runs_on(hosting: Hosting, system: str) -> bool | None:
    if hosting.kind is HostingKind.FLEX_CONSUMPTION:
        return False
    return None if hosting.system is None else hosting.system == system


def _of_kind(line: str, kind: HostingKind | None) -> str | None:
    """A line without the mark of the one kind of hosting it is for; None where the function is of another."""
    command, _, mark = line.rpartition("  # ")
    if mark not in _ONLY or kind not in _ONLY.values():
        return line
    return command if _ONLY[mark] is kind else None


def before_terraform(function: Function, terraform: str) -> Iterator[str]:
    """What to know before the Terraform is pasted."""
    kind = _kind(function)
    if _RESOURCE in terraform and kind in _TERRAFORM:
        yield _TERRAFORM[kind]
    if _SITE in terraform and _CONTAINER_APP in function.id.lower():
        yield "# a container app of its own: azurerm_container_app, settings as env under template.container"


def _kind(function: Function) -> HostingKind | None:
    return function.hosting.value.kind if isinstance(function.hosting, Known) else None
