"""Which records versions fall under, against answers that two other evaluations agreed on."""

import csv
import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from auditor.code.advisories.matching import affected, smallest_upgrade
from auditor.code.advisories.report import vulnerabilities
from auditor.code.advisories.store import AdvisoryStore
from auditor.code.advisories.versions import UnorderedVersionError, same, version
from auditor.code.components.found import Found
from auditor.code.components.purl import model_of
from auditor.model.severity import Severity

DATA = Path(__file__).parents[2] / "data" / "osv"
RECORDS = [json.loads(line) for line in gzip.decompress((DATA / "records.jsonl.gz").read_bytes()).splitlines()]
EXPECTED = list(csv.DictReader((DATA / "expected.csv").read_text().splitlines()))


@pytest.fixture(scope="module")
def store() -> AdvisoryStore:
    return AdvisoryStore.of_dumps(DATA)


def test_every_version_falls_under_exactly_the_records_of_the_table(store) -> None:
    wrong = {}
    for row in EXPECTED:
        ecosystem, name, installed = row["ecosystem"], row["package"], row["version"]
        got = {each["id"] for each in store.about(ecosystem, name) if affected(each, ecosystem, name, installed)[0]}
        if got != set(row["ids"].split()):
            wrong[f"{name}@{installed}"] = got ^ set(row["ids"].split())
    assert wrong == {}
    assert len(EXPECTED) == 40


def test_the_store_holds_what_the_records_say_of_a_package(store) -> None:
    wanted = {r["id"] for r in RECORDS if any(a["package"]["name"] == "qs" for a in r["affected"])}
    assert {record["id"] for record in store.about("npm", "qs")} == wanted
    assert list(store.about("npm", "no-such-package")) == []
    assert store.covers("npm")
    assert not store.covers("Hex")


ORDER = [
    ("PyPI", "1.0rc1", "1.0"),
    ("PyPI", "1.0", "1.0.post1"),
    ("npm", "5.0.0-beta.1", "5.0.0"),
    ("npm", "1.9.0", "1.10.0"),
    ("Maven", "1.0-alpha-1", "1.0"),
    ("Maven", "5.2.19.RELEASE", "5.2.20.RELEASE"),
    ("Go", "v0.0.0-20210921155107-089bfa567519", "v0.1.0"),
    ("NuGet", "8.0.4", "8.0.10"),
    ("RubyGems", "3.0.0.beta1", "3.0.0"),
    ("Packagist", "2.0.0", "2.0.1"),
]


@pytest.mark.parametrize(("ecosystem", "lower", "higher"), ORDER)
def test_versions_are_ordered_as_their_ecosystem_orders_them(ecosystem, lower, higher) -> None:
    assert version(ecosystem, lower) < version(ecosystem, higher)
    assert not version(ecosystem, higher) < version(ecosystem, lower)


def test_one_version_may_be_written_in_several_ways() -> None:
    assert same("PyPI", "1.0", "1.0.0")
    assert same("Maven", "1.0.RELEASE", "1.0")
    assert same("Go", "v3.2.0+incompatible", "3.2.0")
    assert not same("npm", "1.0.0-rc.1", "1.0.0")
    with pytest.raises(UnorderedVersionError):
        version("PyPI", "not a version")


def record(identity: str, *events: dict[str, str], **rest) -> dict:
    entry = {"package": {"ecosystem": "PyPI", "name": "pkg"}, "ranges": [{"type": "ECOSYSTEM", "events": list(events)}]}
    return {"id": identity, "affected": [entry], **rest}


