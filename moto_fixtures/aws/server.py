"""The emulated AWS on loopback: extensions of moto in front, moto behind.

Use it as a context manager; ``endpoint`` is what ``AWS_ENDPOINT_URL`` should say. Every start is a fresh account.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from moto_fixtures.aws import moto_extensions  # noqa: F401 - loads every extension
from moto_fixtures.aws.account import Account
from moto_fixtures.aws.errors import ServiceError, error_answer
from moto_fixtures.aws.faults import Fault, refusal
from moto_fixtures.aws.moto_extensions.registry import handler_of
from moto_fixtures.aws.wire import Call, identify
from moto_fixtures.emulation.server import Emulator
from moto_fixtures.emulation.wire import Answer, Request

CALLER = "user/auditor"
_READS = ("Get", "List", "Describe", "BatchGet", "Head")


@dataclass(frozen=True)
class Seen:
    """One request in the log: what was asked, of which resource, and the status of the answer."""

    service: str
    operation: str
    region: str
    resource: str
    status: int
    account: str = ""


class Server(Emulator[Call, Fault, Seen]):
    """An AWS endpoint on a free loopback port, with a fault plan and a request log."""

    cloud = "AWS"

    def __init__(self, latency: float = 0.0) -> None:
        super().__init__(latency)
        self._account: Account | None = None

    def start(self) -> Self:
        """Opens the port and a fresh account; raises RuntimeError while another account is open here."""
        self._account = Account()
        return super().start()

    def stop(self) -> None:
        """Closes the port and every open connection, and forgets the account."""
        super().stop()
        if self._account is not None:
            self._account.close()
        self._account = None

    @property
    def account(self) -> Account:
        """The account behind the port; RuntimeError before start and after stop."""
        if self._account is None:
            raise RuntimeError("the emulated AWS is not running")
        return self._account

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables that point any AWS SDK at this server, with credentials that are none."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_SESSION_TOKEN": "testing",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
        }

    def read(self, request: Request) -> Call:
        """Names the call."""
        return identify(request)

    def answer(self, call: Call) -> Answer:
        """The answer to one call: what the fault plan says, else the extension's, else moto's."""
        fault = self.faults.pick(call)
        account = self.account.of_caller(call)
        caller = f"arn:aws:iam::{account.id}:{CALLER}"
        answer = self.faulted(fault, lambda found: refusal(found, call, caller), lambda: self._served(call))
        self.log(Seen(call.service, call.operation, call.region, call.resource, answer.status, account.id))
        return answer

    def _served(self, call: Call) -> Answer:
        account = self.account.of_caller(call)
        handler = handler_of(call)
        try:
            if handler is None:
                return account.moto(call)
            with account.lock:
                return handler(call, account)
        except ServiceError as error:
            return error_answer(call.protocol, error.code, error.message, error.status)
        except Exception as error:  # noqa: BLE001 - a crash of the emulation must reach the client, not hang it
            detail = f"{call.service}:{call.operation}: {type(error).__name__}: {error}"
            return error_answer(call.protocol, "InternalFailure", detail, 500)
        finally:
            if not call.operation.startswith(_READS):
                account.generation += 1
