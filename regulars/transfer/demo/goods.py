"""What the demo shop sells: beauty and home care, and a few services in its two rooms."""

from typing import NamedTuple

from regulars.transfer.demo.words.country import lines


class Good(NamedTuple):
    """A product or service; the price is in dong, taxes included."""

    sku: str
    name: str
    category: str
    price: int
    weight: int
    is_service: bool


def _goods(table: str) -> tuple[Good, ...]:
    """One good a line: weight | price in thousand dong | category | name."""
    found = []
    for number, line in enumerate(lines(table), start=1):
        weight, price, category, name = (part.strip() for part in line.split("|"))
        letters = "".join(word[0] for word in category.replace("&", "").split()).upper()[:3]
        sku = f"{letters}-{100 + number}"
        found.append(Good(sku, name, category, int(price) * 1000, int(weight), category == "Services"))
    return tuple(found)


GOODS: tuple[Good, ...] = _goods("""
    22 | 149 | Skin care | Rice water cleanser 150 ml
    18 | 189 | Skin care | Centella calming toner 200 ml
    24 | 259 | Skin care | Vitamin C serum 15 % 30 ml
    26 | 229 | Skin care | Sunscreen SPF 50+ PA++++ 50 ml
    16 | 279 | Skin care | Niacinamide serum 10 % 30 ml
    14 | 319 | Skin care | Ceramide night cream 50 ml
    12 | 35 | Skin care | Green tea sheet mask
    9 | 299 | Skin care | Sheet masks, box of ten
    8 | 459 | Skin care | Retinol 0.3 % serum 30 ml
    7 | 129 | Skin care | Lip sleeping balm 20 g
    6 | 389 | Skin care | Eye cream with peptides 15 ml
    10 | 99 | Skin care | Papaya soap, three bars
    15 | 199 | Make-up | Velvet lip tint
    11 | 249 | Make-up | Cushion foundation, light
    10 | 249 | Make-up | Cushion foundation, medium
    8 | 179 | Make-up | Waterproof mascara
    7 | 159 | Make-up | Brow pencil
    6 | 329 | Make-up | Eyeshadow palette "Sài Gòn sunset"
    5 | 139 | Make-up | Blush stick
    4 | 89 | Make-up | Nail polish set
    13 | 169 | Hair care | Grapefruit hair tonic 140 ml
    11 | 139 | Hair care | Bồ kết herbal shampoo 300 ml
    9 | 149 | Hair care | Coconut conditioner 300 ml
    7 | 219 | Hair care | Argan hair oil 60 ml
    5 | 459 | Hair care | Keratin repair kit
    8 | 119 | Body care | Coffee body scrub 200 g
    8 | 159 | Body care | Jasmine body lotion 250 ml
    6 | 99 | Body care | Hand cream, lotus 75 ml
    5 | 69 | Body care | Deodorant, unscented
    4 | 189 | Body care | Massage oil, lemongrass 100 ml
    7 | 179 | Home | Scented candle, cinnamon
    5 | 259 | Home | Reed diffuser, white tea
    5 | 89 | Home | Linen spray 100 ml
    4 | 349 | Home | Silk pillow case
    4 | 129 | Home | Bamboo towel, set of two
    3 | 590 | Home | Ultrasonic aroma diffuser
    3 | 79 | Home | Soap dish, teak
    5 | 499 | Gift sets | Tết gift box "An Khang"
    4 | 799 | Gift sets | Glow set, five pieces
    3 | 1250 | Gift sets | Bridal care box
    3 | 399 | Gift sets | Travel set, four bottles
    2 | 690 | Tools | LED mask cleaning brush
    3 | 189 | Tools | Jade roller
    3 | 59 | Tools | Make-up sponges, pack of four
    6 | 250 | Services | Herbal hair wash, 45 minutes
    4 | 450 | Services | Facial, basic, 60 minutes
    3 | 890 | Services | Facial with LED light, 90 minutes
    2 | 550 | Services | Body massage, 75 minutes
    2 | 350 | Services | Gel manicure
    1 | 1900 | Services | Bridal make-up at home
""")
