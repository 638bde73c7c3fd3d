"""Brings the local store of advisories up to date."""

import json
import zipfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from auditor.code.advisories.store import EPSS, KEV, AdvisoryStore, records_of_zip
from auditor.code.advisories.transfer import TransferError, fetch

DUMPS: Final = "https://storage.googleapis.com/osv-vulnerabilities"
EXPLOITED: Final = "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json"
LIKELIHOOD: Final = "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz"


def update(
    directory: Path,
    ecosystems: Iterable[str],
    say: Callable[[str], None],
    *,
    dumps: str = DUMPS,
    exploited: str = EXPLOITED,
    likelihood: str = LIKELIHOOD,
) -> bool:
    """Fetches the dumps of the ecosystems, KEV and EPSS into the store of a directory; whether all of it came.

    Each source is taken whole or not at all: one that fails leaves what is held of it, and is told.
    """
    store = AdvisoryStore.open(directory)
    whole = True
    for ecosystem in ecosystems:
        whole &= _one(store, directory, ecosystem, f"{dumps}/{ecosystem}/all.zip", say, _take_dump(store, ecosystem))
    whole &= _one(
        store,
        directory,
        KEV,
        exploited,
        say,
        lambda path, at, etag: store.replace_exploited(path.read_bytes(), at, etag),
    )
    whole &= _one(
        store,
        directory,
        EPSS,
        likelihood,
        say,
        lambda path, at, etag: store.replace_likelihood(path.read_bytes(), at, etag),
    )
    store.close()
    return whole


_Take = Callable[[Path, str, str], int]


def _take_dump(store: AdvisoryStore, ecosystem: str) -> _Take:
    return lambda path, at, etag: store.replace(ecosystem, records_of_zip(path), at, etag)


def _one(store: AdvisoryStore, directory: Path, source: str, url: str, say: Callable[[str], None], take: _Take) -> bool:
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    path = directory / f"{source.replace('/', '-')}.download"
    try:
        fetched = fetch(url, path, store.etag(source))
        if fetched is None:
            store.checked(source, at)
            say(f"{source}: unchanged.")
            return True
        count = take(fetched.path, at, fetched.etag)
    except TransferError as failed:
        say(f"{source}: NOT updated. {failed}.")
        return False
    except (zipfile.BadZipFile, json.JSONDecodeError, ValueError, KeyError, TypeError, AttributeError, EOFError):
        say(f"{source}: NOT updated. {url} did not hold what it promises.")
        return False
    finally:
        path.unlink(missing_ok=True)
    say(f"{source}: {count:,} records.")
    return True
