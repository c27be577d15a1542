import json
import time
from pathlib import Path

import pytest

from regulars.kit.emails import read_email

NAUGHTY = json.loads((Path(__file__).parents[1] / "samples/strings/blns.json").read_text())


class TestReadingAddresses:
    @pytest.mark.parametrize(
        ("written", "normal"),
        [
            ("Ann@Example.COM", "ann@example.com"),
            (" mailto:ann@x.ph ", "ann@x.ph"),
            ("Ann Lee <ann+tag@gmail.com>", "ann+tag@gmail.com"),
            ("a.n.n@gmail.com", "a.n.n@gmail.com"),
            ("ann@x.com.", "ann@x.com"),
            ("x@münchen.de", "x@xn--mnchen-3ya.de"),
            ("ann@x.com, bob@y.com", "ann@x.com"),
            ("bad; bob@y.com", "bob@y.com"),
            ("ann＠x.com", "ann@x.com"),
            ("\u200bann@x.com", "ann@x.com"),
        ],
    )
    def test_gives_one_spelling_to_compare(self, written, normal):
        assert read_email(written) == (written, normal, "")

    @pytest.mark.parametrize(
        "written",
        [
            "N/A",
            "a@b",
            "@x.com",
            "ann@@x.com",
            "ann@-x.com",
            "ann@1.2.3.4",
            ".a@x.com",
            "a..b@x.com",
            '"a b"@x.com',
            "a" * 64 + "@" + "b." * 100 + "com",
        ],
    )
    def test_keeps_what_is_none_and_says_why(self, written):
        email = read_email(written)

        assert (email.raw, email.normal) == (written, None)
        assert str(email.reason)

    def test_finds_nothing_wrong_with_nothing(self):
        assert read_email("  ") == ("  ", None, "")

    @pytest.mark.parametrize("text", NAUGHTY)
    def test_stands_naughty_strings(self, text):
        read_email(text)

    def test_takes_no_longer_for_a_text_made_to_be_slow(self):
        start = time.process_time()
        for evil in ("a." * 10**6 + "@x", "@" * 10**6, "<" * 10**6, "a@" + "-" * 10**6 + ".com"):
            read_email(evil)

        assert time.process_time() - start < 1
