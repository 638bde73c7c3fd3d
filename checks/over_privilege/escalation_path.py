"""Flags functions whose identity can escalate its privileges to a stronger principal that exists."""

from collections.abc import Iterator
from dataclasses import replace

from auditor.analysis.broad_statements import Breadth
from auditor.analysis.permissions.path_changes import denial, first_change
from auditor.analysis.permissions.path_severity import escalation_severity
from auditor.analysis.permissions.path_words import depending, reached, steps_told
from auditor.analysis.permissions.role_capabilities import before_denials, targets_unread
from auditor.analysis.permissions.role_dependences import until_shorter
from auditor.analysis.permissions.role_paths import RolePaths
from auditor.analysis.permissions.role_steps import Path, certainly_administers
from auditor.analysis.permissions.takeover import source_of
from auditor.analysis.policy_edits import statement_site
from auditor.analysis.role_assignments import Held, all_read, held_roles, without_identity
from auditor.analysis.role_repairs import AZURE_REASSIGNMENT, AZURE_REASSIGNMENT_HCL, PROJECT_BINDING_REMOVAL
from auditor.analysis.roles import acting_role, broad_of, identities_of
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.access import AccessPath, EffectivePermissions, FirstStep
from auditor.model.finding import Dependence
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, Unanswered
from auditor.model.severity import Confidence, Severity

_FIX_AWS = Fix(
    text="Deny the first step at once, together with every other step by which the role certainly becomes an"
    " administrator; then take these out of the statements that allow them, name only the actions and resources the code"
    " uses, and remove the Deny. Ways that depend on a condition are not ended by it.",
    breaks="Calls that need a denied action on these resources fail with AccessDenied, for every function that uses"
    " the role.",
    command="aws iam put-role-policy --role-name {role} --policy-name {deny_name} --policy-document"
    ' \'{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"{denied}","Resource":"{on}"}]}\'',
    terraform="""\
resource "aws_iam_role_policy" "deny_escalation" { # until the statement that allows it is narrowed
  name = "{deny_name}"
  role = "{role}"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Action = "{denied}", Resource = "{on}" }]
  })
}""",
)


FIX = {
    Cloud.AWS: _FIX_AWS,
    Cloud.AZURE: Fix(
        text="Assign the roles that the code needs on the one app, account, vault or identity it works with, test, and"
        " only then delete the assignment on {on}.",
        breaks="Operations that the new roles do not cover fail with 403.",
        command=AZURE_REASSIGNMENT,
        terraform=AZURE_REASSIGNMENT_HCL,
    ),
    Cloud.GCP: Fix(
        text="Grant the role on the one service account or function that the code works with, test, and only then"
        " remove it from {on}.",
        breaks="Operations that the new grant does not cover fail with 403.",
        command=PROJECT_BINDING_REMOVAL,
        terraform="""\
resource "google_service_account_iam_member" "one" { # in place of {granted} on {on}
  service_account_id = "<the one service account it works with>"
  role               = "{granted}"
  member             = "{member}"
}""",
    ),
}


@check(
    id="escalation-path",
    title="Identity can escalate to a stronger principal",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.CRITICAL,
    fix=FIX,
    facet_of=("role-admin",),
    covers=("gcp-fn-sa-escalation-permissions", "gcp-fn-sa-impersonation-chain"),
    references=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
        "https://cloud.google.com/iam/docs/service-account-permissions",
        "https://learn.microsoft.com/en-us/azure/role-based-access-control/resource-provider-operations",
        "https://learn.microsoft.com/en-us/azure/role-based-access-control/elevate-access-global-admin",
    ),
    cwe=269,
)
def escalation_path(function: Function, context: Context) -> Iterator[Hit]:
    """Code execution in this function is code execution as every principal that its identity can become (privilege
    escalation). Roles of every level are evaluated against the identities, apps, storage accounts, machines and
    service accounts that exist, in up to four steps: a technique without a target is no path. Critical where an Owner,
    administrator or Editor of an account is reached, high where a stronger principal is; one level less where a
    condition or another requirement could not be evaluated. On AWS, medium where a role that is an administrator is
    reached only through compute whose list was refused (build projects, instances, stacks): the role trusts the service,
    whether anything runs as it is not known. Identities that administer an account already are reported by role-admin.
    """
    if function.cloud is Cloud.AWS:
        yield from _of_role(function, context)
        return
    if without_identity(function):
        raise NotApplicable("it runs without an identity")
    paths = context.role_paths(function.cloud)
    for identity in identities_of(function):
        held = {each.binding.id: each for each in held_roles(function) if each.identity.id == identity.id}
        for group in _by_first_role(paths.paths(identity.principal)):
            first = held.get(group[0].steps[0].proof[0].binding.id)
            if first is not None:
                yield _hit(function, paths, first, group)
    if all(certainly_administers(each.binding) for each in held_roles(function)) and any(held_roles(function)):
        raise NotApplicable("its identity is an administrator, which role-admin reports")
    all_read(function)
    gap = targets_unread(function, paths, lambda scope: context.unread_identities(function.cloud, scope))
    if gap is not None:
        raise Unanswered(gap)


