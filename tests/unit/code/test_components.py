"""Which components each kind of manifest names, and what a runtime loads of them."""

import json
from typing import Any

from auditor.analysis.package_components import merged
from auditor.code.components.found import Found
from auditor.code.components.purl import from_purl, model_of, purl_of
from auditor.code.components.reading import read_components
from auditor.code.sbom import cyclonedx
from auditor.model.code_analysis import Component
from tests.unit.code.archives import plain_zip


def go_binary(*lines: str, version: str = "go1.22.3") -> bytes:
    def text(value: bytes) -> bytes:
        length, out = len(value), b""
        while length >= 0x80:
            out += bytes([length & 0x7F | 0x80])
            length >>= 7
        return out + bytes([length]) + value

    modules = "path\tapp\nmod\tapp\t(devel)\t\n" + "".join(f"{line}\n" for line in lines)
    info = b"\xff Go buildinf:\x08\x02".ljust(32, b"\0") + text(version.encode())
    return b"\x7fELF" + bytes(60) + info + text(b"0" * 16 + modules.encode() + b"1" * 16) + bytes(64)


def jar(group: str, artifact: str, version: str, **more: bytes) -> bytes:
    said = f"#comment\ngroupId={group}\nartifactId={artifact}\nversion={version}\n"
    return plain_zip({f"META-INF/maven/{group}/{artifact}/pom.properties": said.encode(), **more})


SHADED = jar("org.shaded", "inner", "2.0")
DOTNET = {"libraries": {"App/1.0.0": {"type": "project"}, "Newtonsoft.Json/13.0.1": {"type": "package"}}}
LOCK3 = {
    "packages": {
        "": {"name": "app", "version": "1.0.0"},
        "node_modules/@aws-sdk/core": {"version": "3.1.0"},
        "node_modules/a/node_modules/b": {"version": "2.0.0"},
        "node_modules/jest": {"version": "29.0.0", "dev": True},
        "node_modules/alias": {"name": "real", "version": "1.2.3"},
    }
}
LOCK1 = {"dependencies": {"a": {"version": "1.0.0", "dependencies": {"b": {"version": "2.0.0"}}}}}
YARN1 = '# yarn lockfile v1\n\n"@scope/a@^1.0.0", "@scope/a@^1.1.0":\n  version "1.1.0"\n\nb@~2:\n  version "2.0.1"\n'
YARN4 = '"c@npm:^1.0.0":\n  version: 1.0.4\n\n"app@workspace:.":\n  version: 0.0.0\n'
PNPM = "lockfileVersion: '9.0'\n\npackages:\n\n  '@s/a@1.0.0':\n    resolution: {}\n  b@2.0.0(c@1.0.0):\n    x: 1\n"
PNPM5 = "lockfileVersion: 5.4\n\npackages:\n\n  /d/3.0.0_react@17:\n    x: 1\n"
POETRY = '[[package]]\nname = "Flask"\nversion = "2.0.1"\n\n[[package]]\nname = "zope.interface"\nversion = "6.0"\n'
UV = '[[package]]\nname = "app"\nversion = "0.1"\nsource = { virtual = "." }\n' + POETRY
PIPENV = {"default": {"requests": {"version": "==2.31.0"}}, "develop": {"pytest": {"version": "==8.0"}}}
GEMS = "GEM\n  remote: https://rubygems.org/\n  specs:\n    rack (2.0.1)\n      a (>= 1)\n    nokogiri (1.13.0-x86_64-linux)\n\nPLATFORMS\n    ruby (9)\n"

