"""Lines put before a repair where the hosting of a function changes what its commands mean."""

from collections.abc import Iterator
from typing import Final

from auditor.model.function import Function
from auditor.model.hosting import HostingKind
from auditor.model.observed import Known

_DEPLOY: Final = "gcloud functions deploy"
_RESOURCE: Final = "google_cloudfunctions2_function"
_COMMANDS: Final = {
    HostingKind.SERVICE: "# a Cloud Run service without a function record: only the 'gcloud run' lines work",
}
_TERRAFORM: Final = {
    HostingKind.FIRST_GENERATION: "# of the first generation: google_cloudfunctions_function, arguments at top level",
    HostingKind.SERVICE: "# a Cloud Run service: google_cloud_run_v2_service, arguments under template",
}
_SOURCE: Final = (
    "# run it where the function's source is: what was deployed from a directory is deployed from the current one"
)


def before_command(function: Function, command: str) -> Iterator[str]:
    """What to know before the command is pasted."""
    if _DEPLOY in command:
        kind = _kind(function)
        yield _COMMANDS.get(kind, _SOURCE) if kind is not None else _SOURCE


def before_terraform(function: Function, terraform: str) -> Iterator[str]:
    """What to know before the Terraform is pasted."""
    kind = _kind(function)
    if _RESOURCE in terraform and kind in _TERRAFORM:
        yield _TERRAFORM[kind]


def _kind(function: Function) -> HostingKind | None:
    return function.hosting.value.kind if isinstance(function.hosting, Known) else None
