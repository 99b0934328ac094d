"""What a text may claim of an item: functions, materials, brands, English and Chinese; data only."""

from __future__ import annotations

from collections.abc import Mapping

PROPERTIES: Mapping[str, str] = {
    "waterproof": """
        waterproof, water proof, 防水 | not waterproof, non waterproof, not water resistant, not suitable for rain,
        不防水, 非防水, 不可水洗浸泡
    """,
    "water_resistant": """
        water resistant, water repellent, splash proof, splashproof, rainproof, ipx4, ipx5, ipx7, ipx8, 防泼水, 防溅,
        防雨 | not water resistant, not water repellent
    """,
    "windproof": "windproof, wind proof, 防风 | not windproof, 不防风",
    "breathable": "breathable, moisture wicking, sweat wicking, 透气, 排汗, 吸汗 | not breathable, 不透气",
    "quick_dry": """
        quick drying, quick dry, fast drying, dries fast, dries quickly, 速干, 快干 | slow drying, slow to dry
    """,
    "noise_cancelling": """
        noise cancelling, noise canceling, noise cancellation, active noise cancellation, anc, noise reducing, 降噪,
        主动降噪 | no noise cancelling, without noise cancelling, no noise cancellation, 无降噪, 不带降噪
    """,
    "wireless": "wireless, cordless, bluetooth, 无线, 蓝牙 | wired, corded, wired only, plug in only, 有线",
    "rechargeable": """
        rechargeable, usb charging, usb rechargeable, usb c charging, 可充电, 充电式, usb充电 | not rechargeable,
        disposable battery, disposable batteries, battery powered aaa, 一次性电池, 不可充电
    """,
    "fast_charging": """
        fast charging, fast charge, quick charge, charges fast, 快充, 闪充 | no fast charging, 不支持快充
    """,
    "foldable": """
        foldable, folding, folds flat, collapsible, folds, 折叠, 可折叠 | not foldable, non folding, fixed frame,
        不可折叠
    """,
    "washable": """
        machine washable, machine wash, washable, 可机洗, 机洗 | hand wash only, dry clean only, not machine washable,
        spot clean only, not washable, 只可手洗, 不可机洗, 仅干洗, 不可水洗
    """,
    "dishwasher": """
        dishwasher safe, 可进洗碗机, 洗碗机可洗 | not dishwasher safe, hand wash only, 不可进洗碗机, 不可洗碗机
    """,
    "microwave": """
        microwave safe, microwavable, 可微波, 微波炉可用, 可微波加热 | not microwave safe, not for microwave,
        不可微波, 禁止微波
    """,
    "uv": """
        uv protection, upf 50, spf 50, sun protection, uv resistant, upf50, spf50, blocks uv, 防紫外线,
        防晒 | no uv protection
    """,
    "gps": "gps, built in gps, 内置gps | no gps, without gps, 无gps",
    "heart_rate": "heart rate monitor, heart rate, tracks your heart rate, 心率监测, 测心率, 心率 | no heart rate",
    "hypoallergenic": "hypoallergenic, allergy friendly, 低敏, 抗过敏, 防过敏 | may cause allergies",
    "fragrance_free": """
        fragrance free, unscented, perfume free, 无香精, 无香, 无添加香精 | scented, with fragrance, perfumed,
        contains fragrance, 含香精
    """,
    "alcohol_free": """
        alcohol free, non alcoholic, 无酒精, 不含酒精 | contains alcohol, alcoholic, with alcohol, 含酒精
    """,
    "organic": "organic, certified organic, 有机 | not organic, non organic, conventional farming",
    "vegan": """
        vegan, plant based, 纯素, 植物基 | contains milk, contains egg, contains dairy, contains gelatin, not vegan,
        含牛奶, 含鸡蛋, 非素食
    """,
    "gluten_free": "gluten free, 无麸质 | contains gluten, contains wheat, 含麸质",
    "sugar_free": """
        sugar free, no added sugar, zero sugar, unsweetened, no sugar, without sugar, 无糖, 零糖, 0糖, 不加糖, 不含糖,
        无蔗糖 | contains sugar, with sugar, added sugar, sweetened, 含糖, 加糖, 含蔗糖
    """,
    "decaf": """
        decaf, decaffeinated, caffeine free, 低因, 无咖啡因, 脱因 | caffeinated, contains caffeine, high caffeine,
        含咖啡因
    """,
    "nut_free": "nut free, peanut free, 不含坚果 | contains nuts, contains peanuts, may contain nuts, 含坚果, 含花生",
    "bpa_free": "bpa free, 不含双酚a, 无bpa | contains bpa",
    "adjustable": """
        adjustable, height adjustable, 可调节, 可调, 高度可调 | not adjustable, fixed height, non adjustable,
        不可调节, 固定高度
    """,
    "insulated": """
        insulated, keeps drinks cold, keeps drinks hot, keeps coffee hot, vacuum insulated, keeps cold, stays hot,
        keeps hot, 保温, 保冷, 真空保温 | not insulated, single wall, uninsulated, 不保温, 单层
    """,
    "leakproof": "leakproof, leak proof, spill proof, 防漏 | not leakproof, may leak",
    "antibacterial": """
        antibacterial, antimicrobial, kills germs, kills bacteria, 抗菌, 抑菌, 杀菌 | not antibacterial
    """,
    "nonslip": "non slip, anti slip, slip resistant, nonslip, 防滑 | not slip resistant, slippery when wet, 不防滑",
    "shockproof": "shockproof, drop proof, shatterproof, unbreakable, 防摔, 抗摔, 防震 | fragile, breakable, 易碎",
    "voice_control": "voice control, voice controlled, voice assistant, 语音控制, 声控, 语音助手 | no voice control",
    "app_control": """
        app control, app controlled, controlled by app, companion app, 手机控制, app控制, 手机app | no app,
        without app
    """,
    "self_cleaning": "self cleaning, cleans itself, 自清洁, 自动清洁 | manual cleaning",
    "auto_off": "auto shut off, automatic shut off, auto off, 自动断电, 自动关机 | no auto shut off",
    "solar": "solar powered, solar charging, 太阳能 | ",
    "touch": "touch screen, touchscreen, touch control, 触屏, 触控 | no touch screen, button control",
    "backlit": "backlit, backlight, rgb, rgb lighting, 背光, rgb灯 | no backlight, without backlight, 无背光",
    "hot_swap": "hot swappable, hot swap, 热插拔 | soldered switches, not hot swappable, 不支持热插拔",
    "silent": "silent, noiseless, whisper quiet, 静音 | loud, noisy, 噪音大",
    "whitening": "whitening, brightening, lightens skin, fades spots, 美白, 提亮, 淡斑 | ",
    "anti_ageing": """
        anti ageing, anti aging, anti wrinkle, wrinkle reducing, smooths wrinkles, 抗皱, 抗衰, 抗老, 祛皱, 淡纹 |
    """,
    "acne": "acne fighting, treats acne, clears acne, 祛痘 | ",
    "slimming": "slimming, fat burning, burns fat, weight loss, 减肥, 瘦身, 燃脂 | ",
    "sleep_aid": "helps you fall asleep, improves sleep, sleep aid, 助眠, 改善睡眠, 安神 | ",
    "immunity": "boosts immunity, immune support, strengthens immunity, 增强免疫力, 提高免疫力 | ",
    "pain_relief": "relieves pain, pain relief, relieves back pain, 缓解疼痛, 止痛, 治疗腰痛 | ",
    "handmade": """
        handmade, hand made, handcrafted, hand crafted, hand thrown, hand painted, hand woven, 手工, 纯手工, 手绘,
        手作 | machine made, mass produced, factory made, 机制, 机器制作
    """,
    "limited_edition": "limited edition, numbered edition, 限量, 限量版 | ",
    "warranty": "lifetime warranty, warranty, 终身保修, 质保 | no warranty, 不保修",
    "free_shipping": "free shipping, free delivery, 包邮, 免运费 | ",
    "imported": """
        imported, imported from, made in japan, made in italy, made in germany, made in france, 进口, 原装进口,
        日本制造, 德国制造, 意大利制造 | made in china, domestic, 国产
    """,
    "unisex": "unisex, 男女同款, 中性款 | women only, men only",
    "long_sleeve": "long sleeve, long sleeved, 长袖 | short sleeve, short sleeved, sleeveless, 短袖, 无袖",
    "high_waist": "high waist, high waisted, high rise, 高腰 | low rise, low waist, 低腰",
    "indoor_only": "indoor use only, indoors only, 仅限室内 | for outdoor use, outdoor use, 可户外使用",
    "mechanical": """
        mechanical movement, automatic movement, self winding, 机械机芯, 自动上链 | quartz movement, quartz, 石英机芯,
        石英
    """,
    "soft_pad": """
        removable cover, removable and washable, 可拆洗, 可拆卸 | non removable cover, not removable, 不可拆卸,
        不可拆洗
    """,
    "spicy": "spicy, fiery, hot and spicy, 麻辣, 香辣, 特辣 | mild, not spicy, non spicy, 不辣, 微甜",
    "caffeine_energy": "with caffeine, 提神 | caffeine free",
}
"""A function or trait a text may claim: words that claim it | words that deny it."""

