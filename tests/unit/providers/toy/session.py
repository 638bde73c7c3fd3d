"""Opens the toy cloud: its address, a token, connections."""

import os

import requests
from requests.adapters import HTTPAdapter

from auditor.errors import NoScopeError
from auditor.provider import CollectOptions
from providers.calls.endpoint import check_endpoint
from providers.calls.http_adapter import BoundedAdapter

ENDPOINT = "TOY_ENDPOINT"
NO_CREDENTIALS = "No token of the toy cloud was found: set TOY_TOKEN."


class Adapter(BoundedAdapter, HTTPAdapter):
    """Reads bounded bodies."""


class Session:
    """A token and the connections made with it. Threads share it."""

    caller = "someone"

    def __init__(self, options: CollectOptions) -> None:
        token = os.environ.get("TOY_TOKEN")
        if not token:
            raise NoScopeError(NO_CREDENTIALS)
        self.url = os.environ[ENDPOINT]
        check_endpoint(ENDPOINT, self.url)
        self._http = requests.Session()
        self._http.headers["Authorization"] = f"Bearer {token}"
        Adapter.mount(self._http, options.ca_bundle or True, options.max_workers)

    def get(self, path: str, page: str) -> requests.Response:
        return self._http.get(self.url + path, params={"page": page} if page else None, timeout=30)

    def close(self) -> None:
        self._http.close()
