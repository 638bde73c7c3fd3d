"""The pages of docs/frameworks, control by control, generated from the data that ships with the product."""

from auditor.compliance.catalogue import Control, Framework, Link, frameworks
from auditor.model.ids import Cloud

_CLOUDS = {Cloud.AWS: "AWS", Cloud.AZURE: "Azure", Cloud.GCP: "Google Cloud"}


def index() -> str:
    """The page that lists every framework."""
    lines = [
        "# Frameworks",
        "",
        "Generated from `auditor/compliance/data` by `make generate`. `auditor scan --framework ID` runs the checks that are",
        "evidence for a framework and says in `frameworks[]` of report.json what they say of each control.",
        "",
        "A link is *full* where the check is the control's own test for functions, *partial* where it tests a part, and",
        "*supporting* where it is evidence that decides nothing. What was not proved is never counted as met:",
        "",
        "| status | when |",
        "|---|---|",
        "| `failed` | a full or partial check found a defect that is not waived |",
        "| `unknown` | a full or partial check could not reach a verdict, or functions may not have been listed |",
        "| `waived` | all that full and partial checks found is waived; reason and last day are given |",
        "| `not-assessed` | no full or partial check judged anything, or a supporting one alone found a defect |",
        "| `no-failure-seen` | what was judged passed, but proves a part only |",
        "| `satisfied` | a full check passed, every linked check ran and reached its verdicts, and none found a defect |",
        "| `not-applicable` | the full and partial checks make no sense for any function here |",
        "",
        "Each cloud is decided by its own links; the control has the gravest answer of them, in this order. A scan of",
        "functions touches only a part of most frameworks: controls that are not listed are not assessed.",
        "",
        "| framework | version | controls here | of them some check can fail | controls of the whole |",
        "|---|---|---|---|---|",
    ]
    for each in frameworks().values():
        decided = sum(any(link.strength.decides for link in control.links) for control in each.controls)
        name = f"[{each.title}]({each.id}.md) `{each.id}`"
        lines.append(f"| {name} | {each.version} | {len(each.controls)} | {decided} | {_cell(each.size)} |")
    return "\n".join(lines) + "\n"


def page(framework: Framework) -> str:
    """The page of one framework."""
    lines = [
        "<!-- Generated from auditor/compliance/data by `make generate`. -->",
        f"# {framework.title}",
        "",
        f"Version {framework.version}, by {framework.publisher}: <{framework.url}>. Links reviewed {framework.as_of}.",
        "",
        framework.scope,
        "",
        f"The whole has: {framework.size}. {framework.licence}.",
    ]
    sources = sorted({link.source for control in framework.controls for link in control.links})
    for control in framework.controls:
        lines += _control(control, sources)
    lines += ["", "## Sources", ""] if sources else []
    lines += [f"{number}. {source}" for number, source in enumerate(sources, 1)]
    return "\n".join(lines) + "\n"


def _control(control: Control, sources: list[str]) -> list[str]:
    lines = ["", f"## {control.id}", "", f"{control.title}."]
    if control.links:
        lines += ["", "| check | strength | clouds | basis | why |", "|---|---|---|---|---|"]
        lines += [_link(link, sources) for link in control.links]
    if control.limit:
        how = "Limit" if control.links else "Not assessed"
        lines += ["", f"{how}: {control.limit}. Evidence would be: {control.wanted}."]
    return lines


def _link(link: Link, sources: list[str]) -> str:
    clouds = ", ".join(_CLOUDS[cloud] for cloud in link.clouds)
    why = f"{_cell(link.rationale)} [{sources.index(link.source) + 1}]"
    return f"| [`{link.check}`](../checks/{link.check}.md) | {link.strength} | {clouds} | {link.basis} | {why} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
