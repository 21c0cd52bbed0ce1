#!/usr/bin/env python3
"""The second verifier of a Pingyi record: one file, no code shared with the first, nothing but `cryptography`.

    python3 tests/verify.py record.json [--whole whole.json] [--proof proof.json] [--language zh|en]
    python3 tests/verify.py --proof fraud.json                    a proof of fraud needs no record
    python3 tests/verify.py --batch FILE      a line a record, its proof and the whole record, in base64, `-` for none, with
                                              blanks between; an exit code a line

The checks are those of server/rules/src/ballot/RECORD.md, in its order: 3, 1, 2, 4, 5 … 16. The first that fails decides:
exit code 10 + its number. 0: the record holds, and was counted again, or is one count with the whole one, which was.
3: its form holds, but it has no ballots to count. 4: the proof is one of fraud, and holds. 1: a file cannot be read.
2: the command line is not understood.
"""

import argparse
import base64
import bisect
import hashlib
import json
import re
import sys
from fractions import Fraction

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA384

SENTENCES = {
    1: ("规则清单与记录中的摘要不符。", "The manifest does not have the hash that the record states."),
    2: ("密钥不是每个对象和票种各一把且互不相同，或票箱密钥无效。", "Keys are missing, bad or repeated."),
    3: ("这个文件不是评议记录，或有未知、缺少、写法不对的内容。", "This is not a record in its one spelling."),
    4: ("有一张票的印章不是为它盖的。", "A token does not belong to its ballot."),
    5: ("同一张票被计了两次。", "A token was used for two ballots."),
    6: ("有一张票投出后被改动过。", "A ballot's signature does not fit."),
    7: ("有一张票填写了规则之外的内容。", "A ballot says what it may not say."),
    8: ("票没有按摘要升序排列。", "The ballots are not in ascending order."),
    9: ("票的总摘要与记录中的不符。", "The ballots do not have the root that the record states."),
    10: ("票数多于发出数，或发出数多于应到与补发之和。", "More ballots than papers, or more papers than voters."),
    11: ("各等次票数与票不符。", "The histograms do not follow from the ballots."),
    12: ("得分、位次或建议等次与票数不符。", "Scores, ranks or grades do not follow from the histograms."),
    13: ("记录没有票箱的有效签名。", "The box did not sign this record."),
    14: ("人数太少的票种没有按规则隐藏。", "Small groups are not hidden as the rules say."),
    15: ("凭证中的票不在记录里，或凭证无效。", "The ballots of the proof are not in this record."),
    16: ("公开记录不是由完整记录得出的。", "The public record does not follow from the whole one."),
}


class Fault(Exception):
    """A failed check, by its number, and where."""

    def __init__(self, check, where=""):
        super().__init__(check, where)
        self.check, self.where = check, where


def demand(holds, check, where=""):
    if not holds:
        raise Fault(check, where)


# Bytes and their one spelling.


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def unbase64(text, length):
    """Base64url without padding of exactly so many bytes, else None."""
    if type(text) is not str or not text.isascii():
        return None
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    spelled = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    return raw if len(raw) == length and spelled == text else None


def unhex(text, length):
    if type(text) is not str or len(text) != 2 * length or any(c not in "0123456789abcdef" for c in text):
        return None
    return bytes.fromhex(text)


def canonical(value):
    # Every name that passes check 3 is ASCII, so sorting by code points is RFC 8785's order.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8")


def refuse(_):
    raise ValueError("no such number in a record")


def read_canonical(raw, check):
    try:
        value = json.loads(raw.decode("utf-8"), parse_float=refuse, parse_constant=refuse)
        demand(canonical(value) == raw, check)
    except (ValueError, RecursionError):
        raise Fault(check) from None
    return value


# Texts. The table was made of Unicode 15.1 by web-client/text_ranges.mjs, and stays: characters that nobody sees, or that are none.

