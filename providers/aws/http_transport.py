"""Bounded answers for the SDK: clients that read every body within limits, and none that talks in clear text."""

from typing import Any

import botocore.session
from botocore.awsrequest import AWSResponse

from providers.calls.body import Received, read_body
from providers.calls.endpoint import check_endpoint


class BoundedHttp:
    """In place of a client's HTTP session: sends as it does, and reads the body itself, within limits."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def send(self, request: Any) -> AWSResponse:
        """Sends a prepared request. Raises what the session and :func:`providers.calls.body.read_body` raise."""
        request.stream_output = True  # else the session reads the body before anyone can count it
        response = self._inner.send(request)
        response.raw.enforce_content_length = True
        body = read_body(response.raw, response.headers)
        return AWSResponse(response.url, response.status_code, response.headers, Received(body))

    def close(self) -> None:
        """Closes every connection."""
        self._inner.close()


class BoundedSession(botocore.session.Session):
    """A session whose clients, also those it makes for itself to sign in, read bounded bodies.

    No client of it talks to another machine in clear text: making one raises UsageError then.
    """

    def __init__(self, profile: str | None = None) -> None:
        super().__init__(profile=profile)  # type: ignore[no-untyped-call]

    def create_client(self, *args: Any, **given: Any) -> Any:
        """A client, as the SDK makes it."""
        client = super().create_client(*args, **given)
        check_endpoint(f"The AWS endpoint of {client.meta.service_model.service_name}", client.meta.endpoint_url)
        endpoint = client._endpoint  # noqa: SLF001 - the SDK lets nobody name the class of its HTTP session
        endpoint.http_session = BoundedHttp(endpoint.http_session)
        return client