MANIFESTS: tuple[tuple[str, str | bytes | dict[str, Any], set[str]], ...] = (
    (
        "requests-2.31.0.dist-info/METADATA",
        "Metadata-Version: 2.1\nName: requests\nVersion: 2.31.0\n\nName: no\n",
        {"pkg:pypi/requests@2.31.0 installed"},
    ),
    ("lib/Foo_Bar-1.0.egg-info/PKG-INFO", "Name: Foo_Bar\nVersion: 1.0\n", {"pkg:pypi/foo-bar@1.0 installed"}),
    ("broken-3.1.dist-info/METADATA", "no headers", {"pkg:pypi/broken@3.1 installed"}),
    (
        "requirements.txt",
        "# c\nFlask==2.0.1 ; python_version > '3'\nDjango[argon2] == 4.2 --hash=sha256:0\n",
        {"pkg:pypi/flask@2.0.1 declared", "pkg:pypi/django@4.2 declared"},
    ),
    ("poetry.lock", POETRY, {"pkg:pypi/flask@2.0.1 lock", "pkg:pypi/zope-interface@6.0 lock"}),
    ("uv.lock", UV, {"pkg:pypi/flask@2.0.1 lock", "pkg:pypi/zope-interface@6.0 lock"}),
    ("pdm.lock", POETRY, {"pkg:pypi/flask@2.0.1 lock", "pkg:pypi/zope-interface@6.0 lock"}),
    ("Pipfile.lock", PIPENV, {"pkg:pypi/requests@2.31.0 lock"}),
    ("node_modules/@a/b/package.json", {"name": "@a/b", "version": "1.0.0"}, {"pkg:npm/%40a/b@1.0.0 installed"}),
    ("node_modules/a/node_modules/b/package.json", {"name": "b", "version": "2.0.0"}, {"pkg:npm/b@2.0.0 installed"}),
    ("node_modules/a/test/package.json", {"name": "fixture", "version": "0.0.0"}, set()),
    (
        "package-lock.json",
        LOCK3,
        {"pkg:npm/%40aws-sdk/core@3.1.0 lock", "pkg:npm/b@2.0.0 lock", "pkg:npm/real@1.2.3 lock"},
    ),
    ("package-lock.json", LOCK1, {"pkg:npm/a@1.0.0 lock", "pkg:npm/b@2.0.0 lock"}),
    ("yarn.lock", YARN1, {"pkg:npm/%40scope/a@1.1.0 lock", "pkg:npm/b@2.0.1 lock"}),
    ("yarn.lock", YARN4, {"pkg:npm/c@1.0.4 lock"}),
    ("pnpm-lock.yaml", PNPM, {"pkg:npm/%40s/a@1.0.0 lock", "pkg:npm/b@2.0.0 lock"}),
    ("pnpm-lock.yaml", PNPM5, {"pkg:npm/d@3.0.0 lock"}),
    (
        "lib/a.jar",
        jar(
            "g",
            "a",
            "1.0",
            **{
                "META-INF/maven/org.shaded/inner/pom.properties": b"groupId=org.shaded\nartifactId=inner\nversion=2.0\n"
            },
        ),
        {"pkg:maven/g/a@1.0 installed", "pkg:maven/org.shaded/inner@2.0 installed"},
    ),
    ("app.jar", plain_zip({"BOOT-INF/lib/inner-2.0.jar": SHADED}), {"pkg:maven/org.shaded/inner@2.0 installed"}),
    (
        "lib/guava-31.1-jre.jar",
        plain_zip({"META-INF/MANIFEST.MF": b"Implementation-Vendor-Id: com.google.guava\n"}),
        {"pkg:maven/com.google.guava/guava@31.1-jre installed"},
    ),
    ("App.deps.json", DOTNET, {"pkg:nuget/Newtonsoft.Json@13.0.1 installed"}),
    ("Gemfile.lock", GEMS, {"pkg:gem/rack@2.0.1 lock", "pkg:gem/nokogiri@1.13.0 lock"}),
    ("vendor/bundle/ruby/3.3.0/specifications/rack-2.2.3.gemspec", "", {"pkg:gem/rack@2.2.3 installed"}),
    (
        "composer.lock",
        {
            "packages": [{"name": "Symfony/http", "version": "v5.4.0"}],
            "packages-dev": [{"name": "x/y", "version": "1"}],
        },
        {"pkg:composer/symfony/http@5.4.0 lock"},
    ),
    (
        "vendor/composer/installed.json",
        {"packages": [{"name": "monolog/monolog", "version": "2.0.0"}]},
        {"pkg:composer/monolog/monolog@2.0.0 installed"},
    ),
    (
        "bootstrap",
        go_binary("dep\tgolang.org/x/net\tv0.16.0\th1:x=", "dep\told/mod\tv1.0.0", "=>\tnew/mod\tv1.1.0\th1:y="),
        {
            "pkg:golang/golang.org/x/net@v0.16.0 binary",
            "pkg:golang/new/mod@v1.1.0 binary",
            "pkg:golang/stdlib@v1.22.3 binary",
        },
    ),
)


