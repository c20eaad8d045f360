"""What a letter demands of the reporters is read, and the inspectors' own rhythm is not."""

from datetime import date

import pytest

from notices.rules_of_letter import LetterRules, read_rules
from rules.periods import plan_periods
from rules.workdays import WorkCalendar


def _rules(letter: str) -> LetterRules:
    return read_rules(letter, plan_year=2025)


def _due(letter: str) -> str:
    """Give the clock in short: cadence, then +offset and d(ay), w(orking day) or weekday; or the printed dates."""
    rules = _rules(letter).rules
    due = rules.due_rule
    if due is None:
        return " ".join([rules.cadence or "-", *(f"{day:%y%m%d}" for day in rules.due_dates)])
    field = f"d{due.day}" if due.day else f"w{due.working_day}" if due.working_day else f"weekday{due.weekday}"
    return f"{rules.cadence} +{due.month_offset} {field}"


_CLOCKS = [
    # months
    ("请于次月初5个工作日内报督查室", "monthly +1 w5"),
    ("于每月25日前报区政府督查室", "monthly +0 d25"),
    ("于每月10日前报送工作进展", "monthly +1 d10"),
    ("每月10日前将上月进展报送区政府督查室", "monthly +1 d10"),
    ("次月10日前报送上月工作进展", "monthly +1 d10"),
    ("于次月5日前报送", "monthly +1 d5"),
    ("于下月3日前将本月进展报区政府办公室", "monthly +1 d3"),
    ("下个月5日前报送当月完成情况", "monthly +1 d5"),
    ("每月20日前将当月进展报县政府督查室", "monthly +0 d20"),
    ("每月8日前将当月进展报县政府督查室", "monthly +0 d8"),
    ("每月28日前将上月进展报县政府督查室", "monthly +1 d28"),
    ("每月的25号之前报送进展情况", "monthly +0 d25"),
    ("每月最后一个工作日前报送进展", "monthly +0 w-1"),
    ("各单位每月最后1个工作日将完成情况报市政府督查室", "monthly +0 w-1"),
    ("每月底前报送工作进展", "monthly +0 d-1"),
    ("每月末报送一次进展情况", "monthly +0 d-1"),
    ("于当月月底前将进展情况报送区委督查室", "monthly +0 d-1"),
    ("每月最后一天下班前报送", "monthly +0 d-1"),
    ("每月前5个工作日内将上月进展报送至督查科", "monthly +1 w5"),
    ("每月初3个工作日内报送上月情况", "monthly +1 w3"),
    ("每月结束后5个工作日内报送", "monthly +1 w5"),
    ("每月终了后3日内将落实情况报送督查室", "monthly +1 d3"),
    ("按月报送进展，于次月5个工作日内报督查室", "monthly +1 w5"),
    ("实行月报告制度，各单位于25日前报送进展", "monthly +0 d25"),
    ("按照一月一报的要求，于次月初5个工作日内报督查室", "monthly +1 w5"),
    ("每月20日至25日将本月进展报区政府办公室", "monthly +0 d25"),
    ("每月1-5日报送上月进展", "monthly +1 d5"),
    ("每月25日（遇节假日顺延）前报送进展情况", "monthly +0 d25"),
    ("每月二十五日前报送进展情况", "monthly +0 d25"),
    ("每个月的15日前反馈落实情况", "monthly +1 d15"),
    ("请于每月24日前登录督查系统填报进展", "monthly +0 d24"),
    ("各责任单位要逐月报送工作进展", "monthly"),
    ("各单位每月向督查室书面汇报一次进展", "monthly"),
    ("每月下旬将进展情况报送县政府办公室", "monthly +0 d-1"),
    # quarters
    ("每季度末报送进展情况", "quarterly +0 d-1"),
    ("每季末报送进展情况", "quarterly +0 d-1"),
    ("于每季度最后一天前报送进展情况", "quarterly +0 d-1"),
    ("每季度末月20日前报送", "quarterly +0 d20"),
    ("每季度末月的25日前将本季度进展报督查室", "quarterly +0 d25"),
    ("每季度最后一个月的30日前报区政府办公室", "quarterly +0 d30"),
    ("每季度最后一个月20日前报区政府办公室", "quarterly +0 d20"),
    ("每季度第三个月25日前报区政府办公室", "quarterly +0 d25"),
    ("每季度首月5日前将上季度进展报送督查室", "quarterly +1 d5"),
    ("每季度第一个月10日前报送上一季度工作进展", "quarterly +1 d10"),
    ("每季度首月前5个工作日内报送上季度进展", "quarterly +1 w5"),
    ("于每季度结束后10日内报送", "quarterly +1 d10"),
    ("每季度结束后的5个工作日内报送进展", "quarterly +1 w5"),
    ("每季度终了后5个工作日内报区政府督查室", "quarterly +1 w5"),
    ("每季度终了后15日内报区政府督查室", "quarterly +1 d15"),
    ("季度结束后7日内将进展情况报送督查室", "quarterly +1 d7"),
    ("每季度结束后次月5日前报送进展", "quarterly +1 d5"),
    ("下季度首月10日前报送本季度进展", "quarterly +1 d10"),
    ("下一季度第一个月5日前报送本季度进展", "quarterly +1 d5"),
    ("按季度报送，于次月10日前报县政府督查室", "quarterly +1 d10"),
    ("每季度报送一次，季后10日内报督查室", "quarterly +1 d10"),
    ("各季度末将完成情况报送督查室", "quarterly +0 d-1"),
    ("每季度最后一个工作日前将进展报县政府督查室", "quarterly +0 w-1"),
    ("每季度末最后一个工作日前报送进展", "quarterly +0 w-1"),
    ("每季度末前5个工作日将进展报督查室", "quarterly +0 w-6"),
    ("每季度前5个工作日报送上季度进展", "quarterly +1 w5"),
    ("请按季报送，于每季度首月10日前报市政府督查室", "quarterly +1 d10"),
    ("一季度一报，各单位于季末报督查室", "quarterly +0 d-1"),
    ("实行季报制度，每季度末月底前报送", "quarterly +0 d-1"),
    ("各责任单位每季度向督查室报送一次进展", "quarterly"),
    ("每三个月报送一次工作进展", "quarterly"),
    ("每年1月、4月、7月、10月的10日前报送上季度进展", "quarterly +1 d10"),
    # fortnights, half years, years
    ("每两周周五将进展报督查室", "biweekly +0 weekday5"),
    ("每两周的星期四前报送进展", "biweekly +0 weekday4"),
    ("隔周周一将进展报督查室", "biweekly +0 weekday1"),
    ("每双周周三下班前报送进展", "biweekly +0 weekday3"),
    ("双周五前报送进展情况", "biweekly +0 weekday5"),
    ("每两周报送一次进展情况", "biweekly"),
    ("每半月报送一次进展情况", "biweekly"),
    ("年中和年末报送落实情况", "semiannual +0 d-1"),
    ("分别于年中、年底前将落实情况报送督查室", "semiannual +0 d-1"),
    ("半年、全年进展情况要及时报送", "semiannual"),
    ("每半年报送一次进展情况", "semiannual"),
    ("每半年结束后10日内报送落实情况", "semiannual +1 d10"),
    ("每半年末报送进展情况", "semiannual +0 d-1"),
    ("每年年底前报送落实情况", "annual +0 d-1"),
    ("每年12月20日前报送全年落实情况", "annual 251220"),
    ("每年报送一次进展情况", "annual"),
    # printed dates
    ("分别于4月10日、7月10日、10月10日和1月10日前报送", "quarterly 250410 250710 251010 260110"),
    ("分别于4月12日、7月12日、10月12日、2026年1月12日前报送", "quarterly 250412 250712 251012 260112"),
    ("分别于4月5日前、7月5日前、10月5日前和次年1月5日前报送进展", "quarterly 250405 250705 251005 260105"),
    ("于3月28日、6月28日、9月28日、12月28日前报送至督查室", "quarterly 250328 250628 250928 251228"),
    ("于3月底、6月底、9月底、12月底前报送进展", "quarterly 250331 250630 250930 251231"),
    ("于3月、6月、9月、12月的25日前报送进展", "quarterly 250325 250625 250925 251225"),
    ("于3、6、9、12月底前报送进展", "quarterly 250331 250630 250930 251231"),
    ("于4月、7月、10月和次年1月的8日前报送进展", "quarterly 250408 250708 251008 260108"),
    ("于7月10日、10月10日和次年1月10日前报送进展", "quarterly 250710 251010 260110"),
    ("于7月5日、2026年1月5日前报送", "semiannual 250705 260105"),
    ("于6月30日和12月31日前报送落实情况", "semiannual 250630 251231"),
    ("于6月30日和2026年1月5日前报送落实情况", "semiannual 250630 260105"),
    ("上半年进展于7月10日前报送，全年完成情况于2026年1月10日前报送", "semiannual 250710 260110"),
    ("于四月十日、七月十日前报送进展", "quarterly 250410 250710"),
    ("于2025-04-10、2025-07-10前报送进展", "quarterly 250410 250710"),
    ("于5月20日、9月8日、12月25日前报送进展", "- 250520 250908 251225"),
    ("请于12月20日前将全年完成情况报督查室", "annual 251220"),
    ("请于9月20日前将任务完成情况报督查室", "- 250920"),
    ("每季度报送一次，分别于4月8日、7月8日、10月8日、1月8日前报督查室", "quarterly 250408 250708 251008 260108"),
    # several clauses in one letter: who wins
    ("区政府督查室按季通报，各单位每月25日前报送进展", "monthly +0 d25"),
    ("实行月调度、季通报，各单位每月25日前报送进展", "monthly +0 d25"),
    ("实行按月调度。各单位于每季度末月20日前报送进展", "quarterly +0 d20"),
    ("3月10日前报送工作计划，每季度末月20日前报送进展", "quarterly +0 d20"),
    ("2月28日前报送联络员名单。每月25日前报送进展", "monthly +0 d25"),
    ("每月报送进展。具体时间为每月25日前报区政府督查室", "monthly +0 d25"),
    ("按月报送进展情况，12月10日前报送全年总结", "monthly"),
    ("每季度末月20日前报送进展，12月10日前报送全年工作总结", "quarterly +0 d20"),
    ("每月报送工作信息不少于2篇。每季度首月5日前报送进展情况", "quarterly +1 d5"),
    ("重大事项随时报告。每月5日前将上月进展报督查室", "monthly +1 d5"),
    ("督查室每月汇总后报区政府主要领导。各单位每季度末报送进展", "quarterly +0 d-1"),
    ("每月25日前报送进展，进展缓慢的每周五前报送", "monthly +0 d25"),
    ("书面调度每季度开展一次，各单位于4月10日、7月10日前报送进展", "quarterly 250410 250710"),
    ("县政府办公室逐月查账，各单位每季度末月20日前报县政府办公室督查科", "quarterly +0 d20"),
    ("主要任务每月25日前报送进展，其他任务每季度末报送进展", "monthly +0 d25"),
    ("根据2月7日会议精神，各单位于每月25日前报送进展", "monthly +0 d25"),
    # nobody's duty
    ("督查室实行月度盘点、逐月查账", "-"),
    ("区政府督查室年中开展抽查", "-"),
    ("按季通报完成情况", "-"),
    ("督查室已在《政府工作报告》中明确，每月会商", "-"),
    ("县政府督查室将于7月份开展年中抽查", "-"),
    ("区政府督查室每季度汇总后呈报区政府主要领导", "-"),
    ("督查室每月将完成情况报区政府常务会议", "-"),
    ("实行一月一调度、一季一通报", "-"),
    ("任务完成情况每半年考核一次", "-"),
    ("工作进展及完成情况将及时呈报区政府领导同志并按季度通报", "-"),
    ("重大问题要及时报告", "-"),
    ("每年的政府工作报告由人大审议", "-"),
    ("对迟报、漏报的单位每月通报批评", "-"),
    ("进展情况每周五前报送督查室", "-"),
]


