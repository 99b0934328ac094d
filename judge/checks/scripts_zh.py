"""Traditional and simplified characters, and Chinese that was read in the wrong encoding; a table of common pairs.

The pairs are facts of writing, put together by hand; characters that both scripts use (后, 里, 几, 台) stand in neither
set of what is told apart.
"""

from __future__ import annotations

import re

_PAIRS = """
    愛爱 礙碍 擺摆 辦办 幫帮 寶宝 報报 貝贝 備备 筆笔 畢毕 邊边 變变 標标 錶表 補补 參参 殘残 艙舱 倉仓 層层 產产
    長长 場场 廠厂 車车 塵尘 陳陈 襯衬 稱称 遲迟 沖冲 蟲虫 寵宠 處处 觸触 傳传 創创 純纯 詞词 從从 達达 帶带 單单
    擔担 膽胆 當当 檔档 導导 燈灯 敵敌 遞递 點点 電电 墊垫 釣钓 調调 頂顶 訂订 東东 動动 凍冻 棟栋 獨独 讀读 斷断
    鍛锻 對对 隊队 噸吨 頓顿 奪夺 額额 兒儿 爾尔 髮发 發发 罰罚 範范 飯饭 訪访 紡纺 飛飞 費费 墳坟 糞粪 風风 豐丰
    縫缝 鳳凤 膚肤 輔辅 複复 復复 負负 婦妇 蓋盖 趕赶 幹干 剛刚 鋼钢 綱纲 個个 給给 龔龚 鞏巩 貢贡 溝沟 構构 購购
    顧顾 掛挂 關关 觀观 館馆 慣惯 貫贯 廣广 規规 歸归 櫃柜 軌轨 滾滚 鍋锅 國国 過过 漢汉 號号 轟轰 紅红 後后 護护
    滬沪 戶户 華华 畫画 話话 環环 還还 換换 揮挥 輝辉 會会 繪绘 葷荤 渾浑 獲获 貨货 機机 積积 飢饥 雞鸡 極极 級级
    幾几 計计 記记 際际 繼继 紀纪 夾夹 價价 駕驾 堅坚 監监 間间 艱艰 減减 檢检 簡简 見见 鍵键 艦舰 健健 漸渐 將将
    講讲 醬酱 膠胶 腳脚 較较 階阶 節节 傑杰 潔洁 結结 緊紧 僅仅 進进 盡尽 勁劲 經经 驚惊 頸颈 淨净 競竞 靜静 鏡镜
    舊旧 舉举 劇剧 據据 鋸锯 捲卷 絹绢 覺觉 決决 絕绝 軍军 開开 顆颗 課课 殼壳 褲裤 塊块 寬宽 礦矿 虧亏 闊阔 擴扩
    臘腊 蠟蜡 來来 藍蓝 欄栏 籃篮 蘭兰 爛烂 勞劳 樂乐 壘垒 類类 淚泪 離离 裡里 裏里 禮礼 麗丽 歷历 曆历 厲厉 勵励
    連连 聯联 練练 煉炼 戀恋 糧粮 涼凉 兩两 輛辆 療疗 遼辽 鄰邻 臨临 靈灵 嶺岭 領领 劉刘 龍龙 樓楼 爐炉 錄录 陸陆
    綠绿 亂乱 輪轮 論论 羅罗 蘿萝 鑼锣 邏逻 駱骆 媽妈 馬马 瑪玛 碼码 買买 賣卖 邁迈 滿满 貓猫 門门 們们 夢梦 綿绵
    麵面 廟庙 滅灭 鳴鸣 畝亩 納纳 難难 腦脑 惱恼 鬧闹 內内 擬拟 釀酿 鳥鸟 寧宁 檸柠 濃浓 農农 歐欧 盤盘 龐庞 賠赔
    噴喷 鵬鹏 騙骗 飄飘 頻频 貧贫 憑凭 蘋苹 評评 潑泼 鋪铺 樸朴 齊齐 騎骑 啟启 氣气 棄弃 遷迁 簽签 鉛铅 謙谦 錢钱
    淺浅 牆墙 槍枪 強强 搶抢 橋桥 竊窃 親亲 輕轻 傾倾 請请 慶庆 窮穷 瓊琼 區区 趨趋 渠渠 顴颧 權权 勸劝 確确 讓让
    擾扰 熱热 認认 韌韧 榮荣 絨绒 軟软 銳锐 潤润 賽赛 傘伞 喪丧 掃扫 澀涩 殺杀 紗纱 篩筛 曬晒 閃闪 傷伤 賞赏 燒烧
    設设 攝摄 紳绅 審审 聲声 繩绳 勝胜 聖圣 師师 濕湿 詩诗 時时 識识 實实 蝕蚀 駛驶 勢势 飾饰 適适 釋释 試试 視视
    壽寿 獸兽 書书 輸输 屬属 術术 樹树 數数 雙双 誰谁 稅税 順顺 說说 絲丝 飼饲 鬆松 聳耸 蘇苏 訴诉 肅肃 雖虽 隨随
    歲岁 孫孙 損损 縮缩 鎖锁 檯台 臺台 態态 攤摊 談谈 壇坛 譚谭 湯汤 燙烫 濤涛 討讨 騰腾 體体 條条 鐵铁 聽听 廳厅
    統统 頭头 圖图 塗涂 團团 橢椭 襪袜 彎弯 灣湾 頑顽 萬万 網网 衛卫 為为 維维 圍围 偉伟 緯纬 溫温 紋纹 穩稳 問问
    窩窝 無无 霧雾 務务 誤误 襲袭 習习 戲戏 細细 係系 繫系 蝦虾 峽峡 俠侠 狹狭 鮮鲜 閒闲 纖纤 鹹咸 顯显 險险 現现
    線线 縣县 獻献 憲宪 鄉乡 詳详 響响 項项 銷销 曉晓 嘯啸 協协 鞋鞋 諧谐 寫写 謝谢 鋅锌 興兴 虛虚 須须 許许 續续
    選选 學学 尋寻 訓训 遜逊 壓压 鴨鸭 亞亚 煙烟 鹽盐 嚴严 顏颜 驗验 艷艳 陽阳 養养 樣样 窯窑 搖摇 藥药 爺爷 業业
    葉叶 頁页 醫医 儀仪 儲储 藝艺 憶忆 億亿 義义 議议 異异 譯译 陰阴 銀银 飲饮 隱隐 應应 營营 嬰婴 鷹鹰 纓缨 贏赢
    穎颖 優优 憂忧 郵邮 猶犹 遊游 魚鱼 漁渔 餘余 與与 嶼屿 語语 預预 譽誉 園园 員员 圓圆 遠远 願愿 約约 躍跃 閱阅
    雲云 運运 暈晕 韻韵 雜杂 載载 暫暂 讚赞 贊赞 臟脏 髒脏 則则 責责 擇择 澤泽 賊贼 贈赠 紮扎 齋斋 債债 戰战 張张
    帳帐 脹胀 賬账 趙赵 這这 針针 診诊 陣阵 鎮镇 爭争 徵征 鄭郑 證证 織织 職职 執执 隻只 紙纸 製制 質质 鐘钟 種种
    眾众 週周 軸轴 皺皱 豬猪 諸诸 燭烛 囑嘱 築筑 鑄铸 駐驻 專专 磚砖 轉转 賺赚 莊庄 裝装 壯壮 狀状 墜坠 準准 濁浊
    資资 總总 縱纵 鄒邹 鑽钻 鏈链 鍊链 鈕钮 鈣钙
"""
_SHARED = frozenset("表冲虫范复干谷后几卷里历面朴松台系咸余与云征只制钟周准游万赞扎划发丰了卜才尽杰健渠鞋绿")
"""Simplified characters that traditional texts use too, or that stand for several; and those that are the same."""
_FOLD = {ord(pair[0]): pair[1] for pair in _PAIRS.split() if pair[0] != pair[1]}
TRADITIONAL = frozenset(c for c in map(chr, _FOLD) if not c.encode("gb2312", "ignore"))
SIMPLIFIED = frozenset(c for c in _FOLD.values() if not c.encode("big5", "ignore")) - _SHARED
_CODED = re.compile(
    "[\u0080-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122\ufffd]{3,}"
)
_BROKEN = re.compile("锟斤拷?|斤拷|烫烫烫烫|屯屯屯|\ufffd{2,}")


