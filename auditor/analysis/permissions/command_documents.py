"""Documents of Systems Manager by which whoever may run them runs commands of its choice.

AWS owns them, so that their ARN names no account, and they take commands, a script or a playbook as a parameter. What
its other documents do is fixed. Source: AWS Systems Manager User Guide, "AWS Systems Manager documents".
"""

from typing import Final

DOCUMENT: Final = "ssm:*:*:document/*"
"""The kind of resource, as the service reference writes it."""
RUN_THEM: Final = frozenset({"ssm:SendCommand", "ssm:CreateAssociation"})
"""Actions that run one on an instance."""
_NAMES: Final = (
    "AWS-RunShellScript",
    "AWS-RunPowerShellScript",
    "AWS-RunRemoteScript",
    "AWS-RunDocument",
    "AWS-ApplyAnsiblePlaybooks",
    "AWS-RunAnsiblePlaybook",
    "AWS-ApplyChefRecipes",
    "AWS-ApplyDSCMofs",
    "AWS-RunSaltState",
    "AWS-InstallApplication",
    "AWS-InstallPowerShellModule",
)


def of_aws(partition: str, region: str) -> tuple[str, ...]:
    """The ARN of each, the most general first."""
    return tuple(f"arn:{partition}:ssm:{region}::document/{name}" for name in _NAMES)
