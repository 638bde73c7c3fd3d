"""Flags Logic Apps (Standard) of a subscription, which resemble function apps and are not audited."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Review it with a tool for logic apps: who may call its triggers, what its connections may do, what its"
        " runs record.",
        no_command="no change is needed: logic apps are outside this audit",
        no_terraform="no change is needed: logic apps are outside this audit",
    ),
}


@check(
    id="workflow-app-present",
    title="Logic App (Standard) is not audited",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.INFORMATIONAL,
    fix=FIX,
    covers=("az-func-kind-classification",),
    references=("https://learn.microsoft.com/en-us/azure/logic-apps/single-tenant-overview-compare",),
    profile_level=ProfileLevel.STRICT,
    subject=Subject.SCOPE,
)
def workflow_app_present(scope: Scope, _context: Context) -> Iterator[Hit]:
    """A Standard logic app is a function app by its kind but not by its content: it has connectors, runs and callback
    URLs. Judging it as a function would give wrong results, so it is listed here instead, to show that it was not
    audited. An opinion.
    """
    workflows = scope.guardrails.then(lambda guardrails: guardrails.workflows)
    for app in dict.fromkeys(workflows.need()):
        yield Hit(
            message=f"Logic App (Standard) {app.rpartition('/')[2]} was not audited",
            evidence=(cite(workflows, f"{app}: kind workflowapp"),),
            locus=app,
            values={"app": app},
        )
