"""The catalogues and the code agree: every message is there in both languages, and none is dead."""

import ast
import re
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from bot.wording import WORDINGS, word
from bot.wording.helping import NOW
from bot.words import LANGUAGES, Words, catalogue
from office.answering import COMMANDS, commands_of
from office.doing import DOING
from office.receiving import TWINS
from office.requests.forms import CANCEL
from office.rights import Right, may
from office.saying import Kind
from storage.people import KnownPerson, Part
from storage.states import Reach, Role

ROOT = Path(__file__).parent.parent.parent
SOURCES = sorted((ROOT / "bot").rglob("*.py"))
BUTTONS = set(DOING) - {
    "stage",
    "attest",
    "overdue_page",
    "tasks_page",
    "task",
    "language",
    "return_for",
    "enter",
    "waive",
    "choose",
    "choose_contribution",
    "report_on",
    "plan_on",
    "plan_inspection",
    "due",
    "handover",
    "ask_leave",
    "status",
    "unit",
}
JARGON = re.compile(
    r"API|JSON|[Tt]oken|SQL|HTTP|[Ss]erver|[Bb]ug|ID\b|数据库|异常|报错|缓存|接口|参数|字段|序列|线程|进程|崩溃|超时|日志|后台|推送|解析"
)
RUDE = re.compile(r"必须立即|严禁|否则|责令|不许|你(?!好)|错误操作|非法|无权")
SCREEN = {"zh": 600, "en": 1100}  # characters; an ideograph takes the room of nearly two letters
MENU_WIDTH = {"zh": 12, "en": 32}
OF_UNITS = {"unsigned", "owed", "drafts"}  # what waits for liaisons only
ZONE = ZoneInfo("Asia/Shanghai")


def offered() -> set[str]:
    """List the commands that are offered to somebody."""
    return {name for name, command in COMMANDS.items() if command.in_menu or command.for_strangers}


def placeholders(message: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(message) if name is not None}


def names_in_code() -> tuple[set[str], list[re.Pattern[str]]]:
    """Give the literal names and the patterns of the names put together in the code that speaks."""
    literal: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                literal.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"\w+" for p in node.values]
                patterns.append(re.compile("".join(parts)))
            elif isinstance(node, ast.BinOp) and isinstance(node.left, ast.Constant):
                patterns.append(re.compile(re.escape(str(node.left.value)) + r"\w+"))
    return literal, [each for each in patterns if re.search(r"[a-z_]+\\\.", each.pattern) or "." in each.pattern[:12]]


def test_every_kind_has_a_wording() -> None:
    assert set(WORDINGS) == set(Kind)


def test_both_languages_have_the_same_messages_with_the_same_values() -> None:
    first, *others = (catalogue(language) for language in LANGUAGES)
    for other in others:
        assert set(other) == set(first)
        for name, message in first.items():
            here, there = placeholders(message), placeholders(other[name])
            if name.startswith(("period.", "day")):  # each language writes a month or a quarter in its own way
                continue
            assert here == there, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_empty_or_unfinished(language: str) -> None:
    for name, message in catalogue(language).items():
        assert message.strip(), name
        assert "TODO" not in message


def test_every_message_is_used() -> None:
    literal, patterns = names_in_code()
    for name in catalogue("zh"):
        assert name in literal or any(pattern.fullmatch(name) for pattern in patterns), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_role_reach_and_button_has_words(language: str) -> None:
    messages = catalogue(language)
    wanted = {f"{name}.{role}" for role in Role for name in ("welcome", "help", "role_name")}
    wanted |= {f"digest.why.{reach}" for reach in Reach if reach != Reach.YES} | {"digest.why.group"}
    wanted |= {f"button.{do}" for do in BUTTONS}
    assert wanted <= set(messages)


def test_every_button_has_its_typed_twin() -> None:
    labels = catalogue("zh")
    typed = {"sign", "submit", "change", "add_parts", "skip", "as_one", "as_correction", "as_next"}
    typed |= {"remove_file", "join", "keep_apart", "withdraw", "leave_submitted", "correct"}
    typed |= {"grant_correction", "refuse_correction"}
    typed |= {"ask_units", "send_ask", "remind_silent", "stitch", "contribute", "extend", "complete"}
    typed |= {"agree", "close_out", "set_date", "disagree", "send_back", "cancel_absence"}
    typed |= {"register_group", "refuse_group", "leave_group"}
    typed |= {"next_page", "previous_page", "board", "overdue_table", "remind"}
    typed |= {"leave", "cancel", "form_plan", "form_report"}
    typed |= {"unadopt", "edit"}
    typed |= {"ask_deletion", "keep_data", "agree_deletion", "refuse_deletion"}
    typed |= {"accept_report", "next_report", "accept_all"}
    # what a form or the report shown takes itself has its words there: 确认代报, 确认免报, 退回, 全部发送, 丢弃催办
    typed |= {"issue_slip", "sign_slip", "record_findings", "order_measure", "end_inspection"}
    typed |= {"rectify", "pass_measure", "return_measure"}
    for do in typed:
        assert TWINS[labels[f"button.{do}"]] == do
    assert labels["button.drop_form"] in CANCEL  # which a form takes itself


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_has_words_for_the_menu_and_for_help(language: str) -> None:
    messages = catalogue(language)
    assert set(re.findall(r"'command\.(\w+)'", str(list(messages)))) == offered()
    for name in offered():
        assert 2 <= len(messages[f"command.{name}"]) <= MENU_WIDTH[language], name
    for name in offered() - {"start", "help"}:
        assert messages[f"help.do.{name}"].startswith(f"/{name} "), name


def test_what_takes_words_shows_an_example() -> None:
    for language in LANGUAGES:
        assert re.search(r"/overdue \S+$", catalogue(language)["help.do.overdue"])


def test_no_word_of_software_in_chinese() -> None:
    for name, message in catalogue("zh").items():
        found = JARGON.search(message) or RUDE.search(message)
        assert found is None, f"{name}: {found[0]}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_exceeds_a_phones_screen(language: str) -> None:
    for name, message in catalogue(language).items():
        assert len(message) <= SCREEN[language], name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", Role)
def test_help_fits_a_phones_screen_for_every_role(language: str, role: Role) -> None:
    person = KnownPerson(1, 1, "欧阳建国", None, "yes", True, (Part(role, 1, "区住房和城乡建设局", None),))
    content = {
        "name": person.name,
        "office": "清河区人民政府督查室",
        "parts": [{"role": role, "unit": "区住房和城乡建设局"}],
        "now": {
            **dict.fromkeys(set(NOW) - (set() if role == Role.LIAISON else OF_UNITS), 12),
            "due_at": "2025-04-11T00:00:00+08:00",
        },
        "reports": may(person, Right.REPORT),
        "adopts": may(person, Right.ADOPT),
        "commands": commands_of(person),
    }
    text = word("help", content, Words(language, ZONE)).text
    assert len(text) <= SCREEN[language]
    assert all(f"/{name} " in text for name in commands_of(person) if name != "help")


def test_english_counts_need_no_plural() -> None:
    numbers = r"\{(?:count|total|tasks|units|days|owed|characters|limit|unknown|undeliverable|dead)\} [a-z]"
    allowed = {
        "draft.split",
        "finding.too_short",
        "finding.too_long",
        "too_long",
        "overdue.more",
        "which_task.more",
        "nudge.more",
        "nudge.limit",
        "prompt.limit",
        "my_data.received",
    }
    for name, message in catalogue("en").items():
        assert name in allowed or not re.search(numbers, message), name
