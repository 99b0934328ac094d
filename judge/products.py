"""Products that shops commonly sell, by topic, English and Chinese; data only, commas between terms."""

from __future__ import annotations

from collections.abc import Mapping

PRODUCTS: Mapping[str, str] = {
    "tea": """
        teapot, teacup, tea cup, tea set, gaiwan, tea tray, tea pet, tea strainer, tea infuser, tea caddy,
        tea canister, loose leaf tea, tea bag, kettle, electric kettle, matcha whisk, tea table, fairness cup, 茶壶,
        茶杯, 茶具, 盖碗, 茶盘, 茶宠, 茶漏, 茶叶罐, 茶叶, 紫砂壶, 公道杯, 茶席, 烧水壶, 主人杯, 茶台, 茶巾, 茶刀,
        煮茶器
    """,
    "coffee": """
        coffee bean, coffee grinder, hand grinder, coffee dripper, dripper, gooseneck kettle, espresso machine,
        moka pot, french press, coffee scale, milk frother, coffee filter, filter paper, coffee cup, coffee server,
        coffee mug, coffee maker, tamper, milk pitcher, cold brew maker, coffee machine, 咖啡豆, 磨豆机, 滤杯, 手冲壶,
        咖啡机, 摩卡壶, 法压壶, 咖啡秤, 奶泡器, 滤纸, 咖啡杯, 分享壶, 压粉锤, 拉花缸, 冷萃壶, 挂耳咖啡
    """,
    "photography": """
        camera, mirrorless camera, film camera, lens, prime lens, tripod, camera bag, camera strap, lens filter,
        flash, light meter, memory card, photo printer, photo album, film roll, film scanner, softbox, light stand,
        gimbal, instant camera, photo frame, camera backpack, nd filter, 相机, 镜头, 三脚架, 相机包, 相机背带, 滤镜,
        闪光灯, 测光表, 存储卡, 相册, 胶卷, 补光灯, 稳定器, 拍立得, 相框, 胶片机, 定焦镜头, 柔光箱
    """,
    "astronomy": """
        telescope, star map, star chart, planisphere, binocular, eyepiece, star tracker, star projector,
        red flashlight, red headlamp, moon filter, 望远镜, 天文望远镜, 星图, 星空仪, 目镜, 赤道仪, 寻星镜
    """,
    "outdoor": """
        tent, sleeping bag, backpack, daypack, hiking boot, hiking shoe, hiking sock, trekking pole, headlamp,
        camping stove, camp stove, camping chair, hammock, water filter, water bottle, rain jacket, hardshell jacket,
        fleece jacket, fleece, windbreaker, compass, map case, camping lantern, lantern, cooler, cooler box,
        sleeping pad, camping mat, picnic blanket, picnic mat, carabiner, dry bag, gaiters, sun hat, bivvy, tarp,
        camping cookware, camping table, multi tool, pocket knife, thermos, vacuum flask, insulated bottle,
        merino base layer, base layer, softshell, 帐篷, 睡袋, 登山包, 背包, 徒步鞋, 登山鞋, 登山杖, 头灯, 炉头,
        露营椅, 吊床, 净水器, 水壶, 冲锋衣, 抓绒衣, 指南针, 露营灯, 营地灯, 保温箱, 防潮垫, 野餐垫, 天幕, 户外水壶,
        保温杯, 保温壶, 速干衣, 软壳裤, 防晒衣, 皮肤衣, 蛋卷桌, 折叠椅, 户外炉具, 蚊帐, 渔夫帽, 遮阳帽
    """,
    "climbing": """
        climbing shoe, climbing shoes, chalk bag, climbing harness, harness, climbing rope, quickdraw, crash pad,
        hangboard, climbing chalk, belay device, 攀岩鞋, 粉袋, 安全带, 动力绳, 快挂, 抱石垫, 指力板, 镁粉
    """,
    "running": """
        running shoe, running shoes, trail running shoes, running vest, hydration vest, running shorts, running belt,
        running watch, compression sock, energy gel, running cap, running sock, armband, race belt, running jacket,
        sneaker, trainer, gps watch, 跑鞋, 越野跑鞋, 跑步腰包, 跑步短裤, 水袋背心, 能量胶, 运动手表, 压缩袜, 跑步帽,
        空顶帽, 号码带, 运动鞋, 运动袜
    """,
    "cycling": """
        bike helmet, cycling helmet, cycling jersey, cycling shorts, bib shorts, bike light, bike lock, bike pump,
        saddle, saddle bag, handlebar bag, cycling glove, pedal, bike computer, pannier, bicycle, road bike,
        bottle cage, cycling shoe, cycling glasses, 骑行头盔, 骑行服, 骑行裤, 车灯, 车锁, 打气筒, 坐垫, 尾包, 车把包,
        骑行手套, 脚踏, 码表, 驮包, 骑行眼镜, 公路车, 折叠车, 水壶架
    """,
    "fishing": """
        fishing rod, fishing reel, fishing line, fishing lure, lure, fishing hook, tackle box, waders, fly rod, bait,
        fishing net, fishing chair, bobber, 鱼竿, 渔轮, 鱼线, 路亚饵, 鱼钩, 钓箱, 钓椅, 浮漂, 抄网, 路亚竿, 鱼饵,
        钓鱼伞, 鱼护, 水滴轮, 假饵
    """,
    "fitness": """
        dumbbell, kettlebell, barbell, resistance band, pull up bar, weight bench, foam roller, jump rope,
        skipping rope, treadmill, rowing machine, exercise bike, ab wheel, gym bag, lifting belt, weight plate,
        shaker bottle, sports bra, leggings, gym glove, massage gun, fitness tracker, push up bar, power rack,
        lifting straps, 哑铃, 壶铃, 杠铃, 弹力带, 单杠, 卧推凳, 泡沫轴, 跳绳, 跑步机, 划船机, 动感单车, 健腹轮,
        健身包, 举重腰带, 摇摇杯, 运动内衣, 健身手套, 筋膜枪, 健身裤, 引体向上器, 护腕, 助力带
    """,
    "yoga": """
        yoga mat, yoga block, yoga strap, yoga wheel, yoga pants, yoga towel, meditation cushion, pilates ring,
        pilates ball, yoga ball, leggings, resistance band, yoga bolster, 瑜伽垫, 瑜伽砖, 瑜伽带, 瑜伽轮, 瑜伽裤,
        瑜伽服, 冥想坐垫, 瑜伽球, 普拉提圈, 铺巾, 拉伸带, 瑜伽袜
    """,
    "tennis": """
        tennis racket, tennis racquet, tennis ball, tennis shoe, tennis bag, tennis skirt, tennis string, overgrip,
        tennis dress, dampener, ball hopper, 网球拍, 网球包, 网球鞋, 网球裙, 网球线, 吸汗带, 手胶, 减震器
    """,
    "badminton": """
        badminton racket, shuttlecock, badminton shoe, badminton string, 羽毛球拍, 羽毛球鞋, 羽毛球包, 羽毛球线, 球拍,
        手胶
    """,
    "basketball": """
        basketball shoe, basketball hoop, basketball jersey, knee pad, arm sleeve, 篮球鞋, 篮球架, 篮球服, 护膝, 护臂
    """,
    "football": """
        football boot, soccer cleat, cleats, shin guard, goalkeeper glove, football jersey, soccer ball, 足球鞋,
        护腿板, 守门员手套, 球衣, 足球袜
    """,
    "swimming": """
        swimsuit, swim goggle, goggle, swim cap, kickboard, swim trunks, pull buoy, swim fin, swim fins, beach towel,
        quick dry towel, 泳衣, 泳镜, 泳帽, 浮板, 泳裤, 脚蹼, 速干毛巾, 沙滩巾, 耳塞
    """,
    "snow": """
        ski goggle, ski jacket, ski pants, ski boot, ski glove, snowboard boot, ski helmet, snow boot, ski sock,
        thermal underwear, snow pants, neck gaiter, 滑雪镜, 滑雪服, 滑雪板, 滑雪手套, 雪靴, 滑雪头盔, 滑雪裤, 护脸,
        滑雪袜, 雪镜, 护具
    """,
    "surf": """
        surfboard, wetsuit, rash guard, paddleboard, snorkel, diving mask, dive computer, life jacket, kayak, leash,
        surf wax, boardshorts, waterproof phone pouch, 冲浪板, 湿衣, 潜水镜, 呼吸管, 救生衣, 脚绳, 桨板, 水母衣,
        防水手机袋
    """,
    "skincare": """
        face cream, moisturizer, moisturiser, serum, face serum, toner, cleanser, face wash, sunscreen, sheet mask,
        face mask, eye cream, exfoliator, clay mask, lip balm, micellar water, face oil, hand cream, body lotion,
        retinol, hyaluronic acid, niacinamide, vitamin c serum, gua sha, jade roller, acne patch, sun cream,
        facial mist, cotton pad, cleansing balm, body wash, 面霜, 精华, 精华液, 爽肤水, 洁面, 洗面奶, 防晒霜, 面膜,
        眼霜, 去角质, 泥膜, 润唇膏, 卸妆水, 护手霜, 身体乳, 玻尿酸, 烟酰胺, 水乳, 喷雾, 刮痧板, 祛痘贴, 卸妆膏, 乳液,
        次抛精华, 化妆棉, 沐浴露
    """,
    "makeup": """
        lipstick, foundation, mascara, eyeliner, eyeshadow, eyeshadow palette, blush, concealer, makeup brush,
        highlighter, lip gloss, setting spray, makeup bag, brow pencil, powder puff, makeup mirror, nail polish,
        makeup sponge, lip tint, 口红, 粉底液, 睫毛膏, 眼线笔, 眼影, 眼影盘, 腮红, 遮瑕, 化妆刷, 高光, 唇釉, 定妆喷雾,
        化妆包, 眉笔, 粉扑, 化妆镜, 指甲油, 美妆蛋, 散粉, 气垫, 唇泥
    """,
    "hair": """
        shampoo, conditioner, hair mask, hair oil, hair dryer, curling iron, hair straightener, hair brush, hairbrush,
        comb, hair clip, hair tie, scrunchie, hair dye, hair serum, silk pillowcase, silk bonnet, diffuser attachment,
        detangling brush, 洗发水, 护发素, 发膜, 护发精油, 吹风机, 卷发棒, 直发器, 梳子, 发夹, 发圈, 染发剂, 抓夹,
        气垫梳, 生发液
    """,
    "perfume": """
        eau de parfum, scented candle, candle, essential oil, diffuser, reed diffuser, incense stick, incense burner,
        room spray, sachet, perfume sample, incense holder, 香薰蜡烛, 蜡烛, 精油, 扩香石, 藤条香薰, 线香, 香炉, 香囊,
        香插, 香薰机, 蜡台, 香牌, 篆香
    """,
    "fashion": """
        dress, skirt, blouse, shirt, t shirt, tee, jeans, trousers, chinos, coat, trench coat, jacket, blazer,
        sweater, cardigan, hoodie, sweatshirt, suit, scarf, belt, hat, cap, beanie, handbag, tote bag, crossbody bag,
        wallet, sunglasses, boot, boots, loafer, sandal, sandals, heel, flats, sock, tie, glove, gloves, shorts, vest,
        jumpsuit, overshirt, parka, down jacket, puffer jacket, sundress, knitwear, overcoat, denim jacket,
        leather jacket, linen shirt, oxford shirt, polo shirt, ankle boot, canvas bag, corduroy trousers,
        wide leg trousers, 连衣裙, 半身裙, 衬衫, T恤, 牛仔裤, 长裤, 大衣, 风衣, 外套, 夹克, 西装, 毛衣, 针织衫, 开衫,
        卫衣, 围巾, 腰带, 帽子, 毛线帽, 手提包, 帆布包, 斜挎包, 托特包, 钱包, 太阳镜, 墨镜, 靴子, 乐福鞋, 凉鞋,
        高跟鞋, 平底鞋, 袜子, 领带, 手套, 短裤, 背心, 羽绒服, 棉服, 阔腿裤, 小黑裙, 皮衣, 工装裤, 亚麻衬衫, 短靴,
        玛丽珍鞋, 帆布鞋, 裙子, 鞋子
    """,
    "hanfu": """
        hanfu dress, hairpin, round fan, mamianqun, horse face skirt, embroidered shoes, 马面裙, 发簪, 团扇, 明制汉服,
        宋制汉服, 绣花鞋, 褙子, 步摇, 油纸伞, 宋锦外套, 盘扣上衣, 披帛
    """,
    "sneakers": """
        sneaker, sneakers, high top, high top sneaker, shoe tree, shoe cleaner, sneaker display box, 球鞋, 板鞋, 鞋盒,
        小白鞋, 老爹鞋, 鞋撑
    """,
    "jewellery": """
        necklace, earring, ring, bracelet, pendant, brooch, anklet, jewellery box, jewelry box, stud earrings, 项链,
        耳环, 戒指, 手链, 吊坠, 胸针, 手镯, 耳钉, 首饰盒, 手串, 玉镯, 锁骨链
    """,
    "watches": """
        watch, wristwatch, mechanical watch, watch strap, watch box, watch winder, dive watch, smart watch,
        smartwatch, pocket watch, 手表, 机械手表, 表带, 表盒, 摇表器, 潜水表, 智能手表, 怀表
    """,
    "sleep": """
        pillow, pillowcase, duvet, duvet cover, comforter, mattress, mattress topper, bed sheet, sheets,
        weighted blanket, blanket, throw blanket, sleep mask, eye mask, ear plug, white noise machine,
        memory foam pillow, blackout curtain, pyjamas, pajamas, electric blanket, heated blanket, quilt, 枕头, 枕套,
        被子, 被套, 床垫, 床单, 四件套, 毛毯, 眼罩, 耳塞, 白噪音机, 遮光窗帘, 睡衣, 乳胶枕, 记忆枕, 电热毯, 蚕丝被,
        凉席, 鹅绒被, 重力毯, 真丝眼罩
    """,
    "home": """
        sofa, couch, love seat, armchair, coffee table, side table, bookshelf, bookcase, rug, carpet, curtain,
        cushion, cushion cover, wall art, poster, mirror, vase, storage box, storage basket, shelf, wall shelf,
        wardrobe, desk, chair, dining table, dining chair, floor lamp, table lamp, wall clock, dehumidifier,
        humidifier, air purifier, fan, heater, space heater, drawer organizer, drawer organiser, hanger, shoe rack,
        doormat, tapestry, picture frame, vacuum cleaner, robot vacuum, bath mat, towel, shower curtain, tablecloth,
        placemat, dream catcher, coat rack, laundry basket, rattan basket, bar stool, 沙发, 扶手椅, 茶几, 边几, 书架,
        地毯, 窗帘, 抱枕, 挂画, 海报, 镜子, 花瓶, 收纳盒, 收纳箱, 收纳筐, 置物架, 衣柜, 书桌, 椅子, 餐桌, 餐椅,
        落地灯, 台灯, 挂钟, 除湿机, 加湿器, 空气净化器, 风扇, 电风扇, 取暖器, 暖风机, 分隔盒, 衣架, 鞋架, 地垫, 挂毯,
        吸尘器, 扫地机器人, 毛巾, 浴帘, 桌布, 餐垫, 捕梦网, 脏衣篮, 斗柜, 懒人沙发, 装饰画
    """,
    "lighting": """
        lamp, desk lamp, night light, led strip, string lights, fairy lights, pendant light, ceiling light,
        chandelier, bedside lamp, sunset lamp, reading light, reading lamp, spotlight, 灯, 小夜灯, 灯带, 串灯, 吊灯,
        吸顶灯, 床头灯, 日落灯, 阅读灯, 壁灯, 氛围灯, 护眼灯
    """,
    "cooking": """
        frying pan, cast iron pan, skillet, cast iron skillet, wok, saucepan, stockpot, dutch oven, chef knife,
        chef's knife, kitchen knife, santoku knife, cutting board, chopping board, knife sharpener, whetstone,
        rice cooker, air fryer, pressure cooker, blender, food processor, spatula, ladle, tongs, grill,
        barbecue grill, bbq grill, meat thermometer, spice grinder, pepper mill, mortar and pestle, cookbook, apron,
        lunch box, bento box, plate, bowl, dinnerware, chopstick, cutlery, spice rack, spice set, olive oil,
        soy sauce, hot sauce, chili crisp, chili oil, miso paste, fermentation jar, dumpling steamer, bamboo steamer,
        steamer, mandoline, colander, hot pot, hot pot base, salad spinner, beef jerky, steak, beef steak, glass, cup,
        mug, noodle maker, pasta maker, 平底锅, 煎锅, 铸铁锅, 炒锅, 汤锅, 珐琅锅, 砂锅, 菜刀, 主厨刀, 砧板, 菜板,
        磨刀石, 电饭煲, 空气炸锅, 压力锅, 破壁机, 料理机, 锅铲, 烤架, 烤盘, 烧烤炉, 肉类温度计, 研磨器, 食谱, 围裙,
        饭盒, 便当盒, 盘子, 碗, 餐具, 筷子, 调料架, 橄榄油, 酱油, 辣椒油, 泡菜坛, 蒸笼, 火锅底料, 电火锅, 牛排,
        牛肉干, 杯子, 马克杯, 玻璃杯, 面条机, 厨刀, 汤碗
    """,
    "baking": """
        stand mixer, hand mixer, baking sheet, baking pan, cake pan, loaf pan, rolling pin, proofing basket, banneton,
        bread lame, piping bag, piping tip, oven, bread machine, flour, yeast, cookie cutter, oven mitt,
        kitchen scale, cooling rack, bread knife, cake stand, vanilla extract, muffin tin, measuring cup,
        baking stone, silicone mould, 打蛋器, 厨师机, 烤箱, 吐司模具, 蛋糕模具, 擀面杖, 发酵篮, 裱花袋, 裱花嘴,
        面包机, 面粉, 酵母, 饼干模具, 隔热手套, 厨房秤, 晾架, 面包刀, 量杯, 硅胶模具, 高筋面粉, 黄油
    """,
    "snacks": """
        dark chocolate, chocolate bar, potato chips, crackers, cookie, gummy candy, dried fruit, trail mix, almonds,
        granola, granola bar, cheese, popcorn, rice cake, ice cream, mooncake, dried mango, cotton candy,
        peanut butter, honey, jam, 黑巧克力, 薯片, 饼干, 软糖, 果干, 混合坚果, 腰果, 燕麦, 奶酪, 爆米花, 年糕, 冰淇淋,
        月饼, 辣条, 肉脯, 花生酱, 蜂蜜, 果酱, 粽子, 鸭脖, 糕点, 绿豆糕
    """,
    "drinks": """
        cocktail shaker, jigger, wine glass, decanter, corkscrew, whisky glass, whiskey glass, bar spoon,
        cocktail bitters, ice mold, ice mould, wine rack, beer glass, hip flask, red wine, white wine, sparkling wine,
        gin, rum, vodka, craft beer, sake set, home brewing kit, soda maker, juicer, cigarette, 摇酒壶, 量酒器,
        红酒杯, 醒酒器, 开瓶器, 威士忌杯, 冰模, 酒架, 啤酒杯, 酒壶, 干红, 干白, 起泡酒, 金酒, 酒具, 果汁机, 榨汁机,
        气泡水机, 白酒, 黄酒, 梅酒
    """,
    "nutrition": """
        protein powder, whey protein, multivitamin, vitamin d, fish oil, collagen, creatine, probiotic, magnesium,
        calcium tablet, calcium supplement, joint supplement, electrolyte powder, protein bar, herbal tea,
        bird's nest, ginseng, goji berry, glucosamine, bone supplement, 蛋白粉, 乳清蛋白, 维生素, 鱼油, 胶原蛋白,
        肌酸, 益生菌, 钙片, 电解质粉, 代餐, 燕窝, 人参, 枸杞, 阿胶, 氨糖, 黑芝麻丸, 维骨力, 软骨素, 花胶
    """,
    "gardening": """
        plant pot, flower pot, planter, watering can, pruning shears, secateurs, garden trowel, trowel, garden glove,
        potting soil, fertilizer, fertiliser, seeds, seed tray, seedling tray, grow light, hose, plant stand,
        terrarium, raised bed, plant mister, monstera, orchid, compost bin, trellis, bonsai pot, ikebana vase,
        flower frog, moss pole, self watering planter, soil moisture meter, 花盆, 喷壶, 浇水壶, 修枝剪, 园艺铲,
        园艺手套, 营养土, 肥料, 种子, 育苗盘, 补光灯, 水管, 花架, 生态瓶, 龟背竹, 兰花, 花泥, 剑山, 花剪, 盆栽, 苔藓,
        爬藤架, 水培瓶, 花束
    """,
    "cat": """
        cat litter, cat litter box, litter box, cat tree, cat toy, cat food, cat scratcher, scratching post, catnip,
        cat carrier, cat bed, cat fountain, cat window perch, feather wand, pet fountain, pet camera, cat treat, 猫砂,
        猫砂盆, 猫爬架, 逗猫棒, 猫粮, 猫抓板, 猫薄荷, 猫包, 猫窝, 猫罐头, 冻干, 猫条, 宠物饮水机, 猫玩具, 猫吊床
    """,
    "dog": """
        dog leash, dog collar, dog harness, dog food, dog bed, dog toy, chew toy, dog crate, dog treat, poop bag,
        dog bowl, dog coat, dog shampoo, pet brush, lick mat, snuffle mat, 狗绳, 牵引绳, 项圈, 胸背带, 狗粮, 狗窝,
        狗玩具, 磨牙棒, 狗笼, 拾便袋, 狗碗, 宠物梳, 嗅闻垫, 狗零食, 狗衣服
    """,
    "aquarium": """
        fish tank, aquarium filter, fish food, aquarium light, air pump, aquarium plant, driftwood, water test kit,
        aquarium heater, co2 diffuser, aquarium sand, 鱼缸, 过滤器, 鱼食, 水草灯, 氧气泵, 水草, 沉木, 加热棒, 水草泥,
        溪流缸
    """,
    "bird": """
        bird feeder, bird bath, field guide, binocular, birdhouse, bird seed, spotting scope, 喂鸟器, 鸟窝, 鸟类图鉴,
        双筒望远镜, 鸟食, 观鸟镜
    """,
    "baby": """
        baby bottle, pacifier, stroller, baby carrier, baby monitor, crib, high chair, baby food, baby wipes, diaper,
        diaper bag, nursing pillow, breast pump, teether, onesie, bib, baby bath, swaddle, maternity dress, car seat,
        baby formula, 奶瓶, 奶嘴, 婴儿车, 背带, 婴儿床, 餐椅, 辅食机, 尿不湿, 纸尿裤, 妈咪包, 哺乳枕, 吸奶器, 牙胶,
        连体衣, 口水巾, 浴盆, 孕妇装, 安全座椅, 奶粉, 婴儿推车, 孕妇枕
    """,
    "kids": """
        picture book, kids bike, balance bike, wooden blocks, wooden train, coloring book, colouring book, school bag,
        crayon, play tent, sandbox toy, flash card, kids scooter, kids backpack, science kit, 绘本, 平衡车,
        儿童自行车, 积木玩具, 涂色书, 书包, 蜡笔, 帐篷玩具, 识字卡, 滑板车, 儿童绘本, 点读笔
    """,
    "senior": """
        walking cane, walker, rollator, hearing aid, reading glasses, pill organizer, pill organiser, stair lift,
        grab bar, blood pressure monitor, shower chair, large button phone, senior multivitamin, 老花镜, 助听器, 拐杖,
        助行器, 药盒, 血压计, 扶手, 洗澡椅, 老人机, 老年奶粉, 中老年奶粉, 老人鞋, 轮椅
    """,
    "anime": """
        anime figure, figurine, figure, cosplay costume, cosplay wig, manga, anime poster, acrylic stand,
        acrylic keychain, badge, body pillow, art book, artbook, display case, anime keychain, 手办, 模型手办, 立牌,
        亚克力立牌, 吧唧, 徽章, 动漫海报, 漫画书, 设定集, 痛包, 展示盒, 展示柜, 假发, 动漫周边, 周边, 挂件, 色纸,
        钥匙扣
    """,
    "boardgames": """
        board game, strategy board game, card game, cooperative board game, dice set, dice tray, card sleeve,
        jigsaw puzzle, wooden puzzle, chess set, chess board, go board, playing cards, puzzle box, rpg rulebook,
        mahjong set, game mat, puzzle mat, 桌游卡牌, 骰子, 骰盘, 卡套, 拼图, 木质拼图, 国际象棋, 围棋盘, 扑克牌,
        鲁班锁, 麻将, 桌游, 卡牌, 魔方, 桌布垫
    """,
    "models": """
        model kit, plastic model kit, airbrush, hobby knife, model paint, nippers, model train, building brick,
        building blocks, display stand, miniature paint, diorama, paint brush, brick set, toy brick, model car,
        model ship, 模型套件, 高达模型, 喷笔, 笔刀, 模型漆, 剪钳, 火车模型, 拼装积木, 展示架, 场景模型, 车模, 船模,
        拼装模型, 颗粒积木, 机甲模型, 打磨棒
    """,
    "gaming": """
        game controller, controller, gaming headset, gaming mouse, gaming keyboard, gaming chair, game console,
        console, handheld console, racing wheel, gaming monitor, mouse pad, arcade stick, fight stick, capture card,
        controller stand, retro handheld, 手柄, 游戏手柄, 游戏耳机, 游戏鼠标, 电竞椅, 游戏机, 掌机, 方向盘,
        电竞显示器, 鼠标垫, 采集卡, 摇杆, 游戏卡带, 充电底座
    """,
    "computer": """
        keyboard, mechanical keyboard, keycap, keycap set, mouse, monitor, monitor arm, laptop, laptop stand,
        laptop sleeve, usb hub, docking station, webcam, ssd, hard drive, router, soldering iron, 3d printer,
        filament, graphics card, cpu cooler, desk mat, cable organizer, cable organiser, usb cable, switch tester,
        key switch, wrist rest, power strip, printer, keyboard kit, 键盘, 机械键盘, 键帽, 鼠标, 显示器, 显示器支架,
        笔记本电脑, 电脑支架, 扩展坞, 摄像头, 固态硬盘, 路由器, 电烙铁, 三维打印机, 3D打印机, 耗材, 显卡, 散热器,
        桌垫, 理线器, 轴体, 手托, 屏幕挂灯, 插线板, 卫星轴, 内存条
    """,
    "phone": """
        phone case, phone stand, phone grip, power bank, charger, wireless charger, phone lens, screen protector,
        charging cable, usb c cable, tablet, stylus, phone holder, selfie stick, 手机壳, 手机支架, 充电宝, 充电器,
        无线充电器, 手机镜头, 钢化膜, 数据线, 平板, 触控笔, 自拍杆, 充电线
    """,
    "audio": """
        headphones, headphone, earbuds, earphone, speaker, bluetooth speaker, bookshelf speaker, amplifier, turntable,
        record player, vinyl record, dac, soundbar, microphone, headphone stand, phono cartridge, record sleeve,
        record cabinet, subwoofer, record brush, noise cancelling headphones, open back headphones, in ear monitor,
        耳机, 头戴式耳机, 入耳式耳机, 音箱, 蓝牙音箱, 书架箱, 功放, 黑胶唱机, 唱片机, 黑胶唱片, 解码器, 麦克风,
        耳机架, 唱针, 唱片架, 唱片, 唱片刷, 降噪耳机, 耳放
    """,
    "music": """
        acoustic guitar, electric guitar, guitar string, guitar strings, guitar pick, capo, guitar strap,
        guitar pedal, effects pedal, guitar stand, digital piano, midi keyboard, ukulele, violin bow, drum pad,
        practice pad, music stand, metronome, guitar amplifier, harmonica, kalimba, tuner, sheet music, drum stick,
        audio interface, guitar case, 民谣吉他, 电吉他, 琴弦, 拨片, 变调夹, 吉他背带, 效果器, 琴架, 电钢琴, 谱架,
        节拍器, 口琴, 拇指琴, 调音器, 琴谱, 吉他包, 古筝指甲, 声卡, 琴凳
    """,
    "art": """
        watercolor paint, watercolour paint, watercolor paper, watercolour paper, watercolor set, paint set,
        sketchbook, easel, canvas, paintbrush, brush pen, colored pencil, coloured pencil, drawing tablet,
        acrylic paint, oil paint, palette, charcoal pencil, graphite pencil, drawing board, gouache, watercolor brush,
        watercolour brush, fineliner, kneaded eraser, mop brush, 水彩颜料, 水彩纸, 速写本, 画架, 画布, 画笔, 彩铅,
        数位板, 丙烯颜料, 油画颜料, 调色盘, 炭笔, 固体水彩, 水粉, 针管笔, 素描纸, 国画颜料, 素描铅笔, 画板, 水彩笔,
        马克笔
    """,
    "calligraphy": """
        fountain pen, ink bottle, bottled ink, calligraphy brush, ink stone, inkstone, rice paper, calligraphy pen,
        dip pen, nib, copybook, xuan paper, brush rest, pen case, 钢笔, 墨水, 毛笔, 砚台, 宣纸, 字帖, 镇纸, 笔搁,
        墨条, 墨汁, 毛毡, 笔架, 印泥, 篆刻刀, 书画毡, 瘦金体字帖
    """,
    "stationery": """
        notebook, journal, washi tape, sticker, gel pen, planner, pen, pencil case, stamp, bookmark, sticky note,
        ruler, dot grid journal, dotted notebook, desk calendar, letter set, wax seal, envelope, highlighter pen,
        笔记本, 手账本, 胶带, 和纸胶带, 贴纸, 中性笔, 笔袋, 印章, 书签, 便利贴, 火漆印章, 信封, 活页本, 日历, 便签,
        明信片
    """,
    "reading": """
        book, novel, e reader, ereader, book light, bookend, book stand, bookshelf, audiobook, poetry collection,
        cookbook, biography, reading pillow, science fiction novel, book cover, history book, art history book, 书,
        小说, 阅读器, 电子书阅读器, 书立, 书签, 阅读架, 诗集, 传记, 科幻小说, 历史书, 书套, 推理小说, 散文集
    """,
    "crafts": """
        yarn, merino yarn, knitting needle, knitting needles, crochet hook, sewing machine, embroidery hoop,
        embroidery kit, embroidery thread, fabric, pottery wheel, pottery tool, clay, polymer clay, leather tool,
        stitching awl, hand plane, wood chisel, carving knife, whittling knife, candle wax, candle making kit,
        glue gun, resin, needle felting kit, quilting fabric, stitch marker, thread, crochet kit, loom, beads,
        soldering kit, wood stain, chisel, marking gauge, mending kit, 毛线, 棒针, 钩针套装, 缝纫机, 绣绷, 刺绣套件,
        绣线, 布料, 陶轮, 陶泥, 黏土, 软陶, 皮具工具, 刨子, 木工凿, 雕刻刀, 大豆蜡, 热熔胶枪, 滴胶套装, 戳戳乐, 串珠,
        钩针, 织布机, 羊毛毡材料包, 植鞣革, 记号扣, 菱斩
    """,
    "travel": """
        suitcase, carry on suitcase, luggage, packing cube, packing cubes, travel pillow, neck pillow,
        passport holder, travel adapter, luggage tag, toiletry bag, travel bottle, weekender bag, travel backpack,
        compression bag, duffel bag, money belt, 行李箱, 登机箱, 旅行收纳袋, 颈枕, 护照夹, 转换插头, 行李牌, 洗漱包,
        分装瓶, 旅行包, 拉杆箱, U型枕, 旅行背包
    """,
    "car": """
        dash cam, car charger, car vacuum, car phone mount, car seat cover, car wax, microfiber towel,
        microfibre towel, floor mat, tire inflator, tyre inflator, jump starter, motorcycle helmet, motorcycle glove,
        car air freshener, car cleaning kit, car shampoo, clay bar, foam cannon, trunk organizer, car organizer,
        sunshade, riding jacket, 行车记录仪, 车载充电器, 车载吸尘器, 车载支架, 座套, 车蜡, 擦车巾, 脚垫, 充气泵,
        应急电源, 摩托车头盔, 骑行护具, 车载香薰, 洗车机, 遮阳挡, 后备箱收纳, 车衣, 泡沫壶
    """,
    "cleaning": """
        laundry detergent, detergent, dish soap, toilet paper, paper towel, trash bag, mop, broom, sponge, bleach,
        fabric softener, stain remover, cleaning cloth, disinfectant, scrub brush, lint roller, descaler, 洗衣液,
        洗洁精, 卫生纸, 抽纸, 垃圾袋, 拖把, 扫帚, 海绵, 漂白剂, 柔顺剂, 去渍剂, 抹布, 消毒液, 清洁剂, 洗衣凝珠,
        洁厕灵, 粘毛器, 除螨仪
    """,
    "tools": """
        screwdriver, drill, cordless drill, wrench, hammer, pliers, tape measure, tool box, toolbox, sealant, faucet,
        tap, pipe, plunger, socket set, screw, saw, ladder, sandpaper, hose clamp, fuse, light switch, sink strainer,
        螺丝刀, 电钻, 扳手, 锤子, 钳子, 卷尺, 工具箱, 密封胶, 水龙头, 水管, 马桶塞, 螺丝, 锯子, 梯子, 砂纸, 保险丝,
        开关面板, 角阀, 生料带, 冲击钻
    """,
    "health": """
        thermometer, bandage, massage chair, heating pad, knee brace, back brace, first aid kit, massager,
        neck massager, lumbar cushion, lumbar support, posture corrector, air mattress, foot massager,
        acupressure mat, pain relief patch, surgical mask, standing desk, ergonomic chair, ergonomic office chair,
        体温计, 创可贴, 按摩椅, 热敷垫, 护腰, 急救包, 按摩仪, 颈椎按摩仪, 腰靠, 足浴盆, 口罩, 艾灸盒, 膏药,
        人体工学椅, 升降桌, 泡脚桶, 热敷眼罩
    """,
    "smarthome": """
        smart bulb, smart plug, smart speaker, smart lock, smart thermostat, doorbell camera, smart light,
        motion sensor, robot vacuum, 智能灯泡, 智能插座, 智能音箱, 智能门锁, 人体传感器, 智能窗帘, 智能灯, 扫地机器人,
        智能开关
    """,
    "drone": """
        camera drone, drone battery, propeller, drone case, landing pad, mini drone, fpv goggles, propeller guard,
        无人机电池, 桨叶, 收纳包, 停机坪
    """,
    "study": """
        exam guide, exam book, mock exam, textbook, flashcards, workbook, vocabulary book, prep book, 真题, 题库,
        教材, 单词书, 练习册, 考试用书, 模拟卷, 网课
    """,
    "toys": """
        plush toy, stuffed animal, toy car, blind box figure, spinning top, yo yo, kite, bubble machine, water gun,
        fidget toy, art toy, doll, dollhouse, 毛绒玩具, 玩偶, 玩具车, 盲盒手办, 风筝, 泡泡机, 水枪, 娃娃, 公仔,
        娃娃屋, 解压玩具
    """,
}
"""Topic to products commonly sold; a product may stand under several topics."""