REFUSED = """
0-1f 7f-a0 ad 34f 378-379 380-383 38b 38d 3a2 530 557-558 58b-58c 590 5c8-5cf 5eb-5ee 5f5-605 61c 6dd 70e-70f
74b-74c 7b2-7bf 7fb-7fc 82e-82f 83f 85c-85d 85f 86b-86f 88f-897 8e2 984 98d-98e 991-992 9a9 9b1 9b3-9b5
9ba-9bb 9c5-9c6 9c9-9ca 9cf-9d6 9d8-9db 9de 9e4-9e5 9ff-a00 a04 a0b-a0e a11-a12 a29 a31 a34 a37 a3a-a3b a3d
a43-a46 a49-a4a a4e-a50 a52-a58 a5d a5f-a65 a77-a80 a84 a8e a92 aa9 ab1 ab4 aba-abb ac6 aca ace-acf ad1-adf
ae4-ae5 af2-af8 b00 b04 b0d-b0e b11-b12 b29 b31 b34 b3a-b3b b45-b46 b49-b4a b4e-b54 b58-b5b b5e b64-b65
b78-b81 b84 b8b-b8d b91 b96-b98 b9b b9d ba0-ba2 ba5-ba7 bab-bad bba-bbd bc3-bc5 bc9 bce-bcf bd1-bd6 bd8-be5
bfb-bff c0d c11 c29 c3a-c3b c45 c49 c4e-c54 c57 c5b-c5c c5e-c5f c64-c65 c70-c76 c8d c91 ca9 cb4 cba-cbb cc5
cc9 cce-cd4 cd7-cdc cdf ce4-ce5 cf0 cf4-cff d0d d11 d45 d49 d50-d53 d64-d65 d80 d84 d97-d99 db2 dbc dbe-dbf
dc7-dc9 dcb-dce dd5 dd7 de0-de5 df0-df1 df5-e00 e3b-e3e e5c-e80 e83 e85 e8b ea4 ea6 ebe-ebf ec5 ec7 ecf
eda-edb ee0-eff f48 f6d-f70 f98 fbd fcd fdb-fff 10c6 10c8-10cc 10ce-10cf 115f-1160 1249 124e-124f 1257 1259
125e-125f 1289 128e-128f 12b1 12b6-12b7 12bf 12c1 12c6-12c7 12d7 1311 1316-1317 135b-135c 137d-137f 139a-139f
13f6-13f7 13fe-13ff 1680 169d-169f 16f9-16ff 1716-171e 1737-173f 1754-175f 176d 1771 1774-177f 17b4-17b5
17de-17df 17ea-17ef 17fa-17ff 180b-180f 181a-181f 1879-187f 18ab-18af 18f6-18ff 191f 192c-192f 193c-193f
1941-1943 196e-196f 1975-197f 19ac-19af 19ca-19cf 19db-19dd 1a1c-1a1d 1a5f 1a7d-1a7e 1a8a-1a8f 1a9a-1a9f
1aae-1aaf 1acf-1aff 1b4d-1b4f 1b7f 1bf4-1bfb 1c38-1c3a 1c4a-1c4c 1c89-1c8f 1cbb-1cbc 1cc8-1ccf 1cfb-1cff
1f16-1f17 1f1e-1f1f 1f46-1f47 1f4e-1f4f 1f58 1f5a 1f5c 1f5e 1f7e-1f7f 1fb5 1fc5 1fd4-1fd5 1fdc 1ff0-1ff1 1ff5
1fff-200f 2028-202f 205f-206f 2072-2073 208f 209d-209f 20c1-20cf 20f1-20ff 218c-218f 2427-243f 244b-245f 2800
2b74-2b75 2b96 2cf4-2cf8 2d26 2d28-2d2c 2d2e-2d2f 2d68-2d6e 2d71-2d7e 2d97-2d9f 2da7 2daf 2db7 2dbf 2dc7 2dcf
2dd7 2ddf 2e5e-2e7f 2e9a 2ef4-2eff 2fd6-2fef 3040 3097-3098 3100-3104 3130 3164 318f 31e4-31ee 321f a48d-a48f
a4c7-a4cf a62c-a63f a6f8-a6ff a7cb-a7cf a7d2 a7d4 a7da-a7f1 a82d-a82f a83a-a83f a878-a87f a8c6-a8cd a8da-a8df
a954-a95e a97d-a97f a9ce a9da-a9dd a9ff aa37-aa3f aa4e-aa4f aa5a-aa5b aac3-aada aaf7-ab00 ab07-ab08 ab0f-ab10
ab17-ab1f ab27 ab2f ab6c-ab6f abee-abef abfa-abff d7a4-d7af d7c7-d7ca d7fc-f8ff fa6e-fa6f fada-faff fb07-fb12
fb18-fb1c fb37 fb3d fb3f fb42 fb45 fbc3-fbd2 fd90-fd91 fdc8-fdce fdd0-fdef fe00-fe0f fe1a-fe1f fe53 fe67
fe6c-fe6f fe75 fefd-ff00 ffa0 ffbf-ffc1 ffc8-ffc9 ffd0-ffd1 ffd8-ffd9 ffdd-ffdf ffe7 ffef-fffb fffe-ffff 1000c
10027 1003b 1003e 1004e-1004f 1005e-1007f 100fb-100ff 10103-10106 10134-10136 1018f 1019d-1019f 101a1-101cf
101fe-1027f 1029d-1029f 102d1-102df 102fc-102ff 10324-1032c 1034b-1034f 1037b-1037f 1039e 103c4-103c7
103d6-103ff 1049e-1049f 104aa-104af 104d4-104d7 104fc-104ff 10528-1052f 10564-1056e 1057b 1058b 10593 10596
105a2 105b2 105ba 105bd-105ff 10737-1073f 10756-1075f 10768-1077f 10786 107b1 107bb-107ff 10806-10807 10809
10836 10839-1083b 1083d-1083e 10856 1089f-108a6 108b0-108df 108f3 108f6-108fa 1091c-1091e 1093a-1093e
10940-1097f 109b8-109bb 109d0-109d1 10a04 10a07-10a0b 10a14 10a18 10a36-10a37 10a3b-10a3e 10a49-10a4f
10a59-10a5f 10aa0-10abf 10ae7-10aea 10af7-10aff 10b36-10b38 10b56-10b57 10b73-10b77 10b92-10b98 10b9d-10ba8
10bb0-10bff 10c49-10c7f 10cb3-10cbf 10cf3-10cf9 10d28-10d2f 10d3a-10e5f 10e7f 10eaa 10eae-10eaf 10eb2-10efc
10f28-10f2f 10f5a-10f6f 10f8a-10faf 10fcc-10fdf 10ff7-10fff 1104e-11051 11076-1107e 110bd 110c3-110cf
110e9-110ef 110fa-110ff 11135 11148-1114f 11177-1117f 111e0 111f5-111ff 11212 11242-1127f 11287 11289 1128e
1129e 112aa-112af 112eb-112ef 112fa-112ff 11304 1130d-1130e 11311-11312 11329 11331 11334 1133a 11345-11346
11349-1134a 1134e-1134f 11351-11356 11358-1135c 11364-11365 1136d-1136f 11375-113ff 1145c 11462-1147f
114c8-114cf 114da-1157f 115b6-115b7 115de-115ff 11645-1164f 1165a-1165f 1166d-1167f 116ba-116bf 116ca-116ff
1171b-1171c 1172c-1172f 11747-117ff 1183c-1189f 118f3-118fe 11907-11908 1190a-1190b 11914 11917 11936
11939-1193a 11947-1194f 1195a-1199f 119a8-119a9 119d8-119d9 119e5-119ff 11a48-11a4f 11aa3-11aaf 11af9-11aff
11b0a-11bff 11c09 11c37 11c46-11c4f 11c6d-11c6f 11c90-11c91 11ca8 11cb7-11cff 11d07 11d0a 11d37-11d39 11d3b
11d3e 11d48-11d4f 11d5a-11d5f 11d66 11d69 11d8f 11d92 11d99-11d9f 11daa-11edf 11ef9-11eff 11f11 11f3b-11f3d
11f5a-11faf 11fb1-11fbf 11ff2-11ffe 1239a-123ff 1246f 12475-1247f 12544-12f8f 12ff3-12fff 13430-1343f
13456-143ff 14647-167ff 16a39-16a3f 16a5f 16a6a-16a6d 16abf 16aca-16acf 16aee-16aef 16af6-16aff 16b46-16b4f
16b5a 16b62 16b78-16b7c 16b90-16e3f 16e9b-16eff 16f4b-16f4e 16f88-16f8e 16fa0-16fdf 16fe4-16fef 16ff2-16fff
187f8-187ff 18cd6-18cff 18d09-1afef 1aff4 1affc 1afff 1b123-1b131 1b133-1b14f 1b153-1b154 1b156-1b163
1b168-1b16f 1b2fc-1bbff 1bc6b-1bc6f 1bc7d-1bc7f 1bc89-1bc8f 1bc9a-1bc9b 1bca0-1ceff 1cf2e-1cf2f 1cf47-1cf4f
1cfc4-1cfff 1d0f6-1d0ff 1d127-1d128 1d159 1d173-1d17a 1d1eb-1d1ff 1d246-1d2bf 1d2d4-1d2df 1d2f4-1d2ff
1d357-1d35f 1d379-1d3ff 1d455 1d49d 1d4a0-1d4a1 1d4a3-1d4a4 1d4a7-1d4a8 1d4ad 1d4ba 1d4bc 1d4c4 1d506
1d50b-1d50c 1d515 1d51d 1d53a 1d53f 1d545 1d547-1d549 1d551 1d6a6-1d6a7 1d7cc-1d7cd 1da8c-1da9a 1daa0
1dab0-1deff 1df1f-1df24 1df2b-1dfff 1e007 1e019-1e01a 1e022 1e025 1e02b-1e02f 1e06e-1e08e 1e090-1e0ff
1e12d-1e12f 1e13e-1e13f 1e14a-1e14d 1e150-1e28f 1e2af-1e2bf 1e2fa-1e2fe 1e300-1e4cf 1e4fa-1e7df 1e7e7 1e7ec
1e7ef 1e7ff 1e8c5-1e8c6 1e8d7-1e8ff 1e94c-1e94f 1e95a-1e95d 1e960-1ec70 1ecb5-1ed00 1ed3e-1edff 1ee04 1ee20
1ee23 1ee25-1ee26 1ee28 1ee33 1ee38 1ee3a 1ee3c-1ee41 1ee43-1ee46 1ee48 1ee4a 1ee4c 1ee50 1ee53 1ee55-1ee56
1ee58 1ee5a 1ee5c 1ee5e 1ee60 1ee63 1ee65-1ee66 1ee6b 1ee73 1ee78 1ee7d 1ee7f 1ee8a 1ee9c-1eea0 1eea4 1eeaa
1eebc-1eeef 1eef2-1efff 1f02c-1f02f 1f094-1f09f 1f0af-1f0b0 1f0c0 1f0d0 1f0f6-1f0ff 1f1ae-1f1e5 1f203-1f20f
1f23c-1f23f 1f249-1f24f 1f252-1f25f 1f266-1f2ff 1f6d8-1f6db 1f6ed-1f6ef 1f6fd-1f6ff 1f777-1f77a 1f7da-1f7df
1f7ec-1f7ef 1f7f1-1f7ff 1f80c-1f80f 1f848-1f84f 1f85a-1f85f 1f888-1f88f 1f8ae-1f8af 1f8b2-1f8ff 1fa54-1fa5f
1fa6e-1fa6f 1fa7d-1fa7f 1fa89-1fa8f 1fabe 1fac6-1facd 1fadc-1fadf 1fae9-1faef 1faf9-1faff 1fb93 1fbcb-1fbef
1fbfa-1ffff 2a6e0-2a6ff 2b73a-2b73f 2b81e-2b81f 2cea2-2ceaf 2ebe1-2ebef 2ee5e-2f7ff 2fa1e-2ffff 3134b-3134f
323b0-10ffff
"""
RANGES = [[int(point, 16) for point in ends.split("-")] for ends in REFUSED.split()]
LASTS = [ends[-1] for ends in RANGES]
BLANKS = " \u3000"


def is_refused(point):
    at = bisect.bisect_left(LASTS, point)
    return at < len(RANGES) and RANGES[at][0] <= point


def is_plain(value):
    """Only characters that are seen, and blanks one at a time between them."""
    if any(is_refused(ord(sign)) for sign in value):
        return False
    blanks = [sign in BLANKS for sign in value]
    return not any(blanks[:1] + blanks[-1:]) and not any(one and other for one, other in zip(blanks, blanks[1:]))


# Check 3: shapes. A shape is a function that answers whether a value has it.


def integer(least, most):
    return lambda value: type(value) is int and least <= value <= most


def one_of(*texts):
    return lambda value: type(value) is str and value in texts


def listing(shape, length=None):
    return lambda value: type(value) is list and (length is None or len(value) == length) and all(map(shape, value))


def members(required, optional=()):
    """An object with exactly these members, and perhaps some of the optional ones."""
    optional = dict(optional)

    def has_shape(value):
        if type(value) is not dict or not required.keys() <= value.keys() <= (required.keys() | optional.keys()):
            return False
        return all((required.get(name) or optional[name])(value[name]) for name in value)

    return has_shape


def nothing_or(shape):
    return lambda value: value is None or shape(value)


def either(*shapes):
    return lambda value: any(shape(value) for shape in shapes)


def text(value):
    return type(value) is str


def words_of_before(least, most):
    """A text of the first edition: of the characters that nobody sees it forbids controls alone."""

    def is_words(value):
        return text(value) and least <= len(value) <= most and not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in value)

    return is_words


def plain_words(least, most):
    return lambda value: text(value) and least <= len(value) <= most and is_plain(value)


def all_texts(value):
    """Every text in a value, at any depth."""
    if text(value):
        yield value
    for inner in value.values() if type(value) is dict else value if type(value) is list else []:
        yield from all_texts(inner)


