"""What a function's place in a virtual network is put together from: a repair of one part keeps the others."""

from auditor.model.network import Network
from auditor.model.observed import Known, Observed


def present_in(network: Network) -> dict[str, str]:
    """``{subnets}`` and ``{groups}`` of a repair: those that exist, with commas between; a blank where there is none.

    Where it could not be read whether one exists, it stays: the function refers to it today.
    """
    subnets = [subnet.id for subnet in network.subnets if not _gone(subnet.exists)]
    groups = [group.id for group in network.security_groups if not _gone(group.exists)]
    return {"subnets": ",".join(subnets) or "<subnet>", "groups": ",".join(groups) or "<security-group>"}


def _gone(exists: Observed[bool]) -> bool:
    return isinstance(exists, Known) and not exists.value
