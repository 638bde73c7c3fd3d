"""Flags functions without tags, or without those the operator requires."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Tag the function with its owner and purpose, in the template that deploys it so the tag survives.",
        command="aws lambda tag-resource --resource {id} --region {location} --tags {key}=<value>",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  tags = {\n    "{key}" = "<value>"\n  }\n}',
    ),
    Cloud.AZURE: Fix(
        text="Tag the app with its owner and purpose, in the template that deploys it so the tag survives.",
        command="az resource tag --ids {id} --is-incremental --tags {key}=<value>",
        terraform='resource "azurerm_linux_function_app" "this" {\n  name = "{app}"\n  tags = {\n    "{key}" = "<value>"\n  }\n}',
    ),
    Cloud.GCP: Fix(
        text="Label the function with its owner and purpose, in the template that deploys it so the label survives.",
        command="gcloud functions deploy {name} --region={location} --project={account} --update-labels={key}=<value>",
        terraform='resource "google_cloudfunctions2_function" "this" {\n  name = "{name}"\n  labels = {\n    "{key}" = "<value>"\n  }\n}',
    ),
}


_OF_THE_CLOUD = ("aws:", "hidden-link:", "hidden-related:", "hidden-title", "goog-", "deployment-tool", "deployment-")
"""Prefixes of tags and labels that a cloud or its tools set by themselves."""


@check(
    id="tags-missing",
    title="Required tags are missing",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("tags-missing", "az-func-tags-missing", "gcp-fn-labels"),
    controls=("FSBP:Lambda.6", "NIST-800-53:CM-8"),
    profile_level=ProfileLevel.STRICT,
)
def tags_missing(function: Function, context: Context) -> Iterator[Hit]:
    """When a function is found to leak or to cost, the tags say whose it is; without them the answer takes days.

    With required_tags set, each missing key is reported; otherwise only a function without any tag of yours (keys
    that the cloud sets itself, such as aws:… or hidden-link:…, do not count).
    """
    keys = {key for key, _ in function.tags.need() if not key.startswith(_OF_THE_CLOUD)}
    required = context.settings.required_tags
    for key in required:
        if key not in keys:
            yield Hit(
                message=f"Tag {key} is missing",
                evidence=(cite(function.tags, f"Tags has no {key}"),),
                locus=key,
                values={"key": key},
            )
    if not required and not keys:
        yield Hit(
            message="The function has no tags",
            evidence=(cite(function.tags, "Tags is empty"),),
            values={"key": "owner"},
        )