def _by_first_role(paths: tuple[Path, ...]) -> Iterator[list[Path]]:
    """The paths in groups that one role begins, each gravest first."""
    groups: dict[str, list[Path]] = {}
    for path in paths:
        groups.setdefault(path.steps[0].proof[0].binding.id, []).append(path)
    yield from groups.values()


def _hit(function: Function, paths: RolePaths, held: Held, group: list[Path]) -> Hit:
    path = group[0]
    more = f"; {len(group) - 1} more principals can be reached with it" if len(group) > 1 else ""
    doubt = f"; in doubt: {path.doubt}" if path.doubt else ""
    before = before_denials(function, paths)
    return Hit(
        message=f"{held.sentence}, with which it {path.sentence}{doubt}{more}{before}",
        evidence=(
            cite(held.fact, f"{held.binding.role} on {held.binding.scope}"),
            *(
                Evidence(
                    source_of(access.binding), f"{access.permission}: {access.binding.role} on {access.binding.scope}"
                )
                for step in path.steps
                for access in step.proof
            ),
        ),
        locus=held.locus,
        site=held.site,
        severity=_severity(path),
        depends=until_shorter(paths, held, path, _severity),
        confidence=Confidence.MEDIUM if path.doubt else held.confidence,
        values={**held.placeholders(), **held.removal.values},
        command=held.removal.command if function.cloud is Cloud.GCP else None,
    )


def _severity(path: Path) -> Severity:
    grave = (Severity.CRITICAL, Severity.HIGH) if path.administers else (Severity.HIGH, Severity.MEDIUM)
    return grave[bool(path.doubt)]


def _of_role(function: Function, context: Context) -> Iterator[Hit]:
    """Paths of an AWS role, as they were derived from every policy of the account."""
    role = acting_role(function.identity.need())
    if isinstance(role, str):
        raise NotApplicable(role)
    found = function.effective_permissions.need()
    if found.administrator:
        raise NotApplicable("the role is an administrator, which role-admin reports")
    for path in found.escalation:
        yield replace(_hit_of_role(function, found, path), depends=_while_administrator(found, path, context))
    found.complete.need()


def _while_administrator(found: EffectivePermissions, path: AccessPath, context: Context) -> tuple[Dependence, ...]:
    """What is left of a path once its target is no administrator any more: a path to a stronger principal at most.

    Only where every certain way up takes that one role, and functions run as it: what makes it an administrator is a
    cause of theirs.
    """
    alone = all(step.resources == (path.target,) for step in found.first_steps)
    if not path.administrator or path.conditions or not found.first_steps or not alone:
        return ()
    running = next(iter(context.functions_running_as(path.target)), None)
    role = running.identity.value if running is not None and isinstance(running.identity, Known) else None
    if role is None:
        return ()
    broad = (each for each in broad_of(role) if each.breadth is Breadth.ADMINISTRATOR)
    sites = tuple(dict.fromkeys(statement_site(role, each.grant) for each in broad))
    return (Dependence(sites=sites, leads=("role-admin",), then=Severity.HIGH),) if sites else ()


def _hit_of_role(function: Function, found: EffectivePermissions, path: AccessPath) -> Hit:
    role = function.identity.need()
    assert role is not None  # noqa: S101 - a path begins at a role
    first = path.steps[0]
    changed = first_change(role, path)
    only = FirstStep(action=first.actions[0], resources=(first.object or "*",))
    whole = path.administrator and not path.conditions
    denied = denial(found.first_steps if whole else (only,))
    return Hit(
        message=f"Role {role.name} {reached(path)}: it {steps_told(path)}{depending(path)}{_also(found, path)}",
        evidence=tuple(
            Evidence(function.effective_permissions.source, f"{proof.policy}: {proof.text}")
            for step in path.steps
            for proof in step.proof
        )
        or (Evidence(function.effective_permissions.source, first.sentence),),
        locus=f"{first.technique}/{path.target}",
        site=changed.site,
        severity=escalation_severity(path),
        confidence=Confidence.MEDIUM if path.conditions else None,
        values={
            **changed.values,
            **denied.values,
            "deny_name": denied.name,
            "denied": only.action,
            "on": only.resources[0],
        },
        command=f"{denied.command}{changed.command}",
        terraform=denied.terraform,
    )


def _also(found: EffectivePermissions, path: AccessPath) -> str:
    if not path.administrator or not found.further:
        return ""
    more = len(found.further) - 3
    listed = "; ".join((*found.further[:3], *((f"and {more} more",) if more > 0 else ())))
    return f". It could also do so by other steps: {listed}"
