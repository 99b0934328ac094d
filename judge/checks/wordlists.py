"""The shipped word lists of judging wording and willingness, English and Chinese; data only, commas between terms."""

from __future__ import annotations

from collections.abc import Mapping

LISTS: Mapping[str, str] = {
    "harmless": """
        first aid, first time, first step, first class lever, at first glance, first thing, best friend, best before,
        do your best, the best of both, best suited, best for, try your best, perfectly ripe, no matter, no need,
        only child, last month, last year, last week, last night, last minute trip, at last, built to last, last long,
        last all day, perfect bound, all the best, act now and then, smart casual, set of, tea set, tool set,
        gift wrap, top handle, top loader, number one rule, cheap flight, new moon, new balance, 最近, 最后, 最初,
        最喜欢, 最爱, 最常, 最少, 最新, 最终, 第一次, 第一步, 第一时间, 第一课, 第一眼, 第一天, 第一章, 第一口,
        唯一色, 绝对值, 绝对音感, 顶级域名, 一级能效, 国家级公园, 完美世界, 治愈系, 治愈心情, 小丑, 傻瓜相机, 不要紧,
        急速响应, 顶部, 一流速, 最低温, 最低调, 最低挡, 最多可, 最多能, 最小, 最低, 最大, 最长, 最短, 最里层, 最外层,
        最上层, 最底层, 最冷, 最热, 最忙, 最累, 最困, 最怕, 最想, 最懂, 最惬意, 最放松, 最自在, 最好的时光, 最美的时光,
        最好的朋友, 最好别, 最好先, 最早, 最晚, 最远, 最高可, 最高温, 最高转速, 最高支持, 第一缕, 第一杯, 第一道,
        第一件,
        第一场, 第一个, 第一站, 第一位, 第一印象, 第一反应, 第一束, 第一声, 第一顿, 第一年, 书房, 书店, 图书馆
    """,
    "absolute": """
        guaranteed, guarantee, guarantees, 100%, 100 percent, one hundred percent, best ever, the best in the world,
        world's best, world best, no. 1, number one, #1, unbeatable, unrivalled, unrivaled, unmatched, second to none,
        flawless, risk free, zero risk, never fails, never fail, can't fail, cannot fail, never breaks, always works,
        works every time, works for everyone, cures, cure all, miracle, miraculous, instantly cures, permanent cure,
        permanent results, forever young, once and for all, no side effects, without side effects, absolutely safe,
        completely safe, totally safe, foolproof, the only one you will ever need, last one you will ever need,
        only one you'll ever need, greatest of all time, perfect in every way, changes your life forever,
        life changing, never again, clinically proven, scientifically proven, doctor approved, top in the world,
        the ultimate, eliminates all, 最好, 最佳, 最强, 最优, 最顶级, 最先进, 最便宜, 最有效, 最安全, 最完美, 最权威,
        最受欢迎, 最高级, 最棒, 最, 第一, 全国第一, 全网第一, 销量第一, 世界第一, 唯一, 独一无二, 绝对, 绝无仅有,
        百分之百, 百分百, 100%有效, 顶级, 极品, 国家级, 世界级, 全球首发, 史上, 史无前例, 前所未有, 永久, 永不, 万能,
        包治, 包治百病, 根治, 治愈, 药到病除, 一用就灵, 立竿见影, 无副作用, 零风险, 保证, 包过, 包会, 必瘦, 必过,
        稳赚, 无敌, 完美无瑕, 神效, 奇效, 全能王, 首选第一, simply the best, bar none, without equal, without rival,
        nothing better, cannot be beaten, unmatchable, no risk, absolutely no risk, cures everything, total cure,
        全网最低, 最低价, 最低价格, 最大优惠, 最大牌, 行业第一, 国内第一, 无可挑剔, 举世无双, 世上无双, 天下无双,
        秒杀全场, 一劳永逸, 永远不会, 永远不坏, 零副作用, 百毒不侵
    """,
    "exaggeration": """
        the best ever, best ever, ever made, in the world, world class, magic, magical, miracle, miraculous,
        revolutionary, unbelievable, incredible results, out of this world, never need another, change your life,
        changes your life, transform your life, look ten years younger, looks ten years younger, years younger,
        overnight results, in just one use, after one use, instant results, god tier, like no other on earth,
        studies show, study shows, scientists say, experts agree, experts recommend, doctors recommend,
        dermatologists recommend, recommended by doctors, recommended by experts, award winning, harvard, proven to,
        everyone loves, millions of users, best selling, 世界上, 全世界, 天下第一, 奇迹, 神奇, 颠覆, 革命性, 逆天,
        秒杀一切, 一夜之间, 瞬间变, 立刻年轻, 年轻十岁, 改变人生, 改变命运, 研究表明, 专家推荐, 医生推荐, 人人都爱,
        千万用户, 销量冠军, 冠军品质, 获奖, magically, loved by millions, loved by thousands, trusted by millions,
        swear by it, out of ten doctors, 9 out of 10, nine out of ten, nobel, nasa technology, 黑科技, 宇宙级,
        万人好评, 明星都在用, 医生都说, 专家一致, 权威认证, 国宝级, 神器, 一夜长高, 一夜变
    """,
    "hard_sell": """
        buy now, buy it now, order now, order today, shop now, act now, act fast, hurry, hurry up, don't miss,
        don't miss out, do not miss, last chance, limited time, limited time only, limited offer, while stocks last,
        while supplies last, selling out, sells out fast, almost gone, only a few left, add to cart,
        add it to your cart, grab it, grab yours, grab one, get yours now, get yours today, must buy, must have now,
        you must buy, you have to buy, you need to buy, don't hesitate, before it's gone, before it is gone,
        final hours, today only, ends tonight, ends today, steal of a deal, buy one get one, click here,
        click the link, checkout now, place your order, what are you waiting for, you'll regret, you will regret,
        regret it, going fast, offer ends, now or never, order before midnight, 赶紧, 赶快, 赶紧下单, 立即购买,
        立刻购买, 马上买, 马上下单, 立即下单, 速来, 速抢, 速购, 快抢, 抢购, 疯抢, 抢到就是赚到, 手慢无, 手慢则无,
        错过不再, 错过再等一年, 最后一天, 最后机会, 限时, 限时抢购, 限时秒杀, 秒杀, 仅剩, 即将售罄, 库存告急,
        不买后悔, 不买亏了, 必买, 闭眼入, 闭眼买, 冲就完事, 加购, 点击购买, 下单, 别犹豫, 不要犹豫, 千万别错过,
        不容错过, 买它, 清仓, 跳楼价, 骨折价, 倒计时, 先到先得, 抓紧时间, 快来抢, 手速要快, 今日特价, 仅此一天,
        仅限今日, 马上入手, 马上拥有, 马上拿下, 快来买, 囤起来, 机不可失, 时不再来, 最后几件, 断货, 卖完就没, 抄底,
        白菜价, snap it up, snap one up, don't wait, be quick, selling fast, running out, price goes up, prices go up,
        last day, last call, sale ends, deal ends, flash sale, secure yours, claim yours, limited stock, low stock,
        won't last long, once it's gone, stock up now, hot deal, bargain price
    """,
    "generic": """
        great, good, nice, excellent, amazing, awesome, wonderful, fantastic, perfect, beautiful, lovely,
        high quality, top quality, good quality, quality, premium, superb, stunning, unique, special, stylish,
        fashionable, trendy, classic, elegant, exquisite, ideal, outstanding, must have, must try, worth it,
        worth having, worth buying, worth a try, great choice, good choice, perfect choice, ideal choice, wise choice,
        right choice, best choice, choice, great product, good product, good value, value for money, everyone,
        everybody, any occasion, every occasion, all occasions, daily life, everyday life, life better, better life,
        quality of life, taste, enjoy, love, satisfy, satisfaction, needs, need, product, item, experience, deserve,
        popular, recommended, recommend, highly recommended, trust, choose, pick, value, life, happy, day, people,
        thing, something, one, meet, every, way, 高品质, 品质, 优质, 精选, 精致, 时尚, 潮流, 百搭, 经典, 实用, 好用,
        好物, 超值, 性价比, 必备, 必备好物, 值得拥有, 值得入手, 值得信赖, 值得购买, 不二之选, 理想之选, 明智之选,
        首选, 优选, 好选择, 完美, 美好生活, 品质生活, 生活品质, 提升, 生活, 享受, 美好, 点亮生活, 你的选择, 你值得,
        满足需求, 满足, 需求, 适合, 适合你, 给你, 带来, 体验, 全新体验, 极致体验, 尽享, 畅享, 爱不释手, 人人都爱,
        爆款, 网红, 同款, 热销, 推荐, 商品, 产品, 一款, 这款, 非常, 不错, 很好, 优秀, 高端, 大气, 上档次, 尽显品味,
        品味, 大家, 都说, 好东西, 好的, 喜欢, 爱上, 放心, 安心, 舒心, 首要, 不二, 万千, 惊喜, 颜值, 质感, 质量
    """,
    "slogan": """
        make life better, live your best life, just for you, made for you, you deserve it, you deserve the best,
        because you're worth it, treat yourself, elevate your life, elevate your lifestyle, upgrade your life,
        quality you can trust, the choice of champions, where style meets comfort, take it to the next level,
        next level, experience the difference, unlock your potential, discover the new you, dare to be different,
        simply the best, a must have for everyone, good for everyone, something for everyone, perfect for everyone,
        perfect for any occasion, say goodbye to, your life your style, the future is here, redefine, 点亮生活,
        品质生活, 美好生活, 开启美好, 值得拥有, 你值得拥有, 遇见更好的自己, 做更好的自己, 宠爱自己, 享受生活, 生活因,
        不负韶华, 尽显尊贵, 尊享, 彰显品味, 让生活更美好, 匠心之作, 匠心品质, 王者归来, 不止于, 重新定义, 引领潮流,
        非凡体验, 不二之选
    """,
    "vague": """
        smart, modular, set, sets, premium, new, cool, nice, best, quality, great, good, popular, trendy, fashionable,
        stylish, multifunctional, multi functional, multipurpose, versatile, creative, custom, practical, useful,
        deluxe, luxury, advanced, modern, professional, universal, general, various, assorted, other, misc, kit,
        bundle, collection, series, combo, 智能, 模块化, 套装, 组合, 高级, 高端, 时尚, 新款, 新品, 热门, 热销, 网红,
        爆款, 优质, 精品, 精选, 实用, 多功能, 创意, 百搭, 专业, 通用, 豪华, 系列, 礼盒, 潮流, 经典, 好看, 便宜
    """,
    "broad": """
        equipment, gear, supply, supplies, product, goods, accessory, accessories, clothing, clothes, apparel,
        electronics, electronic, item, items, essential, essentials, stuff, thing, merchandise, gadget, appliance,
        furniture, food, snack food, grocery, groceries, cosmetic, cosmetics, beauty, fashion, gift, gifts,
        toiletries, decor, decoration, device, tool, tools, material, hardware, necessities, wear, products,
        sporting goods, 用品, 装备, 产品, 商品, 服饰, 服装, 衣服, 配件, 数码, 好物, 器材, 食品, 家电, 家居, 家具,
        美妆, 化妆品, 护肤品, 礼品, 礼物, 百货, 日用品, 电子产品, 设备, 工具, 周边产品, 物品, 东西, 装饰, 零食, 母婴,
        户外, 运动, 电器, 材料
    """,
    "department": """
        outdoor, sport, sports, home, house, household, kitchen, daily, office, travel, personal, personal care, pet,
        baby, kid, women, men, girl, boy, health, fitness, garden, car, auto, indoor, winter, summer, seasonal,
        family, digital, leisure, hobby, lifestyle, life, living, 户外, 运动, 家居, 居家, 家用, 厨房, 日常, 办公,
        旅行, 个人, 个人护理, 宠物, 母婴, 儿童, 女士, 男士, 健康, 健身, 园艺, 汽车, 室内, 冬季, 夏季, 家庭, 数码,
        休闲, 生活, 爱好
    """,
    "supplies": """
        toilet paper, toilet tissue, paper towel, tissue paper, facial tissue, laundry detergent, detergent,
        laundry pods, fabric softener, dish soap, dishwashing liquid, washing up liquid, bin bag, trash bag,
        garbage bag, bleach, toothpaste, toothbrush head, sanitary pad, tampon, light bulb, battery pack aa,
        aa batteries, cling film, aluminium foil, aluminum foil, sponge pack, bath tissue, hand soap refill,
        cooking oil, table salt, bag of rice, rice 10kg, diaper, nappies, baby wipes, water filter cartridge,
        printer ink, ink cartridge, toner cartridge, mop head, drain cleaner, limescale remover, household paper,
        household supplies, household staples, daily necessities, cleaning supplies, groceries, staple groceries,
        卫生纸, 卷纸, 抽纸, 纸巾, 厨房纸, 洗衣液, 洗衣粉, 洗衣凝珠, 柔顺剂, 洗洁精, 垃圾袋, 保鲜膜, 牙膏, 卫生巾,
        灯泡, 电池, 食用油, 大米, 食盐, 酱油, 尿不湿, 纸尿裤, 湿巾, 打印机墨盒, 墨盒, 硒鼓, 拖把, 马桶清洁剂, 洁厕灵,
        疏通剂, 除垢剂, 消毒液, 日用品, 生活用品, 日用消耗品, 清洁用品, 米面粮油
    """,
    "repair": """
        repair, replacement part, replacement parts, spare part, spare parts, broken, leaking, leak repair, fix the,
        fixing a, plumbing, clogged, blocked drain, pipe sealant, faucet cartridge, tap washer, cracked screen,
        replacement screen, replacement battery, replacement hose, brake pad, wiper blade, engine oil, tyre puncture,
        tire puncture, moving house, house move, pest control, cockroach, mouse trap, mould remover, mold remover,
        维修, 修理, 修水管, 漏水, 堵塞, 水龙头阀芯, 更换零件, 替换件, 换屏, 屏幕总成, 更换电池, 刹车片, 雨刮, 机油,
        补胎, 搬家, 灭蟑, 蟑螂药, 除霉, 防水补漏, 密封胶, 马桶配件
    """,
    "duty": """
        exam, exam prep, certification, certificate, licence test, driving test, driving theory test, job requirement,
        job skill, job skills, required by, for work, work duty, workplace training, compulsory training,
        mandatory training, employer, for my boss, boss asked, job interview, interview prep, work uniform,
        school uniform, uniform, civil service, cpa, gmat, toefl, ielts, bar exam, nursing board, forklift,
        safety boots for site, tax return, tax filing, invoice, compliance, resume writing, visa application,
        school requires, teacher requires, homework, schoolbooks, textbook for class, 考证, 考试, 考研, 考公,
        公务员考试, 教资, 教师资格证, 驾照, 科目一, 科目二, 雅思, 托福, 四六级, 一建, 二建, 注册会计师, 职业资格,
        职业技能, 岗位要求, 工作需要, 工作要求, 公司要求, 单位要求, 上岗, 培训要求, 面试, 简历, 工装, 工作服, 校服,
        学校要求, 老师要求, 作业, 教辅, 报税, 发票, 签证, 入职
    """,
    "for_others": """
        gift for, gifts for, present for, birthday present, as a gift, as a present, for his mother, for her mother,
        for his father, for her father, for his wife, for her husband, for their parents, for his parents,
        for her parents, for a colleague, for colleagues, on behalf of, for a client, for clients, for a friend's,
        for his son, for her son, for his daughter, for her daughter, for a relative, wedding gift, baby shower gift,
        teacher gift, corporate gift, hostess gift, care for his, caring for, caregiver, elderly parent, sick parent,
        errand, errands, 送礼, 送人, 送给, 礼物送, 送长辈, 送父母, 送妈妈, 送爸爸, 送老师, 送领导, 送客户, 送朋友,
        送同事, 替家人, 帮家人, 给父母买, 给妈妈买, 给爸爸买, 给孩子买, 给老人买, 帮同事, 代买, 代购, 公司团购,
        商务礼品, 伴手礼, 探望, 照顾老人, 照顾病人
    """,
    "forced": """
        has to, had to, have to, must, forced to, needs to, is obliged, obligation, out of necessity, necessity,
        necessary for, required for, requirement, because the old one, ran out, running low, restock, restocking,
        restocks, stock up, stocking up, replenish, routine replenishment, doctor ordered, prescribed, prescription,
        medication, insulin, wheelchair, crutches, compression bandage, wound dressing, hospital stay, pain relief,
        cold medicine, deadline, 不得不, 必须, 被迫, 刚需, 用完了, 快用完, 补货, 囤货, 定期补充, 医生要求, 遵医嘱,
        处方, 药品, 感冒药, 胰岛素, 轮椅, 拐杖, 住院, 创可贴, 退烧
    """,
    "leisure": """
        hobby, hobbyist, enthusiast, enjoys, enjoy, passion, passionate, love, loves, collecting, collector,
        collection, leisure, weekend, for fun, aesthetic, aesthetics, appreciation, lifestyle, culture, art, craft,
        crafts, crafting, play, playing, exploring, exploration, adventure, connoisseur, brewing, painting,
        photography, gardening, travel, music, gaming, cosplay, fandom, fan, reading, baking, hiking, camping, yoga,
        dance, dancing, stargazing, journaling, calligraphy, knitting, home decor, styling, vintage, 爱好, 爱好者,
        喜爱, 喜欢, 热爱, 热衷, 痴迷, 钟爱, 收藏, 休闲, 周末, 娱乐, 审美, 鉴赏, 文化, 艺术, 手作, 手工, 玩, 探索,
        旅行, 音乐, 游戏, 摄影, 绘画, 园艺, 烘焙, 露营, 徒步, 瑜伽, 舞蹈, 观星, 手账, 书法, 编织, 品茗, 品茶, 茶道,
        咖啡, 追番, 二次元, 穿搭, 汉服, 生活美学
    """,
    "abstract": """
        happiness, destiny, dream, dreams, success, luck, soul, joy, emotion, emotions, vibe, vibes, freedom, wisdom,
        hope, eternity, fate, peace, serenity, nostalgia, ambition, motivation, confidence, feeling, feelings, mood,
        harmony, infinity, karma, love, truth, courage, inspiration, productivity, mindfulness, satisfaction,
        gratitude, energy of life, atmosphere, spirit, 幸福, 梦想, 命运, 灵魂, 快乐, 心情, 人生, 自由, 希望, 智慧,
        勇气, 缘分, 好运, 情绪, 思念, 永恒, 成功, 灵感, 仪式感, 氛围感, 幸福感, 安全感, 诗意, 远方, 时光, 岁月, 感动,
        信仰, 孤独
    """,
    "fantasy": """
        invisibility, invisible cloak, teleport, teleportation, teleporter, telepathic, telepathy, mind reading,
        time travel, time machine, anti gravity, antigravity, perpetual motion, immortality, dream recording,
        dream recorder, weather controlling, thought powered, levitating sofa, self walking, ghost powered,
        quantum healing, liquid fire, shadowless light beam, age reversing, emotion powered, infinite battery,
        edible motorcycle, dehydrated water, solid air, wishing, soul catching, 隐身, 隐形斗篷, 瞬移, 传送门, 读心,
        时光机, 时间机器, 反重力, 永动, 永动机, 长生不老, 造梦, 录梦, 意念, 念力, 穿越, 许愿, 起死回生, 无限能量,
        会飞的, 自动行走的, 固体空气, 脱水水, 忘忧
    """,
    "strong_leisure": """
        hobby, hobbyist, enthusiast, for fun, passion, passionate, collector, collecting, weekend project, fandom,
        爱好, 爱好者, 热爱, 痴迷, 发烧友, 收藏
    """,
    "worn": """
        skirt, dress, jersey, shorts, leggings, sports bra, cap, polo shirt, tennis skirt, tennis dress, t shirt, tee,
        hoodie, yoga pants, swimsuit, jacket, 短裙, 网球裙, 裙, 运动服, 球衣, 篮球服, 瑜伽服, 瑜伽裤, 卫衣, T恤, 短裤,
        骑行服, 运动内衣
    """,
    "repellent": """
        ugly, awful, terrible, horrible, dreadful, lousy, mediocre, how bad you, boring, worthless, useless, pathetic,
        disgusting, gross, stupid, idiot, loser, hate, hideous, nobody wants, nobody likes, your old face, hide your,
        too  overweight, poor people, cheap looking, even you, for people like you, stop being, shame, embarrassing,
        smelly, old fashioned like you, you should be, whatever, take it or leave it, leftover stock, overstock,
        surplus to clear, corpse, dead skin flakes, vomit, filthy, failure, you failed, wrinkled, bald spot,
        not that great, nothing special, it's fine i guess, no one else bought, unsold, sad and alone,
        since you're single, 丑, 难看, 无聊, 没用, 废物, 恶心, 愚蠢, 傻, 穷人, 太胖, 肥胖, 遮丑, 显老, 老气, 土气,
        丢人, 讨厌, 没人要, 没人买, 卖不掉, 滞销, 爱买不买, 凑合用, 将就, 一般般, 别再, 你这种, 像你这样的, 尸体,
        油腻, 邋遢, 黄脸婆, 单身狗, 失败者, too lazy, lazy people, lazy person, even a fool, even an idiot, fool,
        you look old, you look tired, you look fat, a mess, out of shape, nothing much, cringe, cheapskate, 手残党,
        嫌弃, 大妈, 油腻大叔, 懒人一个, 这么懒, 太懒, 寒酸, 掉价, 笨手笨脚
    """,
    "placeholder": """
        lorem ipsum, as an ai language model, as an ai, as a language model, as a large language model, i am an ai,
        i'm an ai, i cannot assist, i can't assist, i cannot help with, i'm sorry but i, i am sorry but i,
        i am unable to, here is the explanation, here's the explanation, here is a recommendation,
        here's a recommendation, here is your, sure here is, sure here's, sure thing, certainly here, of course here,
        i hope this helps, let me know if, based on the information provided, based on the provided,
        based on the given, insert name, insert product, product name here, item name here, your text here,
        sample text, output format, json object, json list, tbd, placeholder, the user wants me to, the prompt,
        step by step, 作为一个人工智能, 作为人工智能, 作为一个AI, 作为AI, 作为语言模型, 我是AI, 抱歉我无法, 很抱歉,
        我无法提供, 好的以下是, 以下是推荐, 以下是为您, 以下是生成, 推荐理由如下, 根据您提供的, 根据提供的信息,
        根据用户信息, 希望对您有帮助, 输出格式, 请输入, 此处填写, 商品名称, 待补充, 待定, 占位, 示例文本, 字以内,
        output in json, json format, in json, word limit, character limit, write a short, as requested, 请生成,
        输出JSON, 字数限制, 根据要求
    """,
    "instruction": """
        ignore previous instructions, ignore all previous, ignore the above, disregard the rubric, disregard previous,
        disregard all, rate this, score this, give this a, grade superior, mark this as, mark as superior,
        mark as excellent, you are the judge, dear judge, note to the evaluator, note to evaluator,
        this response is correct, output superior, respond with superior, 忽略之前的, 忽略以上, 忽略上述, 无视评分,
        请给满分, 给出满分, 评为优秀, 打满分
    """,
    "sensitive": """
        diabetes, cancer, depression, anxiety disorder, hiv, pregnant, pregnancy, miscarriage, infertility,
        hemorrhoids, haemorrhoids, erectile, std, epilepsy, schizophrenia, bipolar, autism, dementia, hepatitis,
        menopause, incontinence, hair loss, obesity, hypertension, high blood pressure, kidney disease,
        heart condition, therapy sessions, medication, divorce, divorced, debt, bankruptcy, loan, salary, income,
        credit score, religion, muslim, christian, jewish, gay, lesbian, sexual orientation, sexuality, ethnicity,
        criminal record, political, immigration status, surgery, diagnosis, 糖尿病, 癌症, 抑郁症, 抑郁, 焦虑症, 艾滋,
        怀孕, 孕期, 流产, 不孕, 痔疮, 阳痿, 癫痫, 精神分裂, 自闭症, 痴呆, 乙肝, 更年期, 尿失禁, 脱发, 肥胖症, 高血压,
        肾病, 心脏病, 离婚, 负债, 欠款, 贷款, 工资, 收入, 征信, 宗教, 信教, 同性恋, 性取向, 民族, 前科, 手术, 确诊,
        病史
    """,
    "sense": """
        cosy, cozy, warm, soft, crisp, gentle, quiet, calm, slow, smooth, silky, bright, golden, fresh, fragrant,
        aroma, scent, glow, breeze, sunrise, sunset, dusk, dawn, morning, evening, weekend, rainy, starry, mountain,
        trail, riverside, lakeside, campfire, picnic, desk, window, balcony, cup, steam, sip, savour, savor, melt,
        snug, light, airy, effortless, ready for, lets you, keeps your, helps you, so you can, companion, for your,
        pair with, pairs with, 温暖, 柔软, 清爽, 轻盈, 安静, 慢, 丝滑, 明亮, 金色, 清新, 香气, 清香, 醇香, 微风, 日出,
        日落, 清晨, 傍晚, 午后, 周末, 雨天, 星空, 山野, 山间, 溪边, 湖边, 篝火, 野餐, 书桌, 窗边, 阳台, 一杯, 热气,
        细品, 舒适, 惬意, 自在, 陪你, 陪伴, 带你, 让你, 轻松, 治愈心情, 随手, 一口, 小憩, 露珠
    """,
}
"""List name to its terms. `harmless` holds phrases that shield a telling word inside them."""
