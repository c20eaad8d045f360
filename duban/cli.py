"""The command line: `duban COMMAND`; each command is imported only when it is called."""

import importlib

import click

COMMANDS = {  # name: where it lives, in the order of an office's first days
    "init": "duban.commands.init:init",
    "notice": "duban.cli:notice",
    "task": "duban.cli:task",
    "period": "duban.cli:period",
    "unit": "duban.cli:unit",
    "invite": "duban.commands.invite:invite",
    "invites": "duban.commands.invites:invites",
    "registrations": "duban.commands.registrations:registrations",
    "people": "duban.commands.people:people",
    "person": "duban.cli:person",
    "groups": "duban.commands.groups:groups",
    "run": "duban.commands.start:run",
    "tick": "duban.commands.run:tick",
    "overdue": "duban.commands.show:overdue",
    "status": "duban.commands.status:status",
    "reports": "duban.commands.show:reports",
    "export": "duban.cli:export",
    "attachments": "duban.commands.attachments:write_attachments",
    "requests": "duban.commands.requests:requests",
    "decide": "duban.commands.requests:decide",
    "review": "duban.commands.review:review",
    "enter": "duban.commands.enter:enter",
    "waive": "duban.commands.waive:waive_command",
    "broadcast": "duban.commands.broadcast:broadcast",
    "slips": "duban.commands.slips:list_slips",
    "slip": "duban.cli:slip",
    "inspections": "duban.commands.inspections:inspections",
    "plans": "duban.commands.plans:plans",
    "form": "duban.cli:form",
    "burden": "duban.commands.burden:burden",
    "calendar": "duban.cli:calendar",
    "audit": "duban.commands.audit:audit",
    "check": "duban.commands.check:check",
    "backup": "duban.commands.backup:backup",
    "restore": "duban.commands.backup:restore",
    "pause": "duban.commands.pause:pause_sending",
    "resume": "duban.commands.pause:resume",
    "rehearse": "duban.commands.rehearse:rehearse",
}
SUMMARIES = {
    "init": "Set up a new office: configuration, database, the first admin's invite.",
    "notice": "Read a notice, adopt it, write it as a workbook, take a wrong adoption back.",
    "task": "Show, add, change, reassign, split or cancel one task.",
    "period": "List the reporting periods; move a due date.",
    "unit": "List the units; give one other names, merge two that are one, name a group's members.",
    "invite": "Make one-time invites for liaisons, heads, leaders, supervisors, admins.",
    "invites": "List the invites that can still be used, or take one back.",
    "registrations": "List which units have a liaison, and which are still to register.",
    "people": "List who is or was registered, with their roles.",
    "person": "End a person's role, or delete what is kept about them.",
    "groups": "List the group chats the bot is or was in.",
    "run": "Run the service: receive, handle, remind, send.",
    "tick": "Do once what the clock would do now; a running service sends it.",
    "overdue": "List what is overdue.",
    "status": "Show how a period stands: reported, waiting for review, returned, overdue, unreachable.",
    "reports": "List what was reported.",
    "export": "Write what stands to a file: the board of units and periods, the list of what is overdue.",
    "attachments": "Write the files that came with reports into a folder.",
    "requests": "List what units ask for: extensions and completions to decide.",
    "decide": "Grant or refuse a request.",
    "review": "List the reports to review; accept or return them.",
    "enter": "Enter a report that a unit gave by phone, on paper or by mail.",
    "broadcast": "Tell the liaisons something, after showing who gets it.",
    "waive": "Waive the report on a task for a period, with a reason.",
    "slips": "List the supervision slips, proposed and issued.",
    "slip": "Issue, close or write a supervision slip.",
    "inspections": "List the on-site inspections and what units have to put right.",
    "plans": "List the units' year plans, and who has not sent theirs.",
    "form": "Write a unit's form, or read one that came back.",
    "burden": "Count the messages sent in a period, by kind and by unit.",
    "calendar": "Put the official arrangement of days off in force.",
    "audit": "List who did what, and whether the record was tampered with.",
    "check": "Check configuration, database, token, calendar, fonts and SQLite.",
    "backup": "Copy the database to a file, beside a running service.",
    "restore": "Put a backup in the database's place.",
    "pause": "Hold everything pushed; answers go on.",
    "resume": "Let messages go out again after a restore or a pause.",
    "rehearse": "Play a notice's whole plan year against an embedded Bot API.",
}
NOTICE_COMMANDS = {
    "read": "duban.commands.read:read",
    "adopt": "duban.commands.adopt:adopt",
    "list": "duban.commands.keeping_notice:list_notices",
    "export": "duban.commands.keeping_notice:export",
    "withdraw": "duban.commands.keeping_notice:withdraw",
}
NOTICE_SUMMARIES = {
    "read": "Read a notice and show what it says, or write it as a workbook; nothing is changed.",
    "adopt": "Adopt a notice: its tasks, units, periods and what is due from whom.",
    "list": "List the adopted notices.",
    "export": "Write a notice as it stands as the correctable workbook.",
    "withdraw": "Take back a wrong adoption, before its first push.",
}
TASK_COMMANDS = {
    name: f"duban.commands.task:{name}" for name in ("show", "add", "change", "reassign", "split", "cancel")
}
TASK_SUMMARIES = {
    "show": "Show a task: its text, units, and what is due from whom.",
    "add": "Add a task.",
    "change": "Change a task's text, leaders or deadline.",
    "reassign": "Give a task to other units, or other roles.",
    "split": "Split a task in two.",
    "cancel": "Cancel a task.",
}
PERIOD_COMMANDS = {"list": "duban.commands.period:list_periods", "move": "duban.commands.period:move"}
PERIOD_SUMMARIES = {"list": "List the reporting periods.", "move": "Move a period's due date."}
EXPORT_COMMANDS = {"board": "duban.commands.export:board", "overdue": "duban.commands.export:overdue"}
EXPORT_SUMMARIES = {
    "board": "Draw the heat map of units and periods (.png).",
    "overdue": "Write the list of what is overdue (.xlsx).",
}
UNIT_COMMANDS = {
    "list": "duban.commands.unit:list_units",
    "show": "duban.commands.status:show_unit",
    "alias": "duban.commands.unit:alias",
    "merge": "duban.commands.unit:merge",
    "members": "duban.commands.unit:members",
    "rename": "duban.commands.unit:rename",
    "bot": "duban.commands.unit:bot",
}
UNIT_SUMMARIES = {
    "list": "List the units with their other names, members, tasks and what they owe.",
    "show": "Show who serves a unit, its tasks, last reports and open requests.",
    "alias": "Give a unit other names it is printed under.",
    "merge": "Make a unit another name of a second one, which takes over all it has.",
    "members": "Say which units a group consists of; they take its place in every notice.",
    "rename": "Give a unit another name; the old one still means it.",
    "bot": "Say whether a unit uses the bot; one that does not gets no invite by --all.",
}
FORM_COMMANDS = {
    "plan": "duban.commands.form:plan",
    "period": "duban.commands.form:period",
    "read": "duban.commands.form:read",
}
FORM_SUMMARIES = {
    "plan": "Write a unit's year plan form (计划表), filled as far as known.",
    "period": "Write a unit's progress form (落实情况表) for what it owes.",
    "read": "Read a filled form and enter it for its unit.",
}
SLIP_COMMANDS = {
    "issue": "duban.commands.slips:issue",
    "close": "duban.commands.slips:close",
    "export": "duban.commands.slips:export",
}
SLIP_SUMMARIES = {
    "issue": "Issue the next slip to a unit for an overdue report.",
    "close": "Close a slip for a reason.",
    "export": "Write a slip as a Word file.",
}
CALENDAR_COMMANDS = {"import": "duban.commands.calendar:import_"}
CALENDAR_SUMMARIES = {"import": "Put a year's arrangement in force; what follows from it is shown first."}
PERSON_COMMANDS = {"end": "duban.commands.people:end", "forget": "duban.commands.people:forget"}
PERSON_SUMMARIES = {
    "end": "End a person's role; the last admin cannot go.",
    "forget": "Delete a person's name, phone and account; the reports stay with the unit.",
}
HELP = {"help_option_names": ["-h", "--help"]}


