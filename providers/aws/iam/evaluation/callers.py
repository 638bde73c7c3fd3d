"""Who makes a request, as the layers of policies tell callers apart."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from providers.aws.arn import parse_arn


class CallerKind(StrEnum):
    """Kinds of principals, each with rules of its own."""

    USER = "user"
    ROLE = "role"
    """A session of a role whose name is not known."""
    SESSION = "session"
    ROOT = "root"
    FEDERATED = "federated"
    SERVICE = "service"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Caller:
    """A principal. ``id`` is its ARN, or a service's name, or "" for a call that nobody signed.

    ``role`` is the ARN of a session's role, as far as it can be told; ``bounded`` says that it has a permissions
    boundary.
    """

    kind: CallerKind
    id: str
    account: str = ""
    partition: str = "aws"
    role: str = ""
    bounded: bool = False

    @property
    def signed_in(self) -> bool:
        """Whether it is a principal of an account, to which policies of an identity apply."""
        return self.kind not in (CallerKind.SERVICE, CallerKind.ANONYMOUS)

    @property
    def service_linked(self) -> bool:
        """Whether it is a role that a service made for itself: policies of an organisation do not bind those."""
        return ":role/aws-service-role/" in self.role

    @property
    def role_name(self) -> str:
        """Name of the role, without its path."""
        return self.role.rpartition("/")[2]


@lru_cache(maxsize=16_384)
def read_caller(text: str) -> Caller:
    """A caller by its ARN, or by the name of a service; "" is an unsigned call.

    Raises:
        ValueError: the text names no principal.
    """
    if not text:
        return Caller(CallerKind.ANONYMOUS, "")
    arn = parse_arn(text)
    if arn is None:
        if text.endswith((".amazonaws.com", ".amazonaws.com.cn", ".amazon.com")):
            return Caller(CallerKind.SERVICE, text)
        raise ValueError(f"{text} is neither the ARN of a principal nor the name of an AWS service.")
    kind, _, rest = arn.resource.partition("/")
    if kind == "assumed-role" and "/" in rest:
        role = f"arn:{arn.partition}:iam::{arn.account}:role/{rest.split('/')[0]}"
        return Caller(CallerKind.SESSION, text, arn.account, arn.partition, role)
    if kind not in ("user", "role", "root", "federated-user") or arn.service not in ("iam", "sts"):
        raise ValueError(f"{text} is not the ARN of a user, a role or a session.")
    found = {"federated-user": CallerKind.FEDERATED}.get(kind) or CallerKind(kind)
    role = text if found is CallerKind.ROLE else ""
    return Caller(found, text, arn.account, arn.partition, role)
