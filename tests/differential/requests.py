"""Requests with policies, made from a seed: every element of the language, and every layer of policies."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, Final

OWN, OTHER = "111122223333", "444455556666"
_ALL: Final = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
USER, ROLE = f"arn:aws:iam::{OWN}:user/bob", f"arn:aws:iam::{OWN}:role/App"
SESSION, SERVICE = f"arn:aws:sts::{OWN}:assumed-role/App/run", "events.amazonaws.com"

_TARGETS: Final = (
    ("lambda:InvokeFunction", "arn:aws:lambda:us-east-1:{}:function:shop"),
    ("lambda:UpdateFunctionCode", "arn:aws:lambda:us-east-1:{}:function:shop"),
    ("s3:GetObject", "arn:aws:s3:::bucket/team/a.txt"),
    ("s3:ListBucket", "arn:aws:s3:::bucket"),
    ("sqs:SendMessage", "arn:aws:sqs:us-east-1:{}:orders"),
    ("sts:AssumeRole", "arn:aws:iam::{}:role/target"),
    ("kms:Decrypt", "arn:aws:kms:us-east-1:{}:key/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"),
    ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:{}:secret:team-abcdef"),
    ("iam:PassRole", "arn:aws:iam::{}:role/target"),
    ("dynamodb:GetItem", "arn:aws:dynamodb:us-east-1:{}:table/team"),
)
_CONTROLLED: Final = ("s3", "sts", "kms", "sqs", "secretsmanager")
"""Services that resource control policies reach."""
_WITHOUT_POLICY: Final = ("iam:",)
_VALUES: Final[dict[str, tuple[str, ...]]] = {
    "aws:PrincipalTag/team": ("team", "Team", "shop", ""),
    "aws:RequestedRegion": ("us-east-1", "eu-west-1"),
    "aws:PrincipalOrgID": ("o-aaaaaaaaaa", "o-bbbbbbbbbb"),
    "aws:SourceVpce": ("vpce-1", "vpce-2"),
    "aws:username": ("bob", "team"),
    "aws:PrincipalArn": (USER, ROLE, f"arn:aws:iam::{OTHER}:role/App"),
    "aws:SourceArn": (
        f"arn:aws:events:us-east-1:{OWN}:rule/x",
        f"arn:aws:s3:::bucket:{OWN}",
        "arn:aws:sns:us-east-1:1:t",
    ),
    "aws:SourceIp": ("10.1.2.3", "192.168.0.1", "2001:db8::1"),
    "aws:VpcSourceIp": ("10.1.2.3", "172.16.0.9"),
    "aws:SecureTransport": ("true", "false"),
    "aws:ViaAWSService": ("true", "false"),
    "aws:MultiFactorAuthAge": ("10", "3600", "7200"),
    "aws:CurrentTime": ("2026-01-01T00:00:00Z", "2027-06-01T12:00:00Z"),
    "aws:TokenIssueTime": ("2025-12-31T23:59:59Z", "2026-06-01T00:00:00Z"),
    "aws:EpochTime": ("1767225600", "1798761600"),
    "aws:CalledVia": ("athena.amazonaws.com", "cloudformation.amazonaws.com", "dynamodb.amazonaws.com"),
    "aws:PrincipalOrgPaths": ("o-aaaaaaaaaa/r-ab12/ou-1/", "o-aaaaaaaaaa/r-ab12/ou-2/", "o-bbbbbbbbbb/r-cd34/"),
}
_SEVERAL: Final = frozenset({"aws:CalledVia", "aws:PrincipalOrgPaths"})
_RANGES: Final = ("aws:SourceIp", "aws:VpcSourceIp")
_STRINGS: Final = (
    *("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
    *("StringLike", "StringNotLike"),
)
_NUMBERS: Final = (
    *("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals"),
    *("NumericGreaterThan", "NumericGreaterThanEquals"),
)
_DATES: Final = tuple(name.replace("Numeric", "Date") for name in _NUMBERS)
_OPERATORS: Final[dict[str, tuple[str, ...]]] = {
    "aws:SourceIp": ("IpAddress", "NotIpAddress"),
    "aws:VpcSourceIp": ("IpAddress", "NotIpAddress"),
    "aws:SecureTransport": ("Bool",),
    "aws:ViaAWSService": ("Bool",),
    "aws:MultiFactorAuthAge": _NUMBERS,
    "aws:CurrentTime": _DATES,
    "aws:TokenIssueTime": _DATES,
    "aws:EpochTime": (*_DATES, *_NUMBERS),
    "aws:PrincipalArn": ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "StringEquals", "StringLike"),
    "aws:SourceArn": ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "StringLike"),
}
_PATTERNS: Final[dict[str, tuple[str, ...]]] = {
    "aws:SourceIp": ("10.0.0.0/8", "192.168.0.0/16", "2001:db8::/32", "10.1.2.3/32"),
    "aws:VpcSourceIp": ("10.0.0.0/8", "172.16.0.0/12", "10.1.2.3", "10.1.2.3/32"),
    "aws:PrincipalArn": ("arn:aws:iam::*:role/*", f"arn:aws:iam::{OWN}:*", "arn:aws:iam::*:role/A??", "arn:*:*:*:*:*"),
    "aws:SourceArn": ("arn:aws:events:*:*:rule/*", "arn:aws:s3:::*", f"arn:*:*:*:{OWN}:*"),
    "aws:PrincipalTag/team": ("t*", "????", "*", "${aws:username}", "${aws:PrincipalTag/none, 'team'}", "${*}", "tea?"),
    "aws:username": ("b*", "${aws:PrincipalTag/team}"),
    "aws:SecureTransport": ("True", "FALSE"),
    "aws:MultiFactorAuthAge": ("3600.0", "100", "-1"),
    "aws:CurrentTime": ("2026-01-01", "2026-07-01T00:00:00Z", "2026-07-01T02:00:00+02:00"),
    "aws:TokenIssueTime": ("2026-01-01T00:00:00Z",),
    "aws:EpochTime": ("1780000000",),
    "aws:CalledVia": ("*.amazonaws.com", "athena*", "*"),
    "aws:PrincipalOrgPaths": ("o-aaaaaaaaaa/*", "o-aaaaaaaaaa/r-ab12/ou-?/", "*"),
    "aws:RequestedRegion": ("us-*", "*"),
    "aws:PrincipalOrgID": ("o-a*",),
    "aws:SourceVpce": ("vpce-*",),
}


class Requests:
    """The rows of one seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def rows(self, count: int) -> Iterator[dict[str, Any]]:
        """Requests with an id each; the same for the same seed."""
        for number in range(count):
            yield {"id": number, **self._row()}

    def _often(self, chance: float) -> bool:
        return self._random.random() < chance

    def _row(self) -> dict[str, Any]:
        one = self._random
        action, pattern = one.choice(_TARGETS)
        owner = OWN if self._often(0.75) else OTHER
        caller = one.choices((USER, SESSION, ROLE, SERVICE, "ANON"), (4, 4, 3, 1, 1))[0]
        signed = caller in (USER, SESSION, ROLE)
        resource = pattern.format(owner)
        has_policy = not action.startswith(_WITHOUT_POLICY)
        policy = self._resource_policy(action, resource, caller) if has_policy and self._often(0.6) else None
        if action == "sts:AssumeRole" and policy is None:  # every role has a trust policy
            policy = self._resource_policy(action, resource, caller)
        bounded = signed and self._often(0.25)
        controlled = action.partition(":")[0] in _CONTROLLED
        session = caller == SESSION and self._often(0.2)
        return {
            "principal": caller,
            "action": self._cased(action) if self._often(0.1) else action,
            "resource": resource,
            "resourceAccount": owner,
            "context": self._context(),
            "identityPolicies": [self._policy(action, resource) for _ in range(one.randint(0, 2))] if signed else [],
            "boundary": [self._limit(action, resource)] if bounded else None,
            "session": self._limit(action, resource) if session else None,
            "scps": [self._level(action, resource) for _ in range(one.randint(1, 2))]
            if signed and self._often(0.2)
            else [],
            "rcps": [self._controls(action, resource)] if controlled and self._often(0.2) else [],
            "resourcePolicy": policy,
        }

    def _cased(self, action: str) -> str:
        return action.lower() if self._often(0.5) else action.upper()

    def _context(self) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, values in _VALUES.items():
            if self._often(0.5):
                several = key in _SEVERAL
                made[key] = (
                    self._random.sample(values, self._random.randint(1, 2)) if several else self._random.choice(values)
                )
        return made

    def _policy(self, action: str, resource: str) -> dict[str, Any]:
        one = self._random
        statements = [self._statement(action, resource) for _ in range(one.randint(1, 3))]
        return {"Version": "2012-10-17" if self._often(0.95) else "2008-10-17", "Statement": statements}

    def _limit(self, action: str, resource: str) -> dict[str, Any]:
        return _ALL if self._often(0.3) else self._policy(action, resource)

    def _level(self, action: str, resource: str) -> list[dict[str, Any]]:
        made = [_ALL] if self._often(0.7) else []
        return [*made, self._policy(action, resource)]

    def _controls(self, action: str, resource: str) -> list[dict[str, Any]]:
        statement = {**self._statement(action, resource), "Effect": "Deny", "Principal": "*"}
        named = [name for name in self._actions(action) if name not in ("*", "ec2:*", "logs:PutLogEvents")]
        statement.pop("NotAction", None)  # such a policy takes neither NotAction nor "*"
        statement["Action"] = self._some(named)
        return [{"Version": "2012-10-17", "Statement": [statement]}]

    def _statement(self, action: str, resource: str) -> dict[str, Any]:
        made: dict[str, Any] = {"Effect": "Allow" if self._often(0.75) else "Deny"}
        negated = self._often(0.12)
        made["NotAction" if negated else "Action"] = self._some(self._actions(action))
        negated = self._often(0.12)
        made["NotResource" if negated else "Resource"] = self._some(self._resources(resource))
        if self._often(0.45):
            made["Condition"] = self._conditions()
        return made

    def _resource_policy(self, action: str, resource: str, caller: str) -> dict[str, Any]:
        made = []
        for _ in range(self._random.randint(1, 2)):
            statement = self._statement(action, resource)
            if action == "sts:AssumeRole":
                statement = {key: value for key, value in statement.items() if key not in ("Resource", "NotResource")}
                statement["Action"] = statement.pop("NotAction", statement.get("Action"))
            denied = statement["Effect"] == "Deny"
            element = "NotPrincipal" if denied and self._often(0.25) else "Principal"
            made.append({**statement, element: self._principal(caller)})
        return {"Version": "2012-10-17", "Statement": made}

    def _principal(self, caller: str) -> Any:
        one = self._random
        if self._often(0.15):
            return "*"
        named = [
            USER,
            ROLE,
            OWN,
            f"arn:aws:iam::{OWN}:root",
            f"arn:aws:iam::{OTHER}:root",
            f"arn:aws:iam::{OTHER}:role/x",
        ]
        if caller != ROLE:  # of a role alone it is not known which session it would be
            named.append(SESSION)
        choices: list[Any] = [
            {"AWS": self._some(named)},
            {"AWS": one.choice(named)},
            {"AWS": "*"},
            {"Service": one.choice((SERVICE, "s3.amazonaws.com"))},
            {"AWS": one.choice(named), "Service": [SERVICE]},
        ]
        return one.choice(choices)

    def _actions(self, action: str) -> list[str]:
        service, _, name = action.partition(":")
        return [
            *(action, "*", f"{service}:*", f"{service}:{name[:3]}*", f"{service.upper()}:{name.lower()}"),
            *(f"{service}:{name[:-1]}?", f"{service}:*{name[-4:]}", "ec2:*", "logs:PutLogEvents", f"{service}:Other*"),
        ]

    def _resources(self, resource: str) -> list[str]:
        head, _, last = resource.rpartition(":")
        return [
            *(resource, "*", f"{head}:*", f"{head}:{last[:4]}*", f"{head}:{last[:-1]}?", "arn:aws:s3:::other/*"),
            *(
                resource.replace("team", "${aws:PrincipalTag/team}"),
                resource.replace("shop", "${aws:username, 'shop'}"),
            ),
            *(resource.replace("us-east-1", "*"), f"{head}:{last[:-3]}???", resource.upper()),
        ]

    def _conditions(self) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for _ in range(self._random.randint(1, 2)):
            key = self._random.choice(list(_VALUES))
            operator = "Null" if self._often(0.12) else self._operator(key)
            wanted = (*(() if key in _RANGES else _VALUES[key]), *_PATTERNS.get(key, ()))
            values = self._random.choice(("true", "false")) if operator == "Null" else self._some(list(wanted))
            made.setdefault(operator, {})[key if self._often(0.8) else key.lower()] = values
        return made

    def _operator(self, key: str) -> str:
        operator = self._random.choice(_OPERATORS.get(key, _STRINGS))
        if self._often(0.2):
            operator += "IfExists"
        if key in _SEVERAL or self._often(0.08):
            operator = self._random.choice(("ForAllValues:", "ForAnyValue:")) + operator
        return operator

    def _some(self, choices: Sequence[str]) -> str | list[str]:
        if self._often(0.5):
            return self._random.choice(choices)
        return self._random.sample(choices, self._random.randint(1, 2))
