"""What people write in a cell for a gender, a yes, an account: words of five languages → what is stored."""

from functools import lru_cache

from regulars.customers.models import AccountState, ConsentState, Gender, OaState
from regulars.kit.flags import NO, YES
from regulars.kit.text import fold


def _table(**words: str) -> dict[str, str]:
    return {word: meaning for meaning, several in words.items() for word in several.split(", ")}


_GENDERS = _table(
    FEMALE="f, female, woman, girl, nu, phu nu, chi, co, ba, perempuan, wanita, p, w, babae, femeie, feminin, fem"
    ", mrs, ms, miss, 1",
    MALE="m, male, man, boy, nam, anh, ong, laki, laki laki, pria, l, lelaki, lalaki, barbat, masculin, masc, mr, 2",
    OTHER="o, other, others, x, nonbinary, non binary, diverse, khac, lain, lainnya, iba, altul, alta, altele, 3",
    UNKNOWN="u, unknown, not specified, unspecified, prefer not to say, na, n/a, none, -, khong ro"
    ", tidak diketahui, hindi alam, necunoscut, nespecificat, 0",
)

_CONSENTS = _table(
    SUBSCRIBED=f"{YES}, subscribed, subscribe, opted in, opt in, accepts, accepted, granted, dong y, setuju, abonat, x",
    PENDING="pending, waiting, unconfirmed, cho xac nhan, menunggu, in asteptare",
    UNSUBSCRIBED="unsubscribed, unsubscribe, opted out, opt out, withdrawn, revoked, cleaned, redacted, bounced"
    ", huy dang ky, berhenti berlangganan, dezabonat",
    NOT_SUBSCRIBED=f"{NO}, not subscribed, never subscribed, declined, denied, tolak, invalid",
    UNKNOWN="unknown, not asked, null, none, -, n/a",
)

_ACCOUNTS = _table(
    GUEST="guest, no, n, false, 0, none, no account, without account, declined, khach, khong, tamu, tidak, bisita"
    ", vizitator, nu",
    INVITED="invited, invite, pending, da moi, diundang, invitat",
    REGISTERED="registered, member, yes, y, true, 1, account, with account, enabled, active, customer, thanh vien, co"
    ", da dang ky, terdaftar, anggota, ya, rehistrado, inregistrat, da",
    VERIFIED="verified, confirmed, da xac minh, terverifikasi, verificat",
    DISABLED="disabled, inactive, blocked, suspended, banned, vo hieu, khoa, nonaktif, dezactivat, inactiv",
)

_FOLLOWS = _table(
    FOLLOWED="followed, following, follower, follows, follow, yes, true, 1, da quan tam, dang quan tam, quan tam",
    UNFOLLOWED="unfollowed, unfollow, stopped, bo quan tam, da bo quan tam",
    NEVER="never, never followed, not followed, no, false, 0, chua quan tam, khong",
    UNKNOWN="unknown, none, -, n/a",
)


def read_gender(text: str) -> Gender | None:
    """The gender a word means, None when it means none we know."""
    found = _GENDERS.get(_plain(text))
    return Gender[found] if found else None


def read_consent(text: str) -> ConsentState | None:
    """What a customer said, by a word for it. A bare no is NOT_SUBSCRIBED: it may only say that nobody asked."""
    found = _CONSENTS.get(_plain(text))
    return ConsentState[found] if found else None


def read_account_state(text: str) -> AccountState | None:
    """Whether a word means that the customer has an account."""
    found = _ACCOUNTS.get(_plain(text))
    return AccountState[found] if found else None


def read_oa_state(text: str) -> OaState | None:
    """Whether a word means that the customer follows the official account."""
    found = _FOLLOWS.get(_plain(text))
    return OaState[found] if found else None


@lru_cache(maxsize=1024)  # files say the same few again and again
def _plain(text: str) -> str:
    return fold(text[:60].replace("_", " ").replace("-", " ") if len(text) > 1 else text).rstrip(".")