def made_of(letters, least, most):
    return lambda value: text(value) and least <= len(value) <= most and all(c in letters for c in value)


LOWER, DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"
LETTERS = LOWER + LOWER.upper() + DIGITS
U16, U32 = integer(0, 2**16 - 1), integer(0, 2**32 - 1)
COUNT = integer(0, 1_000_000)
POLICY = either(one_of("exclude"), members({"points_hundredths": U32}))
RULES = members(
    {
        "decimals": integer(0, 4),
        "abstain": POLICY,
        "unknown": POLICY,
        "item_weights_bp": listing(U32),
        "missing_item": one_of("require", "renormalise"),
        "missing_group": one_of("renormalise", "zero", "block"),
        "tie_breaks": listing(either(one_of("top_rate"), members({"group_mean": text}))),
        "bands": listing(members({"id": text, "label": text, "label_en": text, "from_hundredths": U32})),
    },
    {
        "trim": members({"more_than_rows": integer(2, 2**32 - 1)}),
        "quota": members(
            {
                "limit": either(
                    members({"min_below_top_bp": integer(0, 10_000)}), members({"max_top_bp": integer(0, 10_000)})
                ),
                "rounding": one_of("floor", "half_up", "ceil"),
            }
        ),
        "combination": members(
            {
                "evaluation_share_bp": U32,
                "components": listing(members({"name": text, "share_bp": U32})),
                "gates": listing(members({"component": U32, "below_hundredths": U32, "best_band": U32})),
            }
        ),
    },
)
SHEET_RULES = members(
    {
        "all_rows": lambda value: type(value) is bool,
        "distinct_min": nothing_or(U32),
        "top_max": nothing_or(either(members({"count": U32}), members({"percent": integer(0, 100)}))),
        "low_min": nothing_or(members({"count": U32, "from": text})),
    },
    # Only where they are asked for.
    {"worst_reason": lambda value: value is True, "overall_matches": lambda value: value is True},
)
def manifest_shape(format, words):
    return members(
        {
            "format": one_of(format),
            "meeting": made_of(LETTERS + "-_", 1, 64),
            "title": words(1, 80),
            "round": integer(1, 2**32 - 1),
            "contests": listing(
                members(
                    {"c": U16, "subject": integer(1, 2**16 - 1), "branch": words(1, 60), "secretary": words(1, 40)},
                    {"without": listing(U16)},
                )
            ),
            "groups": listing(
                members(
                    {
                        "id": made_of(LETTERS, 1, 8),
                        "name": words(1, 40),
                        "weight_bp": U32,
                        "recuses": lambda value: type(value) is bool,
                    }
                )
            ),
            "scale": listing(
                members(
                    {
                        "id": made_of(LOWER + DIGITS + "_", 1, 24),
                        "label": words(1, 20),
                        "label_en": words(0, 40),
                        "kind": one_of("grade", "unknown", "abstain"),
                        "points_hundredths": integer(0, 1_000_000),
                    }
                )
            ),
            "own_branch": one_of("recused", "allowed"),
            "sheet_rules": SHEET_RULES,
            "scoring": RULES,
            "k_min": integer(1, 1_000),
            "opinions": lambda value: type(value) is bool,
            "opinions_min": integer(1, 1_000),
            "group_columns": one_of("shown", "totals_only"),
            "live": one_of("off", "turnout", "tally"),
            "pool_k": integer(1, 1_000),
            "record": one_of("open", "sealed"),
            "reissues_max": integer(0, 1_000),
            "keys": listing(members({"c": U16, "g": text, "spki": text})),
            "box_key": text,
            "seal_key": text,
        },
        {"items": listing(members({"label": words(1, 40), "label_en": words(0, 60)}))},
    )


MANIFESTS = [
    manifest_shape("pingyi-manifest/1", words_of_before),
    manifest_shape("pingyi-manifest/2", plain_words),
]
BALLOT = members(
    {
        "a": lambda value: text(value) and len(value.encode()) <= 96,
        "c": U16,
        "g": lambda value: text(value) and 1 <= len(value.encode()) <= 8,
        "pk": lambda value: unbase64(value, 32) is not None,
        "s": lambda value: unbase64(value, 64) is not None,
        "tk": lambda value: unbase64(value, 256) is not None,
    }
)


def is_first(manifest):
    """Whether it is of the first edition: then its record tells of each row whom it is recused of, and no reason for being sealed."""
    return manifest["format"] == "pingyi-manifest/1"


def different(items):
    items = list(items)
    return len(set(items)) == len(items)


def manifest_holds(manifest):
    """What a manifest must satisfy beyond its shape; its keys are check 2's."""
    contests, groups, scale = manifest["contests"], manifest["groups"], manifest["scale"]
    grades = [mark["id"] for mark in scale if mark["kind"] == "grade"]
    low, distinct = manifest["sheet_rules"]["low_min"], manifest["sheet_rules"]["distinct_min"]
    return (
        1 <= len(contests) <= 200
        and [contest["c"] for contest in contests] == list(range(1, len(contests) + 1))
        and different(contest["subject"] for contest in contests)
        and 1 <= len(groups) <= 16
        and sum(group["weight_bp"] for group in groups) == 10_000
        and different(group["id"] for group in groups)
        and 2 <= len(scale) <= 112
        and bool(grades)
        and different(mark["id"] for mark in scale)
        and all(mark["id"] != "abstain" for mark in scale)
        and all(mark["kind"] == "grade" or mark["points_hundredths"] == 0 for mark in scale)
        and (distinct is None or 1 <= distinct <= len(grades))
        and (low is None or low["from"] in grades)
        and ("worst_reason" not in manifest["sheet_rules"] or (manifest["opinions"] and len(contests) <= 20))
        and rules_hold(manifest["scoring"], [group["id"] for group in groups])
        and (is_first(manifest) or all(map(is_plain, all_texts(manifest["scoring"]))))
        and items_hold(manifest)
    )


def items_hold(manifest):
    """Rows of several items: as many as have weights, all marks grades, nothing that counts single marks, answers that fit."""
    items, scale = manifest.get("items", []), manifest["scale"]
    rules = manifest["sheet_rules"]
    without = [contest["without"] for contest in manifest["contests"] if "without" in contest]
    return (
        len(items) == len(manifest["scoring"]["item_weights_bp"])
        and ("overall_matches" not in rules or overall_holds(manifest))
        and ("items" not in manifest or 2 <= len(items) <= 16)
        and (not items or all(mark["kind"] == "grade" for mark in scale))
        and (not items or all(rules[name] is None for name in ("distinct_min", "top_max", "low_min")))
        and (not items or manifest["live"] != "tally")
        and all(1 <= len(places) < len(items) and places[-1] < len(items) for places in without)
        and all(one < other for places in without for one, other in zip(places, places[1:]))
        and (not items or 8 + len(items) * max(len(mark["id"]) for mark in scale) + len(items) - 1 <= 96)
    )


def overall_holds(manifest):
    """Whether the last item can be the overall mark: it weighs nothing, applies everywhere, and each band is one of the grades."""
    weights, bands = manifest["scoring"]["item_weights_bp"], manifest["scoring"]["bands"]
    known = {mark["id"] for mark in manifest["scale"]}
    return (
        weights[-1:] == [0]
        and all(len(weights) - 1 not in contest.get("without", []) for contest in manifest["contests"])
        and len(bands) > 0
        and all(band["id"] in known for band in bands)
    )


def is_matched(manifest, value):
    """Whether the overall mark of a row is the grade in whose band the printed worth of the row lies."""
    worth, rules = item_value(manifest, value), manifest["scoring"]
    if worth is None:
        return False
    shown = Fraction(units(worth, rules["decimals"]), 10 ** rules["decimals"])
    grades = [band["id"] for band in rules["bands"] if shown >= Fraction(band["from_hundredths"], 100)]
    return grades[:1] == value.split(".")[-1:]


def item_parts(manifest, c, value):
    """What a row of several items says: a mark's id for each, "" where one is open, None where it does not apply; None for a
    row that may not be answered so."""
    parts = value.split(".")
    if len(parts) != len(manifest["items"]):
        return None
    without = manifest["contests"][c - 1].get("without", [])
    known = {mark["id"] for mark in manifest["scale"]}
    if any(part not in known and part != "" for part in parts) or any(parts[at] != "" for at in without):
        return None
    said = [None if at in without else part for at, part in enumerate(parts)]
    whole = "" not in said or manifest["scoring"]["missing_item"] == "renormalise"
    if not whole or not any(said):
        return None
    return said if "overall_matches" not in manifest["sheet_rules"] or is_matched(manifest, value) else None


def of_one_item(manifest):
    """How many counts the marks of a row begin with that add up to its marked rows: of a row with items those of the first."""
    return len(manifest["scale"]) + (1 if "items" in manifest else 0)


