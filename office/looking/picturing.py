"""What stands is given as files: the heat map of units by periods (图), the list of what is overdue (表)."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from office.looking.listing import (
    ask_what_is_meant,
    last_words,
    list_overdue,
    overdue_units,
    shown_conditions,
)
from office.looking.understanding import Understood, understand
from office.notice.assigning import today
from office.rights import Right, bounds
from office.saying import Kind, Recipient, say
from office.work import OfficeError, Work
from papers.board import Board, Cell, draw_board
from papers.overdue_list import OverdueRow, write_overdue_list
from rules.conditions import chinese_period
from rules.periods import due_on
from storage import files, ledger, tallies
from storage.files import FileContent
from storage.overdue import Filter
from storage.people import KnownPerson
from storage.tallies import UnitTally

PERIODS_SHOWN = 12  # columns of the picture: the last ones begun
UNITS_SHOWN = 240  # rows: a taller picture is none that Telegram takes (Bot API, sendPhoto: 10,000 pixels in all)
ROWS_SHOWN = 3000  # of the list made in a chat; the command line's has all
KEPT_FOR = timedelta(days=14)
TABLE_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORST_FIRST = ("overdue", "returned", "waiting", "open")
STATES = {"open": "未报", "returned": "退回待改"}


def send_board(work: Work, to: Recipient, person: KnownPerson, words: str | None) -> None:
    """Send the heat map of what a list shows; without words, of the list last shown in this chat."""
    within = bounds(person, Right.SEE_BOARD)
    words = last_words(work, to) if words is None else words
    understood = understand(work, words, within)
    if understood.unknown:
        ask_what_is_meant(work, to, words, understood, then="board")
        return
    wanted = understood.filter(work, within)
    board = make_board(work, wanted, understood.periods)
    if not board.units:
        say(work, to, Kind.BOARD, empty=True, said=shown_conditions(understood), at=work.at.isoformat())
        return
    number = _keep(work, person, FileContent(f"进度图{today(work):%Y%m%d}.png", "image/png", draw_board(board)))
    say(work, to, Kind.BOARD, file=number, empty=False, said=shown_conditions(understood), at=work.at.isoformat())


def send_table(work: Work, to: Recipient, person: KnownPerson, words: str | None) -> None:
    """Send the list of what is overdue as a workbook; without words, of the list last shown in this chat."""
    within = bounds(person, Right.SEE_BOARD)
    words = last_words(work, to) if words is None else words
    understood = understand(work, words, within)
    if understood.unknown:
        ask_what_is_meant(work, to, words, understood, then="overdue_table")
        return
    wanted = understood.filter(work, within)
    total = sum(unit.count for unit in overdue_units(work, wanted))
    if not total:
        say(work, to, Kind.OVERDUE_TABLE, total=0, shown=0, said=shown_conditions(understood), at=work.at.isoformat())
        return
    data = make_table(work, wanted, understood, most=ROWS_SHOWN)
    number = _keep(work, person, FileContent(f"逾期清单{today(work):%Y%m%d}.xlsx", TABLE_TYPE, data))
    shown = min(total, ROWS_SHOWN)
    at = work.at.isoformat()
    say(work, to, Kind.OVERDUE_TABLE, file=number, total=total, shown=shown, said=shown_conditions(understood), at=at)


def board_of_period(work: Work, label: str | None) -> bytes:
    """Draw the heat map of the whole office, of one period or of the last ones begun; gives a PNG.

    Raises: OfficeError where there is no such period, or nothing to show yet.
    """
    wanted = Filter(until=work.at)
    known = [period.label for period in tallies.periods(work.tx, wanted)]
    if label is not None and label not in known:
        raise OfficeError(f"there is no period {label}; there are: {', '.join(known) or 'none'}")
    board = make_board(work, wanted, (label,) if label else ())
    if not board.units:
        raise OfficeError("nothing is due yet; run `duban notice adopt FILE` first")
    return draw_board(board)


def make_board(work: Work, wanted: Filter, labels: Sequence[str] = ()) -> Board:
    """Count what the heat map shows, within a filter's units and tasks: its periods, or the last ones begun."""
    known = tallies.periods(work.tx, wanted)
    begun = [period.label for period in known if period.begins_on <= today(work)] or [p.label for p in known[:1]]
    shown = [period.label for period in known if period.label in labels] if labels else begun
    shown = shown[-PERIODS_SHOWN:]
    counted = tallies.by_unit_and_period(work.tx, wanted, shown)
    names = {unit.id: unit.name for unit in ledger.units(work.tx)}
    owing = {tally.unit_id for tally in counted}
    units = [name for number, name in names.items() if number in owing]
    grouped: dict[tuple[str, str], list[UnitTally]] = {}
    for tally in counted:
        grouped.setdefault((names[tally.unit_id], chinese_period(tally.period)), []).append(tally)
    cells = {place: cell for place, found in grouped.items() if (cell := _cell(found)) is not None}
    at = work.at.astimezone(work.policy.zone)
    left = len(units) - UNITS_SHOWN
    more = {"footnote": f"另有{left}个单位，请按单位或清单筛选后再看"} if left > 0 else {}
    return Board(
        title=f"{work.policy.office}　报送进度图",
        subtitle=f"截至{at.year}年{at.month}月{at.day}日 {at:%H:%M}",
        units=units[:UNITS_SHOWN],
        periods=[chinese_period(label) for label in shown],
        cells=cells,
        **more,
    )


def make_table(work: Work, wanted: Filter, understood: Understood | None = None, *, most: int | None = None) -> bytes:
    """Write the workbook of what is overdue, worst first."""
    at = work.at.astimezone(work.policy.zone)
    notes = [f"{work.policy.office}　逾期清单（截至{at.year}年{at.month}月{at.day}日 {at:%H:%M}）"]
    if understood is not None and understood.said:
        notes.append("条件：" + "；".join(said.shown for said in understood.said))
    rows = (
        OverdueRow(
            unit=item.due.unit_name,
            list=item.due.list,
            no=item.due.no,
            text=item.due.text,
            leaders="、".join(item.due.leaders),
            period=chinese_period(item.due.period),
            due_on=due_on(item.due.due_at, work.policy.zone),
            days=item.days,
            state=STATES[item.due.state],
            liaison=item.liaison or "未登记",
            reach="可送达" if item.reachable else "无法送达" if item.uses_bot else "请电话联系",
            request="待审批" if item.requested else "",
        )
        for item in list_overdue(work, wanted, most=most)
    )
    return write_overdue_list(rows, notes=notes)


def _cell(found: Sequence[UnitTally]) -> Cell | None:
    """Give how a unit stands in a period: the worst of its obligations, and how many of them are reported."""
    counts: Counter[str] = Counter()
    for tally in found:
        counts[tally.kind] += tally.count
    due = sum(count for kind, count in counts.items() if kind != "waived")
    if not due:
        return None
    reported = sum(counts[kind] for kind in ("waiting", "accepted", "done"))
    is_late = any(tally.late for tally in found)
    kind = next((kind for kind in WORST_FIRST if counts[kind]), "late" if is_late else "on_time")
    return Cell(kind, f"{reported}/{due}")


def _keep(work: Work, person: KnownPerson, content: FileContent) -> int:
    keep_until = work.at + KEPT_FOR
    return files.add(work.tx, content, purpose="looked_up", at=work.at, person_id=person.id, keep_until=keep_until)
