"""The emulated account behind one server: moto below, and what moto would forget kept beside it."""

import copy
import io
import json
import os
import threading
import wsgiref.util
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import unquote_to_bytes, urlencode

from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer

Memory = TypeVar("Memory")
_UNFORWARDED = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding", "date", "server"})
_SET = {"MOTO_IAM_LOAD_MANAGED_POLICIES": "true", "MOTO_EC2_LOAD_DEFAULT_AMIS": "false"}
# moto asks boto3 for regions, and boto3 refuses a profile it does not find.
_UNSET = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
_SCOPE = (
    "AWS4-HMAC-SHA256 Credential=testing/20260101/{region}/{service}/aws4_request, SignedHeaders=host, Signature=none"
)


class Account:
    """A fresh AWS account: starts with moto's state reset and nothing remembered.

    moto keeps its state in the process, so only one account can live in a process at a time. While it lives, the
    process's environment holds moto's settings and names no AWS profile; ``close`` restores it.
    """

    _alive = threading.Lock()

    def __init__(self) -> None:
        """Opens moto afresh. Raises RuntimeError where an account is open in this process."""
        if not self._alive.acquire(blocking=False):
            message = "another emulated AWS account is running in this process"
            raise RuntimeError(message)
        self._memory: dict[tuple[type[Any], str], Any] = {}
        self.lock = threading.RLock()
        self.generation = 0
        self._before = {name: os.environ.get(name) for name in (*_SET, *_UNSET)}
        os.environ.update(_SET)
        for name in _UNSET:
            os.environ.pop(name, None)
        from moto.core.models import DEFAULT_ACCOUNT_ID  # noqa: PLC0415 - moto is optional and slow to import
        from moto.moto_api._internal import mock_random  # noqa: PLC0415
        from moto.moto_api._internal.models import moto_api_backend  # noqa: PLC0415
        from moto.moto_server.werkzeug_app import (  # noqa: PLC0415
            DomainDispatcherApplication,
            create_backend_app,
        )

        self.id: str = DEFAULT_ACCOUNT_ID
        self._owners: dict[str, str] = {}
        self._members: dict[str, Account] = {self.id: self}
        moto_api_backend.reset()
        mock_random.seed(self.id)  # ids that moto draws are the same in every account
        self._application: Callable[..., Any] = DomainDispatcherApplication(create_backend_app)

    def of_caller(self, call: Call) -> "Account":
        """The account whose credentials signed a call: this one, or one whose role was assumed."""
        key = call.access_key
        if key not in self._owners:
            from moto.iam.models import get_account_id_from  # noqa: PLC0415 - moto is optional

            with self.lock:
                self._owners[key] = get_account_id_from(key) if key else self.id
        return self.member(self._owners[key])

    def member(self, account_id: str) -> "Account":
        """Another account of the same moto, with a memory of its own; made on first use."""
        with self.lock:
            if account_id not in self._members:
                member = copy.copy(self)
                member.forget(account_id)
                self._members[account_id] = member
            return self._members[account_id]

    def forget(self, account_id: str) -> None:
        """Becomes an account of which nothing is remembered yet."""
        self.id, self.generation, self._memory = account_id, 0, {}

    def close(self) -> None:
        """Gives the process back: the environment as it was, and room for the next account."""
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        self._memory.clear()
        self._alive.release()

    def of(self, kind: type[Memory], region: str = "") -> Memory:
        """The account's memory of one kind in one region (empty: account-wide), made on first use."""
        key = (kind, region)
        if key not in self._memory:
            self._memory[key] = kind()
        kept: Memory = self._memory[key]
        return kept

    def moto(self, call: Call) -> Answer:
        """What moto answers to a call; calls are taken one by one, for moto's models are not thread-safe."""
        environ = _environ(call)
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = self.id
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], _exc: object = None) -> Callable[[bytes], None]:
            started.append((status, headers))
            return lambda _data: None

        with self.lock:
            chunks = self._application(environ, start)
            try:
                body = b"".join(chunks)
            finally:
                if hasattr(chunks, "close"):
                    chunks.close()
        status, headers = started[-1]
        kept = {name: value for name, value in headers if name.lower() not in _UNFORWARDED}
        return Answer(int(status.split()[0]), body, kept)

    def ask_query(self, call: Call, service: str, form: Mapping[str, str]) -> Answer:
        """Asks moto's query-protocol ``service`` on behalf of ``call``."""
        headers = {
            "host": call.headers.get("host", "127.0.0.1"),
            "authorization": _SCOPE.format(region=call.region, service=service),
            "content-type": "application/x-www-form-urlencoded",
        }
        protocol = "ec2" if service == "ec2" else "query"
        body = urlencode(form).encode()
        return self.moto(Call("POST", "/", headers, body, service, form["Action"], protocol, call.region))

    def ask_rest(self, call: Call, service: str, target: str) -> Answer:
        """Reads ``target`` from moto's REST ``service`` on behalf of ``call``."""
        headers = {
            "host": call.headers.get("host", "127.0.0.1"),
            "authorization": _SCOPE.format(region=call.region, service=service),
        }
        return self.moto(Call("GET", target, headers, b"", service, target, "rest-json", call.region))

    def ask(self, call: Call, service: str, target: str, members: Mapping[str, Any]) -> Answer:
        """Asks moto's JSON-protocol ``service`` on behalf of ``call`` (``target`` as in X-Amz-Target)."""
        headers = {
            "host": call.headers.get("host", "127.0.0.1"),
            "authorization": _SCOPE.format(region=call.region, service=service),
            "x-amz-target": target,
            "content-type": "application/x-amz-json-1.1",
        }
        body = json.dumps(members).encode()
        operation = target.rpartition(".")[2]
        return self.moto(Call("POST", "/", headers, body, service, operation, "json", call.region))


def _environ(call: Call) -> dict[str, Any]:
    path, _, query = call.target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": call.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "RAW_URI": call.target,
        "REQUEST_URI": call.target,
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(call.body)),
        "CONTENT_TYPE": call.headers.get("content-type", ""),
        "wsgi.input": io.BytesIO(call.body),
        "wsgi.input_terminated": True,
    }
    for name, value in call.headers.items():
        if name not in ("content-type", "content-length", "transfer-encoding"):
            environ["HTTP_" + name.upper().replace("-", "_")] = value
    wsgiref.util.setup_testing_defaults(environ)
    return environ
