"""Products that shops commonly sell, by topic, in English; data only. The Chinese ones stand in `products_zh`."""

from __future__ import annotations

from collections.abc import Mapping

PRODUCTS: Mapping[str, str] = {
    "tea": """
        teapot, teacup, tea cup, tea set, gaiwan, tea tray, tea pet, tea strainer, tea infuser, tea caddy,
        tea canister, loose leaf tea, tea bag, kettle, electric kettle, matcha whisk, tea table, fairness cup
    """,
    "coffee": """
        coffee bean, coffee grinder, hand grinder, coffee dripper, dripper, gooseneck kettle, espresso machine,
        moka pot, french press, coffee scale, milk frother, coffee filter, filter paper, coffee cup, coffee server,
        coffee mug, coffee maker, tamper, milk pitcher, cold brew maker, coffee machine
    """,
    "photography": """
        camera, mirrorless camera, film camera, lens, prime lens, tripod, camera bag, camera strap, lens filter,
        flash, light meter, memory card, photo printer, photo album, film roll, film scanner, softbox, light stand,
        gimbal, instant camera, photo frame, camera backpack, nd filter
    """,
    "astronomy": """
        telescope, star map, star chart, planisphere, binocular, eyepiece, star tracker, star projector,
        red flashlight, red headlamp, moon filter
    """,
    "outdoor": """
        tent, sleeping bag, backpack, daypack, hiking boot, hiking shoe, hiking sock, trekking pole, headlamp,
        camping stove, camp stove, camping chair, hammock, water filter, water bottle, rain jacket, hardshell jacket,
        fleece jacket, fleece, windbreaker, compass, map case, camping lantern, lantern, cooler, cooler box,
        sleeping pad, camping mat, picnic blanket, picnic mat, carabiner, dry bag, gaiters, sun hat, bivvy, tarp,
        camping cookware, camping table, multi tool, pocket knife, thermos, vacuum flask, insulated bottle,
        merino base layer, base layer, softshell
    """,
    "climbing": """
        climbing shoe, climbing shoes, chalk bag, climbing harness, harness, climbing rope, quickdraw, crash pad,
        hangboard, climbing chalk, belay device
    """,
    "running": """
        running shoe, running shoes, trail running shoes, running vest, hydration vest, running shorts, running belt,
        running watch, compression sock, energy gel, running cap, running sock, armband, race belt, running jacket,
        sneaker, trainer, gps watch
    """,
    "cycling": """
        bike helmet, cycling helmet, cycling jersey, cycling shorts, bib shorts, bike light, bike lock, bike pump,
        saddle, saddle bag, handlebar bag, cycling glove, pedal, bike computer, pannier, bicycle, road bike,
        bottle cage, cycling shoe, cycling glasses
    """,
    "fishing": """
        fishing rod, fishing reel, fishing line, fishing lure, lure, fishing hook, tackle box, waders, fly rod, bait,
        fishing net, fishing chair, bobber
    """,
    "fitness": """
        dumbbell, kettlebell, barbell, resistance band, pull up bar, weight bench, foam roller, jump rope,
        skipping rope, treadmill, rowing machine, exercise bike, ab wheel, gym bag, lifting belt, weight plate,
        shaker bottle, sports bra, leggings, gym glove, massage gun, fitness tracker, push up bar, power rack,
        lifting straps
    """,
    "yoga": """
        yoga mat, yoga block, yoga strap, yoga wheel, yoga pants, yoga towel, meditation cushion, pilates ring,
        pilates ball, yoga ball, leggings, resistance band, yoga bolster
    """,
    "tennis": """
        tennis racket, tennis racquet, tennis ball, tennis shoe, tennis bag, tennis skirt, tennis string, overgrip,
        tennis dress, dampener, ball hopper
    """,
    "badminton": "badminton racket, shuttlecock, badminton shoe, badminton string",
    "basketball": "basketball shoe, basketball hoop, basketball jersey, knee pad, arm sleeve",
    "football": "football boot, soccer cleat, cleats, shin guard, goalkeeper glove, football jersey, soccer ball",
    "swimming": """
        swimsuit, swim goggle, goggle, swim cap, kickboard, swim trunks, pull buoy, swim fin, swim fins, beach towel,
        quick dry towel
    """,
    "snow": """
        ski goggle, ski jacket, ski pants, ski boot, ski glove, snowboard boot, ski helmet, snow boot, ski sock,
        thermal underwear, snow pants, neck gaiter
    """,
    "surf": """
        surfboard, wetsuit, rash guard, paddleboard, snorkel, diving mask, dive computer, life jacket, kayak, leash,
        surf wax, boardshorts, waterproof phone pouch
    """,
    "skincare": """
        face cream, moisturizer, moisturiser, serum, face serum, toner, cleanser, face wash, sunscreen, sheet mask,
        face mask, eye cream, exfoliator, clay mask, lip balm, micellar water, face oil, hand cream, body lotion,
        retinol, hyaluronic acid, niacinamide, vitamin c serum, gua sha, jade roller, acne patch, sun cream,
        facial mist, cotton pad, cleansing balm, body wash
    """,
    "makeup": """
        lipstick, foundation, mascara, eyeliner, eyeshadow, eyeshadow palette, blush, concealer, makeup brush,
        highlighter, lip gloss, setting spray, makeup bag, brow pencil, powder puff, makeup mirror, nail polish,
        makeup sponge, lip tint
    """,
    "hair": """
        shampoo, conditioner, hair mask, hair oil, hair dryer, curling iron, hair straightener, hair brush, hairbrush,
        comb, hair clip, hair tie, scrunchie, hair dye, hair serum, silk pillowcase, silk bonnet, diffuser attachment,
        detangling brush
    """,
    "perfume": """
        eau de parfum, scented candle, candle, essential oil, diffuser, reed diffuser, incense stick, incense burner,
        room spray, sachet, perfume sample, incense holder
    """,
    "fashion": """
        dress, skirt, blouse, shirt, t shirt, tee, jeans, trousers, chinos, coat, trench coat, jacket, blazer,
        sweater, cardigan, hoodie, sweatshirt, suit, scarf, belt, hat, cap, beanie, handbag, tote bag, crossbody bag,
        wallet, sunglasses, boot, boots, loafer, sandal, sandals, heel, flats, sock, tie, glove, gloves, shorts, vest,
        jumpsuit, overshirt, parka, down jacket, puffer jacket, sundress, knitwear, overcoat, denim jacket,
        leather jacket, linen shirt, oxford shirt, polo shirt, ankle boot, canvas bag, corduroy trousers,
        wide leg trousers
    """,
    "hanfu": "hanfu dress, hairpin, round fan, mamianqun, horse face skirt, embroidered shoes",
    "sneakers": "sneaker, sneakers, high top, high top sneaker, shoe tree, shoe cleaner, sneaker display box",
    "jewellery": """
        necklace, earring, ring, bracelet, pendant, brooch, anklet, jewellery box, jewelry box, stud earrings
    """,
    "watches": """
        watch, wristwatch, mechanical watch, watch strap, watch box, watch winder, dive watch, smart watch,
        smartwatch, pocket watch
    """,
    "sleep": """
        pillow, pillowcase, duvet, duvet cover, comforter, mattress, mattress topper, bed sheet, sheets,
        weighted blanket, blanket, throw blanket, sleep mask, eye mask, ear plug, white noise machine,
        memory foam pillow, blackout curtain, pyjamas, pajamas, electric blanket, heated blanket, quilt
    """,
    "home": """
        sofa, couch, love seat, armchair, coffee table, side table, bookshelf, bookcase, rug, carpet, curtain,
        cushion, cushion cover, wall art, poster, mirror, vase, storage box, storage basket, shelf, wall shelf,
        wardrobe, desk, chair, dining table, dining chair, floor lamp, table lamp, wall clock, dehumidifier,
        humidifier, air purifier, fan, heater, space heater, drawer organizer, drawer organiser, hanger, shoe rack,
        doormat, tapestry, picture frame, vacuum cleaner, robot vacuum, bath mat, towel, shower curtain, tablecloth,
        placemat, dream catcher, coat rack, laundry basket, rattan basket, bar stool
    """,
    "lighting": """
        lamp, desk lamp, night light, led strip, string lights, fairy lights, pendant light, ceiling light,
        chandelier, bedside lamp, sunset lamp, reading light, reading lamp, spotlight
    """,
    "cooking": """
        frying pan, cast iron pan, skillet, cast iron skillet, wok, saucepan, stockpot, dutch oven, chef knife,
        chef's knife, kitchen knife, santoku knife, cutting board, chopping board, knife sharpener, whetstone,
        rice cooker, air fryer, pressure cooker, blender, food processor, spatula, ladle, tongs, grill,
        barbecue grill, bbq grill, meat thermometer, spice grinder, pepper mill, mortar and pestle, cookbook, apron,
        lunch box, bento box, plate, bowl, dinnerware, chopstick, cutlery, spice rack, spice set, olive oil,
        soy sauce, hot sauce, chili crisp, chili oil, miso paste, fermentation jar, dumpling steamer, bamboo steamer,
        steamer, mandoline, colander, hot pot, hot pot base, salad spinner, beef jerky, steak, beef steak, glass, cup,
        mug, noodle maker, pasta maker
    """,
    "baking": """
        stand mixer, hand mixer, baking sheet, baking pan, cake pan, loaf pan, rolling pin, proofing basket, banneton,
        bread lame, piping bag, piping tip, oven, bread machine, flour, yeast, cookie cutter, oven mitt,
        kitchen scale, cooling rack, bread knife, cake stand, vanilla extract, muffin tin, measuring cup,
        baking stone, silicone mould
    """,
    "snacks": """
        dark chocolate, chocolate bar, potato chips, crackers, cookie, gummy candy, dried fruit, trail mix, almonds,
        granola, granola bar, cheese, popcorn, rice cake, ice cream, mooncake, dried mango, cotton candy,
        peanut butter, honey, jam
    """,
    "drinks": """
        cocktail shaker, jigger, wine glass, decanter, corkscrew, whisky glass, whiskey glass, bar spoon,
        cocktail bitters, ice mold, ice mould, wine rack, beer glass, hip flask, red wine, white wine, sparkling wine,
        gin, rum, vodka, craft beer, sake set, home brewing kit, soda maker, juicer, cigarette
    """,
    "nutrition": """
        protein powder, whey protein, multivitamin, vitamin d, fish oil, collagen, creatine, probiotic, magnesium,
        calcium tablet, calcium supplement, joint supplement, electrolyte powder, protein bar, herbal tea,
        bird's nest, ginseng, goji berry, glucosamine, bone supplement
    """,
    "gardening": """
        plant pot, flower pot, planter, watering can, pruning shears, secateurs, garden trowel, trowel, garden glove,
        potting soil, fertilizer, fertiliser, seeds, seed tray, seedling tray, grow light, hose, plant stand,
        terrarium, raised bed, plant mister, monstera, orchid, compost bin, trellis, bonsai pot, ikebana vase,
        flower frog, moss pole, self watering planter, soil moisture meter
    """,
    "cat": """
        cat litter, cat litter box, litter box, cat tree, cat toy, cat food, cat scratcher, scratching post, catnip,
        cat carrier, cat bed, cat fountain, cat window perch, feather wand, pet fountain, pet camera, cat treat
    """,
    "dog": """
        dog leash, dog collar, dog harness, dog food, dog bed, dog toy, chew toy, dog crate, dog treat, poop bag,
        dog bowl, dog coat, dog shampoo, pet brush, lick mat, snuffle mat
    """,
    "aquarium": """
        fish tank, aquarium filter, fish food, aquarium light, air pump, aquarium plant, driftwood, water test kit,
        aquarium heater, co2 diffuser, aquarium sand
    """,
    "bird": "bird feeder, bird bath, field guide, binocular, birdhouse, bird seed, spotting scope",
    "baby": """
        baby bottle, pacifier, stroller, baby carrier, baby monitor, crib, high chair, baby food, baby wipes, diaper,
        diaper bag, nursing pillow, breast pump, teether, onesie, bib, baby bath, swaddle, maternity dress, car seat,
        baby formula
    """,
    "kids": """
        picture book, kids bike, balance bike, wooden blocks, wooden train, coloring book, colouring book, school bag,
        crayon, play tent, sandbox toy, flash card, kids scooter, kids backpack, science kit
    """,
    "senior": """
        walking cane, walker, rollator, hearing aid, reading glasses, pill organizer, pill organiser, stair lift,
        grab bar, blood pressure monitor, shower chair, large button phone, senior multivitamin
    """,
    "anime": """
        anime figure, figurine, figure, cosplay costume, cosplay wig, manga, anime poster, acrylic stand,
        acrylic keychain, badge, body pillow, art book, artbook, display case, anime keychain
    """,
    "boardgames": """
        board game, strategy board game, card game, cooperative board game, dice set, dice tray, card sleeve,
        jigsaw puzzle, wooden puzzle, chess set, chess board, go board, playing cards, puzzle box, rpg rulebook,
        mahjong set, game mat, puzzle mat
    """,
    "models": """
        model kit, plastic model kit, airbrush, hobby knife, model paint, nippers, model train, building brick,
        building blocks, display stand, miniature paint, diorama, paint brush, brick set, toy brick, model car,
        model ship
    """,
    "gaming": """
        game controller, controller, gaming headset, gaming mouse, gaming keyboard, gaming chair, game console,
        console, handheld console, racing wheel, gaming monitor, mouse pad, arcade stick, fight stick, capture card,
        controller stand, retro handheld
    """,
    "computer": """
        keyboard, mechanical keyboard, keycap, keycap set, mouse, monitor, monitor arm, laptop, laptop stand,
        laptop sleeve, usb hub, docking station, webcam, ssd, hard drive, router, soldering iron, 3d printer,
        filament, graphics card, cpu cooler, desk mat, cable organizer, cable organiser, usb cable, switch tester,
        key switch, wrist rest, power strip, printer, keyboard kit
    """,
    "phone": """
        phone case, phone stand, phone grip, power bank, charger, wireless charger, phone lens, screen protector,
        charging cable, usb c cable, tablet, stylus, phone holder, selfie stick
    """,
    "audio": """
        headphones, headphone, earbuds, earphone, speaker, bluetooth speaker, bookshelf speaker, amplifier, turntable,
        record player, vinyl record, dac, soundbar, microphone, headphone stand, phono cartridge, record sleeve,
        record cabinet, subwoofer, record brush, noise cancelling headphones, open back headphones, in ear monitor
    """,
    "music": """
        acoustic guitar, electric guitar, guitar string, guitar strings, guitar pick, capo, guitar strap,
        guitar pedal, effects pedal, guitar stand, digital piano, midi keyboard, ukulele, violin bow, drum pad,
        practice pad, music stand, metronome, guitar amplifier, harmonica, kalimba, tuner, sheet music, drum stick,
        audio interface, guitar case
    """,
    "art": """
        watercolor paint, watercolour paint, watercolor paper, watercolour paper, watercolor set, paint set,
        sketchbook, easel, canvas, paintbrush, brush pen, colored pencil, coloured pencil, drawing tablet,
        acrylic paint, oil paint, palette, charcoal pencil, graphite pencil, drawing board, gouache, watercolor brush,
        watercolour brush, fineliner, kneaded eraser, mop brush
    """,
    "calligraphy": """
        fountain pen, ink bottle, bottled ink, calligraphy brush, ink stone, inkstone, rice paper, calligraphy pen,
        dip pen, nib, copybook, xuan paper, brush rest, pen case
    """,
    "stationery": """
        notebook, journal, washi tape, sticker, gel pen, planner, pen, pencil case, stamp, bookmark, sticky note,
        ruler, dot grid journal, dotted notebook, desk calendar, letter set, wax seal, envelope, highlighter pen
    """,
    "reading": """
        book, novel, e reader, ereader, book light, bookend, book stand, bookshelf, audiobook, poetry collection,
        cookbook, biography, reading pillow, science fiction novel, book cover, history book, art history book
    """,
    "crafts": """
        yarn, merino yarn, knitting needle, knitting needles, crochet hook, sewing machine, embroidery hoop,
        embroidery kit, embroidery thread, fabric, pottery wheel, pottery tool, clay, polymer clay, leather tool,
        stitching awl, hand plane, wood chisel, carving knife, whittling knife, candle wax, candle making kit,
        glue gun, resin, needle felting kit, quilting fabric, stitch marker, thread, crochet kit, loom, beads,
        soldering kit, wood stain, chisel, marking gauge, mending kit
    """,
    "travel": """
        suitcase, carry on suitcase, luggage, packing cube, packing cubes, travel pillow, neck pillow,
        passport holder, travel adapter, luggage tag, toiletry bag, travel bottle, weekender bag, travel backpack,
        compression bag, duffel bag, money belt
    """,
    "car": """
        dash cam, car charger, car vacuum, car phone mount, car seat cover, car wax, microfiber towel,
        microfibre towel, floor mat, tire inflator, tyre inflator, jump starter, motorcycle helmet, motorcycle glove,
        car air freshener, car cleaning kit, car shampoo, clay bar, foam cannon, trunk organizer, car organizer,
        sunshade, riding jacket
    """,
    "cleaning": """
        laundry detergent, detergent, dish soap, toilet paper, paper towel, trash bag, mop, broom, sponge, bleach,
        fabric softener, stain remover, cleaning cloth, disinfectant, scrub brush, lint roller, descaler
    """,
    "tools": """
        screwdriver, drill, cordless drill, wrench, hammer, pliers, tape measure, tool box, toolbox, sealant, faucet,
        tap, pipe, plunger, socket set, screw, saw, ladder, sandpaper, hose clamp, fuse, light switch, sink strainer
    """,
    "health": """
        thermometer, bandage, massage chair, heating pad, knee brace, back brace, first aid kit, massager,
        neck massager, lumbar cushion, lumbar support, posture corrector, air mattress, foot massager,
        acupressure mat, pain relief patch, surgical mask, standing desk, ergonomic chair, ergonomic office chair
    """,
    "smarthome": """
        smart bulb, smart plug, smart speaker, smart lock, smart thermostat, doorbell camera, smart light,
        motion sensor, robot vacuum
    """,
    "drone": """
        camera drone, drone battery, propeller, drone case, landing pad, mini drone, fpv goggles, propeller guard
    """,
    "study": "exam guide, exam book, mock exam, textbook, flashcards, workbook, vocabulary book, prep book",
    "toys": """
        plush toy, stuffed animal, toy car, blind box figure, spinning top, yo yo, kite, bubble machine, water gun,
        fidget toy, art toy, doll, dollhouse
    """,
}
"""Topic to products; a product may stand under several topics."""
