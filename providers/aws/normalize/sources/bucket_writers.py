"""Who else may write to a bucket: by its policy, by its access control list, and as far as neither is blocked."""

import json
from collections.abc import Iterator
from typing import Final

from auditor.analysis.source_policies import ACCESS_CONTROL_LIST
from auditor.model.capture import Json
from auditor.model.exposure import AccessGrant, Effect, Reach
from auditor.model.observed import Gap, Known, Observed, Unknown
from providers.aws.iam.actions import SENDS
from providers.aws.iam.policy_owner import ResourceKind
from providers.aws.normalize.answers import GLOBAL, Answers, known
from providers.aws.normalize.fields import flag, items, member, optional_text, text
from providers.aws.normalize.policies import Grants, judge

_POLICY: Final = "s3:GetBucketPolicy"
_LIST: Final = "s3:GetBucketAcl"
_BLOCK: Final = "s3:GetPublicAccessBlock"
_BLOCK_OF_ACCOUNT: Final = "s3control:GetPublicAccessBlock"
_WITHIN: Final = (Reach.SCOPED, Reach.NONE)
_GROUPS: Final = {"AllUsers": Reach.ANONYMOUS, "AuthenticatedUsers": Reach.ANY_PRINCIPAL}
_WRITES: Final = frozenset({"WRITE", "FULL_CONTROL"})
"""Permissions by which objects are created; the group of S3's own log delivery holds them as well."""


class BucketWriters:
    """The policies and access control lists of one location's buckets."""

    def __init__(self, answers: Answers, partition: str) -> None:
        self._answers = answers
        self._partition = partition

    def writers(self, bucket: str) -> Observed[Grants]:
        """By which statements others than the account may write; what is blocked is none."""
        parts = (self._by_policy(bucket), self._by_list(bucket))
        found = tuple(grant for part in parts if isinstance(part, Known) for grant in part.value)
        open_ones = tuple(grant for grant in found if grant.reach.public)
        if open_ones:
            left = self._unblocked(bucket, found)
            if isinstance(left, Unknown) or any(grant.reach.public for grant in left.value):
                return left  # open already: what is unread beside it could only open it again
            found = left.value
        for part in parts:
            if isinstance(part, Unknown):
                return part
        return known(found, _POLICY)

    def _by_policy(self, bucket: str) -> Observed[Grants]:
        body = self._answers.one(_POLICY, bucket)
        if isinstance(body, Unknown):
            return body
        answer = body.value
        return (
            known((), _POLICY) if answer is None else self._answers.fact(_POLICY, lambda: self._judged(answer), bucket)
        )

    def _judged(self, body: Json) -> Grants:
        kind = ResourceKind.BUCKET
        grants = judge(text(body, "Policy"), self._answers, self._partition, kind, asked=SENDS[kind])
        return tuple(grant for grant in grants if grant.reach not in _WITHIN)

    def _by_list(self, bucket: str) -> Observed[Grants]:
        body = self._answers.one(_LIST, bucket)
        if isinstance(body, Unknown):
            return body
        answer = body.value
        if answer is None:
            return known((), _LIST)
        return self._answers.fact(_LIST, lambda: tuple(_listed(answer)), bucket)

    def _unblocked(self, bucket: str, found: Grants) -> Observed[Grants]:
        """What of the grants is in force under the blocks of the bucket and of the account."""
        policies = self._blocks(bucket, "RestrictPublicBuckets")
        lists = self._blocks(bucket, "IgnorePublicAcls")
        by_list = tuple(grant for grant in found if grant.sid == ACCESS_CONTROL_LIST)
        by_policy = tuple(grant for grant in found if grant.sid != ACCESS_CONTROL_LIST)
        public_policy = any(grant.reach.public for grant in by_policy)
        public_list = any(grant.reach.public for grant in by_list)
        for fact, concerned in ((policies, public_policy), (lists, public_list)):
            if concerned and isinstance(fact, Unknown):
                return fact
        if public_policy and isinstance(policies, Known) and policies.value:
            by_policy = tuple(grant for grant in by_policy if grant.services)  # accounts are shut out, services are not
        if isinstance(lists, Known) and lists.value:
            by_list = tuple(grant for grant in by_list if not grant.reach.public)
        return known((*by_policy, *by_list), _POLICY if public_policy else _LIST)

    def _blocks(self, bucket: str, switch: str) -> Observed[bool]:
        """Whether the bucket or the account has the switch on."""
        gap: Gap | None = None
        for answers, operation, subject in (
            (self._answers, _BLOCK, bucket),
            (self._answers.at(GLOBAL), _BLOCK_OF_ACCOUNT, ""),
        ):
            body = answers.one(operation, subject)
            fact = (
                body
                if isinstance(body, Unknown)
                else known(value=False, source=operation)
                if body.value is None
                else answers.fact(operation, lambda found=body.value: _switched(found, switch), subject)  # type: ignore[misc]
            )
            if isinstance(fact, Known) and fact.value:
                return fact
            gap = gap or (fact.gap if isinstance(fact, Unknown) else None)
        return known(value=False, source=_BLOCK) if gap is None else Unknown(gap)


def _switched(body: Json, switch: str) -> bool:
    return flag(member(body, "PublicAccessBlockConfiguration"), switch)


def _listed(body: Json) -> Iterator[AccessGrant]:
    owner = text(member(body, "Owner"), "ID")
    for index, item in enumerate(items(body, "Grants")):
        permission, grantee = text(item, "Permission"), member(item, "Grantee")
        group = (optional_text(grantee, "URI") or "").rpartition("/")[2]  # absent: an account of AWS
        holder = group or text(grantee, "ID")
        if permission in _WRITES and (group in _GROUPS if group else holder != owner):
            yield _grant(index, holder, permission)


def _grant(index: int, holder: str, permission: str) -> AccessGrant:
    return AccessGrant(
        qualifier=None,
        sid=ACCESS_CONTROL_LIST,
        index=index,
        effect=Effect.ALLOW,
        reach=_GROUPS.get(holder, Reach.CROSS_ACCOUNT),
        reason=f"The access control list of the bucket grants {permission} to {holder}.",
        principals=(holder,),
        services=(),
        accounts=(),
        actions=("s3:PutObject",),
        sources=(),
        condition_keys=(),
        through_endpoint=None,
        endpoint_only=False,
        invokes=False,
        modifies=True,
        not_principal=False,
        source_wildcard=False,
        text=json.dumps({"Grantee": holder, "Permission": permission}),
    )
