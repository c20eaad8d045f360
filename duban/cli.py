"""The command line: `duban COMMAND`; each command is imported only when it is called."""

import importlib

import click

COMMANDS = {  # name: where it lives, in the order of an office's first days
    "init": "duban.commands.init:init",
    "notice": "duban.cli:notice",
    "unit": "duban.cli:unit",
    "invite": "duban.commands.invite:invite",
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
    "plans": "duban.commands.plans:plans",
    "form": "duban.cli:form",
    "check": "duban.commands.check:check",
    "backup": "duban.commands.backup:backup",
    "restore": "duban.commands.backup:restore",
    "resume": "duban.commands.backup:resume",
    "rehearse": "duban.commands.rehearse:rehearse",
}
SUMMARIES = {
    "init": "Set up a new office: configuration, database, the first admin's invite.",
    "notice": "Read a notice, or adopt it.",
    "unit": "List the units; give one other names, merge two that are one, name a group's members.",
    "invite": "Make one-time invites for liaisons, heads, leaders, supervisors, admins.",
    "registrations": "List which units have a liaison, and which are still to register.",
    "people": "List who is or was registered, with their roles.",
    "person": "Delete what is kept about a person.",
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
    "plans": "List the units' year plans, and who has not sent theirs.",
    "form": "Write a unit's form, or read one that came back.",
    "check": "Check configuration, database, token, calendar, fonts and SQLite.",
    "backup": "Copy the database to a file, beside a running service.",
    "restore": "Put a backup in the database's place.",
    "resume": "Let messages go out again after a restore.",
    "rehearse": "Play a notice's whole plan year against an embedded Bot API.",
}
NOTICE_COMMANDS = {"read": "duban.commands.read:read", "adopt": "duban.commands.adopt:adopt"}
NOTICE_SUMMARIES = {
    "read": "Read a notice and show what it says, or write it as a workbook; nothing is changed.",
    "adopt": "Adopt a notice: its tasks, units, periods and what is due from whom.",
}
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
    "bot": "duban.commands.unit:bot",
}
UNIT_SUMMARIES = {
    "list": "List the units with their other names, members, tasks and what they owe.",
    "show": "Show who serves a unit, its tasks, last reports and open requests.",
    "alias": "Give a unit other names it is printed under.",
    "merge": "Make a unit another name of a second one, which takes over all it has.",
    "members": "Say which units a group consists of; they take its place in every notice.",
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
PERSON_COMMANDS = {"forget": "duban.commands.people:forget"}
PERSON_SUMMARIES = {"forget": "Delete a person's name, phone and account; the reports stay with the unit."}
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
    """Read a notice, or adopt it."""


@click.group(cls=LazyGroup, places=UNIT_COMMANDS, summaries=UNIT_SUMMARIES)
def unit() -> None:
    """Put the register of units right."""


@click.group(cls=LazyGroup, places=EXPORT_COMMANDS, summaries=EXPORT_SUMMARIES)
def export() -> None:
    """Write what stands to a file."""


@click.group(cls=LazyGroup, places=FORM_COMMANDS, summaries=FORM_SUMMARIES)
def form() -> None:
    """Write a unit's form, or read one that came back."""


@click.group(cls=LazyGroup, places=PERSON_COMMANDS, summaries=PERSON_SUMMARIES, context_settings=HELP)
def person() -> None:
    """Delete what is kept about a person."""