MATERIALS: Mapping[str, str] = {
    "cotton": "cotton, 棉, 纯棉, 全棉, 棉质, 长绒棉",
    "polyester": "polyester, 聚酯, 涤纶, 聚酯纤维",
    "nylon": "nylon, 尼龙, 锦纶",
    "wool": "wool, merino, merino wool, lambswool, 羊毛, 美利奴, 美利奴羊毛",
    "cashmere": "cashmere, 羊绒",
    "silk": "silk, mulberry silk, 真丝, 桑蚕丝, 丝绸, 蚕丝",
    "linen": "linen, flax, 亚麻, 苎麻",
    "leather": """
        genuine leather, real leather, full grain leather, leather, calfskin, cowhide, 真皮, 牛皮, 皮革, 头层牛皮,
        羊皮, 植鞣革
    """,
    "pu": "faux leather, pu leather, vegan leather, imitation leather, synthetic leather, 人造革, pu皮, 仿皮, pu革",
    "down": "goose down, duck down, down filled, down filling, 90% down, 鹅绒, 鸭绒, 白鹅绒",
    "bamboo": "bamboo, 竹制, 竹子, 楠竹, 竹",
    "wood": """
        solid wood, oak, walnut wood, beech, teak, black walnut, acacia wood, pine wood, 实木, 橡木, 胡桃木, 黑胡桃,
        榉木, 柚木, 松木
    """,
    "mdf": "particleboard, mdf, veneer, 密度板, 颗粒板",
    "steel": "stainless steel, carbon steel, 304 stainless steel, 不锈钢, 304不锈钢, 碳钢",
    "iron": "cast iron, wrought iron, 铸铁, 生铁, 熟铁",
    "titanium": "titanium, 钛, 纯钛, 钛合金",
    "aluminium": "aluminium, aluminum, aluminium alloy, aluminum alloy, 铝合金, 铝, 航空铝",
    "copper": "copper, brass, 黄铜, 紫铜, 纯铜",
    "ceramic": "ceramic, porcelain, stoneware, bone china, 陶瓷, 瓷, 骨瓷, 白瓷, 粗陶",
    "clay": "purple clay, yixing clay, zisha, terracotta, 紫砂, 陶土",
    "glass_material": "borosilicate glass, tempered glass, crystal glass, 高硼硅玻璃, 玻璃, 钢化玻璃, 水晶玻璃",
    "plastic": "plastic, abs plastic, polypropylene, abs, pvc, pbt, 塑料, 聚丙烯",
    "silicone": "silicone, food grade silicone, 硅胶, 食品级硅胶",
    "latex": "latex, natural latex, 乳胶, 天然乳胶",
    "memory_foam": "memory foam, 记忆棉, 慢回弹",
    "carbon": "carbon fibre, carbon fiber, full carbon, 碳纤维, 碳布, 全碳",
    "gold": "18k gold, 14k gold, solid gold, gold plated, 足金, 18k金, 镀金",
    "silver": "sterling silver, 925 silver, s925, solid silver, 纯银, 925银, 足银",
    "rattan": "rattan, wicker, 藤编, 藤",
    "fleece_material": "polar fleece, 摇粒绒, 抓绒",
    "suede": "suede, 麂皮, 反绒皮",
    "velvet": "velvet, corduroy, 丝绒, 天鹅绒, 灯芯绒",
    "natural_rubber": "natural rubber, 天然橡胶, 橡胶",
    "tpe": "tpe",
    "soy_wax": "soy wax, 大豆蜡",
    "beeswax": "beeswax, 蜂蜡",
    "paraffin": "paraffin, 石蜡",
    "goretex": "gore tex",
    "canvas_material": "canvas fabric, waxed canvas, 帆布",
    "marble": "marble, granite, 大理石, 花岗岩",
    "paper_cotton": "cotton paper, 100% cotton paper, 棉浆",
    "jade": "jade, nephrite, 翡翠, 和田玉",
    "pearl": "freshwater pearl, pearl, 淡水珍珠, 珍珠",
    "diamond": "diamond, diamonds, 钻石",
    "retinol_ingredient": "retinol, 视黄醇, a醇",
    "hyaluronic": "hyaluronic acid, 玻尿酸, 透明质酸",
    "niacinamide_ingredient": "niacinamide, 烟酰胺",
    "vitamin_c": "vitamin c, 维c, 维生素c",
    "ceramide": "ceramide, ceramides, 神经酰胺",
    "collagen_ingredient": "collagen, 胶原蛋白",
    "salicylic": "salicylic acid, 水杨酸",
    "caffeine": "caffeine",
    "honey_ingredient": "manuka honey, 麦卢卡蜂蜜",
    "saffron": "saffron, 藏红花",
    "ginseng_ingredient": "ginseng, 人参",
}
"""A material or ingredient to its names."""

