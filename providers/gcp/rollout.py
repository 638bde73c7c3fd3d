"""The role of this tool and its binding at an organisation, as Terraform rolls it out."""

import json
import re
from collections.abc import Sequence
from typing import Final

from auditor.errors import UsageError
from auditor.provider import Operation, Rollout
from providers.gcp.policy import document

_MEMBER: Final = re.compile(r"(user|group|serviceAccount|principal|principalSet):[^\s\"$%{}]+")
_NAME: Final = re.compile(r"[A-Za-z0-9_.]{3,64}")


def rollout(operations: Sequence[Operation], asked: Rollout) -> tuple[str, str]:
    """What is to be deployed, and how. Raises UsageError for a form we do not have and for what can be no member."""
    if asked.form != "terraform":
        raise UsageError(f"--format {asked.form}: the role is rolled out on Google Cloud by terraform.")
    if not _MEMBER.fullmatch(asked.trusted):
        raise UsageError(
            "--trust must be a member of a policy, such as serviceAccount:auditor@<project>.iam.gserviceaccount.com."
        )
    name = asked.role_name or "serverlessAuditor"
    if not _NAME.fullmatch(name):
        raise UsageError(f"--role-name: {name!r} can be no role's id.")
    role = document(operations, asked.tiers)
    held = sorted({*role["includedPermissions"], *role["organization"]["includedPermissions"]})
    permissions = json.dumps(held, indent=2).replace("\n", "\n  ")
    text = f"""\
variable "organization_id" {{
  type        = string
  description = "The number of the organisation whose projects are read."
}}

resource "google_organization_iam_custom_role" "serverless_auditor" {{
  org_id      = var.organization_id
  role_id     = {json.dumps(name)}
  title       = {json.dumps(role["title"])}
  description = {json.dumps(role["description"])}
  permissions = {permissions}
}}

resource "google_organization_iam_member" "serverless_auditor" {{
  org_id = var.organization_id
  role   = google_organization_iam_custom_role.serverless_auditor.name
  member = {json.dumps(asked.trusted)}
}}"""
    return text, "# Then: auditor scan --provider gcp --organization-id <number>\n"
