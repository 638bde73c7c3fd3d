"""A made-up account of N functions behind loopback HTTP, with a fixed latency and AWS's published quotas.

It answers what a scan of such an account asks, in the wire shapes of the services, and answers 'slow down' where
a caller exceeds a quota. It stands in for the network, not for AWS's behaviour: the scenario tests do that. Run
as ``python -m tests.bench.account``; the port is printed, and ``GET /__stats__`` tells what was called.
"""

import argparse
import asyncio
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from tests.bench import sources
from tests.bench.sources import ACCOUNT

LATENCY = 0.040
QUOTAS = {
    "lambda:GetFunction": 100.0,
    "lambda:GetPolicy": 15.0,
    "lambda": 15.0,
    "iam": 20.0,
    "logs:DescribeLogGroups": 10.0,
    **sources.QUOTAS,
}
"""Calls a second for each region; GetFunction, GetPolicy and 'all others' as published for Lambda, IAM assumed."""

_SCOPE = re.compile(r"Credential=[^/]+/\d{8}/([^/]+)/([^/]+)/")
_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


class Bucket:
    """A token bucket of one second's worth that starts full."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate = self.tokens = rate
        self.clock = clock
        self.at = clock()

    def take(self) -> bool:
        """Whether one more call fits."""
        now = self.clock()
        self.tokens = min(self.rate, self.tokens + (now - self.at) * self.rate)
        self.at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class Account:
    """The account's answers, by operation."""

    def __init__(self, functions: int, regions: int, name: str = ACCOUNT) -> None:
        self.name = name
        names = ["us-east-1", "eu-west-1", "eu-central-1", "us-west-2", "ap-southeast-2", "ap-northeast-1"]
        names += [f"eu-north-{n}" for n in range(1, regions)]
        self.regions = names[:regions]
        share, rest = divmod(functions, regions)
        self.count = {name: share + (rank < rest) for rank, name in enumerate(self.regions)}
        self.moved: Counter[int] = Counter()
        """How often each hundredth of the functions was changed."""

    def arn(self, region: str, number: int) -> str:
        return f"arn:aws:lambda:{region}:{self.name}:function:svc-fn-{number:05d}"

    def with_sources(self, region: str) -> int:
        """How many functions of a region have sources in front of them: those of the account that is measured alone."""
        return self.count.get(region, 0) if (self.name, region) == (ACCOUNT, "us-east-1") else 0

    def configuration(self, region: str, number: int) -> dict[str, object]:
        return {
            "FunctionName": f"svc-fn-{number:05d}",
            "FunctionArn": self.arn(region, number),
            "Runtime": ("python3.13", "nodejs22.x", "python3.8", "java21")[number % 4],
            "Role": f"arn:aws:iam::{self.name}:role/fn-role-{number // 2:05d}",
            "Handler": "app.handler",
            "CodeSize": 300,
            "Description": "",
            "Timeout": 30,
            "MemorySize": 256,
            "LastModified": "2026-01-01T00:00:00.000+0000",
            "CodeSha256": "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=",
            "Version": "$LATEST",
            "Environment": {"Variables": {"STAGE": "prod", "TABLE": "orders", "BUCKET": f"data-{number}"}},
            "TracingConfig": {"Mode": "PassThrough"},
            "RevisionId": f"00000000-0000-4000-8000-{self.moved[number % 100]:012d}",
            "PackageType": "Zip",
            "Architectures": ["x86_64"],
            "EphemeralStorage": {"Size": 512},
            "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
            "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/svc-fn-{number:05d}"},
        }

    def policy(self, region: str, number: int) -> dict[str, object]:
        statement = {
            "Sid": "ev",
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "lambda:InvokeFunction",
            "Resource": self.arn(region, number),
            "Condition": {"ArnLike": {"AWS:SourceArn": f"arn:aws:events:{region}:{self.name}:rule/r{number}"}},
        }
        if number % 25 == 0:
            statement |= {"Principal": "*", "Condition": {}}
        more = [
            {
                **statement,
                "Sid": service,
                "Principal": {"Service": f"{service}.amazonaws.com"},
                "Condition": {"ArnLike": {"AWS:SourceArn": source}, "StringEquals": {"AWS:SourceAccount": ACCOUNT}},
            }
            for service, source in (sources.admitted(number) if self.with_sources(region) else {}).items()
        ]
        return {"Policy": json.dumps({"Version": "2012-10-17", "Id": "default", "Statement": [statement, *more]})}


