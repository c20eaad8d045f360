"""Whether a piece of text is a person's name, and which persons a cell names."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from notices.page import join

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# the usual surnames, after the Ministry of Public Security's yearly name reports and the Hundred Family Surnames
_SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍"
    "庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻"
    "祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾"
    "隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝郜"
    "海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那"
    "宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展昝智幸奉植衡富尧闭由逄展"
)
_COMPOUND: Final = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "夏侯",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "东方",
    "司徒",
    "端木",
    "宇文",
)
# what names of other peoples are written with (阿依努尔, 巴特尔)
_TRANSLITERATED: Final = frozenset(
    "阿依努尔买提古丽艾力巴特格日乌兰娜仁其木额敦苏和布赫那顺吉雅萨如拉斯琴图孜克亚库江比克合提迪玉素甫麦热木沙伊卜杜赛肉帕夏"
    "扎西多杰卓玛央金次旦旺堆平措索朗尼罗桑丹增洛德白青才让嘉班贡布曲珍达瓦普穷边加措云登华本太宝音朝鲁呼勒哈森海勒根塔拉傲登"
)
_NO_NAME: Final = re.compile(
    r"(?:局|办|委|中心|公司|街道|镇|乡|部门|单位|政府|委员会|集团|[团处心站门室会组队所]|工作|项目|建设|发展|任务|管理|服务|提升|推进|领导)$|[一二三四五六七八九十]、|^(?:全年|平台|成立)"
)
_DOTTED: Final = re.compile(r"[\u3400-\u9fff]{2,7}·[\u3400-\u9fff]{2,7}")
_LONGEST: Final = 12
_SPACED: Final = re.compile(r"(?<!\S)([\u4e00-\u9fff])[ \t\u3000\xa0]{1,4}([\u4e00-\u9fff])(?!\S)")
_RANK: Final = re.compile(r"[区县市州旗]委(?:副书记|常委)|[区县市州旗]政府党组(?:副书记|成员)")
_BETWEEN: Final = re.compile(r"[、，,；;/]")
_COUNT: Final = re.compile(r"[（(]\s*共?\s*[0-9]{1,3}\s*[项条件个]\s*[）)]$")  # how many tasks a leader has


@lru_cache(maxsize=4096)
def is_person(piece: str) -> bool:
    """Tell whether the piece can be a person's name: two to four Han characters behind a surname, or a transliteration."""
    if not 2 <= len(piece) <= _LONGEST or not all("\u3400" <= sign <= "\u9fff" or sign == "·" for sign in piece):
        return False
    if len(piece) > 2 and _TRANSLITERATED.issuperset(piece.replace("·", "")):
        return True
    if len(piece) > 4:
        return bool(_DOTTED.fullmatch(piece))
    known = (piece[0] in _SURNAMES and len(piece) <= 3) or piece.startswith(_COMPOUND)
    return known and not _NO_NAME.search(piece)


def close_names(line: str) -> str:
    """Close the layout space inside two-character names (曹  磊 -> 曹磊)."""
    return _SPACED.sub(lambda found: "".join(found.groups()) if is_person("".join(found.groups())) else found[0], line)


def split_people(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the persons or posts a cell names, in order, layout spaces removed; a post may be wrapped over lines."""
    pieces = [piece for line in lines for piece in close_names(line).split()]
    if not all(is_person(piece) for piece in pieces):
        pieces = [join(lines)]
    names = [_COUNT.sub("", name).strip("。.：:") for piece in pieces for name in _BETWEEN.split(piece)]
    return tuple(_with_titles([name for name in names if name]))


def _with_titles(names: Sequence[str]) -> Iterator[str]:
    """Put a post that stands alone (区委常委、副区长罗安) before the name it belongs to."""
    held = ""
    for name in names:
        held = f"{held}、{name}" if held else name
        if not _RANK.fullmatch(name):
            yield held
            held = ""
    if held:
        yield held


_POST: Final = r"(?:书记|区长|县长|市长|州长|旗长|镇长|乡长|主任|常委|主席|部长|局长|组长|成员|秘书长|调研员|链长|指挥长|院长|校长|领导)"
_TITLE: Final = re.compile(rf"(?:[\u4e00-\u9fff]{{0,14}}?{_POST}[、，,\s]*)+(?:同志)?")
_BEHIND_POST: Final = re.compile(rf".{{0,40}}{_POST}[、，,：:\s]*(?=\S)")
_SURNAME_IN_POST: Final = re.compile(r"([\u4e00-\u9fff])(?:常务)?副?[区县市州旗]长")
_RANK_SIGNS: Final = "副常区县市"
_BETWEEN_POSTS: Final = re.compile(
    r"[；;]|(?<=[长任记])[、，,](?!常务|副)(?=[\u4e00-\u9fff]{2,3}(?:常务)?副?[区县市]长)"
)


def name_in_post(words: str, *, bare: bool) -> tuple[str, ...]:
    """Return the persons whom the words name with their posts (副区长罗安, 罗安副区长); `bare`: a name alone will do."""
    names: list[str] = []
    for piece in _BETWEEN_POSTS.split(words):
        found = _named(close_names(piece).strip("、，, ：:").removesuffix("同志"), bare=bare)
        if not found:
            return ()
        names += found
    return tuple(names)


def _named(piece: str, *, bare: bool) -> list[str]:
    surname = _SURNAME_IN_POST.fullmatch(piece)
    if surname and surname[1] in _SURNAMES:
        return [piece]
    for length in (4, 3, 2):
        if (
            is_person(piece[:length])
            and piece[:length][-1] not in _RANK_SIGNS
            and _TITLE.fullmatch(piece[length:].strip())
        ):
            return [piece[:length]]
    behind = _BEHIND_POST.match(piece)
    if not behind and not bare:
        return []
    names = [name for name in re.split(r"[、，,\s]+", piece[behind.end() if behind else 0 :]) if name]
    return names if all(map(is_person, names)) else []
