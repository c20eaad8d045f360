"""Names that mean one unit are proposed, names of two units never are."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.similar import similar_names, similarity

_SAME = """
区教体局 区教育体育局
区工业和信息化局 区工信局
区发改局 区发展和改革局
区发展改革局 区发展和改革局
区人社局 区人力资源和社会保障局
区住建局 区住房和城乡建设局
区卫健局 区卫生健康局
区文旅局 区文化和旅游局
区市场监管局 区市场监督管理局
市场监管局 市场监督管理局
区城管局 区城市管理局
区医保局 区医疗保障局
区应急局 区应急管理局
区退役军人局 区退役军人事务局
区综合执法局 区综合行政执法局
区交通局 区交通运输局
区农业局 区农业农村局
区教育局 区教育体育局
区政府办 区人民政府办公室
区委办 区委办公室
区委统战部 区委统一战线工作部
区委社工部 区委社会工作部
区人武部 区人民武装部
区妇联 区妇女联合会
区科协 区科学技术协会
区文联 区文学艺术界联合会
区法院 区人民法院
区检察院 区人民检察院
区发改委 区发展和改革委员会
区卫健委 区卫生健康委员会
财源街道 财源街道办事处
财源街道 财源街道办
省庄镇 省庄镇人民政府
经济开发区管委会 经济开发区管理委员会
区投促中心 区投资促进中心
区大数据局 区大数据管理局
区民宗局 区民族宗教事务局
区自规局 区自然资源和规划局
市自然资源和规划局泰山分局 市自然资源规划局泰山分局
市自然资源和规划局泰山分局 市自规局泰山分局
市自然资源和规划局泰山分局 泰山区自然资源和规划分局
市自然资源和规划局泰山分局 区自然资源和规划分局
市生态环境局市中分局 济南市生态环境局市中分局
市公安局泰山分局 区公安分局
区教体局 泰山区教体局
教体局 区教体局
泰山区教体局 泰山区教育体育局
市中区教体局 市中区教育体育局
区域管局 区城管局
茵云湖街道 崮云湖街道
新究镇 新兖镇
区工业和信息化和科技局 区工业信息化和科技局
区发展改革局（区民营经济服务中心） 区发展改革局
区行政审批局 区行政审批服务局
区住房和城乡建设局 区住房和城乡建没局
区金融监管局 区金融监督管理局
区人力资源和社会保障局 区人力资源社会保璋局
区国资局 区国有资产监督管理局
区民政局 区民政事务局
区医保中心 区医疗保障服务中心
"""
_APART = """
区司法局 区财政局
第一中学 第二中学
区第一中学 区第二中学
区委办 区委编办
区委办公室 区委编委办公室
区委 区发改委
区委组织部 区委宣传部
区水利局 区水务局
区统计局 区审计局
区民政局 区民宗局
区中医院 区中心医院
区政务服务东区分中心 区政务服务西区分中心
区人民法院 区人民医院
区人民法院 区人民检察院
市公安局泰山分局 市公安局岱岳分局
市公安局市中分局 市公安局市南分局
市生态环境局长清分局 市生态环境局历城分局
市公安局 市公安局泰山分局
市教育局 区教育局
市教育局 区教育体育局
区水利发展中心 区水产发展中心
区农业发展服务中心 区渔业发展服务中心
泰山城建集团有限公司 泰山城投集团有限公司
区人大 区政协
区政府研究室 区委研究室
城关镇 城东镇
岱庙街道 财源街道
区民营经济服务中心 区民生服务中心
区住建局 区住房保障局
各镇街 各街镇
区文化馆 区图书馆
区委政法委 区委政研室
区政务服务局 区政务数据局
区城建局 区城管局
高新区管委会 区管委会
区工信局（区大数据局） 区工信局（区国资局）
区第三实验小学 区第五实验小学
区人社局 区人大
区残联 区侨联
东关街道 西关街道
区机关事务中心 区机关服务中心
区公安局 区公安局交警大队
区农业农村局 区农机局
中国移动泰山分公司 中国联通泰山分公司
"""


def _pairs(table: str) -> list[tuple[str, str]]:
    return [(name, other) for name, other in map(str.split, table.strip().splitlines())]


@pytest.mark.parametrize(("short", "long"), _pairs(_SAME))
def test_two_names_of_one_unit_are_proposed_once(short: str, long: str) -> None:
    for names in ([short, long], [long, short]):
        assert [{name, other} for name, other, _ in similar_names(names)] == [{short, long}]
    assert [(name, other) for name, other, _ in similar_names([short], [long])] == [(short, long)]


@pytest.mark.parametrize(("name", "other"), _pairs(_APART))
def test_two_units_are_never_proposed_as_one(name: str, other: str) -> None:
    assert similar_names([name, other]) == []
    assert similar_names([name], [other]) == []


def test_the_short_form_looks_like_the_long_one_and_the_rarer_like_the_commoner() -> None:
    assert similar_names(["区教体局", "区教育体育局"]) == [("区教体局", "区教育体育局", 90)]
    assert similar_names(["区城管局", "区域管局"]) == [("区域管局", "区城管局", 80)]
    assert similar_names(["区发展和改革局"], ["区发展改革局", "区财政局"]) == [("区发展和改革局", "区发展改革局", 100)]


def test_a_name_known_already_and_a_name_given_twice_are_nothing_new() -> None:
    assert similar_names(["区教体局", "区教体局"], ["区教体局"]) == []


def test_a_thousand_names_take_less_than_a_second() -> None:
    signs = "发展改革教育体育文化旅游住房城乡"
    names = [f"区{a}{b}{c}局" for a in signs for b in signs for c in signs][:700]
    names += [f"市公安局{a}{b}分局" for a in signs for b in signs[:10]] + [f"第{number}中学" for number in range(140)]
    similar_names(names[:5])
    begun = time.process_time()
    similar_names(names)
    assert time.process_time() - begun < 1


@given(st.text(max_size=12), st.text(max_size=12))
def test_it_matters_not_which_name_comes_first(name: str, other: str) -> None:
    assert similarity(name, other) == similarity(other, name)