def rules_hold(rules, groups):
    bands, combination = rules["bands"], rules.get("combination")
    lists = [rules["item_weights_bp"], bands, rules["tie_breaks"]]
    if combination is not None:
        lists += [combination["components"], combination["gates"]]
        shares = combination["evaluation_share_bp"] + sum(part["share_bp"] for part in combination["components"])
        known = len(combination["components"])
        gates = combination["gates"]
        if shares != 10_000 or any(g["component"] > known or g["best_band"] >= len(bands) for g in gates):
            return False
    froms = [band["from_hundredths"] for band in bands]
    return (
        all(len(entries) <= 16 for entries in lists)
        and (not rules["item_weights_bp"] or sum(rules["item_weights_bp"]) == 10_000)
        and all(by == "top_rate" or by["group_mean"] in groups for by in rules["tie_breaks"])
        and all(a > b for a, b in zip(froms, froms[1:]))
        and (not froms or froms[-1] == 0)
        and different(band["id"] for band in bands)
        and ("quota" not in rules or len(bands) >= 2)
    )


def in_order(entries, name, wanted):
    return [entry[name] for entry in entries] == wanted


def check_form(record):
    """Check 3 of everything but the ballots' own members."""
    manifest = record["manifest"] if type(record) is dict and "manifest" in record else None
    demand(either(*MANIFESTS)(manifest) and len(canonical(manifest)) <= 2 * 1024 * 1024 and manifest_holds(manifest), 3)
    items, first = manifest.get("items", []), is_first(manifest)
    marks = listing(U32, of_one_item(manifest) * max(1, len(items)))
    paper_marks = listing(COUNT, 0 if items else len(manifest["scale"]))
    counts = {"marks": marks, "abstained": U32, "void": U32, **({"recused": U32} if first else {})}
    few = {"marks": paper_marks, "abstained": COUNT, "void": COUNT, **({"recused": COUNT} if first else {})}
    group = members({**counts, "g": text, "mean": nothing_or(text)})
    figures = {"score": nothing_or(text), "rank": nothing_or(U32), "suggested_grade": nothing_or(text)}
    # Where the counts of a row are not told there are none: no marks, and zeros.
    marks_or_none = lambda value: value == [] or marks(value)
    row = members(
        {**counts, **figures, "marks": marks_or_none, "c": U16, "groups": nothing_or(listing(group)), "top_rate_percent": nothing_or(text)},
        {"total": text, "total_rank": U32},
    )
    components = members({"adjustment": text, "best_band": U32, "c": U16, "components": listing(text)})
    sheets_of = members({"g": text, "returned": U32, "invalid": U32})
    of_all = {} if first else {"recused": U32}
    sheets = members({"returned": U32, "invalid": U32, "groups": nothing_or(listing(sheets_of))}, of_all)
    tally = members({"rows": listing(row), "sheets": sheets})
    counted_rows = integer(1, 1_000_000)
    answers = {"answers": lambda value: type(value) is dict and value != {} and all(map(counted_rows, value.values()))}
    paper_row = members({**few, "c": U16}, answers if items else {})
    recused = {} if first else {"recused": integer(0, 1_000_000 * len(manifest["contests"]))}
    paper = members({"issued": COUNT, "returned": COUNT, "invalid": COUNT, "rows": listing(paper_row), **recused})
    shape = members(
        {
            "format": one_of("pingyi-record/1" if first else "pingyi-record/2"),
            "manifest": lambda _: True,
            "manifest_hash": lambda value: unhex(value, 32) is not None,
            "issuance": listing(members({"g": text, "eligible": COUNT, "issued": COUNT, "reissued": COUNT})),
            "left_out": listing(members({"name": words_of_before(0, 80), "server": made_of(LETTERS + "-_", 1, 64), "sheets": COUNT})),
            "paper": lambda value: type(value) is dict and all(map(paper, value.values())),
            "tally": nothing_or(tally),
            "root": lambda value: unhex(value, 32) is not None,
            "box_sig": lambda value: unbase64(value, 64) is not None,
        },
        {
            "ballots": listing(BALLOT),
            "leaves": listing(lambda value: unbase64(value, 32) is not None),
            "opinions": listing(lambda value: unbase64(value, 32) is not None),
            "imported": listing(components),
            **({} if first else {"sealed": listing(one_of(*REASONS))}),
        },
    )
    demand(shape(record) and ("ballots" in record) != ("leaves" in record), 3)
    demand(("opinions" in record) == ("ballots" in record), 3)
    demand(("sealed" in record) == ("leaves" in record and not first), 3)
    groups = [entry["id"] for entry in manifest["groups"]]
    contests = [entry["c"] for entry in manifest["contests"]]
    demand(in_order(record["issuance"], "g", groups), 3)
    servers = [entry["server"] for entry in record["left_out"]]
    demand(len(servers) <= 100 and all(one < other for one, other in zip(servers, servers[1:])), 3)
    for name, of_group in record["paper"].items():
        demand(name in groups and in_order(of_group["rows"], "c", contests), 3)
        # An account is there because of sheets.
        demand(first or of_group["issued"] > 0 or of_group["returned"] > 0, 3)
        for on_paper in of_group["rows"]:
            said = [item_parts(manifest, on_paper["c"], value) for value in on_paper.get("answers", {})]
            demand(None not in said, 3)
    counted = record["tally"]
    demand(counted is not None or "leaves" in record, 3)
    check_imported(manifest["scoring"], contests, record)
    if counted is not None:
        demand(in_order(counted["rows"], "c", contests), 3)
        for told in counted["rows"]:
            silent = told["groups"] is None and not any(told.get(part, 0) for part in PARTS)
            demand(told["marks"] or silent, 3)
        # Over all rows, and only where all of them are told: else the others would tell the one that is not.
        tells_recused = not first and all(told["marks"] for told in counted["rows"])
        demand(("recused" in counted["sheets"]) == tells_recused, 3)
        for told in [counted["sheets"], *counted["rows"]]:
            demand(told["groups"] is None or in_order(told["groups"], "g", groups), 3)


def check_imported(rules, contests, record):
    """Check 3 of what was imported: there where scores are combined and told, and nowhere else, in one spelling."""
    combination, tally = rules.get("combination"), record["tally"]
    demand(("imported" in record) == (combination is not None and tally is not None), 3)
    if combination is None:
        rows = tally["rows"] if tally is not None else []
        demand(not any("total" in row or "total_rank" in row for row in rows), 3)
    places = [row["c"] for row in record.get("imported", [])]
    demand(all(c in contests for c in places) and all(a < b for a, b in zip(places, places[1:])), 3)
    for row in record.get("imported", []):
        adjustment = row["adjustment"][1:] if row["adjustment"].startswith("-") else row["adjustment"]
        demand(len(row["components"]) == len(combination["components"]), 3)
        demand(all(not value or is_imported(value) for value in row["components"]), 3)
        demand(not row["adjustment"] or is_imported(adjustment), 3)
        demand(row["best_band"] < max(1, len(rules["bands"])), 3)


def is_imported(value):
    return re.fullmatch(r"(0|[1-9][0-9]{0,3})(\.[0-9]{1,4})?", value) is not None


# Signatures.

P = 2**255 - 19
D = -121665 * pow(121666, P - 2, P) % P
# The y of all points whose order divides 8: 0, ±1, and ±y of order 8.
Y8 = int("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7", 16)
SMALL_ORDER = {0, 1, P - 1, Y8, P - Y8}


def height(point):
    return (int.from_bytes(point, "little") & (2**255 - 1)) % P