@pytest.mark.parametrize(("words", "due"), _CLOCKS)
def test_the_reporting_clock_is_read(words: str, due: str) -> None:
    assert _due(f"各责任单位要抓好落实，压实责任。{words}。") == due


def test_what_the_clock_had_to_guess_is_said() -> None:
    said = {
        "每月10日前报送进展": ["due_month"],
        "每月10日前报送上月进展": [],
        "每两周报送一次": ["due_guessed"],
        "按季报送进展": ["due_guessed"],
        "每月下旬报送进展": ["due_guessed"],
        "每月25日前报送当月进展，遇节假日顺延": ["due_day_off"],
        "每周五前报送进展": ["cadence_unsupported"],
        "重点任务每月25日前报送当月进展，其他任务每季度末报送进展": ["several_clocks"],
    }
    for words, codes in said.items():
        assert [remark.code for remark in _rules(words).remarks] == codes, words


@pytest.mark.parametrize(
    ("words", "least", "most", "soft"),
    [
        ("一般不超过200字", None, 200, True),
        ("字数一般控制在200字以内", None, 200, True),
        ("原则上不超过300字", None, 300, True),
        ("原则上每项任务表述不超过200字", None, 200, True),
        ("原则上，每项不超过200字", None, 200, True),
        ("200字左右", None, 200, True),
        ("约150字", None, 150, True),
        ("每项不宜超过200字", None, 200, True),
        ("不得超过200字", None, 200, False),
        ("不超过二百字", None, 200, False),
        ("不超过一百五十字", None, 150, False),
        ("限200字以内", None, 200, False),
        ("控制在150字以内", None, 150, False),
        ("控制在150个字以内", None, 150, False),
        ("每项任务200字以内", None, 200, False),
        ("100至150字", 100, 150, False),
        ("100-150字", 100, 150, False),
        ("100字至150字左右", 100, 150, True),
        ("不少于80字", 80, None, False),
        ("不少于100字，不超过300字", 100, 300, False),
        ("不少于100字，一般不超过300字", 100, 300, True),
        ("总字数不超过2000字", None, None, None),
        ("每项不超过200字，总字数不超过3000字", None, 200, False),
        ("正文用3号仿宋体字，每页22行，每行28字", None, None, None),
        ("按照清政字〔2025〕12号要求报送", None, None, None),
        ("标题20字以内，内容不超过200字", None, 200, False),
        ("报送的总结不超过1500字", None, None, None),
    ],
)
def test_length_words_say_how_firm_a_limit_is(words: str, least: int | None, most: int | None, soft: bool) -> None:
    rules = _rules(f"报送材料要逐条表述，{words}。").rules
    assert (rules.min_length, rules.max_length, rules.length_is_soft) == (least, most, soft)


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("每季度报送进展（注明联系人及联系方式）", True),
        ("材料须注明联系人和联系电话", True),
        ("报送材料要附联系人及联系方式", True),
        ("每月25日前报督查室，联系人、联系电话一并报送", True),
        ("填报人及联系电话须填写完整", True),
        ("请写明经办人、联系方式", True),
        ("联系人：罗安，联系电话：0000", None),
        ("报送邮箱：a@b.example，联系人罗安，电话0000", None),
        ("如有问题，请与督查室联系，联系电话1234567", None),
        ("每月报督查室（联系人：罗安；联系电话：1234567）", None),
        ("请见附件，联系电话：1234567", None),
        ("各单位要加强联系，密切配合", None),
    ],
)
def test_contact_is_asked_of_the_reporters_only(words: str, asked: bool | None) -> None:
    assert _rules(f"{words}。").rules.contact_required is asked


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("进展情况经本单位主要负责人审核同意后，报送区政府督查室", True),
        ("材料须经单位主要负责同志审签后报送", True),
        ("报送内容由部门负责人审定后再报", True),
        ("各单位主要负责人要亲自抓，按时报送进展", None),
        ("每季度报送进展，由区政府主要领导审定后通报", None),
        ("每季度报送进展", None),
    ],
)
def test_the_heads_agreement_is_asked_where_the_letter_asks_for_it(words: str, asked: bool | None) -> None:
    assert _rules(f"{words}。").rules.attest is asked


