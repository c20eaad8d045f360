"""What `duban task`, `duban period`, `duban notice withdraw`, … share: shown, asked about, done, in one way."""

from typing import Any

import click

from duban.commands.adopt import change_lines
from duban.commands.common import print_json, refuse
from duban.commands.opening import Opened
from office.notice.differences import Change, What
from office.notice.proposing import Values, carry_out, foresee

reason_option = click.option("--reason", metavar="R", required=True, help="Why; it goes into the audit.")
yes_option = click.option("--yes", is_flag=True, help="Do it without asking.")
LEAST = 2  # characters of a reason


def put_right(office: Opened, what: str, values: Values, *, yes: bool, as_json: bool) -> None:
    """Show what would be done, ask unless that is waived, and do just that."""
    if len(values["reason"].strip()) < LEAST:
        raise click.UsageError("the reason is empty")
    expected = None
    if not yes:
        expected = office.premises.look(office.store, lambda work: foresee(work, what, values))
        click.echo("\n".join(_lines(what, expected)), err=True)
        if not _is_confirmed():
            refuse("nothing was changed; answer y, or give --yes")
    done = office.premises.do(office.store, lambda work: carry_out(work, what, values, expected))
    if as_json:
        print_json({"what": what, **done})
    else:
        click.echo("\n".join(["done:", *_lines(what, done)] if yes else ["done"]))


def _is_confirmed() -> bool:
    try:
        return click.confirm("Do it?", err=True)
    except click.Abort:  # nobody is there to answer
        click.echo(err=True)
        return False


def _lines(what: str, shown: Values) -> list[str]:
    return [*LINES[what](shown), f"reason: {shown['reason']}"]


def _edit(shown: Values) -> list[str]:
    changes = [Change(What(each["what"]), each["subject"], each["before"], each["after"]) for each in shown["changes"]]
    lines = [
        f"notice {shown['notice']}, task {shown['list']}#{shown['no']}:",
        *change_lines(changes),
        f"obligations: {shown['made']} made, {shown['waived']} waived",
    ]
    if shown["signers"]:
        lines.append(f"get the task to sign for: {'、'.join(shown['signers'])}")
    if shown["leavers"]:
        lines.append(f"are told that it is not theirs any more: {'、'.join(shown['leavers'])}")
    if shown["left"]:
        lines.append(f"past due and still owed by them: {shown['left']}")
    for doubt in shown["doubts"]:
        said = (
            "will be registered as a new unit" if doubt["code"] == "new_unit" else "is no leader the notice names yet"
        )
        near = f" (the nearest: {'、'.join(doubt['near'])})" if doubt["near"] else ""
        lines.append(f"mind: {doubt['name']} {said}{near}")
    return lines


def _due(shown: Values) -> list[str]:
    first = f" (first: {shown['first']})" if shown["first"] != shown["before"] else ""
    lines = [
        f"notice {shown['notice']}, period {shown['period']}: due {shown['before']} → {shown['after']}{first}",
        f"obligations: {shown['obligations']} of {shown['units']} units; liaisons told: {shown['told']}",
    ]
    if shown["day_off"]:
        lines.append("mind: that is a day off")
    if shown["overdue"]:
        lines.append(f"mind: that day is past; overdue at once: {shown['overdue']}")
    if shown["own"]:
        lines.append(f"returned, or extended further, with dates of their own: {shown['own']}")
    if shown["unreached"]:
        lines.append(f"units that cannot be told: {shown['unreached_count']} ({'、'.join(shown['unreached'])})")
    return lines


def _unadopt(shown: Values) -> list[str]:
    counts = ", ".join(f"{shown[name]} {name}" for name in ("tasks", "periods", "obligations"))
    return [
        f"notice {shown['notice']} {shown['title']} is taken back: {counts}; its file can be adopted again",
        "nobody was told of it; what was said of units stays",
    ]


def _end_role(shown: Values) -> list[str]:
    lines = [f"{shown['name']} is not {shown['role']} {shown['unit'] or ''} any more".replace("  ", " ")]
    if shown["is_last"]:
        lines.append(f"mind: {shown['unit']} has no liaison then")
    if shown["drafts"]:
        lines.append(f"drafts that stay with the unit: {shown['drafts']}")
    return lines


def _rename(shown: Values) -> list[str]:
    counted = f"{shown['tasks']} tasks, owes {shown['owed']}"
    return [f"{shown['before']} ({counted}) is called {shown['after']}; the old name stays a name of it"]


LINES: dict[str, Any] = {
    "edit": _edit,
    "due": _due,
    "unadopt": _unadopt,
    "end_role": _end_role,
    "rename": _rename,
}
