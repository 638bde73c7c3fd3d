"""Who else may write to a bucket: its policy, its access control list, and the blocks of public access."""

from typing import Any

from auditor.model.capture import Envelope
from auditor.model.exposure import Reach
from auditor.model.observed import GapReason, Known
from auditor.model.trigger import Trigger
from providers.aws.normalize import normalize
from tests.unit.providers.aws.normalize.capture import (
    FOREIGN,
    GLOBAL,
    RENDER,
    absent,
    capture,
    denied,
    ok,
    policy,
    statement,
)

BUCKET = "arn:aws:s3:::uploads"
POLICY, LIST = "s3:GetBucketPolicy", "s3:GetBucketAcl"
BLOCK, BLOCK_OF_ACCOUNT = "s3:GetPublicAccessBlock", "s3control:GetPublicAccessBlock"
PUBLIC = ok(POLICY, {"Policy": policy(statement("Any", "*", "s3:PutObject"))}, "uploads")
PARTNER = ok(POLICY, {"Policy": policy(statement("Partner", {"AWS": FOREIGN}, "s3:PutObject"))}, "uploads")
BOTH = ok(
    POLICY,
    {"Policy": policy(statement("Any", "*", "s3:Put*"), statement("Partner", {"AWS": FOREIGN}, "s3:PutObject"))},
    "uploads",
)
NO_POLICY, NO_BLOCK = absent(POLICY, "uploads"), absent(BLOCK, "uploads")


def granting(*grants: tuple[str, str]) -> Envelope:
    """An access control list: the owner, and who is given."""
    named = [("ID", "owner", "FULL_CONTROL"), *(("URI" if "/" in who else "ID", who, may) for who, may in grants)]
    rows = [{"Grantee": {key: who}, "Permission": may} for key, who, may in named]
    return ok(LIST, {"Owner": {"ID": "owner"}, "Grants": rows}, "uploads")


OWNER_ONLY = granting()
EVERYONE = granting(("http://acs.amazonaws.com/groups/global/AllUsers", "WRITE"))


def blocked(restricted: bool = False, ignored: bool = False, location: str = "") -> Envelope:
    switches = {"RestrictPublicBuckets": restricted, "IgnorePublicAcls": ignored}
    body: dict[str, Any] = {"PublicAccessBlockConfiguration": switches}
    if location:
        return ok(BLOCK_OF_ACCOUNT, body, location=location)
    return ok(BLOCK, body, "uploads")


def told(*answers: Envelope) -> Trigger:
    admitted = statement("S", {"Service": "s3.amazonaws.com"}, ArnLike={"AWS:SourceArn": BUCKET})
    given = ok("lambda:GetPolicy", {"Policy": policy(admitted)}, RENDER)
    functions = {function.name: function for function in normalize(capture(given, *answers)).functions}
    groups = [group.value for group in functions["render"].triggers if isinstance(group, Known)]
    return next(trigger for group in groups for trigger in group if trigger.source == BUCKET)


def reaches(*answers: Envelope) -> tuple[Reach, ...] | tuple[str, GapReason]:
    fact = told(*answers).source_grants
    if isinstance(fact, Known):
        return tuple(grant.reach for grant in fact.value)
    return fact.gap.operation, fact.gap.reason


def test_a_bucket_is_open_to_whom_its_policy_or_list_lets_write() -> None:
    reading = ok(POLICY, {"Policy": policy(statement("Any", "*", "s3:GetObject"))}, "uploads")
    delivery = granting(("http://acs.amazonaws.com/groups/s3/LogDelivery", "WRITE"))
    signed = granting(("http://acs.amazonaws.com/groups/global/AuthenticatedUsers", "FULL_CONTROL"))
    assert reaches(NO_POLICY, OWNER_ONLY) == ()
    assert reaches(reading, delivery) == ()
    assert reaches(PUBLIC, OWNER_ONLY, NO_BLOCK) == (Reach.ANONYMOUS,)
    assert reaches(PARTNER, OWNER_ONLY) == (Reach.CROSS_ACCOUNT,)
    assert reaches(NO_POLICY, EVERYONE, NO_BLOCK) == (Reach.ANONYMOUS,)
    assert reaches(NO_POLICY, signed, NO_BLOCK) == (Reach.ANY_PRINCIPAL,)
    assert reaches(NO_POLICY, granting(("stranger", "WRITE"))) == (Reach.CROSS_ACCOUNT,)


def test_public_access_that_is_blocked_on_the_bucket_or_the_account_is_none() -> None:
    of_account = blocked(restricted=True, ignored=True, location=GLOBAL)
    assert reaches(PUBLIC, OWNER_ONLY, blocked(restricted=True)) == ()
    assert reaches(PUBLIC, OWNER_ONLY, NO_BLOCK, of_account) == ()
    assert reaches(PUBLIC, OWNER_ONLY, blocked(ignored=True)) == (Reach.ANONYMOUS,)
    assert reaches(NO_POLICY, EVERYONE, blocked(ignored=True)) == ()
    assert reaches(NO_POLICY, EVERYONE, blocked(restricted=True)) == (Reach.ANONYMOUS,)
    assert reaches(BOTH, OWNER_ONLY, blocked(restricted=True)) == ()  # other accounts are shut out of a public bucket
    assert reaches(PARTNER, OWNER_ONLY, blocked(restricted=True)) == (Reach.CROSS_ACCOUNT,)


def test_what_was_not_read_of_a_bucket_is_unknown_where_it_decides() -> None:
    assert reaches(denied(POLICY, "uploads"), OWNER_ONLY) == (POLICY, GapReason.DENIED)
    assert reaches(NO_POLICY, denied(LIST, "uploads")) == (LIST, GapReason.DENIED)
    assert reaches(PARTNER, denied(LIST, "uploads")) == (LIST, GapReason.DENIED)
    assert reaches(PUBLIC, denied(LIST, "uploads"), NO_BLOCK) == (Reach.ANONYMOUS,)
    assert reaches(PUBLIC, denied(LIST, "uploads"), blocked(restricted=True)) == (LIST, GapReason.DENIED)
    assert reaches(PUBLIC, OWNER_ONLY, denied(BLOCK, "uploads")) == (BLOCK, GapReason.DENIED)
    refused = denied(BLOCK_OF_ACCOUNT, location=GLOBAL)
    assert reaches(PUBLIC, OWNER_ONLY, NO_BLOCK, refused) == (BLOCK_OF_ACCOUNT, GapReason.DENIED)
    assert reaches(PUBLIC, OWNER_ONLY, blocked(restricted=True), refused) == ()
    assert reaches(NO_POLICY, OWNER_ONLY, refused) == ()  # nothing public: no block could matter
