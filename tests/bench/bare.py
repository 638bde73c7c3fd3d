"""The floor, measured: a bare collector that asks for the same facts under the same quotas and parses nothing."""

import http.client
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

_SHARE = 0.97
"""Of the quota: just under it, so that nothing is throttled."""


class Pace:
    """Lets a rate of callers through, after a first burst of most of one second's worth."""

    def __init__(self, rate: float) -> None:
        self.gap = 1 / (rate * _SHARE)
        self.lock = threading.Lock()
        self.next = time.monotonic() - int(rate * 0.8) * self.gap

    def wait(self) -> None:
        """Returns when it is this caller's turn."""
        with self.lock:
            self.next = max(self.next, time.monotonic() - 1) + self.gap
            turn = self.next
        time.sleep(max(0.0, turn - time.monotonic()))


class Caller:
    """Sends requests over one connection a thread."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.local = threading.local()

    def __call__(self, service: str, path: str, method: str = "GET", body: str = "", target: str = "") -> bytes:
        """The body of the answer."""
        if not hasattr(self.local, "connection"):
            self.local.connection = http.client.HTTPConnection("127.0.0.1", self.port)
        headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/{service}/aws4_request"}
        if target:
            headers["X-Amz-Target"] = target
        self.local.connection.request(method, path, body, headers)
        return bytes(self.local.connection.getresponse().read())


def collect(port: int) -> float:
    """Collects one region; returns the seconds it took."""
    call = Caller(port)
    others, policies, functions, logs = Pace(15), Pace(15), Pace(100), Pace(10)
    begun = time.monotonic()
    with ThreadPoolExecutor(24) as pool:

        def paced(pace: Pace, *asked: str) -> Callable[[], bytes]:
            def run() -> bytes:
                pace.wait()
                return call(*asked)

            return run

        def bulk() -> None:
            marker: str | None = "0"
            while marker is not None:
                body = f"Action=GetAccountAuthorizationDetails&Version=2010-05-08&MaxItems=1000&Marker={marker}"
                text = call("iam", "/", "POST", body).decode()
                marker = text.split("<Marker>")[1].split("<")[0] if "<Marker>" in text else None
            token: str | None = "0"
            while token is not None:
                answer = paced(logs, "logs", "/", "POST", json.dumps({"nextToken": token}), "Logs.DescribeLogGroups")()
                token = json.loads(answer).get("nextToken")

        waiting = [pool.submit(bulk)]
        marker: str | None = "0"
        while marker is not None:
            page = json.loads(paced(others, "lambda", f"/2015-03-31/functions?Marker={marker}")())
            for name in (row["FunctionName"] for row in page["Functions"]):
                waiting += [
                    pool.submit(paced(policies, "lambda", f"/2015-03-31/functions/{name}/policy")),  # type: ignore[arg-type]
                    pool.submit(paced(functions, "lambda", f"/2015-03-31/functions/{name}")),  # type: ignore[arg-type]
                    pool.submit(paced(others, "lambda", f"/2021-10-31/functions/{name}/urls")),  # type: ignore[arg-type]
                ]
            marker = page.get("NextMarker")
        for job in waiting:
            job.result()
    return time.monotonic() - begun
