"""The Principal element, read into atoms: who is named?"""

import re
from dataclasses import dataclass
from enum import Enum, auto

from providers.aws.iam.patterns import is_account, is_variable
from providers.aws.iam.policy_owner import PolicyOwner, ResourceKind
from providers.aws.iam.sources import read_arn

_UNIQUE = ("AIDA", "AROA", "AGPA", "ANPA", "ASIA", "AKIA")
"""Prefixes of unique ids (IAM User Guide, "Understanding unique ID prefixes")."""
_SERVICE = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazon(?:aws)?\.com(?:\.cn)?")
"""A service's name: nobody else can be called so, under whatever type of principal it is listed."""


class Who(Enum):
    """What kind of caller a principal names."""

    ANYONE = auto()
    OWN = auto()
    FOREIGN = auto()
    SERVICE = auto()
    FEDERATED = auto()
    GONE = auto()
    """A deleted identity: AWS shows its unique id in place of its ARN, and nobody can be it again."""
    NOBODY = auto()
    """An empty element of a trust policy: it matches no caller."""
    UNRECOGNISED = auto()


@dataclass(frozen=True, slots=True)
class Atom:
    """One principal. ``account`` where one is named; ``whole_account`` when it stands for all of it;
    ``literal_star`` for the bare ``"*"``, which also means services.
    """

    who: Who
    text: str
    account: str = ""
    whole_account: bool = False
    literal_star: bool = False

    def stands_for(self, other: "Atom") -> bool:
        """Whether denying this principal denies the other."""
        if self.who is Who.ANYONE:
            return other.who is not Who.SERVICE or self.literal_star
        if self.whole_account and other.account == self.account:
            return True
        return self.who is other.who and self.text == other.text


def read_principals(pairs: tuple[tuple[str, str], ...], home: PolicyOwner) -> tuple[Atom, ...]:
    """The atoms of a Principal element.

    An empty one is read as everybody, as AWS's own control of function policies does (FSBP Lambda.1); in a trust policy
    it names nobody.
    """
    empty = Who.NOBODY if home.kind is ResourceKind.ROLE_TRUST else Who.ANYONE
    if not pairs:
        return (Atom(empty, ""),)
    texts = ((kind.lower(), text.strip()) for kind, text in pairs)
    return tuple(Atom(empty, "") if not text else _atom(kind, text, home) for kind, text in texts)


def _atom(kind: str, text: str, home: PolicyOwner) -> Atom:
    if kind in ("", "*", "aws") and text == "*":
        return Atom(Who.ANYONE, text, literal_star=kind != "aws")
    if kind in ("", "aws"):
        return _identity(text, home)
    if kind == "service":
        return Atom(Who.SERVICE, text)
    if kind == "federated":
        return Atom(Who.FEDERATED, text)
    if kind == "canonicaluser":
        return Atom(Who.FOREIGN, text)
    return Atom(Who.UNRECOGNISED, text)


def _identity(text: str, home: PolicyOwner) -> Atom:
    if is_account(text):
        return Atom(Who.OWN if home.owns(text) else Who.FOREIGN, text, text, whole_account=True)
    if text.startswith(_UNIQUE) and text.isalnum():
        return Atom(Who.GONE, text)
    if _SERVICE.fullmatch(text):
        return Atom(Who.SERVICE, text)
    arn = None if is_variable(text) else read_arn(text)
    if arn is None:
        return Atom(Who.ANYONE if "*" in text else Who.UNRECOGNISED, text)
    if is_account(arn.account):
        who = Who.OWN if home.owns(arn.account, arn.partition) else Who.FOREIGN
        return Atom(who, text, arn.account, whole_account=arn.resource in ("root", "*"))
    if "*" in arn.account or "?" in arn.account:
        return Atom(Who.ANYONE, text)
    return Atom(Who.UNRECOGNISED, text)


def service_name(principal: str) -> str:
    """The short name of a service principal: its first label."""
    return principal.split(".", 1)[0].lower()
