"""The demo's AWS company in LocalStack: deployed by the demo's own builders, read by the product's own scan.

One endpoint stands before both emulators. LocalStack answers for every service it has; moto answers for the rest, which
cannot differ, and is told what it looks for there.
"""

import http.client
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from botocore.exceptions import ClientError

from moto_fixtures.aws import company
from moto_fixtures.aws.company import activity
from moto_fixtures.aws.company.deploy_context import ABROAD, FOREIGN, HOME, Workbench, archive
from moto_fixtures.aws.server import Server
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer
from tests.acceptance.named import REFUSED

ANSWERED_BY_LOCALSTACK: Final = frozenset(
    {
        *(
            "apigateway",
            "cloudwatch",
            "config",
            "dynamodb",
            "dynamodbstreams",
            "ec2",
            "events",
            "iam",
            "kinesis",
            "kms",
        ),
        *("lambda", "logs", "resourcegroupstaggingapi", "s3", "scheduler", "secretsmanager", "sns", "sqs", "ssm"),
        *("stepfunctions", "sts"),
    }
)
_TOO_SLOW: Final = frozenset({("cloudwatch", "PutMetricData"), ("cloudwatch", "GetMetricData")})
"""Left to moto: LocalStack takes longer for one call with hundreds of metrics than a client waits."""
_HOP_BY_HOP: Final = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding", "date", "server"})
_HELD_TWICE: Final = frozenset(
    {
        *(("s3", "CreateBucket"), ("s3", "PutObject"), ("iam", "CreateRole")),
        *(("ec2", "CreateVpc"), ("ec2", "CreateSubnet"), ("ec2", "CreateSecurityGroup")),
        *(("ec2", "RegisterImage"), ("ec2", "CreateLaunchTemplate")),
        *(("lambda", "PublishLayerVersion"), ("lambda", "CreateCodeSigningConfig"), ("lambda", "CreateFunction")),
        *(("lambda", "CreateAlias"), ("lambda", "AddPermission")),
    }
)
"""What moto looks for where it is asked for something else: the bucket of a trail, the role of a pipeline, the network
of a load balancer, the launch template of an Auto Scaling group, and the functions that e-mail starts, Inspector covers
and Access Analyzer looks at."""
_EC2_ID: Final = re.compile(rb"\b(vpc|subnet|sg|ami|lt)-[0-9a-f]{17}\b")
_LAMBDA_INSIGHTS: Final = "580247275435"
_WORKFLOW_LOGS: Final = "/fernhollow/workflows"
"""The log group of the demo's state machine: LocalStack takes none that is not there."""


class Both(Server):
    """The endpoint: a call goes to LocalStack where it has the service, else to moto with the demo's extensions."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = port
        self._in_moto: dict[bytes, bytes] = {}
        self._in_localstack: dict[bytes, bytes] = {}

    @property
    def environment(self) -> Mapping[str, str]:
        """LocalStack takes an access key of twelve digits for the account's id."""
        return {**super().environment, "AWS_ACCESS_KEY_ID": self.account.id}

    def _served(self, call: Call) -> Answer:
        called = (call.service, call.operation)
        if call.service not in ANSWERED_BY_LOCALSTACK or called in _TOO_SLOW:
            return self._of_moto(call)
        answer = self._forwarded(call)
        if answer.status < HTTPStatus.BAD_REQUEST and called in _HELD_TWICE:
            self._same(answer, super()._served(self._for_moto(call)))
        return answer

    def _of_moto(self, call: Call) -> Answer:
        """moto's answer, in which the network has the ids that LocalStack gave it."""
        answer = super()._served(self._for_moto(call))
        return replace(answer, body=_renamed(answer.body, self._in_localstack))

    def _for_moto(self, call: Call) -> Call:
        return replace(call, body=_renamed(call.body, self._in_moto))

    def _same(self, one: Answer, other: Answer) -> None:
        """Both made the same thing: notes what each calls it."""
        if other.status >= HTTPStatus.BAD_REQUEST:
            raise RuntimeError(f"moto refuses what LocalStack made: {other.body!r}")
        theirs, ours = _ids(one), _ids(other)
        for kind in theirs.keys() & ours.keys():
            self._in_moto.update(zip(theirs[kind], ours[kind], strict=False))
            self._in_localstack.update(zip(ours[kind], theirs[kind], strict=False))

    def _forwarded(self, call: Call) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=300)
        headers = {name: value for name, value in call.headers.items() if name not in _HOP_BY_HOP}
        try:
            connection.request(call.method, call.target, call.body, headers)
            answer = connection.getresponse()
            kept = {name: value for name, value in answer.getheaders() if name.lower() not in _HOP_BY_HOP}
            return Answer(answer.status, answer.read(), kept)
        finally:
            connection.close()