@pytest.mark.parametrize(
    ("words", "recipient"),
    [
        ("每月25日前将进展报送至区政府督查室（邮箱：a@b.example）", "区政府督查室"),
        ("每月25日前报区政府督查室汇总", "区政府督查室"),
        ("每月25日前报县政府办公室督查科", "县政府办公室督查科"),
        ("每月25日前报区政府办公室（督查室）", "区政府办公室（督查室）"),
        ("每月25日前报市政府督查室。督查室汇总后报市政府领导", "市政府督查室"),
        ("每月25日前向县委督查室报告进展", "县委督查室"),
        ("每月25日前将纸质材料送交区重点办", "区重点办"),
        ("每月25日前反馈至区政府办公室", "区政府办公室"),
        ("每月25日前将进展报区发展改革局汇总", "区发展改革局"),
        ("经分管领导审签后，每月25日前报旗政府督查室", "旗政府督查室"),
        ("每月25日前报区政府督查办公室", "区政府督查办公室"),
        ("每月25日前报县委督查考核办公室备案", "县委督查考核办公室"),
        ("每月25日前报送进展情况至区政府办公室政务督查科", "区政府办公室政务督查科"),
        ("每月25日前分别报区委督查室、区政府督查室", "区委督查室、区政府督查室"),
        ("每月25日前通过督查系统报县政府督查专员办公室", "县政府督查专员办公室"),
        ("每月25日前将进展汇总后报区政府办公室", "区政府办公室"),
        ("每月25日前将进展统一汇总报送区政府督查考核办公室", "区政府督查考核办公室"),
        ("（加粗的为牵头单位，每月25日前将进展报区政府督查室）", "区政府督查室"),
        ("每月25日前将进展情况报我办", None),
        ("每月25日前报送进展，由督查室汇总后报区政府主要领导", None),
        ("每月25日前报送进展情况", None),
    ],
)
def test_the_recipient_is_read_as_printed(words: str, recipient: str | None) -> None:
    assert _rules(f"{words}。").rules.submit_to == recipient


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("要细化分解、形成计划，于2月18日前报督查室", date(2025, 2, 18)),
        ("各牵头单位要于2025年2月28日前将年度实施计划报区政府督查室", date(2025, 2, 28)),
        ("请制定工作方案，3月底前报县政府办公室", date(2025, 3, 31)),
        ("分解落实情况要形成材料，并填写《年度任务落实计划表》，于2月18日前报督查室", date(2025, 2, 18)),
        ("于2月20日前报送推进计划，于每月25日前报送进展", date(2025, 2, 20)),
        ("于12月20日前将计划完成情况报送督查室", None),
        ("制定工作方案，每月25日前报送进展", None),
        ("于2月20日前报送联络员名单", None),
    ],
)
def test_the_plans_due_date_is_told_from_the_clock(words: str, due: date | None) -> None:
    assert _rules(f"{words}。").rules.plan_due == due


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("各单位明确一名联络员", 1),
        ("每单位1名联络员", 1),
        ("各明确1名联络员负责日常工作", 1),
        ("请确定2名联络员", 2),
        ("要明确一名科级干部为联络员", 1),
        ("要明确1名分管领导和2名联络员", 2),
        ("联络员1名", 1),
        ("请指定专人负责联络", None),
        ("次月5个工作日内将上月进展（注明联系人）报区政府督查室", None),
        ("联络员如有变动要及时报备", None),
    ],
)
def test_the_number_of_liaisons_is_read(words: str, count: int | None) -> None:
    assert _rules(f"{words}。").rules.liaisons_per_unit == count


