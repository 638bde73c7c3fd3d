"""Azure Blob Storage and Google Cloud Storage on loopback, for stores.

Azure's is Azurite, Microsoft's own emulator. The emulators of Google Cloud Storage that can be installed pass over
``ifGenerationMatch``, on which a commit marker depends, so its JSON API is answered here.
"""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from urllib.parse import parse_qs, unquote, urlsplit

from moto_fixtures.emulation.listener import Listener
from moto_fixtures.emulation.wire import Answer, Request

CHECKOUT = Path(__file__).parents[3]
AZURITE = CHECKOUT / ".stores" / "node_modules" / ".bin" / "azurite-blob"
PUBLISHED = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6" + "tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""The key of Azurite's one account, the same everywhere."""
_PATIENCE = 60


class GoogleStorage:
    """Buckets that hold whole objects, with the preconditions of the service (Cloud Storage documentation, "Request
    preconditions": ``ifGenerationMatch=0`` holds where there is no live object, else 412 ``conditionNotMet``).
    """

    def __init__(self, *buckets: str) -> None:
        self.objects: dict[str, dict[str, bytes]] = {name: {} for name in buckets}
        self.requests: list[str] = []
        self._lock = Lock()

    def answer(self, request: Request) -> Answer:
        """Answers one request of the JSON API."""
        url = urlsplit(request.target)
        query = {name: values[0] for name, values in parse_qs(url.query, keep_blank_values=True).items()}
        kind, _, rest = url.path.partition("/storage/v1/b/")
        bucket, _, name = rest.partition("/o")
        with self._lock:
            self.requests.append(f"{request.method} {request.target}")
            objects = self.objects.get(bucket)
            if objects is None:
                return _refused(404, "notFound", "The specified bucket does not exist.")
            if request.method == "POST" and kind == "/upload":
                return self._upload(objects, bucket, request, query)
            return self._read(objects, bucket, unquote(name.removeprefix("/")), kind, query)

    def _upload(self, objects: dict[str, bytes], bucket: str, request: Request, query: dict[str, str]) -> Answer:
        mark = request.headers["content-type"].partition("boundary=")[2].strip('"').encode()
        _, described, media, _ = request.body.split(b"--" + mark)
        name = json.loads(described.partition(b"\n\n")[2])["name"]
        if query.get("ifGenerationMatch") == "0" and name in objects:
            return _refused(412, "conditionNotMet", "At least one of the pre-conditions you specified did not hold.")
        objects[name] = media.partition(b"\n\n")[2][:-1]
        return _json(_row(bucket, name, objects[name]))

    def _read(self, objects: dict[str, bytes], bucket: str, name: str, kind: str, query: dict[str, str]) -> Answer:
        if not name:
            return _json(_listed(objects, bucket, query.get("prefix", ""), query.get("delimiter", "")))
        if name not in objects:
            return _refused(404, "notFound", f"No such object: {bucket}/{name}")
        if kind == "/download":
            return Answer(200, objects[name], {"content-type": "application/octet-stream"})
        return _json(_row(bucket, name, objects[name]))


def _listed(objects: dict[str, bytes], bucket: str, prefix: str, delimiter: str) -> dict[str, object]:
    inside = sorted(name for name in objects if name.startswith(prefix))
    folders = {
        prefix + name[len(prefix) :].partition(delimiter)[0] + delimiter
        for name in inside
        if delimiter and delimiter in name[len(prefix) :]
    }
    items = [name for name in inside if not delimiter or delimiter not in name[len(prefix) :]]
    return {
        "kind": "storage#objects",
        "prefixes": sorted(folders),
        "items": [_row(bucket, name, objects[name]) for name in items],
    }


def _row(bucket: str, name: str, content: bytes) -> dict[str, str]:
    return {"kind": "storage#object", "bucket": bucket, "name": name, "generation": "1", "size": str(len(content))}


def _json(document: Mapping[str, object], status: int = 200) -> Answer:
    return Answer(status, json.dumps(document).encode(), {"content-type": "application/json; charset=UTF-8"})


def _refused(status: int, reason: str, message: str) -> Answer:
    errors = [{"message": message, "domain": "global", "reason": reason}]
    return _json({"error": {"code": status, "message": message, "errors": errors}}, status)


@contextmanager
def google_storage(*buckets: str) -> Iterator[tuple[str, GoogleStorage]]:
    """An endpoint for ``STORAGE_EMULATOR_HOST``, and what is behind it."""
    storage = GoogleStorage(*buckets)
    listener = Listener("google-storage", storage.answer)
    try:
        yield listener.base, storage
    finally:
        listener.close()


def missing_azurite() -> str:
    """Why Azurite cannot run here; "" where it can."""
    if not AZURITE.exists() or shutil.which("node") is None:
        return "No Azurite: stores at abfs:// are NOT tested here. Install it with: make stores"
    return ""


@contextmanager
def azurite(container: str, place: Path) -> Iterator[str]:
    """A connection string of Azurite with a container in it."""
    from azure.storage.blob import BlobServiceClient

    port = _free_port()
    told = ["--silent", "--blobHost", "127.0.0.1", "--blobPort", str(port), "--location", str(place)]
    command = [str(AZURITE), *told, "--skipApiVersionCheck", "--disableTelemetry"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ)) as run:
        try:
            _wait_for(port)
            parts = {
                "DefaultEndpointsProtocol": "http",
                "AccountName": "devstoreaccount1",
                "AccountKey": PUBLISHED,
                "BlobEndpoint": f"http://127.0.0.1:{port}/devstoreaccount1",
            }
            connection = ";".join(f"{name}={value}" for name, value in parts.items())
            with BlobServiceClient.from_connection_string(connection) as client:
                client.create_container(container)
            yield connection
        finally:
            run.terminate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(_PATIENCE * 10):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"Azurite does not listen on port {port}")
