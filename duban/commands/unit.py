"""`duban unit …`: the register of units is put right, in every notice at once."""

from pathlib import Path
from typing import Any

import click

from duban.commands.common import command_options, json_option, print_done, print_json, print_table, refuse
from duban.commands.opening import Opened, opened
from duban.commands.putting_right import put_right, reason_option, yes_option
from notices.plan import UnitEntry
from office.notice.differences import Change, What
from office.notice.revising import change_units
from office.notice.units import known_register, let_use_bot
from office.register.inviting import find_unit
from office.work import OfficeError, Work
from storage import ledger, units
from storage.ledger import KnownUnit

SAID = {
    What.ALIAS_ADDED: "{after} is another name of {subject} now",
    What.UNIT_MERGED: "{before} is another name of {after} now, which has all its tasks, reports, people and invites",
    What.GROUP_MEMBERS: "{subject} stands for {after} now",
}


@click.command(name="list")
@json_option
@command_options
def list_units(config: Path, at: str | None, *, as_json: bool) -> None:
    """List the units with their other names, members, tasks and what they owe."""
    with opened(config, at) as office:
        known = office.store.read_now(ledger.units)
        counts = office.store.read_now(units.counts_by_unit)
    rows = [(unit, {"tasks": 0, "owed": 0, **counts.get(unit.id, {})}) for unit in known]
    if as_json:
        print_json([_unit_json(unit, counted) for unit, counted in rows])
        return
    shown = [
        (
            unit.name,
            counted["tasks"],
            counted["owed"],
            "group" if unit.is_group else "" if unit.uses_bot else "no bot",
            "、".join(unit.aliases),
            "、".join(unit.members),
        )
        for unit, counted in rows
    ]
    print_table(("unit", "tasks", "owed", "", "other names", "members"), shown, empty="no notice was adopted yet")


@click.command()
@click.argument("unit")
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@json_option
@command_options
def alias(unit: str, names: tuple[str, ...], config: Path, at: str | None, *, as_json: bool) -> None:
    """Give UNIT other names it is printed under; the next notice that has them means it."""
    with opened(config, at) as office:

        def entry(work: Work) -> UnitEntry:
            known = find_unit(work, unit, allow_group=True)
            own = {each.name for each in ledger.units(work.tx)} - {known.name}
            if taken := [name for name in names if name.strip() in own]:
                raise OfficeError(f"{taken[0]} is a unit itself; make the two one with `duban unit merge`")
            return UnitEntry(known.name, aliases=_plain(names))

        _carry_out(office, office.premises.look(office.store, entry), as_json=as_json)


@click.command()
@click.argument("name", metavar="FROM")
@click.argument("into", metavar="INTO")
@yes_option
@json_option
@command_options
def merge(name: str, into: str, config: Path, at: str | None, *, yes: bool, as_json: bool) -> None:
    """Make FROM another name of INTO, which takes over its tasks, reports, people and invites."""
    with opened(config, at) as office:

        def shown(work: Work) -> tuple[UnitEntry, str]:
            source, target = (find_unit(work, each, allow_group=True) for each in (name, into))
            if source.id == target.id:
                raise OfficeError(f"{name} and {into} are one unit already")
            counts = units.counts_by_unit(work.tx)
            said = [f"{each.name} ({_counted(counts.get(each.id, {}))})" for each in (source, target)]
            return UnitEntry(target.name, aliases=(source.name,)), f"{said[0]} becomes another name of {said[1]}"

        entry, sentence = office.premises.look(office.store, shown)
        _confirm(sentence, yes=yes)
        _carry_out(office, entry, as_json=as_json)


@click.command()
@click.argument("group")
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@yes_option
@json_option
@command_options
def members(group: str, names: tuple[str, ...], config: Path, at: str | None, *, yes: bool, as_json: bool) -> None:
    """Say that GROUP consists of the units NAME…; they take its place in every notice, now and later."""
    with opened(config, at) as office:

        def shown(work: Work) -> tuple[UnitEntry, str]:
            known = find_unit(work, group, allow_group=True)
            counted = _counted(units.counts_by_unit(work.tx).get(known.id, {}))
            new = [name for name in _plain(names) if name not in known_register(work).names]
            said = f"{known.name} ({counted}) is replaced by: {'、'.join(_plain(names))}"
            said += f"; new units: {'、'.join(new)}" if new else ""
            return UnitEntry(known.name, members=_plain(names)), said

        entry, sentence = office.premises.look(office.store, shown)
        _confirm(sentence, yes=yes)
        _carry_out(office, entry, as_json=as_json)


@click.command()
@click.argument("unit")
@click.argument("uses", type=click.Choice(["yes", "no"]))
@json_option
@command_options
def bot(unit: str, uses: str, config: Path, at: str | None, *, as_json: bool) -> None:
    """Say whether UNIT uses the bot; one that does not gets no invite by --all."""
    with opened(config, at) as office:

        def act(work: Work) -> str:
            known = find_unit(work, unit, allow_group=True)
            let_use_bot(work, known, uses_bot=uses == "yes")
            return known.name

        name = office.premises.do(office.store, act)
    sentence = f"{name} uses the bot" if uses == "yes" else f"{name} does not use the bot"
    print_done(sentence, {"unit": name, "uses_bot": uses == "yes"}, as_json=as_json)


@click.command()
@click.argument("unit")
@click.argument("name", metavar="NAME")
@reason_option
@yes_option
@json_option
@command_options
def rename(unit: str, name: str, config: Path, at: str | None, reason: str, *, yes: bool, as_json: bool) -> None:
    """Give UNIT another NAME; the old one still means it."""
    with opened(config, at) as office:
        values = {"unit": unit, "name": name, "reason": reason}
        put_right(office, "rename", values, yes=yes, as_json=as_json)


def _unit_json(unit: KnownUnit, counted: dict[str, int]) -> dict[str, Any]:
    return {
        "unit": unit.name,
        "aliases": list(unit.aliases),
        "members": list(unit.members),
        "is_group": unit.is_group,
        "uses_bot": unit.uses_bot,
        **counted,
    }


def _counted(counts: dict[str, int]) -> str:
    return f"{counts.get('tasks', 0)} tasks, owes {counts.get('owed', 0)}"


def _plain(names: tuple[str, ...]) -> tuple[str, ...]:
    found = tuple(name.strip() for name in names)
    if not all(found):
        raise click.UsageError("a name is empty")
    return found


def _confirm(sentence: str, *, yes: bool) -> None:
    if not yes:
        click.echo(sentence, err=True)
        if not click.confirm("Do it?", err=True):
            refuse("nothing was changed; answer y, or give --yes")


def _carry_out(office: Opened, entry: UnitEntry, *, as_json: bool) -> None:
    changes: list[Change] = office.premises.do(office.store, lambda work: change_units(work, [entry]))
    told = [
        {"change": str(change.what), "subject": change.subject, "before": change.before, "after": change.after}
        for change in changes
    ]
    if as_json:
        print_json(told)
        return
    for change, values in zip(changes, told, strict=True):
        click.echo(SAID[change.what].format(**values))
    if not changes:
        click.echo("that is so already; nothing was changed")
