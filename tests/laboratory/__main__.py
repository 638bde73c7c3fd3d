"""Prints how many ways of the laboratory are found, and how many that are none: ``python -m tests.laboratory``."""

from collections.abc import Mapping

from auditor.model.access import EffectivePermissions
from tests.laboratory.account import answers, paths
from tests.laboratory.cases import BARE, FURNISHED


def main() -> None:
    """Reads both accounts, and names each case that is not as it should be."""
    right = wrong = missed = 0
    for cases, furnished in ((FURNISHED, True), (BARE, False)):
        found: Mapping[str, EffectivePermissions] = paths(answers(cases, furnished=furnished))
        for case in cases:
            told = _told(found[case.name])
            right += bool(case.technique) and told == case.technique
            wrong += bool(told) and told != case.technique
            missed += bool(case.technique) and told != case.technique
            if told != case.technique:
                print(f"{case.name}: {told or 'nothing'} instead of {case.technique or 'nothing'}")
    print(f"{right} ways found, {missed} missed, {wrong} that are none")
    print(f"recall {right / (right + missed):.3f}, precision {right / (right + wrong):.3f}")


def _told(found: EffectivePermissions) -> str:
    return found.escalation[0].steps[0].technique if found.escalation else ""


if __name__ == "__main__":
    main()