def _ids(answer: Answer) -> dict[bytes, list[bytes]]:
    """What a network's answer names, by kind and in its order."""
    found: dict[bytes, list[bytes]] = {}
    for match in _EC2_ID.finditer(answer.body):
        kind = found.setdefault(match.group(1), [])
        kind += [] if match.group() in kind else [match.group()]
    return found


def _renamed(body: bytes, names: Mapping[bytes, bytes]) -> bytes:
    return _EC2_ID.sub(lambda match: names.get(match.group(), match.group()), body)


class _Client:
    """A boto3 client whose named calls may be refused."""

    def __init__(self, client: Any, refused: set[tuple[str, str]]) -> None:
        self._client = client
        self._refused = refused

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:
            try:
                answer = getattr(self._client, method)(**request)
            except ClientError as error:
                key = _refusal(error, request)
                if key is None:
                    raise
                self._refused.add(key)
                return {}
            if method == "create_function" and "CodeSigningConfigArn" in request:  # which LocalStack drops
                signing = {member: request[member] for member in ("FunctionName", "CodeSigningConfigArn")}
                self._client.put_function_code_signing_config(**signing)
            return answer

        return call


def _refusal(error: ClientError, request: Mapping[str, Any]) -> tuple[str, str] | None:
    """The entry of the named list that has these words for this call, or whose function was itself refused."""
    function, said = str(request.get("FunctionName", "")), error.response["Error"].get("Message", "")
    keys = ((error.operation_name, ""), (error.operation_name, function))
    found = next((key for key in keys if key in REFUSED and REFUSED[key].said in said), None)
    if found is None and ("CreateFunction", function) in REFUSED and "Function not found" in said:
        return "CreateFunction", function
    return found


class LenientWorkbench(Workbench):
    """The demo's workbench; a call of the named list that LocalStack refuses does not end the deployment."""

    refused: set[tuple[str, str]]

    def client(self, service: str, region: str = HOME) -> Any:
        return _Client(super().client(service, region), self.__dict__.setdefault("refused", set()))


def deploy(server: Both) -> set[tuple[str, str]]:
    """Deploys the company; returns which entries of the named list were refused."""
    bench = LenientWorkbench(server.environment)
    _layers_of_others(server.environment)
    _queue_of_another(server.environment)
    bench.client("logs").create_log_group(logGroupName=_WORKFLOW_LOGS)
    company.deploy_with(bench, lambda: _signed_code(bench))
    activity.measure(bench)
    return bench.refused


def _queue_of_another(environment: Mapping[str, str]) -> None:
    """The queue of an agency, which LocalStack must hold before a function can read it."""
    bench = Workbench({**environment, "AWS_ACCESS_KEY_ID": FOREIGN})
    bench.client("sqs").create_queue(QueueName="campaign-clicks")


def _layers_of_others(environment: Mapping[str, str]) -> None:
    """Layers of other accounts, which LocalStack must hold before a function can name them."""
    for account, name, version, regions in (
        (_LAMBDA_INSIGHTS, "LambdaInsightsExtension-Arm64", 31, (HOME, ABROAD)),
        (FOREIGN, "partner-telemetry", 12, (HOME,)),
    ):
        bench = Workbench({**environment, "AWS_ACCESS_KEY_ID": account})
        content = {"ZipFile": archive("layer.txt", name)}
        for region in regions:
            for _ in range(version):
                bench.client("lambda", region).publish_layer_version(LayerName=name, Content=content)


def _signed_code(bench: Workbench) -> None:
    """What moto's signing service says that it wrote, and LocalStack's storage must hold."""
    for key in _signed_keys(bench):
        bench.client("s3").put_object(Bucket="fernhollow-build-artifacts", Key=key, Body=archive("app.py", key))


def _signed_keys(bench: Workbench) -> Iterator[str]:
    return (value for name, value in bench.made.items() if name.startswith("signed-key"))