def test_the_upgrade_clears_every_advisory_of_the_package() -> None:
    first = record("A", {"introduced": "0"}, {"fixed": "1.5"}, {"introduced": "2.0"}, {"fixed": "2.4"})
    second = record("B", {"introduced": "1.0"}, {"fixed": "2.1"})
    # 1.5 mends the first only, 2.1 the second only and lies in the first's second range
    assert smallest_upgrade("PyPI", "1.2", [(first, "pkg"), (second, "pkg")]) == "2.4"
    assert smallest_upgrade("PyPI", "1.2", [(record("C", {"introduced": "0"}), "pkg")]) is None
    last = record("D", {"introduced": "0"}, {"last_affected": "1.2"})
    assert affected(last, "PyPI", "pkg", "1.2")[0]
    assert not affected(last, "PyPI", "pkg", "1.3")[0]
    assert not affected(record("E", {"introduced": "0"}, withdrawn="2026-01-01T00:00:00Z"), "PyPI", "pkg", "1.2")[0]


VECTOR = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"


class _Held:
    def __init__(self, *records, exploited=(), epss=None) -> None:
        self._records, self._exploited, self._epss = records, set(exploited), epss

    def covers(self, ecosystem):
        return ecosystem == "PyPI"

    def about(self, _ecosystem, _name):
        return self._records

    def exploited(self, names):
        return bool(self._exploited & set(names))

    def epss(self, _names):
        return self._epss


class _HeldOfAll(_Held):
    def covers(self, _ecosystem):
        return True


PKG = model_of(Found("PyPI", "pkg", "1.0", "installed", "pkg-1.0.dist-info/METADATA"))


def test_severity_comes_from_the_vector_and_is_raised_by_exploitation() -> None:
    scored = record("GHSA-x", {"introduced": "0"}, aliases=["CVE-1"], severity=[{"type": "CVSS_V3", "score": VECTOR}])
    (plain,), _ = vulnerabilities([PKG], _Held(scored))
    assert (plain.severity, plain.score, plain.exploited) == (Severity.HIGH, 7.5, False)
    (known,), _ = vulnerabilities([PKG], _Held(scored, exploited=["CVE-1"]))
    assert (known.severity, known.exploited) == (Severity.CRITICAL, True)
    (likely,), _ = vulnerabilities([PKG], _Held(scored, epss=0.7))
    assert likely.severity is Severity.CRITICAL
    (unscored,), _ = vulnerabilities([PKG], _Held(record("A", {"introduced": "0"})))
    assert (unscored.severity, unscored.score) == (Severity.MEDIUM, None)
    (malicious,), _ = vulnerabilities([PKG], _Held(record("MAL-2025-1", {"introduced": "0"})))
    assert (malicious.severity, malicious.malicious, malicious.upgrade) == (Severity.CRITICAL, True, None)


def test_records_that_name_one_another_are_one_vulnerability() -> None:
    one = record("PYSEC-1", {"introduced": "0"}, aliases=["CVE-1"])
    two = record("GHSA-1", {"introduced": "0"}, aliases=["CVE-1"], severity=[{"type": "CVSS_V3", "score": VECTOR}])
    other = record("GHSA-2", {"introduced": "0"})
    found, _ = vulnerabilities([PKG], _Held(one, two, other))
    assert [(each.id, each.aliases) for each in found] == [("GHSA-1", ("CVE-1", "PYSEC-1")), ("GHSA-2", ())]


def test_what_cannot_be_judged_is_said() -> None:
    gem = model_of(Found("RubyGems", "rack", "2.0.0", "lock", "Gemfile.lock"))
    jar = model_of(Found("Maven", "lib", "1.0", "installed", "lib-1.0.jar"))
    odd = model_of(Found("PyPI", "pkg", "unknown", "installed", "pkg.egg-info"))
    found, incomplete = vulnerabilities([gem, odd], _Held(record("A", {"introduced": "1"})))
    assert found == ()
    assert incomplete == (
        "No advisories of RubyGems are held: its components were not judged.",
        "pkg unknown: its version cannot be compared.",
    )
    assert vulnerabilities([replace(jar, ecosystem="PyPI")], _Held())[1] == ()
    assert vulnerabilities([jar], _HeldOfAll())[1] == (
        "lib-1.0.jar: it does not say its Maven group and was not judged.",
    )
