"""`duban notice adopt`: a notice becomes tasks, units, periods and obligations; a corrected one changes them."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

import click

from duban.commands.common import Day, command_options, json_option, one_line, print_json, refuse
from duban.commands.opening import opened
from duban.commands.read import read_file, summary, warning_lines
from notices.plan import Plan
from office.notice.adopting import Adoption, Preview, adopt_notice, count_changes, preview
from office.notice.differences import Change
from office.notice.recognising import How

CHANGES_SHOWN = 30
WIDTH = 60  # characters of each side of a difference


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Adopt without asking.")
@click.option(
    "--from", "from_on", metavar="DATE", type=Day(), help="Waive the periods due before this day (late adoption)."
)
@click.option("--updates", metavar="ID", type=int, help="The notice that FILE corrects, where it cannot be told.")
@click.option("--as-new", is_flag=True, help="Adopt another notice, even if FILE looks like one issued again.")
@json_option
@command_options
def adopt(
    file: Path,
    config: Path,
    at: str | None,
    from_on: date | None,
    updates: int | None,
    *,
    yes: bool,
    as_new: bool,
    as_json: bool,
) -> None:
    """Adopt FILE: its tasks, units, periods and what is due from whom.

    A notice that was corrected or issued again updates what changed, once the differences were shown; the same file
    again changes nothing.
    """
    if as_new and updates is not None:
        raise click.UsageError("give either --updates or --as-new")
    with opened(config, at) as office:
        premises, store = office.premises, office.store
        policy = premises.look(office.store, lambda work: work.policy)
        plan, source_hash = read_file(file, policy.calendar, override_secrecy=policy.override_secrecy)
        looked = None
        if not yes:
            looked = premises.look(
                store, lambda work: preview(work, plan, source_hash=source_hash, updates=updates, as_new=as_new)
            )
            _ask(plan, looked, from_on)
        adoption = premises.do(
            store,
            lambda work: adopt_notice(
                work,
                plan,
                source_hash=source_hash,
                waive_before=from_on,
                updates=updates,
                as_new=as_new,
                expected=looked,
            ),
        )
    _show(adoption, as_json=as_json)


def change_lines(changes: Sequence[Change]) -> list[str]:
    """Give differences grouped and counted, the first ones a line each."""
    counts = count_changes(changes)
    lines: list[str] = []
    shown = 0
    for what, group in groupby(changes, key=lambda change: change.what):
        lines.append(f"{what.replace('_', ' ')}: {counts[what]}")
        for change in group:
            if shown < CHANGES_SHOWN:
                lines.append(f"  {change.subject}: {_side(change.before)} → {_side(change.after)}")
            shown += 1
    return [*lines, f"  … {shown - CHANGES_SHOWN} more differences"] if shown > CHANGES_SHOWN else lines


def _side(text: str | None) -> str:
    line = one_line(text or "-")
    return line if len(line) <= WIDTH else f"{line[:WIDTH]}…"


def _ask(plan: Plan, looked: Preview, from_on: date | None) -> None:
    if looked.is_new:
        lines = [summary(plan.notice), *change_lines(looked.changes)]
    else:
        lines = [plan.notice.title, *_difference(looked)]
    if from_on is not None and looked.how != How.EARLIER:
        lines.append(f"what is due before {from_on} is waived")
    click.echo("\n".join(lines), err=True)
    if looked.how in (How.SAME, How.EARLIER) and not looked.changes and from_on is None:
        return  # there is nothing to ask about
    if not _is_confirmed("Adopt it?" if looked.is_new else f"Update notice {looked.notice_id}?"):
        refuse("nothing was adopted; answer y, or give --yes")


def _difference(looked: Preview) -> list[str]:
    """Tell what would change in a notice that stands."""
    warnings = warning_lines([(w["code"], w["task"], w["message"]) for w in looked.warnings])
    number = looked.notice_id
    if not looked.changes:
        why = {
            How.SAME: f"notice {number} is from this very file",
            How.EARLIER: f"notice {number} was corrected since it was adopted from this file (--updates {number} goes back)",
        }.get(looked.how, f"notice {number} says the same already")
        return [f"{why}; nothing changes", *warnings]
    effects = ", ".join(f"{count} {name}" for name, count in looked.effects.items())
    counts = ", ".join(f"{count} {name}" for name, count in looked.counts.items())
    return [
        f"notice {number} would be updated:",
        *change_lines(looked.changes),
        f"obligations: {effects}",
        f"then it stands with: {counts}",
        *warnings,
    ]


def _is_confirmed(question: str) -> bool:
    try:
        return click.confirm(question, err=True)
    except click.Abort:  # nobody is there to answer
        click.echo(err=True)
        return False


SAID = {
    How.NEW: "adopted",
    How.UPDATE: "updated; it stands with",
    How.SAME: "adopted before; it stands with",
    How.EARLIER: "not changed by an earlier file of it; it stands with",
}


def _show(adoption: Adoption, *, as_json: bool) -> None:
    counts = {name: getattr(adoption, name) for name in ("tasks", "units", "periods", "obligations")}
    if as_json:
        print_json({"notice_id": adoption.notice_id, **counts, "warnings": list(adoption.warnings)})
        return
    said = SAID[adoption.how]
    click.echo(f"notice {adoption.notice_id} {said}: " + ", ".join(f"{n} {name}" for name, n in counts.items()))
    if adoption.changes:
        counted = ", ".join(
            f"{count} {what.replace('_', ' ')}" for what, count in count_changes(adoption.changes).items()
        )
        click.echo(f"  changed: {counted}")
    for line in warning_lines([(w["code"], w["task"], w["message"]) for w in adoption.warnings]):
        click.echo(line)
