"""What the covering letter demands of the reporters: clock, length, contact, plan, liaisons; and what it promises them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from notices.clock import plan_due, read_clock
from notices.notice import Remark, Rules
from notices.numerals import value_of
from notices.statements import bare, duties, sentences_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

_HUNDREDS: Final = re.compile(r"([一二两三四五六七八九])百(?:([一二三四五六七八九])十)?(?=个?汉?字)")
_NUMBER_OF_SIGNS: Final = r"([0-9]{2,4})"
_LENGTH_SPAN: Final = re.compile(
    rf"{_NUMBER_OF_SIGNS}\s*字?\s*(?:至|到|-|—|–|~|～|－)\s*{_NUMBER_OF_SIGNS}\s*个?汉?字(?![体号库样形])"
)
_LENGTH: Final = re.compile(rf"(?<![0-9.〔\[]){_NUMBER_OF_SIGNS}\s*个?汉?字(?![体号库样形〔])")
_SOFT: Final = re.compile(r"一般|原则上|左右|上下|尽量|大约|约(?=[0-9])|尽可能|建议|力求|力争|不宜")
_FLOOR: Final = re.compile(r"不少于|不低于|至少|不得少于|以上|不能少于|不小于|不应少于")
_WHOLE: Final = re.compile(r"总字数|总计|合计|全文|整体|整篇|总篇幅|全部材料|总体|总篇")
_NO_TASK_TEXT: Final = re.compile(r"标题|题目|摘要|信息|简报|行[，,]?每|每行|落款|案例|总结")
_CONTACT: Final = r"(?:联系|填报|经办)(?:人|方式|电话)"
_NAMED: Final = re.compile(
    _CONTACT + r"(?!(?:[:：]|为?[0-9]|[\u4e00-\u9fff]{2,3}[，,）)]\s*(?:电话|联系电话|手机)[:：0-9]))"
)
_CONTACT_BEFORE: Final = re.compile(
    r"(?:注明|附(?!件)|填写|留(?!言)|提供|写明|标明|标注|明确|署|报(?=$|及|和|、))[^。；]{0,14}$"
)
_CONTACT_BEHIND: Final = re.compile(
    r"^[\u4e00-\u9fff、和及与]{0,12}(?:一并|一同|随(?:材料|附|同)|(?:应|须|要|需|请|务必|均)?(?:注明|填写|标明|写明|附|报送|报至|报区|报县|报市|上报))"
)
_TO: Final = re.compile(
    r"呈?报(?:送)?(?:至|到|给|回|往)?|送(?:至|到|交|达)?|(?<![转走偏倾方导])向|反馈(?:至|到|给)?|传真至|(?:发送|提交|上传|传|交由?|汇总|发|告知)(?:至|到|给)?|(?<=情况|进展|材料)[至到]"
)
_OFFICE: Final = r"(?:室|办|科|股|处|厅|局|委|中心|专班|组|站|平台|系统)"
_RECIPIENT: Final = re.compile(
    rf"([\u4e00-\u9fff“”]{{2,24}}?{_OFFICE}(?:[（(][\u4e00-\u9fff]{{1,10}}{_OFFICE}[）)])?(?:[、和及](?!抄|同时)[\u4e00-\u9fff]{{2,16}}?{_OFFICE})?)"
    r"(?=[，。；,;（(）)：:、\s]|$|汇总|备案|备查|邮箱|统一|进行|并|审核|审定|报|书面|汇|反馈|指定|处理|提交)"
)
_NO_OFFICE: Final = re.compile(
    r"领导|会议|情况|材料|进展|任务|单位|部门|^我|意见|结果|会$|^(?:各|本|分别|后|统一|集中|一并|及时|书面|[报送反])|由|经|至|将|于"
)
_LIAISON: Final = re.compile(
    r"([0-9]{1,2}|[一二两三四五])\s*(?:[名位人]|个(?!工作日|月|季))[^0-9一二三，,。；]{0,16}联(?:络|系)(?:员|人)|联络(?:员|人)(?:各|共|为)?[（(]?([0-9]|[一二两三四五])[名位人](?!以)"
)
_BULLETIN: Final = re.compile(
    r"(?:(?:按|每|逐)(?:个)?(?:两周|双周|季度?|月度?|周|半年|年度?)|定期|第一时间|一[事月季周]度?一|半年一|月度?(?=通报)|季度?(?=通报))(?:编发|编印|予以|进行|一|开展|印发|下发|对[^，。；]{2,14})?(?:一次|一期)?(?:督查)?通报"
)
_LONGEST_PROMISE: Final = 20
_HEAD: Final = r"(?:(?:本?单位|本?部门)?主要负责(?:人|同志)|(?:本?单位|本?部门)负责(?:人|同志)|一把手)"
_AGREES: Final = r"(?:审核|审定|审签|审阅|审批|审查|签字|签批|签署|把关|同意)"
_ATTEST: Final = re.compile(rf"{_HEAD}[^，。；]{{0,8}}?{_AGREES}[^。；]{{0,14}}?(?:报送|上报|再报|后报|反馈)")


@dataclass(frozen=True, slots=True)
class LetterRules:
    """The rules, when reporting starts (None: with the plan year or the issue), and what a person should look at."""

    rules: Rules
    starts_on: date | None = None
    remarks: tuple[Remark, ...] = ()


def read_rules(letter: str, *, plan_year: int) -> LetterRules:
    """Read the rules out of a letter whose lines are joined and whose layout spaces are removed."""
    sentences = sentences_of(letter)
    asked = duties(letter)
    clock = read_clock(asked, plan_year=plan_year)
    least, most, is_soft, remarks = _lengths(sentences)
    rules = Rules(
        cadence=clock.cadence,
        due_dates=clock.due_dates,
        due_rule=clock.due_rule,
        max_length=most,
        min_length=least,
        length_is_soft=is_soft,
        contact_required=_asks_contact(sentences) or None,
        submit_to=_recipient([duty.text for duty in asked if duty.subject == "progress"])
        or _recipient([duty.text for duty in asked])
        or _recipient([bare(each) for each in sentences if any(duty.text in bare(each) for duty in asked)]),
        plan_due=plan_due(asked, plan_year=plan_year),
        liaisons_per_unit=_liaisons(sentences),
        bulletins=tuple(_bulletins(sentences)),
        attest=any(_ATTEST.search(sentence) for sentence in sentences) or None,
    )
    return LetterRules(rules, clock.starts_on, (*clock.remarks, *remarks))


def _recipient(texts: Sequence[str]) -> str | None:
    """Return to whom reports go, as printed."""
    for text in texts:
        for verb in _TO.finditer(text):
            found = _RECIPIENT.match(text, verb.end())
            if found and not _NO_OFFICE.search(found[1]):
                return found[1]
    return None


def _lengths(sentences: Sequence[str]) -> tuple[int | None, int | None, bool | None, tuple[Remark, ...]]:
    """Read how long a report may be, least and most; 一般, 原则上 and 左右 are soft, everything else holds."""
    least = most = None
    is_soft: bool | None = None
    remarks: tuple[Remark, ...] = ()
    for clause in _clauses(sentences):
        words = _HUNDREDS.sub(lambda found: f"{value_of(found[1])}{value_of(found[2] or '〇')}0", clause)
        if _NO_TASK_TEXT.search(words):
            continue
        if _WHOLE.search(words) and (whole := _LENGTH.search(words)):
            message = f"通知对整份材料的字数有要求（{whole[0]}），单项任务没有据此限制字数，请核对。"
            remarks = (Remark("total_length", message),)
            continue
        if most is None and (span := _LENGTH_SPAN.search(words)):
            least, most, is_soft = int(span[1]), int(span[2]), bool(_SOFT.search(words))
            continue
        for length in _LENGTH.finditer(words):
            if _FLOOR.search(words[max(0, length.start() - 6) : length.end() + 3]):
                least = least or int(length[1])
                is_soft = bool(_SOFT.search(words)) if is_soft is None else is_soft
            elif most is None:
                most, is_soft = int(length[1]), bool(_SOFT.search(words))
    return least, most, is_soft, remarks


def _asks_contact(sentences: Sequence[str]) -> bool:
    """Tell whether reporters are to give a contact; the office's own contact stands behind a colon or beside a name."""
    return any(
        _CONTACT_BEFORE.search(each[: found.start()]) or _CONTACT_BEHIND.search(each[found.end() :])
        for each in sentences
        for found in _NAMED.finditer(each)
    )


def _liaisons(sentences: Sequence[str]) -> int | None:
    found = next((match for each in sentences if (match := _LIAISON.search(each))), None)
    return value_of(found[1] or found[2]) if found else None


def _bulletins(sentences: Sequence[str]) -> list[str]:
    """Return the promised bulletins: the clause if it is short, else the words that promise."""
    found = [(clause, _BULLETIN.search(clause)) for clause in _clauses(sentences)]
    promises = (clause if len(clause) <= _LONGEST_PROMISE else match[0] for clause, match in found if match)
    return list(dict.fromkeys(promises))


def _clauses(sentences: Sequence[str]) -> Iterator[str]:
    """Part sentences at commas; 原则上 that stands alone goes with what follows."""
    for sentence in sentences:
        held = ""
        for clause in re.split(r"[，,；;]", sentence):
            if held + clause in {"原则上", "一般", "一般情况下"}:
                held += clause
                continue
            yield held + clause
            held = ""
