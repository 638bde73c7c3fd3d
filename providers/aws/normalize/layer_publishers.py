"""Who publishes layers for AWS."""


def published_by_aws(account: str) -> bool:
    """Whether AWS itself publishes layers through this account."""
    return account == "awslayer"