def folded(text: str) -> str:
    """The text with common traditional characters as simplified ones, of the same length; for comparing only."""
    return text.translate(_FOLD)


def told_apart(text: str) -> tuple[str, str]:
    """The characters that only simplified, and those that only traditional writing has, each once."""
    seen = dict.fromkeys(text)
    return "".join(c for c in seen if c in SIMPLIFIED), "".join(c for c in seen if c in TRADITIONAL)


def misread(text: str) -> str:
    """A piece that is UTF-8 read as Latin-1 or GBK, or what such a reading leaves (锟斤拷); empty where there is none.

    Sound by construction: a piece counts only when reading it back gives Chinese, or it is one of the known leftovers.
    """
    if found := _BROKEN.search(text):
        return found[0]
    for match in _CODED.finditer(text):
        raw = bytes(filter(None, map(_byte, match[0])))
        if _han(raw.decode("utf-8", "ignore")) or _simple(raw):
            return match[0][:12]
    han = "".join(re.findall("[一-鿿€]+", text))
    back = _han(han.encode("gbk", "ignore").decode("utf-8", "ignore")) if len(han) >= 6 else 0
    return han[:12] if back >= 0.4 * len(han) and back else ""


def _han(text: str) -> int:
    return len(re.findall("[一-鿿,。!?、，！？]", text)) if re.search("[一-鿿]", text) else 0


def _simple(raw: bytes) -> bool:
    """Whether the bytes are common characters of GB 2312, and nothing else."""
    pairs = list(zip(raw[::2], raw[1::2], strict=False))
    return len(raw) >= 8 and all((0xB0 <= one <= 0xD7 or one == 0xA3) and other >= 0xA1 for one, other in pairs)


def _byte(character: str) -> int:
    """The byte that Windows-1252 (or Latin-1, for its gaps) shows as this character; 0 for none."""
    try:
        return character.encode("cp1252")[0]
    except UnicodeEncodeError:
        return ord(character) if ord(character) < 256 else 0
