"""Which number is meant by a text that is none: `1,500`, `1,12`, `40%`, `11.2万`."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_UNITS = {"": 1, "千": 10**3, "k": 10**3, "K": 10**3, "万": 10**4, "百万": 10**6, "M": 10**6, "千万": 10**7}
_UNITS |= {"亿": 10**8, "万亿": 10**12}
_NUMERAL = re.compile(
    r"([-+]?)[¥$€£]? ?([0-9][0-9.,_' ]*?(?:[eE][-+]?[0-9]{1,3})?) ?(%|[千百万亿kKM]*) ?(?:元|[A-Z]{3})?"
)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([, _'])[0-9]{3})(?:\1[0-9]{3})*(?:\.[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:([. _'])[0-9]{3})(?:\1[0-9]{3})*),[0-9]+")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]{1,3})?")
_IN_CHINESE = re.compile("[〇零一二两三四五六七八九十百千万亿]+[元块]?")


def meant(text: str) -> float | None:
    """The number that somebody meant; None where it cannot be told.

    Groups of three digits are thousands (`1,500` = 1500), any other comma is a decimal one (`1,12` = 1.12).
    """
    found = _NUMERAL.fullmatch(unicodedata.normalize("NFKC", text).replace("’", "'").strip())
    if found is None or found[3] not in (*_UNITS, "%"):
        return None
    digits = _digits(found[2].strip())
    if digits is None:
        return None
    number = Decimal(found[1] + digits) * (Decimal("0.01") if found[3] == "%" else _UNITS[found[3]])
    return float(number) if abs(number) < Decimal("1e30") else None


def _digits(text: str) -> str | None:
    """Digits with a point for the decimals; None if the marks between them follow no custom."""
    if _GROUPED.fullmatch(text):
        return re.sub("[, _']", "", text)
    if _DECIMAL_COMMA.fullmatch(text):
        return re.sub("[. _']", "", text).replace(",", ".")
    return text if _PLAIN.fullmatch(text) else None


def looks_like_a_number(text: str) -> bool:
    """Whether a text was meant as a number, whichever it is."""
    plain = unicodedata.normalize("NFKC", text).strip().lstrip("+-¥$€£ ")
    return plain[:1].isdigit() or bool(_IN_CHINESE.fullmatch(plain))
