"""How checks are sorted: what a defect leads to, and whether judging it is a matter of opinion."""

from enum import StrEnum


class Risk(StrEnum):
    """What a defect leads to. The folder under ``checks/`` is the same word with underscores."""

    EVENT_INJECTION = "event-injection"
    OVER_PRIVILEGE = "over-privilege"
    THIRD_PARTY_DEPENDENCY = "third-party-dependency"
    INSECURE_CONFIGURATION = "insecure-configuration"
    DENIAL_OF_WALLET = "denial-of-wallet"
    EXPOSURE = "exposure"
    MONITORING = "monitoring"
    RUNTIME_PROTECTION = "runtime-protection"
    TRANSPORT = "transport"
    RESILIENCE = "resilience"


class ProfileLevel(StrEnum):
    """Whether a check is asked by default or is an opinion for the strict."""

    DEFAULT = "default"
    STRICT = "strict"
