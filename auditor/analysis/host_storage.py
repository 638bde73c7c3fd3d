"""How a function's host signs in at the storage account it keeps its state in."""

from auditor.model.deployment import StorageAuthentication
from auditor.model.function import Function
from auditor.model.observed import Known

HOST_CONNECTION = "azurewebjobsstorage"
"""The connection of the host's own storage account, in lower case; triggers use it where they name none."""


def signs_in_with_key(function: Function) -> bool:
    """Whether the host is known to sign in with the account's key."""
    authentication = function.deployment.then(lambda deployment: deployment.host_storage)
    return isinstance(authentication, Known) and authentication.value is StorageAuthentication.KEY
