"""Whether a piece of text is a person's name, and which persons a cell names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from notices.page import join

if TYPE_CHECKING:
    from collections.abc import Sequence

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
_NO_NAME: Final = re.compile(
    r"(?:局|办|委|中心|公司|街道|镇|乡|部门|单位|政府|委员会|集团|[团处心站门室会组队所]|工作|项目|建设|发展|任务|管理|服务|提升|推进|领导)$|[一二三四五六七八九十]、|^(?:全年|平台|成立)"
)
_SPACED: Final = re.compile(r"(?<!\S)([\u4e00-\u9fff])[ \t\u3000\xa0]{1,4}([\u4e00-\u9fff])(?!\S)")
_BETWEEN: Final = re.compile(r"[、，,；;/]")


def is_person(piece: str) -> bool:
    """Tell whether the piece can be a person's name: two to four Han characters behind a surname."""
    if not 2 <= len(piece) <= 4 or not all("\u3400" <= sign <= "\u9fff" or sign == "·" for sign in piece):
        return False
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
    names = (name.strip("。.：:") for piece in pieces for name in _BETWEEN.split(piece))
    return tuple(name for name in names if name)
