"""Which script a file is written in: read in simplified half-width signs, give back as printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

# traditional signs of the words that readers look for (labels, units, surnames, reporting words), one to one
_PAIRS: Final = """
    責责 單单 務务 項项 標标 實实 頭头 辦办 協协 關关 區区 縣县 鎮镇 鄉乡 廳厅 處处 黨党 會会 組组 織织 長长 領领 導导 負负 類类 別别
    號号 編编 節节 點点 時时 間间 進进 題题 報报 終终 國国 產产 業业 農农 財财 稅税 規规 劃划 環环 態态 設设 應应 災灾 險险 質质 監监
    督督 證证 權权 課课 際际 對对 外外 貿贸 經经 濟济 發发 髮发 開开 營营 園园 場场 電电 氣气 網网 絡络 訊讯 術术 創创 學学 校校 醫医
    衛卫 療疗 藥药 歷历 檔档 勞劳 動动 鐵铁 橋桥 車车 輛辆 運运 輸输 輪轮 資资 聯联 備备 註注 內内 從从 與与 為为 爲为 個个 們们 並并
    於于 將将 該该 請请 貫贯 徹彻 東东 馬马 陳陈 張张 劉刘 楊杨 趙赵 黃黄 吳吴 孫孙 馮冯 許许 韓韩 鄧邓 蕭萧 葉叶 蘇苏 呂吕 盧卢 薑姜
    鍾钟 譚谭 陸陆 賈贾 韋韦 鄒邹 龍龙 萬万 錢钱 嚴严 賀贺 顧顾 龔龚 湯汤 溫温 齊齐 喬乔 龐庞 顏颜 莊庄 聶聂 魯鲁 嶽岳 詹詹 歐欧 蘭兰
    寧宁 凌凌 畢毕 單单 艾艾 陽阳 機机 構构 團团 體体 計计 審审 統统 評评 達达 續续 續续 簡简 報报 確确 據据 據据 導导 劃划 檢检 察察
    執执 綜综 繼继 總总 隊队 廣广 書书 記记 員员 傑杰 雲云 飛飞 鳳凤 樹树 軍军 華华 麗丽 靜静 剛刚 強强 偉伟 紅红 勝胜 義义 國国 慶庆
    鄭郑 鄺邝 謝谢 蔣蒋 閻阎 賴赖 範范 傳传 滿满 歲岁 龜龟 際际 灣湾 嶺岭 島岛 濱滨 漢汉 瀋沈 灘滩 壩坝 溝沟 澤泽 廟庙 莊庄 舊旧 臺台
    現现 壹一 兩两 紙纸 級级 層层 當当 兩两 麼么 條条 件件 數数 據据 訂订 讀读 寫写 說说 話话 調调 變变 讓让 認认 訪访 識识 護护 貼贴
    費费 賽赛 遠远 選选 還还 過过 連连 遊游 適适 邊边 鄰邻 釋释 針针 銀银 銷销 鋼钢 錄录 鍵键 難难 離离 雜杂 雙双 響响 頁页 順顺 預预
    願愿 顯显 驗验 養养 館馆 駐驻 騰腾 驛驿 魚鱼 鳥鸟 麥麦 黃黄 嚮向 啓启 啟启 團团 圖图 報报 壓压 夠够 夾夹 奪夺 獎奖 婦妇 媽妈 殘残
    僑侨 僅仅 價价 優优 償偿 儲储 兒儿 兇凶 冊册 凍冻 淨净 準准 減减 漸渐 測测 滬沪 潔洁 濕湿 燈灯 爐炉 爭争 狀状 獨独 獲获 環环 瑣琐
    畫画 異异 療疗 盡尽 盤盘 礎础 禮礼 種种 積积 穩稳 窮穷 競竞 筆笔 築筑 範范 紀纪 納纳 純纯 紡纺 細细 結结 給给 絕绝 維维 緊紧 線线
    練练 縮缩 繁繁 罰罚 習习 聖圣 聞闻 職职 聽听 脫脱 腦脑 膽胆 興兴 舉举 艦舰 藝艺 蓋盖 補补 裝装 裏里 裡里 複复 見见 視视 親亲 觀观 觸触
    試试 詳详 誠诚 誤误 談谈 論论 諮咨 諾诺 謀谋 謹谨 譯译 議议 貨货 貧贫 購购 賬账 賞赏 賣卖 贈赠 趨趋 跡迹 躍跃 軌轨 軟软 較较 輔辅 輿舆
    轉转 農农 迴回 週周 遞递 遷迁 遲迟 郵邮 鄭郑 釐厘 鈔钞 銜衔 錯错 鎖锁 鏈链 鐘钟 門门 閉闭 閱阅 闊阔 闡阐 隨随 隱隐 靈灵 頂顶 頓顿 頻频
    額额 顆颗 風风 飯饭 飲饮 餐餐 駕驾 驅驱 髒脏 鬥斗 鬧闹 鮮鲜 鹽盐 點点 齡龄 採采 獻献 無无 樓楼 來来 屆届 廠厂 復复 徵征 惠惠 愛爱 憑凭 戶户
    牽牵 屬属 幹干 後后 餘余 歸归 託托 儘尽 擬拟 擔担 擴扩 攜携 擇择 撥拨 戰战 懷怀 憲宪 懲惩 戲戏 毀毁 決决 況况 滅灭 漲涨 潛潜 濤涛 煙烟 熱热
    煉炼 狹狭 猶犹 瑩莹 瓊琼 畝亩 碼码 磚砖 稱称 窩窝 簽签 籌筹 糧粮 糾纠 絲丝 綠绿 綱纲 績绩 繪绘 羅罗 羣群 聲声 肅肃 臨临 艱艰 薦荐 蘆芦
    虛虚 虧亏 衝冲 覽览 覺觉 訓训 詢询 誌志 譜谱 貝贝 賓宾 賦赋 贊赞 蹤踪 軸轴 載载 輝辉 轄辖 辭辞 違违 遙遥 鋪铺 鋒锋 錦锦 閘闸 陣阵 階阶
    隸隶 雖虽 頒颁 頗颇 飼饲 駛驶 驟骤 鴻鸿 鵬鹏 塗涂 鄔邬 鮑鲍 繫系 亞亚 佔占 併并 係系 傷伤 勵励 勢势 勳勋 匯汇 吳吴 啟启 喪丧 嘗尝 壇坛 壘垒
    夥伙 孃娘 寬宽 專专 尋寻 屢屡 峽峡 崗岗 巖岩 帥帅 師师 帶带 幣币 庫库 彌弥 彙汇 徑径 恆恒 悅悦 慮虑 慶庆 憂忧 懇恳 撐撑 撫抚 擠挤 攔拦
    敗败 敘叙 斷断 暢畅 曆历 曉晓 曬晒 樣样 橫横 櫃柜 權权 歡欢 殺杀 氈毡 滯滞 滾滚 瀏浏 煩烦 爾尔 牆墙 產产 畢毕 瞭了 矚瞩 砲炮 祕秘 禍祸
    """
_PAIRED: Final = {ord(pair[0]): pair[1] for pair in _PAIRS.split() if pair[0] != pair[1]}
_WIDE: Final = {
    wide: chr(wide - 0xFEE0) for wide in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_FOLD: Final = {**_PAIRED, **_WIDE}
_FOLDED: Final = frozenset(map(chr, _FOLD))
# so many signs in a row stand in one place only
_TELLING: Final = 8
# a piece is looked for this far ahead; in the whole text only so often, since each time costs its length
_NEAR: Final = 20_000
_SEARCHES: Final = 4000


def fold(text: str) -> str:
    """Write simplified signs and half-width letters and digits; the length stays."""
    return text.translate(_FOLD) if not _FOLDED.isdisjoint(text) else text


class Print:
    """A text as it was printed, beside its folded form."""

    def __init__(self, printed: str) -> None:
        self.folded = fold(printed)
        self.is_plain = self.folded == printed
        self._source = self._mirror = ""
        self._at = 0
        self._known: dict[str, str] = {}
        self._searches = _SEARCHES
        if not self.is_plain:
            self._source = "".join(printed.split())
            self._mirror = fold(self._source)

    def unfold(self, words: str) -> str:
        """Return folded words as they are printed; what was joined over lines or marks is found piece by piece."""
        if self.is_plain or not words:
            return words
        if words not in self._known:
            self._known[words] = "".join(self._pieces(words))
        return self._known[words]

    def _pieces(self, words: str) -> Iterator[str]:
        at = 0
        while at < len(words):
            length = self._longest(words, at)
            place = self._find(words[at : at + length]) if length else -1
            yield self._source[place : place + length] if place >= 0 else words[at]
            at += max(length, 1)

    def _find(self, piece: str) -> int:
        """Find a piece where reading has come to, else from the beginning, as often as that is quick enough."""
        place = self._mirror.find(piece, self._at, self._at + _NEAR + len(piece))
        if place < 0 and self._searches:
            place = self._mirror.find(piece)
            self._searches -= 1
        if place >= 0 and len(piece) >= _TELLING:
            self._at = place
        return place

    def _longest(self, words: str, at: int) -> int:
        """Return how many signs from `at` stand together in the source, by halving."""
        least, most = 0, min(len(words) - at, 200)
        if self._find(words[at : at + most]) >= 0:
            return most
        while least + 1 < most:
            middle = (least + most) // 2
            if self._find(words[at : at + middle]) >= 0:
                least = middle
            else:
                most = middle
        return least