@pytest.mark.parametrize(
    ("words", "starts_on"),
    [
        ("从3月起，每月25日前报送进展", date(2025, 3, 1)),
        ("自4月份开始，每月25日前报送进展", date(2025, 4, 1)),
        ("自2025年5月起，每月25日前报送进展", date(2025, 5, 1)),
        ("从二季度起，每季度末报送进展", date(2025, 4, 1)),
        ("从三月份起，每月25日前报送进展", date(2025, 3, 1)),
        ("从即日起，每月25日前报送进展", None),
    ],
)
def test_the_start_of_reporting_is_read(words: str, starts_on: date | None) -> None:
    assert _rules(f"{words}。").starts_on == starts_on


def test_only_rhythms_of_bulletins_are_promises() -> None:
    assert _rules("重大事项一事一通报，好的予以通报表扬。对落实情况按季通报。").rules.bulletins == (
        "重大事项一事一通报",
        "对落实情况按季通报",
    )


def test_a_silent_letter_sets_no_rules() -> None:
    assert _rules("请认真抓好落实。").rules.cadence is None
    assert _rules("").rules.submit_to is None


def test_septembers_report_is_due_on_the_fifth_working_day_after_the_holidays() -> None:
    rules = _rules("于次月初5个工作日内报督查室。").rules
    periods = plan_periods(
        cadence=rules.cadence,
        due_dates=rules.due_dates,
        due_rule=rules.due_rule,
        issued_on=None,
        starts_on=None,
        plan_year=2025,
        calendar=WorkCalendar(),
    )
    assert {period.label: period.due_on for period in periods}["2025-09"] == date(2025, 10, 14)
