"""What a text may be about: topics with the words that speak of them, and which lie near each other; data only."""

from __future__ import annotations

from collections.abc import Mapping

TOPICS: Mapping[str, str] = {
    "tea": """
        tea, tea ceremony, gongfu, oolong, pu'er, puer, matcha, sencha, green tea, black tea, white tea, brewing tea,
        茶, 喝茶, 品茶, 茶道, 普洱, 龙井, 乌龙, 白茶, 红茶, 绿茶, 抹茶, 功夫茶, 岩茶, 茶艺
    """,
    "coffee": """
        coffee, espresso, pour over, pourover, barista, latte art, cold brew, home brewing, 咖啡, 手冲, 意式, 拉花,
        冷萃
    """,
    "photography": """
        photography, photo, photographer, shooting film, street photography, portrait photography,
        landscape photography, astrophotography, 摄影, 拍照, 胶片, 街拍, 人像, 风光摄影
    """,
    "astronomy": """
        astronomy, stargazing, night sky, star, planets, astrophotography, milky way, meteor, 天文, 观星, 星空, 银河,
        流星雨, 星系
    """,
    "outdoor": """
        hiking, camping, trekking, backpacking, mountaineering, outdoor, trail, bushcraft, summit, alpine,
        wild camping, picnic, 徒步, 露营, 登山, 户外, 野营, 穿越路线, 爬山, 野餐, 山野
    """,
    "climbing": "rock climbing, bouldering, climbing, climber, 攀岩, 抱石, 攀登",
    "running": """
        running, runner, jogging, marathon, trail running, half marathon, interval training, 跑步, 马拉松, 慢跑,
        越野跑, 夜跑, 跑者
    """,
    "cycling": """
        cycling, bike, bicycle, cyclist, road cycling, mountain biking, bikepacking, commuting by bike, 骑行, 自行车,
        单车, 公路车, 山地车, 骑友
    """,
    "fishing": "fishing, angling, angler, fly fishing, lure fishing, 钓鱼, 垂钓, 路亚, 海钓, 台钓, 钓友",
    "fitness": """
        fitness, gym, workout, strength training, weightlifting, calisthenics, crossfit, home gym, training, hiit,
        健身, 力量训练, 撸铁, 增肌, 减脂, 锻炼, 居家训练
    """,
    "yoga": "yoga, pilates, meditation, stretching, vinyasa, 瑜伽, 普拉提, 冥想, 拉伸",
    "tennis": "tennis, 网球",
    "badminton": "badminton, 羽毛球",
    "basketball": "basketball, 篮球",
    "football": "football, soccer, 足球",
    "swimming": "swimming, swim, swimmer, open water swimming, 游泳, 泳池",
    "snow": "skiing, ski, snowboard, snowboarding, snow, 滑雪, 雪场, 单板, 双板, 雪季",
    "surf": """
        surfing, surf, paddleboarding, kayaking, diving, snorkeling, snorkelling, scuba, 冲浪, 桨板, 皮划艇, 潜水,
        浮潜
    """,
    "skincare": """
        skincare, skin care, skin, hydration, moisturizing, moisturising, anti ageing, anti aging, acne, complexion,
        pores, 护肤, 保湿, 补水, 抗老, 祛痘, 美白, 敏感肌, 毛孔, 肌肤
    """,
    "makeup": "makeup, make up, cosmetics, beauty look, 彩妆, 化妆, 妆容, 底妆, 眼妆",
    "hair": "hair care, haircare, hair, hairstyle, hairstyling, curls, 护发, 头发, 发型, 卷发, 美发, 头皮",
    "perfume": "perfume, fragrance, scent, aromatherapy, home fragrance, incense, 香水, 香氛, 香薰, 熏香, 沉香, 香道",
    "fashion": """
        fashion, style, outfit, outfits, wardrobe, streetwear, vintage fashion, minimalist wardrobe, capsule wardrobe,
        styling, menswear, womenswear, 穿搭, 时装, 衣橱, 街头风, 复古穿搭, 通勤穿搭, 国潮
    """,
    "hanfu": "hanfu, qipao, cheongsam, traditional chinese dress, 汉服, 旗袍, 国风, 新中式, 古风",
    "sneakers": "sneaker culture, sneakerhead, sneaker collecting, 球鞋文化, 球鞋",
    "jewellery": "jewellery, jewelry, gemstone, 珠宝, 首饰, 饰品, 翡翠, 玉石, 文玩",
    "watches": "watchmaking, horology, wristwatches, mechanical watches, 腕表, 钟表, 机械表",
    "sleep": "sleep, bedding, bedroom, better sleep, insomnia, 睡眠, 床品, 助眠, 卧室, 好眠",
    "home": """
        home decor, interior, interior design, home styling, decorating, living room, 家居, 软装, 家装,
        室内设计, 家居布置, 客厅, 收纳, 整理, home organization, home organisation, tidying, decluttering
    """,
    "lighting": "lighting, ambient light, ambient lighting, 灯光, 照明, 氛围灯光",
    "cooking": """
        cooking, home cooking, cuisine, recipes, culinary, chef, kitchen, meal prep, barbecue, bbq, grilling,
        stir fry, fermentation, 烹饪, 做饭, 下厨, 厨艺, 料理, 美食, 烧烤, 厨房, 火锅, 中餐, 西餐, 家常菜
    """,
    "baking": """
        baking, bread making, sourdough, pastry, cake decorating, home baking, 烘焙, 面包, 蛋糕, 甜品制作, 欧包
    """,
    "snacks": "snack, snacking, chocolate, candy, nuts, dessert, desserts, 零食, 巧克力, 坚果, 甜食, 辣味, 小吃",
    "drinks": """
        cocktail, cocktails, mixology, wine, wine tasting, whisky, whiskey, craft beer, beer, sake, 调酒, 鸡尾酒,
        红酒, 葡萄酒, 威士忌, 精酿, 啤酒, 品酒, 白酒, 清酒
    """,
    "nutrition": """
        nutrition, supplement, supplements, healthy eating, protein, vitamins, wellness, low sugar, 营养, 保健, 养生,
        滋补, 健康饮食, 低糖, 控糖
    """,
    "gardening": """
        gardening, garden, houseplants, houseplant, plant care, succulents, balcony garden, bonsai, horticulture,
        herbs, flower arranging, 园艺, 绿植, 多肉, 养花, 种菜, 阳台种植, 盆景, 花艺, 插花, 植物
    """,
    "cat": "cat, cats, kitten, feline, cat care, cat owner, 猫, 养猫, 猫咪, 铲屎官, 幼猫, 喵",
    "dog": "dog, dogs, puppy, canine, dog training, dog owner, 狗, 养狗, 狗狗, 遛狗, 幼犬, 犬",
    "aquarium": "aquarium, fishkeeping, aquascaping, tropical fish, 水族, 养鱼, 造景, 草缸, 观赏鱼",
    "bird": "birdwatching, birding, bird, birds, 观鸟, 鸟类",
    "baby": """
        baby, infant, newborn, toddler, parenting, maternity, postpartum, breastfeeding, nursing mother, new parent,
        婴儿, 宝宝, 新生儿, 育儿, 母婴, 孕妇, 产后, 哺乳, 辅食, 幼儿
    """,
    "kids": """
        children, kid, kids, child, early education, montessori, preschool, 儿童, 孩子, 小朋友, 早教, 亲子, 学龄前
    """,
    "senior": "senior, seniors, elderly, older adults, old age, 老人, 老年, 中老年, 长辈, 适老, 银发",
    "anime": """
        anime, manga, cosplay, otaku, acg, anime merchandise, collectible figure, 动漫, 二次元, 漫画, 追番, 番剧,
        谷子, 吃谷, 动画, 国漫
    """,
    "boardgames": """
        board game, board games, tabletop, tabletop gaming, strategy games, role playing game, puzzle, puzzles,
        jigsaw, 桌游, 剧本杀, 拼图, 棋牌, 围棋, 象棋, 益智
    """,
    "models": """
        scale model, model building, model kits, building blocks, miniature, miniatures, model trains, 模型, 拼装,
        高达, 积木, 微缩, 手办制作, 军模
    """,
    "gaming": """
        gaming, video games, gamer, esports, console gaming, retro gaming, pc gaming, 游戏, 电竞, 主机游戏, 手游,
        玩家, 复古游戏
    """,
    "computer": """
        computer, pc building, custom keyboards, programming, coding, desk setup, maker, electronics, home server,
        3d printing, 电脑, 装机, 编程, 客制化键盘, 桌面搭建, 数码, 极客, 三维打印
    """,
    "phone": "smartphone, mobile phone, phone, mobile photography, 手机, 手机摄影",
    "audio": """
        audio, hi fi, hifi, audiophile, vinyl, record collecting, music listening, home audio, podcast, 音响, 发烧友,
        黑胶, 高保真, 听音乐, 音质, 听歌
    """,
    "music": """
        music, guitar, piano, violin, ukulele, drumming, songwriting, playing guitar, music making, guzheng, 音乐,
        吉他, 钢琴, 小提琴, 古筝, 尤克里里, 乐器, 弹唱, 编曲, 古琴
    """,
    "art": """
        painting, watercolor, watercolour, drawing, sketching, illustration, oil painting, fine art, urban sketching,
        绘画, 水彩, 素描, 速写, 插画, 油画, 国画, 画画, 美术
    """,
    "calligraphy": "calligraphy, hand lettering, fountain pens, penmanship, 书法, 毛笔字, 练字, 硬笔, 钢笔",
    "stationery": """
        stationery, journaling, bullet journal, scrapbooking, planner, diary writing, 文具, 手账, 手帐, 日记
    """,
    "reading": """
        reading, books, literature, book collecting, novels, science fiction, history books, poetry, 阅读, 读书, 文学,
        小说, 科幻, 诗歌, 历史读物, 藏书
    """,
    "crafts": """
        craft, crafts, knitting, crochet, sewing, embroidery, pottery, ceramics making, leathercraft, woodworking,
        candle making, handmade, diy, 手工, 手作, 编织, 钩针, 刺绣, 缝纫, 陶艺, 皮具制作, 木工, 羊毛毡, 滴胶
    """,
    "travel": """
        travel, travelling, traveling, trip, road trip, backpacker, city break, 旅行, 旅游, 自驾, 出行, 度假, 出差
    """,
    "car": """
        car, driving, car detailing, motorcycle, motorcycling, automotive, vehicle, 汽车, 车载, 摩托, 机车, 自驾,
        洗车, 改装, 爱车
    """,
    "cleaning": "cleaning, laundry, household, housework, household cleaning, 清洁, 家务, 打扫, 洗衣, 日用",
    "tools": "repair, home improvement, home repair, plumbing, renovation, 维修, 修理, 装修, 五金, 水电",
    "health": """
        health, medical, first aid, recovery, physiotherapy, back pain, massage, 医疗, 健康, 理疗, 颈椎, 腰痛, 按摩,
        康复
    """,
    "smarthome": "smart home, home automation, 智能家居, 全屋智能",
    "drone": "drone, drones, aerial photography, fpv, 无人机, 航拍",
    "study": "exam preparation, language learning, studying, certification, 考试, 学习, 考证, 备考, 外语学习, 考研",
    "toys": "toy, toys, plush, blind box, designer toys, collectible toys, 玩具, 毛绒, 盲盒, 潮玩, 手办",
}
"""Topic to the words that speak of it."""

RELATED: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split())
    for group in (
        "outdoor climbing running cycling fishing travel surf snow bird photography",
        "outdoor astronomy photography travel",
        "fitness yoga running swimming climbing cycling tennis badminton basketball football nutrition health",
        "skincare makeup hair perfume",
        "fashion hanfu sneakers jewellery watches perfume makeup",
        "sleep home lighting perfume smarthome health",
        "cooking baking snacks drinks coffee tea nutrition",
        "home gardening lighting smarthome crafts cleaning art",
        "cat dog aquarium",
        "baby kids toys",
        "anime models gaming boardgames toys art",
        "computer gaming phone audio smarthome drone photography",
        "audio music",
        "art calligraphy stationery reading crafts hanfu",
        "reading study stationery",
        "senior health nutrition",
        "car travel outdoor cycling tools",
        "tools cleaning home",
        "drone photography travel",
        "kids reading",
        "tea perfume",
        "surf swimming",
        "tennis fitness",
    )
)
"""Topics near enough that one leads to the other; everything else is far."""
