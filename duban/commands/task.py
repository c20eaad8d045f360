"""`duban task …`: one task is shown, added, changed, given to other units, split, cancelled."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from duban.commands.common import command_options, json_option, print_json, print_table
from duban.commands.opening import Opened, opened
from duban.commands.putting_right import put_right, reason_option, yes_option
from office.notice.editing import EDIT, Edit, Op
from office.work import OfficeError, Work
from storage import ledger, standing
from storage.ledger import AssignedTask
from storage.standing import Standing

task_argument = click.argument("name", metavar="TASK")
notice_option = click.option(
    "--notice", "notice_id", type=int, metavar="ID", help="The notice, where there are several."
)
lead_option = click.option("--lead", multiple=True, metavar="UNIT", help="Who leads; takes the place of who reported.")
owner_option = click.option("--owner", multiple=True, metavar="UNIT", help="Who is responsible; as --lead.")
support_option = click.option("--support", multiple=True, metavar="UNIT", help="Who supports.")
new_units_option = click.option(
    "--new-units", is_flag=True, help="Names that are no unit yet are registered as new ones."
)


@click.command()
@task_argument
@notice_option
@json_option
@command_options
def show(name: str, config: Path, at: str | None, notice_id: int | None, *, as_json: bool) -> None:
    """Show TASK (3, or 附件#3): its text, leaders, deadline, units, and what is due from whom."""
    with opened(config, at) as office:
        parts = find_task(office, name, notice_id)
        stands = office.store.read_now(lambda tx: standing.load(tx, parts[0].notice_id))
        zone = office.premises.policy.zone
    row = _row(parts, stands, zone)
    if as_json:
        print_json(row)
        return
    click.echo(f"notice {row['notice_id']}, {row['list']}#{row['no']}: {row['text']}")
    for label in ("section", "leaders", "deadline"):
        said = "、".join(row[label]) if isinstance(row[label], list) else row[label]
        click.echo(f"{label}: {said or '-'}")
    print_table(
        ("unit", "role", "signed"),
        [(u["unit"], u["role"], "yes" if u["signed"] else "") for u in row["units"]],
        empty="",
    )
    owed = [(o["period"], o["unit"], o["state"], o["due_at"][:16], o["waived_for"] or "") for o in row["obligations"]]
    print_table(("period", "unit", "state", "due", ""), owed, empty="nothing is due for it")


@click.command()
@click.option("--text", required=True, help="What is to be done.")
@click.option("--list", "list_name", metavar="NAME", help="The list; without one the first that reports.")
@notice_option
@lead_option
@owner_option
@support_option
@click.option("--leader", "leaders", multiple=True, metavar="NAME", help="A leader in charge.")
@click.option("--deadline", metavar="TEXT", help="By when, as it is to be printed.")
@new_units_option
@reason_option
@yes_option
@json_option
@command_options
def add(
    config: Path,
    at: str | None,
    *,
    text: str,
    list_name: str | None,
    notice_id: int | None,
    lead: Sequence[str],
    owner: Sequence[str],
    support: Sequence[str],
    leaders: tuple[str, ...],
    deadline: str | None,
    reason: str,
    new_units: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Add a task behind the last of its list; it is due in every period to come."""
    edit = Edit(
        Op.ADD,
        reason,
        notice=notice_id,
        list=list_name,
        text=text,
        leaders=leaders,
        deadline=deadline or "",
        units=_units(lead, owner, support),
        new_units=new_units,
    )
    with opened(config, at) as office:
        _put_right(office, edit, yes=yes, as_json=as_json)


@click.command()
@task_argument
@click.option("--text", help="The new text.")
@click.option(
    "--leader", "leaders", multiple=True, metavar="NAME", help="A leader in charge, in place of those before."
)
@click.option("--no-leaders", is_flag=True, help="Nobody is in charge any more.")
@click.option("--deadline", metavar="TEXT", help='The new deadline; "" for none.')
@notice_option
@reason_option
@yes_option
@json_option
@command_options
def change(
    name: str,
    config: Path,
    at: str | None,
    *,
    text: str | None,
    leaders: tuple[str, ...],
    deadline: str | None,
    notice_id: int | None,
    reason: str,
    no_leaders: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Change TASK's text, leaders or deadline; units that find text or deadline changed sign for it again."""
    if text is None and deadline is None and not leaders and not no_leaders:
        raise click.UsageError("say what is to change: --text, --leader, --no-leaders or --deadline")
    if leaders and no_leaders:
        raise click.UsageError("give either --leader or --no-leaders")
    with opened(config, at) as office:
        task = find_task(office, name, notice_id)[0].task_id
        named = leaders if leaders or no_leaders else None
        edit = Edit(Op.CHANGE, reason, task=task, text=text, leaders=named, deadline=deadline)
        _put_right(office, edit, yes=yes, as_json=as_json)


@click.command()
@task_argument
@lead_option
@owner_option
@support_option
@click.option("--drop", multiple=True, metavar="UNIT", help="Who has no part in it any more.")
@click.option("--joins", is_flag=True, help="The units named stand beside those there are.")
@new_units_option
@notice_option
@reason_option
@yes_option
@json_option
@command_options
def reassign(
    name: str,
    config: Path,
    at: str | None,
    *,
    lead: Sequence[str],
    owner: Sequence[str],
    support: Sequence[str],
    drop: tuple[str, ...],
    notice_id: int | None,
    reason: str,
    joins: bool,
    new_units: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Give TASK to other units, or other roles; what is past due stays with who owed it."""
    units = _units(lead, owner, support)
    if not units and not drop:
        raise click.UsageError("name units: --lead, --owner, --support or --drop")
    with opened(config, at) as office:
        task = find_task(office, name, notice_id)[0].task_id
        edit = Edit(Op.REASSIGN, reason, task=task, units=units, dropped=drop, joins=joins, new_units=new_units)
        _put_right(office, edit, yes=yes, as_json=as_json)


@click.command()
@task_argument
@click.option("--text", required=True, help="The first part; it keeps the number and what was reported.")
@click.option("--second", required=True, help="The second part; it gets a new number and the same units.")
@notice_option
@reason_option
@yes_option
@json_option
@command_options
def split(
    name: str,
    config: Path,
    at: str | None,
    *,
    text: str,
    second: str,
    notice_id: int | None,
    reason: str,
    yes: bool,
    as_json: bool,
) -> None:
    """Split TASK in two."""
    with opened(config, at) as office:
        task = find_task(office, name, notice_id)[0].task_id
        _put_right(office, Edit(Op.SPLIT, reason, task=task, text=text, second=second), yes=yes, as_json=as_json)


@click.command()
@task_argument
@notice_option
@reason_option
@yes_option
@json_option
@command_options
def cancel(
    name: str, config: Path, at: str | None, notice_id: int | None, reason: str, *, yes: bool, as_json: bool
) -> None:
    """Cancel TASK: nothing is asked for any more; what was reported stays."""
    with opened(config, at) as office:
        task = find_task(office, name, notice_id)[0].task_id
        _put_right(office, Edit(Op.CANCEL, reason, task=task), yes=yes, as_json=as_json)


def _put_right(office: Opened, edit: Edit, *, yes: bool, as_json: bool) -> None:
    put_right(office, "edit", EDIT.dump_python(edit, mode="json"), yes=yes, as_json=as_json)


def _units(lead: Sequence[str], owner: Sequence[str], support: Sequence[str]) -> tuple[tuple[str, str], ...]:
    named = (("lead", lead), ("owner", owner), ("support", support))
    return tuple((name, role) for role, names in named for name in names)


def find_task(office: Opened, name: str, notice_id: int | None) -> list[AssignedTask]:
    """Give the parts in the one task that a number (3) or a list and number (附件#3) names.

    Raises: OfficeError where there is none, or several.
    """
    list_name, _, number = name.rpartition("#")

    def find(work: Work) -> list[AssignedTask]:
        parts = [
            part
            for part in ledger.assigned_tasks(work.tx)
            if str(part.no) == number and list_name in ("", part.list) and notice_id in (None, part.notice_id)
        ]
        tasks = {part.task_id: part for part in parts}
        if len(tasks) == 1:
            return parts
        if not tasks:
            raise OfficeError(f"there is no task {name}; `duban notice export` writes them all")
        several = ", ".join(f"--notice {part.notice_id} {part.list}#{part.no}" for part in tasks.values())
        raise OfficeError(f"there are several tasks {name}: {several}")

    return office.premises.look(office.store, find)


def _row(parts: Sequence[AssignedTask], stands: Standing, zone: ZoneInfo) -> dict[str, Any]:
    task = parts[0]
    return {
        "notice_id": task.notice_id,
        "list": task.list,
        "no": task.no,
        "section": task.section,
        "text": task.text,
        "leaders": list(task.leaders),
        "deadline": task.deadline,
        "units": [{"unit": part.unit_name, "role": part.role, "signed": part.signed_at is not None} for part in parts],
        "obligations": [
            {
                "period": each.period,
                "unit": each.unit,
                "state": each.state,
                "due_at": each.due_at.astimezone(zone).isoformat(),
                "waived_for": each.waived_for,
            }
            for each in stands.obligations
            if each.task_id == task.task_id
        ],
    }
