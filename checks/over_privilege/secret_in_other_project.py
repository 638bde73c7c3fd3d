"""Flags functions that refer to secrets of another project."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Keep a copy of the secret in the project of the function, or make sure that both projects have one owner.",
        breaks="The function reads the old secret until it is deployed with the new reference.",
        command="gcloud functions deploy {name} --region={location} --project={account}"
        " --update-secrets={setting}=<secret>:<version>",
        terraform="""\
resource "google_cloudfunctions2_function" "this" { # in place of {store}
  name     = "{name}"
  location = "{location}"

  service_config {
    secret_environment_variables {
      key        = "{setting}"
      project_id = "{account}"
      secret     = "<secret>"
      version    = "<version>"
    }
  }
}""",
    ),
}


@check(
    id="secret-in-other-project",
    title="Secret belongs to another project",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-secret-cross-project",),
    references=("https://cloud.google.com/functions/docs/configuring/secrets",),
    cwe=668,
)
def secret_in_other_project(function: Function, context: Context) -> Iterator[Hit]:
    """Owners of the other project decide what this function receives, and the function's account needs a role there
    that reviews of its own project do not show. Rotation and deletion of the secret are decided elsewhere too.
    """
    references = function.storage.then(lambda storage: storage.references)
    found = references.need()
    if not found:
        raise NotApplicable("no variable is set from a stored secret")
    scope = context.role_paths(function.cloud).estate.scopes.get(function.scope.partition("/")[2])
    own = {function.scope.partition("/")[2], *((scope.number,) if scope is not None and scope.number else ())}
    for reference in found:
        kind, _, rest = reference.store.partition("/")
        project = rest.partition("/")[0]
        if kind == "projects" and project not in own:
            yield Hit(
                message=f"{reference.setting} of {function.name} is set from a secret of project {project}",
                evidence=(cite(references, f"{reference.setting}: {reference.store}"),),
                locus=reference.setting,
                values={"setting": reference.setting, "store": reference.store},
            )
