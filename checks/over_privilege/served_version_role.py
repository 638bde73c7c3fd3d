"""Flags aliases, triggers and URLs that serve a published version which runs as another role than the function."""

from collections.abc import Iterator

from auditor.analysis.grants import restricted
from auditor.analysis.roles import acting_role, all_grants, broad_of, grant_source
from auditor.analysis.served_versions import PUBLISH_AGAIN, PUBLISH_AGAIN_HCL, an_alias, served_by, serving
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function, ServedVersion
from auditor.model.identity import Identity
from auditor.model.ids import Cloud
from auditor.model.observed import Known, each
from auditor.model.severity import Severity

_FIX = Fix(
    text="Publish a version of the function as it is today, test it, and point the alias at it; delete the old version"
    " once nothing invokes it by number.",
    breaks="Callers of the alias get today's code, settings and role at once: what only the old role allowed fails with"
    " AccessDenied.",
    command=PUBLISH_AGAIN,
    terraform=PUBLISH_AGAIN_HCL,
)


@check(
    id="served-version-role",
    title="Served version runs as another role",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html",),
    cwe=266,
)
def served_version_role(function: Function, _context: Context) -> Iterator[Hit]:
    """A published version keeps the role it was published with. Replacing the role of the function changes nothing for
    callers of an alias that points at an older version: they run with the old permissions, and what is reported of the
    function's own role does not hold for them. As severe as the broadest statement of the version's role; low where
    that role is only another one.
    """
    own = function.identity.need()
    versions = function.served.need()
    for version in versions:
        role = version.identity.value if isinstance(version.identity, Known) else None
        if own is not None and role is not None and role.id != own.id:
            yield _hit(function, own, version, role)
    for role in each(version.identity for version in versions):
        if own is not None and role.id != own.id and not isinstance(acting_role(role), str):
            all_grants(role)
    if not versions:
        raise NotApplicable("no published version is invoked through an alias, a trigger or a URL")


def _hit(function: Function, own: Identity, version: ServedVersion, role: Identity) -> Hit:
    found = [(broad, severity) for broad in broad_of(role) if (severity := broad.severity) is not None]
    worst = max(found, key=lambda one: one[1].rank, default=None)
    allows, severity = "", None
    evidence: tuple[Evidence, ...] = ()
    if worst is not None:
        broad, severity = worst
        allows = (
            f". That role allows {broad.what} on {broad.where} through policy {broad.grant.policy}"
            f"{restricted(broad.grant)}"
        )
        evidence = (Evidence(grant_source(role, broad.grant), broad.grant.text),)
        severity = max(severity, Severity.LOW, key=lambda one: one.rank)
    return Hit(
        message=f"{serving(function, version)} runs as role {role.name}; the function itself runs as {own.name}{allows}",
        evidence=(
            cite(function.aliases, served_by(version)),
            cite(version.identity, f"version {version.version}: Role = {role.id}"),
            *evidence,
        ),
        locus=version.version,
        site=f"version/{version.version}",
        severity=severity,
        values={"version": version.version, "alias": an_alias(version)},
    )
