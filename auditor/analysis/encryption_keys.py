"""The customer's key that a function's variables are encrypted with."""

from auditor.model.environment import EncryptionKey
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Observed


def customer_key(function: Function) -> Observed[EncryptionKey | None]:
    """On Google Cloud variables have no key of their own: the key of the whole function protects them."""
    if function.cloud is Cloud.GCP:
        return function.storage.then(lambda storage: storage.customer_key)
    return function.environment_key
