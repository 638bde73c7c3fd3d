"""How roles are narrowed or taken back, as commands and Terraform of the checks about roles."""

from collections import Counter
from collections.abc import Iterable
from string import ascii_lowercase
from typing import Final, NamedTuple

from auditor.analysis.service_authorization import matching

AWS_NEEDS_HCL: Final = """\
resource "aws_iam_role_policy" "needs" {
  role = "{role}"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["<service>:<action the code calls>"]
      Resource = ["<ARN the code uses>"]
    }]
  })
}"""
"""What the code needs, as a policy of the role's own."""

_MOST_KINDS: Final = 4


class Named(NamedTuple):
    """Terraform of a policy with its resources named, and the values of the placeholders in it that are its own."""

    terraform: str
    values: dict[str, str]


def named_resources(patterns: Iterable[str]) -> Named:
    """The same actions as before on single resources, whose names the reader fills in: it allows nothing new.

    ``patterns`` are action patterns of one statement. Of the kinds of resource that most of their actions can be
    limited to, AWS's format of the ARN is given.
    """
    actions = list(patterns)
    kinds = (kind.arn for pattern in actions for action in matching(pattern) for kind in action.resource_types)
    places = [_one_of(arn) for arn, _ in Counter(kinds).most_common(_MOST_KINDS)]
    values = {f"action_{letters(number)}": action for number, action in enumerate(actions)}
    listed = ", ".join(f'"{{{name}}}"' for name in values)
    text = AWS_NEEDS_HCL.replace('"<service>:<action the code calls>"', listed)
    text = text.replace('"<ARN the code uses>"', ", ".join(f'"{place}"' for place in places or ["<ARN the code uses>"]))
    return Named(text, values)


def letters(number: int) -> str:
    """A number in letters, of which alone names of placeholders are made."""
    return "".join(ascii_lowercase[int(digit)] for digit in str(number))


def _one_of(arn: str) -> str:
    """One resource of a kind, of the account and the region where these are part of its name."""
    service, region, account, resource = arn.split(":", 3)
    place = f"{region and '{location}'}:{account and '{account}'}"
    return f"arn:{{partition}}:{service}:{place}:{resource.replace('*', '<name>')}"


AZURE_REASSIGNMENT: Final = """\
az role assignment create --assignee {principal} --role <role-the-code-needs> --scope <one-resource>
az role assignment delete --ids {assignment}"""
"""Assigns what the code needs, then takes the assignment away."""

AZURE_REASSIGNMENT_HCL: Final = """\
resource "azurerm_role_assignment" "needs" { # in place of {granted} on {on}
  scope                = "<one resource>"
  role_definition_name = "<role the code needs>"
  principal_id         = "{principal}" # {identity}
}"""
"""The same as Terraform."""

AZURE_UNASSIGNMENT: Final = "az role assignment delete --ids {assignment}"
"""Takes an assignment away."""

AZURE_UNASSIGNMENT_HCL: Final = """\
resource "azurerm_role_assignment" "needs" { # in place of {granted} on {on}
  scope                = "<the one resource it works with>"
  role_definition_name = "<role it needs>"
  principal_id         = "<principal id of the holder>"
}"""
"""What its holder is given in its place, as Terraform."""

PROJECT_BINDING_REMOVAL: Final = (
    "gcloud projects remove-iam-policy-binding {account} --member={member} --role={granted}"
)
"""Takes a role of a project back; a hit on another level brings the command of its own."""

PROJECT_BINDING_HCL: Final = """\
resource "google_project_iam_member" "needs" { # in place of {granted} on {on}
  project = "{account}"
  role    = "<role the code needs>"
  member  = "{member}"
}"""
"""What the code needs in its place, as Terraform."""

PROJECT_MEMBER_HCL: Final = """\
resource "google_project_iam_member" "needs" { # in place of {granted}
  project = "{account}"
  role    = "<role it needs>"
  member  = "{member}"
}"""
"""What the member needs in its place, as Terraform."""

PROJECT_HOLDER_HCL: Final = """\
resource "google_project_iam_member" "needs" { # in place of {granted} on {on}
  project = "{account}"
  role    = "<role it needs>"
  member  = "{member}"
}"""
"""What the holder is given in its place, as Terraform."""
