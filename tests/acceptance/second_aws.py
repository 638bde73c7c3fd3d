"""The demo's AWS company in LocalStack: deployed by the demo's own builders, read by the product's own scan.

One endpoint stands before both emulators. LocalStack answers for every service it has; moto answers for the rest, and
so do not differ by definition.
"""

import http.client
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from botocore.exceptions import ClientError

from moto_fixtures.aws import company
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
_HOP_BY_HOP: Final = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding", "date", "server"})
_HELD_TWICE: Final = frozenset({("s3", "CreateBucket"), ("iam", "CreateRole")})
"""What moto looks for where it is asked for something else: the bucket of a trail, the role of a pipeline."""
_LAMBDA_INSIGHTS: Final = "580247275435"
_WORKFLOW_LOGS: Final = "/fernhollow/workflows"
"""The log group of the demo's state machine: LocalStack takes none that is not there."""


class Both(Server):
    """The endpoint: a call goes to LocalStack where it has the service, else to moto with the demo's extensions."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = port

    @property
    def environment(self) -> Mapping[str, str]:
        """LocalStack takes an access key of twelve digits for the account's id."""
        return {**super().environment, "AWS_ACCESS_KEY_ID": self.account.id}

    def _served(self, call: Call) -> Answer:
        if call.service not in ANSWERED_BY_LOCALSTACK:
            return super()._served(call)
        if (call.service, call.operation) in _HELD_TWICE:
            super()._served(call)
        return self._forwarded(call)

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


class _Client:
    """A boto3 client whose named calls may be refused."""

    def __init__(self, client: Any, refused: set[tuple[str, str]]) -> None:
        self._client = client
        self._refused = refused

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:
            try:
                return getattr(self._client, method)(**request)
            except ClientError as error:
                key = _refusal(error, request)
                if key is None:
                    raise
                self._refused.add(key)
                return {}

        return call


def _refusal(error: ClientError, request: Mapping[str, Any]) -> tuple[str, str] | None:
    """The entry of the named list that speaks of this call, or of one made for a function that was itself refused."""
    function = str(request.get("FunctionName", ""))
    keys = ((error.operation_name, ""), (error.operation_name, function), ("CreateFunction", function))
    return next((key for key in keys if key in REFUSED), None)


class LenientWorkbench(Workbench):
    """The demo's workbench; a call of the named list that LocalStack refuses does not end the deployment."""

    refused: set[tuple[str, str]]

    def client(self, service: str, region: str = HOME) -> Any:
        return _Client(super().client(service, region), self.__dict__.setdefault("refused", set()))


def deploy(server: Both) -> set[tuple[str, str]]:
    """Deploys the company; returns which entries of the named list were refused."""
    bench = LenientWorkbench(server.environment)
    _layers_of_others(server.environment)
    bench.client("logs").create_log_group(logGroupName=_WORKFLOW_LOGS)
    company.deploy_with(bench, lambda: _signed_code(bench))
    return bench.refused


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
