"""Flags container images referenced by a mutable tag."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Reference the image by its digest. Each deployment then changes the digest, as intended.",
        breaks="A new push of the tag has no effect until the digest is changed; the app restarts.",
        command="az functionapp config container set --resource-group {group} --name {app}{of_slot} --image {image}@sha256:<digest>",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    application_stack {
      docker {
        registry_url = "https://{registry}"
        image_name   = "{repository}"
        image_tag    = "<a version that never moves>"
      }
    }
  }
}""",
    ),
    Cloud.GCP: Fix(
        text="Deploy by digest; a new revision then runs exactly the image that was tested.",
        breaks="A new push of the tag has no effect until the digest is changed.",
        command="gcloud run services update {run_service} --region={location} --project={account} --image={image}@sha256:<digest>",
        terraform="""\
resource "google_cloud_run_v2_service" "this" {
  name     = "{name}"
  location = "{location}"

  template {
    containers {
      image = "{image}@sha256:<digest>"
    }
  }
}""",
    ),
}


@check(
    id="image-not-pinned",
    title="Container image is not pinned by digest",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=(
        "az-func-container-image-source",
        "gcp-fn-cloud-run-image-tag",
    ),
    references=(
        "https://learn.microsoft.com/en-us/azure/container-registry/container-registry-image-tag-version",
        "https://cloud.google.com/run/docs/deploying",
    ),
    cwe=494,
)
def image_not_pinned(function: Function, _context: Context) -> Iterator[Hit]:
    """A principal with push access to the repository replaces the code of the next instance, without a visible
    deployment. A tag such as latest moves with every release; any other tag can be moved as well.
    """
    if function.cloud is Cloud.AZURE:
        registry = function.deployment.then(lambda deployment: deployment.registry)
        found = registry.need()
        if found is None:
            raise NotApplicable("the app runs no custom container")
        if found.tag is not None and found.tag.startswith("sha256:"):
            return
        named = f"{found.host}/{found.image}:{found.tag or 'latest'}"
        moves = found.tag in (None, "latest")
        yield Hit(
            message=f"Function app {function.name} runs image {named} by tag",
            evidence=(cite(registry, named),),
            locus=f"{found.host}/{found.image}",
            severity=Severity.HIGH if moves else Severity.LOW,
            values={"image": f"{found.host}/{found.image}", "registry": found.host, "repository": found.image},
        )
        return
    pinned = function.deployment.then(lambda deployment: deployment.build.pinned)
    if not pinned.need():
        image = function.deployment.then(lambda deployment: deployment.build.image)
        yield Hit(
            message=f"Function {function.name} runs image {image.need()} by tag",
            evidence=(cite(image, f"image = {image.need()}"),),
            values={"image": _repository(image.need() or "<image>"), "registry": "", "repository": ""},
        )


def _repository(image: str) -> str:
    """An image without its tag; a port in the registry's address is none."""
    head, slash, last = image.rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}"
