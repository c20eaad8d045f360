"""What a letter's clauses demand: a duty to report is told from the inspectors' own rhythm, one statement per verb."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

Subject = Literal["progress", "plan", "liaison", "side"]

# a title is no demand, unless it is what is to be filled in
_QUOTED_TITLE: Final = re.compile(r"(?<!填写)(?<!填报)(?<!制定)(?<!编制)(?<!报送)(?<!上报)《[^《》]*》")
# words that hold 报 but are nobody's duty to report
_NO_REPORT: Final = re.compile(
    r"呈报|申报|预报|情报|报名|报销|报批|报建|报备|日报社|政府工作报告|工作报告|督查专报|统计报告|报告中|报告会"
    r"|报送(?:情况|质量|时限要求|要求|不及时|材料(?=[要须应])|内容(?=[要须应]))|[迟漏瞒谎虚误错]报|以报告|报告厅"
)
_ADDRESSEE: Final = r"(?:室|办|科|局|委|中心|专班|邮箱|公室|平台|系统)"
_REPORTING: Final = re.compile(
    r"报送|上报|(?:发送|提交|上传|报|交)(?:至|到|给)|填报|报回|报(?:区|县|市|州|旗|省|我)|反馈|续报"
    rf"|[报送](?=.{{0,14}}{_ADDRESSEE})|报(?=.{{0,6}}(?:进展|情况|材料|一次))"
    rf"|(?:向.{{2,20}}{_ADDRESSEE}.{{0,6}}|书面)(?:汇报|报告|反馈)|(?<!汇)报告(?!期)|报$"
    r"|(?:登录|通过).{2,16}(?:系统|平台).{0,12}(?:填写|更新|录入|填录)|(?:更新|录入|填录).{0,8}(?:进展|完成情况|台账)"
    r"|[一每][事月季周旬年]度?一?报(?!道)|[月季旬周年]度?报(?:制度|送)?|半月报"
)
_INSPECTING: Final = re.compile(
    r"通告|督查(?!室|科|局|办|股|中心|系统|平台|组|员)|督导|督办(?!单|系统|平台|科|室)|抽查|盘点|查账|会商|晾晒|考核|评估|听取|约谈|点评|排名|调度|巡查|检查|研判|复盘|考评|看一次|汇报|呈报|专报|回头看"
)
# 区政府督查室将每月汇总 … : who inspects is no reporter
_OFFICE_ACTS: Final = re.compile(
    r"^(?:(?:[一二三四五六七八九十]是)|由|请|同时|并|原则上)?(?:[区县市州省旗]?[\u4e00-\u9fff]{0,8}?(?:督查室|督查科|督察室|督查局|督查办|政府办公?室?|政府办|委办|重点办|督查组|专班))"
    r"(?:督查室|督查科)?(?:[（(][^（）()]{1,20}[）)])?(?:和[\u4e00-\u9fff]{2,10}|、[\u4e00-\u9fff]{2,10})?(?:将|要|负责|会同|每|按|逐|根据|对|适时|定期|于|汇总|牵头|统一|及时|应|建立|原则上|结合|实行|会|在)"
)
_UPWARD: Final = re.compile(
    r"[呈报送](?:送|请|告|至)?(?:[区县市州省旗])?(?:委|政府)?(?:、[区县市]?政府)?[\u4e00-\u9fff]{0,4}(?:领导|常务会议?|常委会|党组|市长|区长|县长|人大|政协)(?!小组)(?!审|签|同意)"
)
_REPORTERS: Final = re.compile(
    r"(?:各|牵头|责任|主办|承办|相关|有关)(?:[\u4e00-\u9fff]{0,6})(?:单位|部门|镇街|街镇|乡镇|街道|专班)"
)
_PLAN: Final = re.compile(
    r"(?:计划|方案)(?!(?:的)?(?:完成|执行|落实|实施|推进)(?:情况|进展))|任务书|路线图|配档表|施工图|责任清单|时间表|任务分解表"
)
_WEAK_PLAN: Final = re.compile(r"分解|细化|清单|台账")
_LIAISON: Final = re.compile(r"联络员|联系人|联络人|名单|人员信息|分管(?:负责人|领导)(?:和|及|、)")
_IN_PASSING: Final = re.compile(r"注明|附|标明|[（(]联系")
_SIDE: Final = re.compile(
    r"信息|简报|典型|经验|亮点|做法|意见建议|反馈意见|照片|影像|佐证|重大(?:事项|问题|情况)|突发|总结"
)
_PROGRESS: Final = re.compile(
    r"进展|进度|完成情况|落实情况|推进情况|办理情况|实施情况|执行情况|工作情况|任务情况|有关情况"
)
_SENTENCE_END: Final = re.compile(r"[。！!\n]|(?<=[\u4e00-\u9fff）)])\.(?![0-9A-Za-z])")
_CLAUSE: Final = re.compile(r"[^，,；;：:、]+[，,；;：:、]?")


@dataclass(frozen=True, slots=True)
class Statement:
    """The clauses that end in one verb, and what they ask the reporters for."""

    text: str
    subject: Subject


def bare(words: str) -> str:
    """Leave out quoted titles and words that hold 报 but are no report; 通报 is written 通告, since its 报 is no verb."""
    return _NO_REPORT.sub("", _QUOTED_TITLE.sub("", words)).replace("通报", "通告")


def sentences_of(letter: str) -> list[str]:
    """Part a letter at its full stops."""
    return [sentence for sentence in _SENTENCE_END.split(letter) if sentence]


def duties(letter: str) -> list[Statement]:
    """Return the statements that ask the reporters for something, in order."""
    return [statement for sentence in sentences_of(letter) for statement in _duties_of(sentence)]


def _duties_of(sentence: str) -> Iterator[Statement]:
    return (Statement(text, _subject(text)) for text, is_duty in _statements(bare(sentence)) if is_duty)


def _statements(sentence: str) -> list[tuple[str, bool]]:
    """Group clauses: those without a verb belong to the next verb, the last ones to the one before."""
    found: list[tuple[str, bool]] = []
    held = ""
    for clause in _CLAUSE.findall(sentence):
        held += clause
        verb = _REPORTING.search(clause.rstrip("，,；;：:、"))
        if verb or _INSPECTING.search(clause):
            found.append((held, bool(verb) and _is_reporters_duty(held)))
            held = ""
    if held and found:
        text, is_duty = found.pop()
        found.append((text + held, is_duty))
    return found


def _is_reporters_duty(text: str) -> bool:
    if _UPWARD.search(text):
        return False
    acts = _OFFICE_ACTS.search(text)
    return not acts or bool(_REPORTERS.search(text, acts.end()))


def is_on_progress(text: str) -> bool:
    """Tell whether a statement names progress or results as what is to be reported."""
    return bool(_PROGRESS.search(text))


def _subject(text: str) -> Subject:
    """Tell what is to be reported; a statement that names nothing is about progress."""
    if _PLAN.search(text) or (_WEAK_PLAN.search(text) and not _PROGRESS.search(text)):
        return "plan"
    if _PROGRESS.search(text):
        return "progress"
    if _LIAISON.search(text) and not _IN_PASSING.search(text):
        return "liaison"
    return "side" if _SIDE.search(text) else "progress"
