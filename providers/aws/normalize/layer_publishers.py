"""Who publishes layers for AWS: the accounts behind its own extensions and libraries, which differ by region.

``providers/aws/data/layer_publishers.json`` holds them, with their sources and the date they were read.
"""

import json
from functools import cache
from importlib.resources import files

_NAMESPACE = "awslayer"
"""What stands for the account in layers that AWS publishes under its own name (``…:awslayer:layer:…``)."""


def published_by_aws(account: str) -> bool:
    """Whether AWS itself publishes layers through this account."""
    return account == _NAMESPACE or account in _accounts()


@cache
def _accounts() -> frozenset[str]:
    table = json.loads((files("providers.aws") / "data" / "layer_publishers.json").read_text("utf-8"))
    return frozenset(account for accounts in table["accounts"].values() for account in accounts)