def _page(query: dict[str, list[str]], total: int, size: int) -> tuple[int, int, str | None]:
    start = int(query.get("Marker", ["0"])[0])
    stop = min(start + size, total)
    return start, stop, str(stop) if stop < total else None


class Server:
    """Speaks enough HTTP/1.1 for an SDK."""

    def __init__(self, account: Account, quotas: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self.account = account
        self.quotas = quotas
        self.clock = clock
        self.buckets: dict[tuple[str, str], Bucket] = {}
        self.calls: Counter[str] = Counter()
        self.throttled: Counter[str] = Counter()

    async def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One kept-alive connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                start, *lines = head.decode("latin-1").split("\r\n")
                headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines if line)}
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                method, target, _ = start.split(" ")
                status, kind, answer = await self.answer(method, target, headers, body)
                writer.write(
                    f"HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {len(answer)}\r\n"
                    f"x-amzn-requestid: 0\r\n{'x-amzn-errortype: TooManyRequestsException' if status == 429 else 'x-a: b'}"
                    "\r\n\r\n".encode()
                    + answer
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, str, bytes]:
        """Status, content type, body."""
        url = urlsplit(target)
        if url.path == "/__stats__":
            stats = {"calls": self.calls, "throttled": self.throttled}
            return 200, "application/json", json.dumps(stats).encode()
        if url.path == "/__change__":
            self.account.moved.update(range(int(parse_qs(url.query)["percent"][0])))
            self.calls.clear()
            return 200, "application/json", b"{}"
        found = _SCOPE.search(headers.get("authorization", ""))
        region, service = (found[1], found[2]) if found else ("", "unsigned")
        name, respond = self.route(
            method, url.path, parse_qs(url.query, keep_blank_values=True), headers, body, region, service
        )
        await asyncio.sleep(LATENCY)
        return self.told(region, service, name, respond)

    def told(self, region: str, service: str, name: str, respond: Callable[[], object]) -> tuple[int, str, bytes]:
        """Status, content type and body of a call that has arrived: the answer, or that there were too many."""
        self.calls[f"{service}:{name}"] += 1
        if self.quotas and not self.fits(region, service, name):
            self.throttled[f"{service}:{name}"] += 1
            return 429, "application/json", b'{"Reason":"CallerRateLimitExceeded","message":"Rate exceeded"}'
        answer = respond()
        if isinstance(answer, str):
            return 200, "text/xml", answer.encode()
        return (404 if answer is None else 200), "application/json", json.dumps(answer or {}).encode()

    def fits(self, region: str, service: str, name: str) -> bool:
        """Draws on the quota, if there is one."""
        key = f"{service}:{name}" if f"{service}:{name}" in QUOTAS else service
        if key not in QUOTAS:
            return True
        return self.buckets.setdefault((region, key), Bucket(QUOTAS[key], self.clock)).take()

    def route(
        self,
        method: str,
        path: str,
        query: dict[str, list[str]],
        headers: dict[str, str],
        body: bytes,
        region: str,
        service: str,
    ) -> tuple[str, Callable[[], object]]:
        """The operation's name and its answer."""
        account = self.account
        if service == "lambda":
            return self.function_route(path, query, region)
        if target := headers.get("x-amz-target"):
            name = target.rpartition(".")[2]
            asked = json.loads(body or b"{}")
            return name, lambda: self.json_answer(name, asked, region)
        if body.startswith((b"Action=", b"Version=")) or b"&Action=" in body:
            form = {k: v[0] for k, v in parse_qs(body.decode()).items()}
            return form["Action"], lambda: self.query_answer(form)
        total = account.with_sources(region)
        if service == "apigateway" and (found := sources.of_gateway(path, total)):
            name, told = found
            return name, lambda: told
        if service == "s3":
            name, text = sources.of_bucket(path, query)
            return name, lambda: text
        if service == "cloudfront":
            return "ListDistributions", sources.of_distributions
        simple: dict[str, tuple[str, object]] = {
            "/list-regions": (
                "ListRegions",
                {"Regions": [{"RegionName": r, "RegionOptStatus": "ENABLED_BY_DEFAULT"} for r in account.regions]},
            ),
            "/detector": ("ListDetectors", {"detectorIds": []}),
            "/status/batch/get": ("BatchGetAccountStatus", {"accounts": [_INSPECTOR]}),
            "/coverage/list": ("ListCoverage", {"coveredResources": []}),
            "/analyzer": ("ListAnalyzers", {"analyzers": []}),
            "/EncryptionConfig": ("GetEncryptionConfig", {"EncryptionConfig": {"Type": "NONE", "Status": "ACTIVE"}}),
        }
        name, fixed = simple.get(path.replace("listRegions", "list-regions"), (f"{method} {path}", None))
        return name, lambda: fixed

    def function_route(self, path: str, query: dict[str, list[str]], region: str) -> tuple[str, Callable[[], object]]:
        """Lambda's operations."""
        account = self.account
        total = account.count.get(region, 0)
        plain: dict[str, tuple[str, object]] = {
            "event-source-mappings": (
                "ListEventSourceMappings",
                {"EventSourceMappings": sources.mappings(account.with_sources(region))},
            ),
            "code-signing-configs": ("ListCodeSigningConfigs", {"CodeSigningConfigs": []}),
            "account-settings": (
                "GetAccountSettings",
                {
                    "AccountLimit": {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 900},
                    "AccountUsage": {"FunctionCount": total, "TotalCodeSize": total * 300},
                },
            ),
        }
        parts = [unquote(part) for part in path.strip("/").split("/")]
        if parts[1] in plain:
            name, fixed = plain[parts[1]]
            return name, lambda: fixed
        if len(parts) == 2:
            return "ListFunctions", lambda: self.functions(query, region, total)
        number = int(parts[2][-5:])
        if len(parts) == 3:
            return "GetFunction", lambda: {
                "Configuration": account.configuration(region, number),
                "Code": {"RepositoryType": "S3", "Location": "https://example.com/code.zip"},
                "Tags": {"team": f"t{number % 7}"},
            }
        if parts[3] == "policy":
            return "GetPolicy", lambda: account.policy(region, number)
        if parts[3] == "urls":
            return "ListFunctionUrlConfigs", lambda: {"FunctionUrlConfigs": []}
        return parts[3], lambda: None

    def functions(self, query: dict[str, list[str]], region: str, total: int) -> object:
        """A page of 50."""
        start, stop, marker = _page(query, total, 50)
        rows = [self.account.configuration(region, number) for number in range(start, stop)]
        return {"Functions": rows, **({"NextMarker": marker} if marker else {})}

    def json_answer(self, name: str, asked: dict[str, str], region: str) -> object:
        """The JSON-protocol services."""
        total = self.account.count.get(region, 0)
        if name == "DescribeLogGroups":
            start, stop, token = _page({"Marker": [asked.get("nextToken", "0")]}, total, 50)
            groups = [
                {
                    "logGroupName": f"/aws/lambda/svc-fn-{n:05d}",
                    "arn": f"arn:aws:logs:{region}:{self.account.name}:log-group:/aws/lambda/svc-fn-{n:05d}:*",
                    "retentionInDays": 30,
                }
                for n in range(start, stop)
            ]
            return {"logGroups": groups, **({"nextToken": token} if token else {})}
        if name == "SelectResourceConfig":
            start, stop, token = _page({"Marker": [asked.get("NextToken") or "0"]}, total, 100)
            found = [json.dumps(self.recorded(region, number)) for number in range(start, stop)]
            return {"Results": found, **({"NextToken": token} if token else {})}
        if name == "GetResources":
            start, stop, token = _page({"Marker": [asked.get("PaginationToken") or "0"]}, total, 100)
            rows = [
                {"ResourceARN": self.account.arn(region, n), "Tags": [{"Key": "team", "Value": f"t{n % 7}"}]}
                for n in range(start, stop)
            ]
            return {"ResourceTagMappingList": rows, "PaginationToken": token or ""}
        of_source = sources.of_json(name, asked, self.account.with_sources(region))
        if of_source is not None:
            return of_source
        return {
            "DescribeTrails": {"trailList": []},
            "DescribeResourcePolicies": {"resourcePolicies": []},
            "DescribeConfigurationRecorders": {"ConfigurationRecorders": _RECORDERS},
            "DescribeConfigurationRecorderStatus": {"ConfigurationRecordersStatus": _RECORDING},
        }.get(name)

    def recorded(self, region: str, number: int) -> dict[str, object]:
        """A function as AWS Config has it."""
        made = self.account.configuration(region, number)
        return {
            "configurationItemCaptureTime": "2026-01-01T00:00:00.000Z",
            "configuration": {"functionArn": made["FunctionArn"], "revisionId": made["RevisionId"]},
            "supplementaryConfiguration": {"Policy": self.account.policy(region, number)["Policy"], "Tags": {}},
        }

    def query_answer(self, form: dict[str, str]) -> str:
        """STS, SNS and IAM."""
        action = form["Action"]
        if action == "GetCallerIdentity":
            name = self.account.name
            inner = f"<Arn>arn:aws:iam::{name}:user/auditor</Arn><UserId>X</UserId><Account>{name}</Account>"
        elif (of_topics := sources.of_topics(form, self.account.with_sources("us-east-1"))) is not None:
            inner = of_topics
        else:
            roles = (max(self.account.count.values(), default=0) + 1) // 2
            start, stop, marker = _page({"Marker": [form.get("Marker", "0")]}, roles, int(form.get("MaxItems", "100")))
            inner = (
                f"<IsTruncated>{'true' if marker else 'false'}</IsTruncated>"
                + (f"<Marker>{marker}</Marker>" if marker else "")
                + f"<RoleDetailList>{''.join(_role(number, self.account.name) for number in range(start, stop))}</RoleDetailList><Policies/>"
            )
        return (
            f'<{action}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><{action}Result>{inner}'
            f"</{action}Result><ResponseMetadata><RequestId>x</RequestId></ResponseMetadata></{action}Response>"
        )


