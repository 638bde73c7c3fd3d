"""Flags functions without tags, or without the required ones."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Tag the function with its owner and purpose, in the template that deploys it so that the tag persists.",
        command="aws lambda tag-resource --resource {id} --region {location} --tags {key}=<value>",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  tags = {\n    "{key}" = "<value>"\n  }\n}',
    ),
    Cloud.AZURE: Fix(
        text="Tag the app with its owner and purpose, in the template that deploys it so that the tag persists.",
        command="az resource tag --ids {id} --is-incremental --tags {key}=<value>",
        terraform='resource "azurerm_linux_function_app" "this" {\n  name = "{app}"\n  tags = {\n    "{key}" = "<value>"\n  }\n}',
    ),
    Cloud.GCP: Fix(
        text="Label the function with its owner and purpose, in the template that deploys it so that the label"
        " persists.",
        command="gcloud functions deploy {name} --region={location} --project={account} --update-labels={key}=<value>",
        terraform='resource "google_cloudfunctions2_function" "this" {\n  name = "{name}"\n  labels = {\n    "{key}" = "<value>"\n  }\n}',
    ),
}


_OF_THE_CLOUD = ("aws:", "hidden-link:", "hidden-related:", "hidden-title", "goog-", "deployment-tool", "deployment-")
"""Prefixes of tags and labels that a cloud or its tools set."""


@check(
    id="tags-missing",
    title="Required tags are missing",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("tags-missing", "az-func-tags-missing", "gcp-fn-labels"),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-tags.html",
        "https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/tag-resources",
        "https://cloud.google.com/resource-manager/docs/labels-overview",
    ),
    profile_level=ProfileLevel.STRICT,
)
def tags_missing(function: Function, context: Context) -> Iterator[Hit]:
    """Tags name the owner of a function during an incident or a cost review; without them finding the owner takes days.

    With required_tags set, each missing key is reported; otherwise only a function without any custom tag (keys that
    the cloud sets itself, such as aws:… or hidden-link:…, do not count).
    """
    tags = function.tags.need()
    required = context.settings.required_tags
    for key in required:
        if key not in tags:
            yield Hit(
                message=f"Function {function.name} has no tag {key}",
                evidence=(cite(function.tags, f"Tags lacks {key}"),),
                locus=key,
                values={"key": key},
            )
    if not required and all(key.startswith(_OF_THE_CLOUD) for key in tags):
        yield Hit(
            message=f"Function {function.name} has no tags",
            evidence=(cite(function.tags, "Tags is empty"),),
            values={"key": "owner"},
        )
