"""Flags projects in which whole groups may download the source of every function."""

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
        text="Take the basic role viewer (or whichever role holds cloudfunctions.functions.sourceCodeGet) from the group and grant"
        " roles for the services its people look at. They lose what else viewer gave them.",
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
    controls=("NIST-800-53:AC-6",),
    cwe=552,
    subject=Subject.SCOPE,
)
def source_readers_wide(scope: Scope, _context: Context) -> Iterator[Hit]:
    """The right to download source comes with the basic role viewer, which people hold for looking at dashboards.

    Source holds endpoints, business rules and, too often, credentials. Single people and service accounts are not
    reported, nor are owners, who hold the project anyway; a group is low, a domain or pool medium, everyone high.
    """
    readers = scope.guardrails.then(lambda guardrails: guardrails.source_readers)
    owners = scope.guardrails.then(lambda guardrails: guardrails.basic_roles).map(_owning)
    for reader in readers.need():
        member = reader.rpartition(" ")[2]
        if not member.startswith(_WIDE) or (isinstance(owners, Known) and member in owners.value):
            continue
        yield Hit(
            message=f"{member} may download the source of every function of {scope.name}",
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