class LazyGroup(click.Group):
    """Import a command when it is called, so that `--help` answers at once."""

    def __init__(self, *args: object, places: dict[str, str], summaries: dict[str, str], **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # click's own options, handed through
        self.places, self.summaries = places, summaries

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in order."""
        return list(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in self.places:
            return None
        module, name = self.places[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Show what the commands do without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.summaries.items()))


@click.group(cls=LazyGroup, places=COMMANDS, summaries=SUMMARIES, context_settings=HELP)
@click.version_option(package_name="duban")
def main() -> None:
    """督办: reads a notice, collects progress reports in chat, reminds, escalates, answers /overdue."""


@click.group(cls=LazyGroup, places=NOTICE_COMMANDS, summaries=NOTICE_SUMMARIES)
def notice() -> None:
    """Read a notice, adopt it, write it as a workbook, take a wrong adoption back."""


@click.group(cls=LazyGroup, places=TASK_COMMANDS, summaries=TASK_SUMMARIES)
def task() -> None:
    """Put one task right; each change is shown before it is done, and its reason kept."""


@click.group(cls=LazyGroup, places=PERIOD_COMMANDS, summaries=PERIOD_SUMMARIES)
def period() -> None:
    """List the reporting periods; move a due date."""


@click.group(cls=LazyGroup, places=UNIT_COMMANDS, summaries=UNIT_SUMMARIES)
def unit() -> None:
    """Put the register of units right."""


@click.group(cls=LazyGroup, places=SLIP_COMMANDS, summaries=SLIP_SUMMARIES)
def slip() -> None:
    """Issue, close or write a supervision slip (督查单)."""


@click.group(cls=LazyGroup, places=EXPORT_COMMANDS, summaries=EXPORT_SUMMARIES)
def export() -> None:
    """Write what stands to a file."""


@click.group(cls=LazyGroup, places=CALENDAR_COMMANDS, summaries=CALENDAR_SUMMARIES)
def calendar() -> None:
    """Put the official arrangement of days off in force."""


@click.group(cls=LazyGroup, places=FORM_COMMANDS, summaries=FORM_SUMMARIES)
def form() -> None:
    """Write a unit's form, or read one that came back."""


@click.group(cls=LazyGroup, places=PERSON_COMMANDS, summaries=PERSON_SUMMARIES, context_settings=HELP)
def person() -> None:
    """End a person's role, or delete what is kept about them."""