_RECORDERS = [{"name": "default", "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": False}}]
_RECORDING = [{"name": "default", "recording": True, "lastStatus": "SUCCESS"}]

_INSPECTOR = {
    "accountId": ACCOUNT,
    "state": {"status": "DISABLED", "errorCode": "ALREADY_ENABLED", "errorMessage": ""},
    "resourceState": {
        kind: {"status": "DISABLED", "errorCode": "ALREADY_ENABLED", "errorMessage": ""}
        for kind in ("ec2", "ecr", "lambda", "lambdaCode")
    },
}


def _role(number: int, account: str) -> str:
    document = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": f"arn:aws:s3:::bucket-{number}/*"}
            ],
        }
    )
    name = f"fn-role-{number:05d}"
    return (
        f"<member><Path>/</Path><RoleName>{name}</RoleName><RoleId>AROA{number:017d}</RoleId>"
        f"<Arn>arn:aws:iam::{account}:role/{name}</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate>"
        f"<AssumeRolePolicyDocument>{escape(_TRUST)}</AssumeRolePolicyDocument><InstanceProfileList/>"
        f"<RolePolicyList><member><PolicyName>inline</PolicyName><PolicyDocument>{escape(document)}</PolicyDocument>"
        "</member></RolePolicyList><AttachedManagedPolicies/></member>"
    )


async def serve(functions: int, regions: int, *, quotas: bool) -> None:
    """Serves until killed; prints the port."""
    server = Server(Account(functions, regions), quotas)
    listening = await asyncio.start_server(server.connection, "127.0.0.1", 0)
    sys.stdout.write(f"{listening.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await listening.serve_forever()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", "--functions", type=int, default=1000)
    parser.add_argument("--regions", type=int, default=1)
    parser.add_argument("--no-quotas", action="store_true")
    chosen = parser.parse_args()
    asyncio.run(serve(chosen.functions, chosen.regions, quotas=not chosen.no_quotas))


if __name__ == "__main__":
    main()
