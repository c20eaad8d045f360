from dataclasses import FrozenInstanceError
from datetime import time
from zoneinfo import ZoneInfo

import pytest

from rules.ladder import DEFAULT_LADDER, QuietHours
from rules.periods import DueRule
from rules.policy import Limits, ReportingPolicy, default_policy


def test_the_default_policy_is_the_one_the_design_prints() -> None:
    policy = default_policy()
    assert (policy.office, policy.zone, policy.language) == ("督查室", ZoneInfo("Asia/Shanghai"), "zh")
    assert policy.ladder == DEFAULT_LADDER
    assert policy.quiet_hours == QuietHours(time(20), time(8))
    assert policy.digests.at == time(8, 30)
    assert policy.limits == Limits(invite_days=14, messages_per_person_and_period=12, attempts=5)


def test_a_policy_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        default_policy().office = "另一个"  # type: ignore[misc]


def test_a_reporting_policy_that_names_no_day_has_no_rule() -> None:
    assert ReportingPolicy(cadence="quarterly", month_offset=1).due_rule is None


def test_a_reporting_policy_makes_a_due_rule() -> None:
    assert ReportingPolicy(day=10, month_offset=1).due_rule == DueRule(1, day=10)
    assert ReportingPolicy(working_day=5).due_rule == DueRule(0, working_day=5)
