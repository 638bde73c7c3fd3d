"""Flags projects in which groups or domains can download the source code of every function."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.observed import Known
from auditor.model.severity import Severity

_PUBLIC = ("allUsers", "allAuthenticatedUsers")
_WIDE = (*_PUBLIC, "domain:", "group:", "principalSet:")

FIX = {
    Cloud.GCP: Fix(
        text="Remove the basic role Viewer (or the role with cloudfunctions.functions.sourceCodeGet) from the"
        " group and grant roles for the services its members need.",
        breaks="The members lose every other permission of the role, in all services of the project.",
        command="gcloud projects remove-iam-policy-binding {account} --member={member} --role=<role>",
        terraform="""\
resource "google_project_iam_member" "readers" { # in place of the wide role of {member}
  project = "{account}"
  role    = "roles/cloudfunctions.viewer" # without the right to download source, as a custom role
  member  = "{member}"
}""",
    ),
}


@check(
    id="source-readers-wide",
    title="Groups can download function source code",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gcp-fn-source-code-get-wide",),
    references=(
        "https://cloud.google.com/iam/docs/roles-overview",
        "https://cloud.google.com/functions/docs/reference/iam/roles",
    ),
    cwe=552,
    subject=Subject.SCOPE,
)
def source_readers_wide(scope: Scope, _context: Context) -> Iterator[Hit]:
    """The basic role Viewer, often granted for dashboards, includes permission to download source code. Source code
    contains endpoints, business logic and sometimes credentials. Single users and service accounts are not reported,
    nor are owners of the project; a group is low, a domain or pool medium, the public high.
    """
    readers = scope.guardrails.then(lambda guardrails: guardrails.source_readers)
    owners = scope.guardrails.then(lambda guardrails: guardrails.basic_roles).map(_owning)
    for reader in readers.need():
        member = reader.rpartition(" ")[2]
        if not member.startswith(_WIDE) or (isinstance(owners, Known) and member in owners.value):
            continue
        yield Hit(
            message=f"{member} can download the source code of every function of project {scope.name}",
            evidence=(cite(readers, reader),),
            locus=reader,
            severity=_severity(member),
            values={"member": member},
        )


def _owning(granted: tuple[tuple[str, str], ...]) -> frozenset[str]:
    return frozenset(member for role, member in granted if role in ("roles/owner", "roles/admin"))


def _severity(member: str) -> Severity | None:
    if member in _PUBLIC:
        return Severity.HIGH
    return Severity.LOW if member.startswith("group:") else None
