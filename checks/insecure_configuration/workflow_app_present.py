"""Flags the workflow apps of a subscription, which look like functions and are not judged here."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Look at it with a tool for logic apps: who may call its triggers, what its connections may do, what its"
        " runs record.",
        no_command="nothing is to be changed: it is outside this audit",
        no_terraform="nothing is to be changed: it is outside this audit",
    ),
}


@check(
    id="workflow-app-present",
    title="Logic App (Standard) is not audited",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.INFORMATIONAL,
    fix=FIX,
    covers=("az-func-kind-classification",),
    controls=("NIST-800-53:CM-8",),
    profile_level=ProfileLevel.STRICT,
    subject=Subject.SCOPE,
)
def workflow_app_present(scope: Scope, _context: Context) -> Iterator[Hit]:
    """A Standard logic app is a function app by its kind and something else by its content: connectors, runs and
    callback URLs of its own. Judging it as a function would report nonsense, so it is named here instead, lest
    anybody believe it was audited. An opinion.
    """
    workflows = scope.guardrails.then(lambda guardrails: guardrails.workflows)
    for app in dict.fromkeys(workflows.need()):
        yield Hit(
            message=f"{app.rpartition('/')[2]} is a workflow app and was not judged",
            evidence=(cite(workflows, f"{app}: kind workflowapp"),),
            locus=app,
            values={"app": app},
        )