def is_point(point):
    y = height(point)
    ratio = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    return ratio == 0 or pow(ratio, (P - 1) // 2, P) == 1


def is_signed(key, message, signature):
    """Ed25519, strictly: no key and no commitment of small order."""
    if height(key) in SMALL_ORDER or height(signature[:32]) in SMALL_ORDER:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


SPKI_HEAD = bytes.fromhex(
    "30820152303d06092a864886f70d01010a3030a00d300b0609608648016503040202a11a301806092a864886f70d010108"
    "300b0609608648016503040202a2030201300382010f003082010a0282010100"
)
SPKI_TAIL = bytes.fromhex("0203010001")


def with_length(raw):
    return len(raw).to_bytes(2, "big") + raw


class TokenKey:
    """A token key in its place."""

    def __init__(self, spki, m, contest, group):
        challenge = b"\0\2" + with_length(b"pingyi") + b"\x20" + m + with_length(f"c{contest}.g{group}".encode())
        self.tail = sha256(challenge) + sha256(spki)
        modulus = int.from_bytes(spki[len(SPKI_HEAD) : -len(SPKI_TAIL)], "big")
        self.key = RSAPublicNumbers(65_537, modulus).public_key()

    def signed(self, pk, token):
        try:
            self.key.verify(token, b"\0\2" + pk + self.tail, padding.PSS(padding.MGF1(SHA384()), 48), SHA384())
        except InvalidSignature:
            return False
        return True


def check_keys(manifest, m):
    """Check 2: the token keys by contest and group."""
    groups = [group["id"] for group in manifest["groups"]]
    places = [(c, g) for c in range(len(manifest["contests"]) + 1) for g in groups]
    demand([(key["c"], key["g"]) for key in manifest["keys"]] == places, 2)
    keys, seen = {}, set()
    for place, key in zip(places, manifest["keys"]):
        spki = unbase64(key["spki"], len(SPKI_HEAD) + 256 + len(SPKI_TAIL))
        demand(spki is not None and spki.startswith(SPKI_HEAD) and spki.endswith(SPKI_TAIL), 2)
        demand(spki[len(SPKI_HEAD)] >= 0x80 and spki[len(SPKI_HEAD) + 255] & 1, 2)
        demand(spki not in seen, 2)
        seen.add(spki)
        keys[place] = TokenKey(spki, m, *place)
    box_key = unbase64(manifest["box_key"], 32)
    demand(box_key is not None and is_point(box_key) and height(box_key) not in SMALL_ORDER, 2)
    seal_key = unbase64(manifest["seal_key"], 32)
    demand(seal_key is not None and agrees(seal_key), 2)
    return keys, box_key


def agrees(seal_key):
    """Whether X25519 with this key gives a secret: not the one that everybody knows."""
    try:
        X25519PrivateKey.from_private_bytes(bytes(range(32))).exchange(X25519PublicKey.from_public_bytes(seal_key))
    except ValueError:
        return False
    return True


def answer_of(manifest, ballot):
    """What a ballot says: a mark or those of its items, "abstain", or "" for a sheet; None for what it may not say. Check 7."""
    answer = ballot["a"]
    if ballot["c"] == 0:
        head, tail = '{"h":"', '","v":"returned"}'
        fits = len(answer) == len(head) + 43 + len(tail) and answer.startswith(head) and answer.endswith(tail)
        return "" if fits and unbase64(answer[len(head) : -len(tail)], 32) is not None else None
    if "items" in manifest and answer != '{"v":"abstain"}':
        value = answer[len('{"v":"') : -len('"}')]
        fits = answer == '{"v":"' + value + '"}' and item_parts(manifest, ballot["c"], value) is not None
        return value if fits else None
    for mark in [entry["id"] for entry in manifest["scale"]] + ["abstain"]:
        if answer == '{"v":"' + mark + '"}':
            return mark
    return None


def check_ballots(manifest, m, keys, ballots):
    """Checks 4 to 7: the histograms, as {(contest, group): {answer: count}}."""
    spent = set()
    for at, ballot in enumerate(ballots):
        key = keys.get((ballot["c"], ballot["g"]))
        good = key is not None and key.signed(unbase64(ballot["pk"], 32), unbase64(ballot["tk"], 256))
        demand(good, 4, f"#{at + 1}")
    for at, ballot in enumerate(ballots):
        spends = (ballot["c"], ballot["g"], ballot["pk"])
        demand(spends not in spent, 5, f"#{at + 1}")
        spent.add(spends)
    for at, ballot in enumerate(ballots):
        head = b"pingyi-cast/1\0" + m + ballot["c"].to_bytes(2, "big") + ballot["g"].encode()
        message = head + sha256(ballot["a"].encode())
        demand(is_signed(unbase64(ballot["pk"], 32), message, unbase64(ballot["s"], 64)), 6, f"#{at + 1}")
    found = {}
    for at, ballot in enumerate(ballots):
        answer = answer_of(manifest, ballot)
        demand(answer is not None, 7, f"#{at + 1}")
        histogram = found.setdefault((ballot["c"], ballot["g"]), {})
        histogram[answer] = histogram.get(answer, 0) + 1
    return found


def merkle_root(leaves):
    """RFC 9162, section 2.1.1, over hashes of leaves, level by level: a node without a neighbour goes up as it is."""
    level = list(leaves) or [sha256()]
    while len(level) > 1:
        pairs = [sha256(b"\1", *level[at : at + 2]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) - len(level) % 2 :]
    return level[0]


# Checks 10 to 14. A count is {"marks": […], "abstained", "recused", "void"}; one that was made from ballots of a round with items
# has "answers" too, how many rows say what. Its marks are one block after the other, an item each: by mark, then open.

PARTS = ("abstained", "recused", "void")
# Why a record has leaves in place of ballots, in the order in which it says so.
REASONS = ("record", "items", "hidden", "channel", "withheld")


# From the second edition on `recused` is in no row: a count that was made here has it, one that a record tells has none, which is 0.


def plus(a, b):
    answers = dict(a.get("answers", {}))
    for value, rows in b.get("answers", {}).items():
        answers[value] = answers.get(value, 0) + rows
    marks = [x + y for x, y in zip(a["marks"], b["marks"])]
    return {"marks": marks, "answers": answers, **{part: a.get(part, 0) + b.get(part, 0) for part in PARTS}}


def same(told, count):
    """Whether a record tells this count."""
    return told["marks"] == count["marks"] and all(told[part] == count[part] for part in PARTS if part in told)


def ballots_of(manifest, count):
    return sum(count["marks"][: of_one_item(manifest)]) + count["abstained"] + count["void"]


def adds_up(manifest, count, valid):
    """Whether so many valid sheets can have this row: each, or from the second edition on those who are not recused of it."""
    rows = ballots_of(manifest, count)
    return rows + count["recused"] == valid if is_first(manifest) else rows <= valid


def blocks_agree(manifest, count):
    """Whether every item has one count for each marked row."""
    size, marks = of_one_item(manifest), count["marks"]
    return len({sum(marks[at : at + size]) for at in range(0, len(marks), size)}) <= 1


def with_blocks(manifest, c, count):
    """A count of a round with items, whose answers are known, with its marks."""
    if "items" not in manifest:
        return count
    places = {mark["id"]: at for at, mark in enumerate(manifest["scale"])}
    size = of_one_item(manifest)
    marks = [0] * (size * len(manifest["items"]))
    for value, rows in count["answers"].items():
        for item, part in enumerate(item_parts(manifest, c, value)):
            marks[item * size + places.get(part, size - 1)] += rows
    return {**count, "marks": marks}


def summed(manifest, counts):
    size = of_one_item(manifest) * max(1, len(manifest.get("items", [])))
    total = {"marks": [0] * size, "abstained": 0, "recused": 0, "void": 0}
    for count in counts:
        total = plus(total, count)
    return total


def opinions_of_a_sheet(manifest):
    return min(len(manifest["contests"]), 20) if manifest["opinions"] else 0


def check_papers(manifest, record, found, leaves):
    paper = record["paper"]
    for issuance in record["issuance"]:
        g = issuance["g"]
        issued = issuance["issued"] + (paper[g]["issued"] if g in paper else 0)
        demand(issued <= issuance["eligible"] + issuance["reissued"], 10, g)
        if found is not None:
            sheets = sum(found.get((0, g), {}).values())
            demand(sheets <= issuance["issued"], 10, g)
            for contest in manifest["contests"]:
                demand(sum(found.get((contest["c"], g), {}).values()) <= sheets, 10, f"c{contest['c']}.g{g}")
        if g in paper:
            on_paper = paper[g]
            demand(on_paper["invalid"] <= on_paper["returned"] <= on_paper["issued"], 10, g)
            valid, recused = on_paper["returned"] - on_paper["invalid"], 0
            for row in on_paper["rows"]:
                row = with_blocks(manifest, row["c"], {"answers": {}, **row})
                demand(adds_up(manifest, row, valid), 10, f"c{row['c']}.g{g}")
                recused += valid - ballots_of(manifest, row)
            demand("recused" not in on_paper or on_paper["recused"] == recused, 10, g)
    if found is None:
        issued = sum(issuance["issued"] for issuance in record["issuance"])
        demand(leaves <= issued * (len(manifest["contests"]) + 1 + opinions_of_a_sheet(manifest)), 10)
    else:
        returned = sum(sum(found.get((0, issuance["g"]), {}).values()) for issuance in record["issuance"])
        demand(len(record["opinions"]) <= returned * opinions_of_a_sheet(manifest), 10)
    demand(sum(issuance["reissued"] for issuance in record["issuance"]) <= manifest["reissues_max"], 10)


def count_again(manifest, record, found):
    """Sheets as {group: (returned, invalid)}, and a list of {group: count}, contest after contest."""
    names = [group["id"] for group in manifest["groups"]]
    marks = [mark["id"] for mark in manifest["scale"]]
    sheets, rows = {}, []
    for g in names:
        paper = record["paper"].get(g, {"returned": 0, "invalid": 0})
        sheets[g] = (sum(found.get((0, g), {}).values()) + paper["returned"], paper["invalid"])
    for at, contest in enumerate(manifest["contests"]):
        row = {}
        for g in names:
            histogram = found.get((contest["c"], g), {})
            recused = sum(found.get((0, g), {}).values()) - sum(histogram.values())
            answers = {value: rows for value, rows in histogram.items() if "items" in manifest and value != "abstain"}
            row[g] = {
                "marks": [histogram.get(mark, 0) for mark in marks],
                "answers": answers,
                "abstained": histogram.get("abstain", 0),
                "recused": recused,
                "void": 0,
            }
            if g in record["paper"]:
                paper = record["paper"][g]
                on_paper = with_blocks(manifest, contest["c"], {"answers": {}, **paper["rows"][at]})
                without = paper["returned"] - paper["invalid"] - ballots_of(manifest, on_paper)
                row[g] = plus(row[g], {"recused": without, **paper["rows"][at]})
            row[g] = with_blocks(manifest, contest["c"], row[g])
        rows.append(row)
    return sheets, rows


def check_histograms(manifest, tally, sheets, rows):
    told = tally["sheets"]
    demand(told["returned"] == sum(returned for returned, _ in sheets.values()), 11)
    demand(told["invalid"] == sum(invalid for _, invalid in sheets.values()), 11)
    if "recused" in told:
        demand(told["recused"] == sum(count["recused"] for row in rows for count in row.values()), 11)
    for group in told["groups"] or []:
        demand((group["returned"], group["invalid"]) == sheets[group["g"]], 11, group["g"])
    for told, row in zip(tally["rows"], rows):
        demand(not told["marks"] or same(told, summed(manifest, row.values())), 11, f"c{told['c']}")
        for group in told["groups"] or []:
            demand(same(group, row[group["g"]]), 11, f"c{told['c']}.g{group['g']}")


def check_sealed_histograms(manifest, tally, leaves):
    sheets = tally["sheets"]
    if sheets["groups"] is not None:
        demand(sheets["returned"] == sum(group["returned"] for group in sheets["groups"]), 11)
        demand(sheets["invalid"] == sum(group["invalid"] for group in sheets["groups"]), 11)
        demand(all(group["invalid"] <= group["returned"] for group in sheets["groups"]), 11)
    demand(sheets["invalid"] <= sheets["returned"], 11)
    most = sheets["returned"] * (1 + opinions_of_a_sheet(manifest))
    valid, recused = sheets["returned"] - sheets["invalid"], 0
    for row in tally["rows"]:
        where = f"c{row['c']}"
        if not row["marks"]:
            most += sheets["returned"]
            continue
        most += ballots_of(manifest, row)
        demand(all(blocks_agree(manifest, count) for count in [row, *(row["groups"] or [])]), 11, where)
        demand(adds_up(manifest, row, valid), 11, where)
        recused += valid - ballots_of(manifest, row)
        if row["groups"] is None:
            continue
        demand(same(row, summed(manifest, row["groups"])), 11, where)
        for group, of_group in zip(row["groups"], sheets["groups"] or []):
            demand(adds_up(manifest, group, of_group["returned"] - of_group["invalid"]), 11, where)
    demand("recused" not in sheets or sheets["recused"] == recused, 11)
    demand(leaves <= most, 11)


def units(value, decimals):
    """Units of the last decimal, rounded half up, away from zero; only a total can be negative."""
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return -whole if value < 0 else whole


def printed(value, decimals):
    whole = units(value, decimals)
    digits = str(abs(whole)).zfill(decimals + 1)
    text = digits if decimals == 0 else digits[:-decimals] + "." + digits[-decimals:]
    return "-" + text if whole < 0 else text


def by_policy(policy):
    return None if policy == "exclude" else Fraction(policy["points_hundredths"], 100)


def item_value(manifest, value):
    """What a row of several items is worth: the mean of what its items are worth, by their weights; None where they weigh nothing."""
    points = {mark["id"]: mark["points_hundredths"] for mark in manifest["scale"]}
    answered = [part for part in zip(manifest["scoring"]["item_weights_bp"], value.split(".")) if part[1]]
    weight = sum(weight for weight, _ in answered)
    return Fraction(sum(weight * points[mark] for weight, mark in answered), 100 * weight) if weight else None


def worth_of(manifest, count):
    """What the marked rows of a group are worth: points, and how many rows have them."""
    rules = manifest["scoring"]
    if "items" in manifest:
        return [(item_value(manifest, value), rows) for value, rows in count["answers"].items()]
    worth = []
    for mark, rows in zip(manifest["scale"], count["marks"]):
        points = {
            "grade": Fraction(mark["points_hundredths"], 100),
            "unknown": by_policy(rules["unknown"]),
            "abstain": by_policy(rules["abstain"]),
        }[mark["kind"]]
        worth.append((points, rows))
    return worth


def parts_of(manifest, count):
    """The points and the rows of a group's mean, trimmed where the rules say so."""
    rules = manifest["scoring"]
    worth = worth_of(manifest, count)
    worth.append((by_policy(rules["abstain"]), count["abstained"]))
    worth = [(points, rows) for points, rows in worth if points is not None and rows > 0]
    rows, total = sum(rows for _, rows in worth), sum(points * rows for points, rows in worth)
    if "trim" in rules and rows > rules["trim"]["more_than_rows"]:
        points = [points for points, _ in worth]
        return total - max(points) - min(points), rows - 2
    return total, rows


def mean_of(parts):
    total, rows = parts
    return Fraction(total, rows) if rows else None


def weighted(manifest, means):
    missing = manifest["scoring"]["missing_group"]
    if all(mean is None for mean in means) or (missing == "block" and None in means):
        return None
    pairs = list(zip(manifest["groups"], means))
    if missing == "zero":
        pairs = [(group, Fraction(0) if mean is None else mean) for group, mean in pairs]
    pairs = [(group["weight_bp"], mean) for group, mean in pairs if mean is not None]
    weight = sum(weight for weight, _ in pairs)
    return Fraction(sum(weight * mean for weight, mean in pairs), weight) if weight else None


def top_rate(manifest, total):
    # Of a round with items over all of them; what is left open is no mark of the scale.
    size = of_one_item(manifest)
    blocks = [total["marks"][at : at + size] for at in range(0, len(total["marks"]), size)]
    marks = [(mark, rows) for block in blocks for mark, rows in zip(manifest["scale"], block)]
    grades = [(mark, rows) for mark, rows in marks if mark["kind"] == "grade"]
    best, given = max(mark["points_hundredths"] for mark, _ in grades), sum(rows for _, rows in grades)
    top = sum(rows for mark, rows in grades if mark["points_hundredths"] == best)
    return Fraction(100 * top, given) if given else None


def most_at_top(quota, subjects):
    ((kind, share),) = quota["limit"].items()
    parts = subjects * share
    rounded = {
        "floor": parts // 10_000,
        "half_up": (2 * parts + 10_000) // 20_000,
        "ceil": -(-parts // 10_000),
    }[quota["rounding"]]
    return max(0, subjects - rounded) if kind == "min_below_top_bp" else min(rounded, subjects)


class Shown:
    """What may be told of these counts, and every finished figure."""

    def __init__(self, manifest, sheets, rows):
        self.manifest, rules = manifest, manifest["scoring"]
        totals_only = manifest["group_columns"] == "totals_only"
        small_rows = [any(self.small(ballots_of(manifest, count)) for count in row) for row in rows]
        self.sheets = not totals_only and not any(map(self.small, sheets))
        parts = [[parts_of(manifest, count) for count in row] for row in rows]
        told = [self.tells(row, of_row) for row, of_row in zip(rows, parts)]
        self.totals = [totals for totals, _ in told]
        self.groups = [self.sheets and totals and not small for totals, small in zip(self.totals, small_rows)]
        self.decimals = min(rules["decimals"], 1) if any(small_rows) else rules["decimals"]
        self.means = [[mean_of(of_group) for of_group in of_row] for of_row in parts]
        self.scores = [weighted(manifest, means) if score else None for means, (_, score) in zip(self.means, told)]
        rates = [top_rate(manifest, summed(manifest, row)) for row in rows]
        self.rates = [rate if totals else None for rate, totals in zip(rates, self.totals)]
        self.ranks = self.rank(any(small_rows) or totals_only)
        self.grades = self.suggest()

    def small(self, ballots):
        return 1 <= ballots < self.manifest["k_min"]

    def tells(self, row, parts):
        """Whether the counts over all groups are told, and whether the score is."""
        there = []
        for group, count, (_, rows) in zip(self.manifest["groups"], row, parts):
            ballots = ballots_of(self.manifest, count)
            if ballots > 0:
                there.append((ballots, Fraction(group["weight_bp"], rows) if rows else Fraction(0)))
        left = lambda taken: sum(ballots for ballots, pull in there if pull != taken)
        few = self.small(sum(ballots for ballots, _ in there))
        score = not few and not self.small(left(0))
        totals = not few and not (score and any(self.small(left(pull)) for _, pull in there))
        return totals, score

    def rank(self, hides_means):
        names = [group["id"] for group in self.manifest["groups"]]
        keys = []
        for means, score, rate in zip(self.means, self.scores, self.rates):
            if score is None:
                keys.append(None)
                continue
            key = [units(score, self.decimals)]
            for by in self.manifest["scoring"]["tie_breaks"]:
                if by == "top_rate":
                    key.append(-1 if rate is None else units(rate, 2))
                else:
                    mean = None if hides_means else means[names.index(by["group_mean"])]
                    key.append(-1 if mean is None else units(mean, self.decimals))
            keys.append(key)
        known = [key for key in keys if key is not None]
        return [None if key is None else 1 + sum(other > key for other in known) for key in keys]

    def suggest(self):
        shown = [None if score is None else Fraction(units(score, self.decimals), 10**self.decimals) for score in self.scores]
        return suggested(self.manifest["scoring"], shown, self.ranks, [0] * len(shown))


def suggested(rules, values, ranks, caps):
    """The grade of each printed value, not better than its cap, under the quota; None without a value."""
    bands, quota = rules["bands"], rules.get("quota")
    if not bands:
        return [None] * len(values)
    places = []
    for value, cap in zip(values, caps):
        # The last band begins at 0, so every value has a place; a negative one has the last.
        fits = [at for at, band in enumerate(bands) if value is not None and value * 100 >= band["from_hundredths"]]
        worst = len(bands) - 1
        places.append(None if value is None else min(worst, max(cap, fits[0] if fits else worst)))
    at_top = [rank for rank, place in zip(ranks, places) if place == 0]
    line = most_at_top(quota, sum(value is not None for value in values)) if quota else len(places)
    for at, (rank, place) in enumerate(zip(ranks, places)):
        if place == 0 and sum(other < rank for other in at_top) >= line:
            places[at] = 1
        elif place == 0 and sum(other <= rank for other in at_top) > line:
            places[at] = None
    return [None if place is None else bands[place]["id"] for place in places]


def check_totals(manifest, record):
    """Check 12 of totals: they follow from the printed scores and what was imported, and grades follow from them."""
    rules, rows = manifest["scoring"], record["tally"]["rows"]
    combination = rules["combination"]
    shares = [combination["evaluation_share_bp"]] + [part["share_bp"] for part in combination["components"]]
    imported = {row["c"]: row for row in record["imported"]}
    totals, caps = [], []
    for row in rows:
        beside = imported.get(row["c"])
        told = row["score"] or ""
        parts = [told if re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", told) else ""]
        parts += beside["components"] if beside else [""]
        if "" in parts:
            totals.append(None)
            caps.append(0)
            continue
        values = [Fraction(part) for part in parts]
        total = sum(share * value for share, value in zip(shares, values)) / 10_000 + Fraction(beside["adjustment"] or 0)
        totals.append(Fraction(units(total, rules["decimals"]), 10 ** rules["decimals"]))
        closed = [gate for gate in combination["gates"] if values[gate["component"]] * 100 < gate["below_hundredths"]]
        caps.append(max([beside["best_band"]] + [gate["best_band"] for gate in closed]))
    ranks = [None if total is None else 1 + sum(other is not None and other > total for other in totals) for total in totals]
    grades = suggested(rules, totals, ranks, caps)
    for row, total, rank, grade in zip(rows, totals, ranks, grades):
        right = None if total is None else printed(total, rules["decimals"])
        demand(row.get("total") == right and row.get("total_rank") == rank and row["suggested_grade"] == grade, 12, f"c{row['c']}")


def check_scores(tally, shown, combines):
    told = zip(tally["rows"], shown.groups, shown.means, shown.scores, shown.rates, shown.ranks, shown.grades)
    for row, shows, means, score, rate, rank, grade in told:
        where = f"c{row['c']}"
        demand(row["score"] == (None if score is None else printed(score, shown.decimals)), 12, where)
        demand(row["rank"] == rank and (combines or row["suggested_grade"] == grade), 12, where)
        demand(row["top_rate_percent"] == (None if rate is None else printed(rate, 2)), 12, where)
        for group, mean in zip(row["groups"] or [], means):
            right = None if mean is None else printed(mean, shown.decimals)
            demand(not shows or group["mean"] == right, 12, where)


def reasons_of(manifest, tally):
    """Why the file is sealed, as far as it shows it: its manifest, what its tally hides, that it has none."""
    hides = tally is not None and (
        tally["sheets"]["groups"] is None or any(row["groups"] is None or not row["marks"] for row in tally["rows"])
    )
    holds = {"record": manifest["record"] == "sealed", "items": "items" in manifest, "hidden": hides, "withheld": tally is None}
    return [reason for reason in REASONS if holds.get(reason, False)]


def check_sealed_small_groups(manifest, record):
    demand(record["paper"] == {}, 14)
    tally = record["tally"]
    # Where the file shows none it is what only the whole record shows: a channel with too few ballots.
    demand("sealed" not in record or record["sealed"] == (reasons_of(manifest, tally) or ["channel"]), 14)
    if tally is None:
        return
    small = lambda ballots: 1 <= ballots < manifest["k_min"]
    told = tally["sheets"]["groups"]
    if told is not None:
        demand(manifest["group_columns"] == "shown" and not any(small(group["returned"]) for group in told), 14)
    for row in tally["rows"]:
        demand(not row["marks"] or not small(ballots_of(manifest, row)), 14, f"c{row['c']}")
        if row["groups"] is not None:
            fits = told is not None and not any(small(ballots_of(manifest, group)) for group in row["groups"])
            demand(fits, 14, f"c{row['c']}")


def check_proof(raw, m, box_key, leaves):
    demand(len(raw) <= 128 * 1024, 15)
    proof = read_canonical(raw.rstrip(b"\t\n\x0c\r "), 15)
    item = members({"leaf": text, "receipt": text})
    shape = members({"format": one_of("pingyi-proof/1"), "manifest_hash": text, "ballots": listing(item)})
    demand(shape(proof) and proof["manifest_hash"] == m.hex() and proof["ballots"], 15)
    demand(different((entry["leaf"], entry["receipt"]) for entry in proof["ballots"]), 15)
    known = set(leaves)
    for at, entry in enumerate(proof["ballots"]):
        leaf, receipt = unbase64(entry["leaf"], 32), unbase64(entry["receipt"], 64)
        demand(leaf in known and receipt is not None, 15, f"#{at + 1}")
        demand(is_signed(box_key, b"pingyi-receipt/1\0" + m + leaf, receipt), 15, f"#{at + 1}")
    return len(proof["ballots"])


def has_small_channel(manifest, found, rows):
    """Whether some group has few ballots of a row on phones, or few on paper."""
    small = lambda ballots: 1 <= ballots < manifest["k_min"]
    for contest, row in zip(manifest["contests"], rows):
        for g, count in row.items():
            on_phones = sum(found.get((contest["c"], g), {}).values())
            if small(on_phones) or small(ballots_of(manifest, count) - on_phones):
                return True
    return False


def check_together(public, whole):
    """Check 16: the public record is the one that follows from the whole one."""
    demand(not whole["sealed"], 16, "ballots")
    told, right = public["record"], whole["record"]
    demand(canonical(told["manifest"]) == canonical(right["manifest"]), 16, "manifest")
    demand(public["all_leaves"] == whole["all_leaves"] and told["root"] == right["root"], 16, "leaves")
    for name in ("issuance", "left_out"):
        demand(told[name] == right[name], 16, name)
    manifest, tally = right["manifest"], right["tally"]
    reasons = reasons_of(manifest, tally) or (["channel"] if whole["small_channel"] else [])
    if not public["sealed"]:
        demand(reasons == [], 16, "sealed")
        demand(told["paper"] == right["paper"], 16, "paper")
    elif told["tally"] is not None and not is_first(manifest):
        demand(told["sealed"] == reasons, 16, "sealed")
    if told["tally"] is not None:
        demand(told.get("imported") == right.get("imported"), 16, "imported")
        for one, other in zip(told["tally"]["rows"], tally["rows"]):
            demand(one == other, 16, f"c{one['c']}")
        demand(told["tally"] == tally, 16, "tally")


def is_fraud(raw):
    """Whether a proof says of itself that it is one of fraud."""
    try:
        value = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        return False
    return type(value) is dict and value.get("format") == "pingyi-fraud/1"


PROMISED = members({"hash": lambda value: unhex(value, 32) is not None, "signature": lambda value: unbase64(value, 64) is not None})
FRAUD = members(
    {
        "box_key": lambda value: unbase64(value, 32) is not None,
        "format": one_of("pingyi-fraud/1"),
        "manifests": listing(PROMISED, 2),
        "meeting": made_of(LETTERS + "-_", 1, 64),
        "round": integer(1, 2**32 - 1),
    }
)


def check_fraud(raw):
    """Check 15 of a proof of fraud: one box key signed two manifests of one round."""
    demand(len(raw) <= 128 * 1024, 15)
    fraud = read_canonical(raw.rstrip(b"\t\n\x0c\r "), 15)
    demand(FRAUD(fraud), 15)
    one, other = fraud["manifests"]
    box_key = unbase64(fraud["box_key"], 32)
    demand(one["hash"] < other["hash"] and is_point(box_key), 15)
    for promised in (one, other):
        head = b"pingyi-manifest/2\0" + fraud["meeting"].encode() + fraud["round"].to_bytes(4, "big")
        demand(is_signed(box_key, head + unhex(promised["hash"], 32), unbase64(promised["signature"], 64)), 15)
    return fraud


def verify_all(raw, proof=None, whole=None):
    """The verdict on a public record, beside the whole one where it is given; or on a proof of fraud by itself."""
    if raw is None:
        return {"fraud": check_fraud(proof)}
    if proof is not None and is_fraud(proof):
        seen = verify_all(raw, None, whole)
        fraud, manifest = check_fraud(proof), seen["record"]["manifest"]
        demand(all(fraud[name] == manifest[name] for name in ("box_key", "meeting", "round")), 15)
        return {**seen, "fraud": fraud}
    if whole is None:
        return verify(raw, proof)
    public = verify(raw)
    try:
        held = verify(whole)
    except Fault as fault:
        raise Fault(fault.check, f"{fault.where} (whole record)".lstrip()) from None
    check_together(public, held)
    own = None if proof is None else check_proof(proof, public["m"], public["box_key"], public["all_leaves"])
    return {**public, "own": own, "whole": held["digest"]}


def verify(raw, proof=None):
    """What the record says of itself; raises Fault for the first check that fails."""
    demand(len(raw) <= 1024**3, 3)
    record = read_canonical(raw, 3)
    check_form(record)
    manifest = record["manifest"]
    m = sha256(canonical(manifest))
    demand(m.hex() == record["manifest_hash"], 1)
    keys, box_key = check_keys(manifest, m)
    found = None
    if "ballots" in record:
        found = check_ballots(manifest, m, keys, record["ballots"])
        leaves = [sha256(b"\0", canonical(ballot)) for ballot in record["ballots"]]
    else:
        leaves = [unbase64(leaf, 32) for leaf in record["leaves"]]
    for at, (one, next_one) in enumerate(zip(leaves, leaves[1:])):
        demand(one < next_one, 8, f"#{at + 2}")
    opinions = [unbase64(leaf, 32) for leaf in record.get("opinions", [])]
    leaves = sorted(leaves + opinions)
    for some in (opinions, leaves):
        demand(all(one < next_one for one, next_one in zip(some, some[1:])), 8)
    root = merkle_root(leaves)
    demand(root.hex() == record["root"], 9)
    check_papers(manifest, record, found, len(leaves))
    tally = record["tally"]
    shown, small_channel = None, False
    if found is not None:
        sheets, rows = count_again(manifest, record, found)
        small_channel = has_small_channel(manifest, found, rows)
        check_histograms(manifest, tally, sheets, rows)
        shown = Shown(manifest, [returned for returned, _ in sheets.values()], [list(row.values()) for row in rows])
    elif tally is not None:
        check_sealed_histograms(manifest, tally, len(leaves))
        told = tally["sheets"]["groups"]
        # Which row has which marks is in no told figure of a round with items: its scores follow from the ballots alone.
        is_told = told is not None and all(row["groups"] is not None for row in tally["rows"])
        if is_told and "items" not in manifest:
            shown = Shown(manifest, [group["returned"] for group in told], [row["groups"] for row in tally["rows"]])
    if shown is not None:
        check_scores(tally, shown, "imported" in record)
    if "imported" in record:
        check_totals(manifest, record)
    names = ("format", "imported", "issuance", "left_out", "paper", "sealed", "tally")
    head = canonical({name: record[name] for name in names if name in record})
    message = b"pingyi-record/1\0" + m + root + sha256(head)
    demand(is_signed(box_key, message, unbase64(record["box_sig"], 64)), 13)
    if found is None:
        check_sealed_small_groups(manifest, record)
    else:
        demand((tally["sheets"]["groups"] is not None) == shown.sheets, 14)
        for row, shows, totals in zip(tally["rows"], shown.groups, shown.totals):
            demand((row["groups"] is not None) == shows and bool(row["marks"]) == totals, 14, f"c{row['c']}")
    own = None if proof is None else check_proof(proof, m, box_key, leaves)
    return {
        "record": record,
        "m": m,
        "digest": sha256(raw),
        "box_key": box_key,
        "all_leaves": leaves,
        "sealed": found is None,
        "small_channel": small_channel,
        "own": own,
        "whole": None,
        "fraud": None,
    }


def ends_with(seen):
    """0 only where the ballots were counted again, the record's own or those of the whole one."""
    if seen["fraud"] is not None:
        return 4
    return 3 if seen["sealed"] and seen["whole"] is None else 0


def fingerprint(manifest, digest):
    """What people compare: twenty-four letters, and of the first edition the sixteen digits that it showed."""
    if is_first(manifest):
        return sixteen_digits(digest)
    number = int.from_bytes(digest[:15], "big")
    letters = ["0123456789ABCDEFGHJKMNPQRSTVWXYZ"[number >> 5 * place & 31] for place in reversed(range(24))]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, 24, 4))


def sixteen_digits(digest):
    digits = f"{int.from_bytes(digest[:8], 'big') % 10**16:016}"
    return "-".join(digits[at : at + 4] for at in (0, 4, 8, 12))


def batch(file):
    with open(file, "rb") as lines:
        for line in lines:
            record, proof, whole = [None if part == b"-" else base64.b64decode(part) for part in line.rstrip(b"\n").split(b" ")]
            try:
                print(ends_with(verify_all(record, proof, whole)))
            except Fault as fault:
                print(10 + fault.check)


def read_file(name):
    if name is None:
        return None
    with open(name, "rb") as file:
        return file.read()


def main():
    arguments = argparse.ArgumentParser(description="Checks a Pingyi record.")
    arguments.add_argument("record", nargs="?")
    arguments.add_argument("--whole")
    arguments.add_argument("--proof")
    arguments.add_argument("--language", choices=["zh", "en"], default="en")
    arguments.add_argument("--batch")
    asked = arguments.parse_args()
    if (asked.batch is None) == (asked.record is None and asked.proof is None):
        arguments.error("name a record")
    if asked.whole is not None and asked.record is None:
        arguments.error("name a record beside the whole one")
    chinese = asked.language == "zh"
    try:
        if asked.batch:
            return batch(asked.batch)
        raw, whole, proof = [read_file(name) for name in (asked.record, asked.whole, asked.proof)]
    except OSError as error:
        print(("文件无法读取：" if chinese else "The file cannot be read: ") + str(error), file=sys.stderr)
        return 1
    try:
        seen = verify_all(raw, proof, whole)
    except Fault as fault:
        print(f"V{fault.check}: {SENTENCES[fault.check][0 if chinese else 1]} {fault.where}".rstrip(), file=sys.stderr)
        return 10 + fault.check
    if seen["fraud"] is not None:
        fraud = seen["fraud"]
        told = f"这是作弊的证据：会议 {fraud['meeting']} 第 {fraud['round']} 轮，一把票箱密钥签署了两份规则清单："
        english = f"This is a proof of fraud: for round {fraud['round']} of meeting {fraud['meeting']} one box key signed two manifests:"
        print(told if chinese else english)
        for promised in fraud["manifests"]:
            print("  " + promised["hash"])
    if "record" not in seen:
        return ends_with(seen)
    manifest = seen["record"]["manifest"]
    print(("校验码 " if chinese else "Fingerprint   ") + fingerprint(manifest, seen["m"]))
    print(("记录码 " if chinese else "Record digest ") + fingerprint(manifest, seen["digest"]) + "  sha256 " + seen["digest"].hex())
    if seen["whole"] is not None:
        print(("完整记录 " if chinese else "Whole record  ") + fingerprint(manifest, seen["whole"]) + "  sha256 " + seen["whole"].hex())
    elif seen["sealed"]:
        print("票由监票人保管，V4–V7 未查。" if chinese else "The ballots are with the scrutineers; V4 to V7 were not checked.")
    for left in seen["record"]["left_out"]:
        told = f'未等服务器“{left["name"]}”即计票：它收到的 {left["sheets"]} 份可能未计入。'
        print(told if chinese else f'Counted without server "{left["name"]}": up to {left["sheets"]} sheets that it took may be missing.')
    if seen["own"] is not None:
        print(f"凭证中的 {seen['own']} 张票都在记录里。" if chinese else f"All {seen['own']} ballots of the proof are in it.")
    if seen["whole"] is not None:
        print("两份记录是同一次计票，已重新计票。" if chinese else "Both are one count: the whole record was counted again.")
    elif seen["sealed"]:
        print("形式成立，结果没有重新计票。" if chinese else "Its form holds; the result was not recounted.")
    else:
        print("记录成立，已重新计票。" if chinese else "The record holds: it was counted again.")
    return ends_with(seen)


if __name__ == "__main__":
    sys.exit(main())
