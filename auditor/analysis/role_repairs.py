"""How roles are narrowed or taken back, as commands and Terraform of the checks about roles."""

from typing import Final

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