def content(of: str | bytes | dict[str, Any]) -> bytes:
    return of if isinstance(of, bytes) else (of if isinstance(of, str) else json.dumps(of)).encode()


def test_each_manifest_names_its_components() -> None:
    wrong = {}
    for path, manifest, expected in MANIFESTS:
        found = read_components({path: content(manifest)})
        got = {f"{purl_of(each)} {each.evidence}" for each in found.components}
        if got != expected or found.incomplete:
            wrong[path] = (got, found.incomplete)
    assert wrong == {}


def test_a_purl_names_what_it_was_made_of() -> None:
    for path, manifest, _ in MANIFESTS:
        for each in read_components({path: content(manifest)}).components:
            assert from_purl(purl_of(each)) == (each.ecosystem, each.name, each.version)
    assert from_purl("pkg:deb/debian/curl@7") is None
    assert from_purl("nothing") is None


def test_requirements_that_are_open_are_said() -> None:
    found = read_components({"requirements.txt": b"flask>=2\nrequests==2.31.0\nboto3\n"})
    assert [each.name for each in found.components] == ["requests"]
    assert found.incomplete == ("requirements.txt: 2 requirements are not pinned to a version.",)


def test_a_bundle_without_a_list_of_its_libraries_is_said() -> None:
    bundle = b"var a=1;" * 40_000
    assert read_components({"index.js": bundle}).incomplete == (
        "index.js: it looks bundled, and what it was bundled from cannot be listed.",
    )
    listed = read_components({"index.js": bundle, "yarn.lock": YARN1.encode()})
    assert listed.incomplete == ()


def found(ecosystem: str, name: str, version: str, evidence: str = "installed", path: str = "x") -> Component:
    return model_of(Found(ecosystem, name, version, evidence, path))


def loaded(package, layers=()) -> dict[str, str]:
    rows = merged([*layers, ("", package)])
    return {f"{each.name}@{each.version}": layer for layer, each in rows}


def test_what_is_installed_hides_what_is_only_written_down() -> None:
    package = (found("PyPI", "a", "1"), found("PyPI", "dev", "2", "lock"), found("npm", "b", "3", "lock"))
    assert loaded(package) == {"a@1": "", "b@3": ""}


def test_the_package_is_looked_at_before_its_layers_and_a_later_layer_lies_over_an_earlier_one() -> None:
    package = (found("PyPI", "requests", "2.31"), found("npm", "x", "1", path="node_modules/x/package.json"))
    layers = (
        ("first", (found("PyPI", "requests", "2.0"), found("PyPI", "urllib3", "1.25"))),
        (
            "second",
            (found("PyPI", "urllib3", "2.2"), found("npm", "x", "0", path="nodejs/node_modules/x/package.json")),
        ),
    )
    assert loaded(package, layers) == {"requests@2.31": "", "urllib3@2.2": "second", "x@1": ""}


def test_nested_modules_and_jars_are_all_loaded() -> None:
    nested = found("npm", "x", "0", path="nodejs/node_modules/a/node_modules/x/package.json")
    package = (found("npm", "x", "1", path="node_modules/x/package.json"), found("Maven", "g:a", "1"))
    layers = (("layer", (nested, found("Maven", "g:a", "2"))),)
    assert loaded(package, layers) == {"x@0": "layer", "x@1": "", "g:a@1": "", "g:a@2": "layer"}


def test_the_bill_of_materials_is_cyclonedx_and_the_same_each_time() -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    rows = [found("PyPI", "requests", "2.31.0"), found("Maven", "g:a", "1.0")]
    document = cyclonedx("app.zip", rows)
    assert document == cyclonedx("app.zip", rows)
    assert document["specVersion"] == "1.6"
    assert [each["purl"] for each in document["components"]] == ["pkg:maven/g/a@1.0", "pkg:pypi/requests@2.31.0"]
    assert document["components"][0]["properties"][0] == {"name": "serverless-auditor:evidence", "value": "installed"}
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(document)) is None
