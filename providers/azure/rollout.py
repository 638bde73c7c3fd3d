"""The role of this tool and its assignment at a management group, as Terraform rolls it out."""

import json
import re
from collections.abc import Sequence
from typing import Final

from auditor.errors import UsageError
from auditor.provider import Operation, Rollout
from providers.azure.policy import document

_PRINCIPAL: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def rollout(operations: Sequence[Operation], asked: Rollout) -> tuple[str, str]:
    """What is to be deployed, and how. Raises UsageError for a form we do not have and for what can be no principal."""
    if asked.form != "terraform":
        raise UsageError(f"--format {asked.form}: the role is rolled out on Azure by terraform.")
    if not _PRINCIPAL.fullmatch(asked.trusted):
        raise UsageError("--trust must be the object id of the auditor's service principal, managed identity or group.")
    role = document(operations, asked.tiers)
    actions, never = (json.dumps(role[key], indent=2).replace("\n", "\n    ") for key in ("Actions", "NotActions"))
    text = f"""\
variable "management_group_id" {{
  type        = string
  description = "The management group whose subscriptions are read; the tenant's root group has the tenant's id."
}}

locals {{
  scope = "/providers/Microsoft.Management/managementGroups/${{var.management_group_id}}"
}}

resource "azurerm_role_definition" "serverless_auditor" {{
  name              = {json.dumps(asked.role_name or role["Name"])}
  description       = {json.dumps(role["Description"])}
  scope             = local.scope
  assignable_scopes = [local.scope]

  permissions {{
    actions     = {actions}
    not_actions = {never}
  }}
}}

resource "azurerm_role_assignment" "serverless_auditor" {{
  scope              = local.scope
  role_definition_id = azurerm_role_definition.serverless_auditor.role_definition_resource_id
  principal_id       = {json.dumps(asked.trusted)}
}}"""
    after = "# Then: auditor scan --provider azure --management-group <id>\n"
    if role["DataActions"]:  # Azure assigns no custom role with permissions on data at a management group
        missing = ", ".join(role["DataActions"])
        after += f"# Not in the role, which a management group could not take then: {missing}.\n"
        after += "# Assign Storage Blob Data Reader on the containers in which packages lie.\n"
    return text, after