BRANDS = """
    nike, adidas, lululemon, under armour, new balance, asics, hoka, salomon, the north face, arc'teryx, arcteryx,
    decathlon, quechua, osprey, deuter, mammut, black diamond, reebok, converse, skechers, timberland, crocs,
    birkenstock, dr. martens, uniqlo, zara, h&m, levi's, ralph lauren, gucci, prada, chanel, dior, hermes,
    louis vuitton, burberry, balenciaga, rolex, omega seamaster, seiko, casio, citizen eco-drive, tissot, swarovski,
    pandora bracelet, cartier, tiffany, iphone, ipad, macbook, airpods, samsung, galaxy s, huawei, xiaomi, redmi,
    oppo, vivo phone, oneplus, google pixel, sony, celestron, meade, sky-watcher, vixen optics, bose, sennheiser,
    beats headphones, jbl, marshall speaker, bang & olufsen, audio-technica, shure, yamaha, fender, gibson, roland,
    korg, canon, nikon, fujifilm, leica, panasonic, olympus, gopro, dji, lenovo, thinkpad, dell, asus, acer, logitech,
    razer, corsair, keychron, nintendo, playstation, xbox, kindle, garmin, fitbit, suunto, coros, philips, braun,
    bosch, siemens, dyson, shark vacuum, roomba, irobot, roborock, kitchenaid, cuisinart, le creuset, lodge cast iron,
    staub, zwilling, wusthof, nespresso, delonghi, de'longhi, breville, hario, kalita, chemex, aeropress,
    fellow stagg, bialetti, timemore, comandante, la roche-posay, cerave, clinique, estee lauder, lancome, sk-ii,
    shiseido, neutrogena, l'oreal, maybelline, olay, nivea, kiehl's, the ordinary, fenty, sephora, jo malone,
    diptyque, moleskine, leuchtturm, lamy, pilot metropolitan, montblanc, winsor & newton, faber-castell, lego,
    bandai, gundam rg, hasbro, mattel, barbie, funko, pop mart, ikea, muji, yeti cooler, hydro flask, thermos brand,
    stanley cup, zojirushi, tiger brand, coleman, msr, petzl, shimano, daiwa, brompton, giant bikes, trek bikes,
    specialized bikes, pampers, huggies, purina, royal canin, tesla, bmw, toyota, coca-cola, pepsi, starbucks,
    nescafe, lindt, twinings, 耐克, 阿迪达斯, 安踏, 李宁, 特步, 匡威, 新百伦, 亚瑟士, 斯凯奇, 迪卡侬, 始祖鸟, 北面,
    探路者, 凯乐石, 骆驼牌, 优衣库, 无印良品, 宜家, 苹果手机, 华为, 小米, 红米, 荣耀手机, 三星, 索尼, 佳能, 尼康,
    富士相机, 大疆, 联想, 戴尔, 罗技, 雷蛇, 任天堂, 飞利浦, 博世, 戴森, 美的, 格力, 海尔, 九阳, 苏泊尔, 双立人, 象印,
    膳魔师, 虎牌, 科沃斯, 石头扫地机, 雅诗兰黛, 兰蔻, 欧莱雅, 资生堂, 雪花秀, 珀莱雅, 完美日记, 花西子, 薇诺娜,
    玉兰油, 香奈儿, 迪奥, 爱马仕, 古驰, 路易威登, 劳力士, 卡西欧, 精工表, 乐高, 万代, 泡泡玛特, 三只松鼠, 良品铺子,
    百草味, 星巴克, 瑞幸, 雀巢, 茅台, 五粮液, 蒙牛, 伊利, 飞鹤, 花王, 蓝月亮, 维达, 清风纸, 心相印, 凌美, 百乐笔,
    国誉, 晨光文具, 特斯拉, 比亚迪, 雅马哈, 卡马, 达亿瓦, 禧玛诺, 宝矿力, 元气森林, 农夫山泉, 泰摩, 皇家猫粮
"""
"""Brand names that are hardly ever a plain word; ambiguous ones (Apple, Gap, Coach) are known only from the context."""
