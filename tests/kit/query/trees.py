"""Random trees of conditions and events, as the language can write them."""

from hypothesis import strategies as st

from regulars.kit.query.conditions import All, Any_, Condition, Happened, Literal, Node, Not, Op, simplify

NASTY = (
    "O'Brien", '"', "'", "''", "\\", "\\'", "'; DROP TABLE customers_customer; --", "a\nb", "\t", "🧧 Tết", "(", ")",
    "AND", "%_", "é", "\u202e", " ", "",
)  # fmt: skip
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
NAMES = st.sampled_from(["total_spent", "tags", "customer.points", "in_stock", "android", "nothing", "is_null", "_x"])
EVENTS = st.sampled_from(["orders_placed", "storefront.product_viewed", "matches_played"])
LITERALS = st.one_of(
    TEXTS.map(lambda text: Literal("text", text)),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12).map(
        lambda number: Literal("number", f"{number:f}")
    ),
    st.sampled_from(
        ["-90d", "+30d", "-4w", "-3m", "-10y", "2026-01-31", "2026-01-31T10:30", "2026-01-31T10:30:00",
         "2026-01-31T10:30:00Z", "2026-01-31T10:30+07:00", "30_days_ago", "1_month_ago"]
    ).map(lambda text: Literal("date", text)),
    st.sampled_from(["today", "VN", "last_month", "true", "me", "Notes"]).map(lambda text: Literal("word", text)),
)  # fmt: skip
SINGLE = st.sampled_from([Op.EQ, Op.NE, Op.LT, Op.LTE, Op.GT, Op.GTE, Op.CONTAINS, Op.NOT_CONTAINS, Op.STARTS_WITH])
MANY = st.sampled_from([Op.IN, Op.NOT_IN, Op.CONTAINS_ALL])


def _conditions(names: st.SearchStrategy[str]) -> st.SearchStrategy[Condition]:
    some = st.lists(LITERALS, min_size=1, max_size=4).map(tuple)
    return st.one_of(
        st.builds(lambda name, op, value: Condition(name, op, (value,)), names, SINGLE, LITERALS),
        st.builds(Condition, names, MANY, some),
        st.builds(lambda name, a, b: Condition(name, Op.BETWEEN, (a, b)), names, LITERALS, LITERALS),
        st.builds(Condition, names, st.sampled_from([Op.IS_NULL, Op.NOT_NULL])),
    )


CONDITIONS = _conditions(NAMES)
HAPPENED = st.builds(
    Happened, EVENTS, st.lists(CONDITIONS, max_size=3, unique_by=lambda condition: condition.field).map(tuple)
)


def trees(leaves: st.SearchStrategy[Node], size: int = 12) -> st.SearchStrategy[Node]:
    """Random groups and NOTs over these leaves, simplified."""
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=4).map(lambda parts: All(tuple(parts))),
            st.lists(inner, min_size=2, max_size=4).map(lambda parts: Any_(tuple(parts))),
            inner.map(Not),
        ),
        max_leaves=size,
    ).map(simplify)


TREES = trees(st.one_of(CONDITIONS, CONDITIONS, HAPPENED))
