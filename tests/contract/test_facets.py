"""What the checks declare of one another: which lead which."""

from auditor.check import Subject
from auditor.plugins import checks

CHECKS = {check.id: check for check in checks()}


def test_every_lead_is_a_check_of_the_same_cloud_and_subject_or_of_the_functions_in_it() -> None:
    wrong = [
        f"{check.id} is a facet of {lead}"
        for check in CHECKS.values()
        for lead in check.facet_of
        if lead not in CHECKS
        or not {*CHECKS[lead].clouds} & {*check.clouds}
        or CHECKS[lead].subject not in (check.subject, Subject.FUNCTION)
    ]
    assert wrong == []


def test_no_check_leads_itself_through_others() -> None:
    def leads(check_id: str, seen: tuple[str, ...]) -> list[tuple[str, ...]]:
        if check_id in seen:
            return [(*seen, check_id)]
        return [found for lead in CHECKS[check_id].facet_of for found in leads(lead, (*seen, check_id))]

    assert [circle for check_id in CHECKS for circle in leads(check_id, ())] == []
