"""Plans for the workbook's tests: a small one by hand, and any that a notice could give."""

from datetime import date

from hypothesis import strategies as st

from notices.notice import Notice, Owner, Remark, Rules, Task
from notices.plan import Plan, UnitEntry
from rules.periods import Cadence, DueRule, Period

PLAN = Plan(
    Notice(
        title="清河区2025年重点任务",
        issuer="清河区人民政府办公室",
        document_number="清政办发〔2025〕2号",
        issued_on=date(2025, 2, 14),
        plan_year=2025,
        rules=Rules(cadence="quarterly", due_rule=DueRule(1, day=10), max_length=200, length_is_soft=True),
        periods=(
            Period("2025-Q1", date(2025, 1, 1), date(2025, 3, 31), date(2025, 4, 10)),
            Period("2025-Q2", date(2025, 4, 1), date(2025, 6, 30), date(2025, 7, 10), provisional=True),
        ),
        tasks=(
            Task("附件1", 1, "一、工业", "新建3个园区。", (Owner("区工信局", "lead"), Owner("区财政局", "support"))),
            Task(
                "附件1",
                2,
                "一、工业",
                "技改20家企业。",
                (Owner("区工业和信息化局", "owner"),),
                ("顾宁", "罗安"),
                "责任人",
            ),
            Task("附件2", 1, None, "栽树10万株。", (Owner("各镇街", "owner"),), deadline="11月底"),
        ),
        warnings=(
            Remark("several_leaders", "第2项有2名责任人，请核对。", "附件1#2"),
            Remark("unread_row", "有一行没有责任单位，未读入：3 其他"),
        ),
        reporting_lists=("附件1",),
    ),
    (UnitEntry("区工业和信息化局", ("区工信局",)), UnitEntry("各镇街", (), ("东关街道", "西关街道（开发区）"))),
)

_SIGNS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff") | st.sampled_from(
    "\n\t=+-@'\"、，；;（）()[]〔〕\\_x000A督办"
)
_words = st.text(_SIGNS, max_size=30).map(str.strip).filter(bool)
_formulas = st.sampled_from(
    ["=1+1", "+1", "-1", "@SUM(A1)", "#N/A", '=HYPERLINK("x")', "'=1", "2025-01-01", "007", "是"]
)
texts = _words | _formulas
_names = st.lists(texts, max_size=4, unique=True).map(tuple)
_days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
_counts = st.none() | st.integers(1, 100_000)
_yes_no = st.none() | st.booleans()
_cadences: st.SearchStrategy[Cadence | None] = st.sampled_from(
    [None, "biweekly", "monthly", "quarterly", "semiannual", "annual"]
)
_nth = st.none() | st.integers(-31, 31).filter(bool)
_roles = st.sampled_from(["lead", "support", "owner"])

_rules = st.builds(
    Rules,
    cadence=_cadences,
    due_dates=st.lists(_days, max_size=4, unique=True).map(tuple),
    due_rule=st.none()
    | st.builds(DueRule, st.integers(0, 12), day=_nth, working_day=_nth, weekday=st.none() | st.integers(1, 7)),
    max_length=_counts,
    min_length=_counts,
    length_is_soft=_yes_no,
    contact_required=_yes_no,
    submit_to=st.none() | texts,
    plan_due=st.none() | _days,
    liaisons_per_unit=_counts,
    bulletins=_names,
    attest=_yes_no,
)
_owners = st.lists(st.builds(Owner, texts, _roles), min_size=1, max_size=6, unique_by=lambda owner: owner.name)
_tasks = st.builds(
    Task,
    list=texts,
    no=st.integers(0, 99_999),
    section=st.none() | texts,
    text=texts,
    owners=_owners.map(tuple),
    leaders=_names,
    leader_label=st.none() | texts,
    deadline=st.none() | texts,
)


@st.composite
def _periods(draw: st.DrawFn) -> tuple[Period, ...]:
    periods = []
    for label in draw(st.lists(texts, max_size=4, unique=True)):
        begins_on, one, other = draw(_days), draw(_days), draw(_days)
        periods.append(
            Period(label, begins_on, max(begins_on, one), max(begins_on, other), provisional=draw(st.booleans()))
        )
    return tuple(periods)


@st.composite
def _units(draw: st.DrawFn) -> tuple[UnitEntry, ...]:
    names = draw(st.lists(texts, max_size=8, unique=True))
    entries = []
    while names:
        name, *names = names
        taken = draw(st.integers(0, min(2, len(names))))
        aliases, names = tuple(names[:taken]), names[taken:]
        members = tuple(member for member in draw(_names) if member != name)
        if aliases or members:
            entries.append(UnitEntry(name, aliases, members))
    return tuple(entries)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw a plan: texts without blank ends, no number twice in a section, only units of which something is said."""
    tasks = draw(st.lists(_tasks, min_size=1, max_size=5, unique_by=lambda task: (task.list, task.section, task.no)))
    notice = Notice(
        title=draw(st.just("") | texts),
        issuer=draw(st.none() | texts),
        document_number=draw(st.none() | texts),
        issued_on=draw(st.none() | _days),
        plan_year=draw(st.integers(2000, 2099)),
        rules=draw(_rules),
        periods=draw(_periods()),
        tasks=tuple(tasks),
        warnings=tuple(draw(st.lists(st.builds(Remark, texts, texts, st.none() | texts), max_size=4))),
        reporting_lists=draw(_names),
    )
    return Plan(notice, draw(_units()))
