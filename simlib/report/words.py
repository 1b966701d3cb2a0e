"""In which words does the report speak? One gettext catalogue per language, and numbers, money and dates in its manner.

`words("zh")("section.funnel")` gives a phrase; the catalogues stand in `words/<language>.po`, so another
language is another file. An id or a placeholder that a catalogue lacks raises KeyError:
nothing is shown half translated.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from babel.core import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent, get_currency_symbol

from simlib.errors import SimlibError

FOLDER = Path(__file__).with_name("words")
MINUS = "\N{MINUS SIGN}"
NONE = "\N{EN DASH}"
"""Stands where a figure is undefined."""
NAMED: Mapping[str, str] = {"stages": "stage", "designs": "structure"}
"""Sections of a scenario whose parts the user names, and the group of words for names that are common."""
SMALL_MONEY = 10_000.0
"""Amounts below this are written in full."""


@dataclass(frozen=True)
class Words:
    """The phrases of one language; call it with an id."""

    language: str
    """Name of the catalogue: `en`, `zh`."""
    locale: Locale
    """Whose manner of writing numbers and dates is used."""
    messages: Mapping[str, str] = field(repr=False)
    currency: str = "CNY"
    """ISO 4217 code of the currency in which money is written."""

    @property
    def tag(self) -> str:
        """Language tag for HTML: `en`, `zh-CN`."""
        return "-".join(part for part in (self.locale.language, self.locale.territory) if part)

    def __call__(self, message: str, /, **values: str) -> str:
        """The phrase with its placeholders filled; KeyError if the catalogue lacks the id or a value is missing."""
        if message not in self.messages:
            raise KeyError(f"words/{self.language}.po has no {message!r}")
        return self.messages[message].format(**values)

    def label(self, group: str, name: str) -> str:
        """What a name of the model is called (`metric`, `role`, ...); a name of the user's own stays as it is."""
        return self.messages.get(f"{group}.{name}", name)

    def word(self, group: str, name: str) -> str:
        """A name of the model as a word of the language: in English, of whose words names are made, the name itself,
        as it is typed; elsewhere what it is called."""
        return name if self.locale.language == "en" else self.label(group, name)

    def parameter(self, path: str) -> str:
        """A parameter by the names of the parts that lead to it: `focus of knowledge · exponent`; what the user named
        stays."""
        section, *parts = path.split(".")
        names = [self.label("path", part) for part in parts]
        if parts and section in NAMED:
            names[0] = self.label(NAMED[section], parts[0])
        return self("join.path").join(names if section == "mechanisms" else [self.label("path", section), *names])

    def listing(self, items: Iterable[str]) -> str:
        """`a, b and c`."""
        return format_list(list(items), locale=self.locale)

    def number(self, value: float, digits: int = 3) -> str:
        """A number with that many significant digits but at most two decimals; whole parts are never cut."""
        return self._fixed(value, min(2, decimals(value, digits)))

    def _fixed(self, value: float, places: int) -> str:
        if not math.isfinite(value):
            return NONE
        pattern = "#,##0" + ("." + "0" * places if places and value != round(value) else "")
        return format_decimal(value, format=pattern, locale=self.locale).replace("-", MINUS)

    def percent(self, share: float, places: int = 1) -> str:
        """0.853 -> 85.3%."""
        if not math.isfinite(share):
            return NONE
        pattern = "0." + "0" * places + "%" if places else "0%"
        return format_percent(share, format=pattern, locale=self.locale).replace("-", MINUS)

    def probability(self, value: float) -> str:
        """A probability in whole per cent; what lies beyond 0.5% and 99.5% is written `< 1%` and `> 99%`."""
        if not math.isfinite(value):
            return NONE
        if value > 0.995:
            return "> " + self.percent(0.99, 0)
        return "< " + self.percent(0.01, 0) if value < 0.005 else self.percent(value, 0)

    def money(self, amount: float) -> str:
        """An amount of the currency with three significant digits: ¥12.3M, ¥1.23亿; below 10,000 in full."""
        if not math.isfinite(amount):
            return NONE
        size, step = self._step(amount) if abs(amount) >= SMALL_MONEY else (1.0, 0)
        text = self.symbol + self.number(abs(amount) / size)
        return (MINUS if amount < 0 else "") + (self(f"money.short.{step}", amount=text) if step else text)

    def money_axis(self, largest: float) -> tuple[float, str]:
        """Divisor and name of the unit in which amounts up to `largest` are read with ease (`¥ million`)."""
        size, step = self._step(largest)
        return size, self(f"money.axis.{step}", symbol=self.symbol)

    def _step(self, amount: float) -> tuple[float, int]:
        """The unit in which the language counts such an amount: its size, and its number in the catalogue (0 = one)."""
        sizes = [float(size) for size in self("money.steps").split()]
        return next(((size, i) for i, size in enumerate(sizes, 1) if abs(amount) >= size), (1.0, 0))

    @property
    def symbol(self) -> str:
        """The short sign of the currency: ¥, $, €."""
        return get_currency_symbol(self.currency, locale="zh_CN").removeprefix("US")

    def value(self, value: float, unit: str) -> str:
        """A figure in its unit (those of `simlib.measure.figures`), or a plain number."""
        if unit.startswith("money"):
            return self.money(value)
        if unit == "share":
            return self.percent(value)
        text = self.number(value)
        return self(f"with.{unit}", value=text) if f"with.{unit}" in self.messages and math.isfinite(value) else text

    def signed(self, value: float, unit: str) -> str:
        """A difference: always with a sign (± for what rounds to zero), shares in percentage points."""
        if not math.isfinite(value):
            return NONE
        text = self._size(value, unit)
        return ("+" if value > 0 else MINUS if value < 0 else "±") + text if re.search("[1-9]", text) else "±" + text

    def signed_percent(self, share: float) -> str:
        """A change as a share of what it was: +9.0%."""
        text = self.percent(abs(share))
        return (MINUS if share < 0 else "+") + text if math.isfinite(share) else NONE

    def half(self, value: float, unit: str) -> str:
        """Half the width of an interval: ±¥209K, ±1.2 pp."""
        return "±" + self._size(value, unit) if math.isfinite(value) else NONE

    def _size(self, value: float, unit: str) -> str:
        if unit == "share":
            return self("with.points", value=self._fixed(abs(value) * 100, 1))
        return self.value(abs(value), unit)

    def interval(self, low: float, high: float, unit: str, *, show: Callable[[float, str], str] | None = None) -> str:
        """`¥1.2M to ¥3.4M`; `show` writes an end (`Words.signed` for a difference). An undefined interval is a dash."""
        if not (math.isfinite(low) and math.isfinite(high)):
            return NONE
        write = show or self.value
        return self("interval.from_to", low=write(low, unit), high=write(high, unit))

    def date(self, day: dt.date) -> str:
        """March 5, 2026; 2026年3月5日."""
        return format_date(day, format="long", locale=self.locale)


def languages() -> tuple[str, ...]:
    """Names of the languages that have a catalogue."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.po")))


@cache
def words(language: str, currency: str = "CNY") -> Words:
    """The words of a language, with the currency in which money is written; SimlibError if there is no catalogue for
    it."""
    path = FOLDER / f"{language}.po"
    if language not in languages():
        raise SimlibError(f"language: got {language!r}, must be one of {', '.join(languages())}")
    with path.open("rb") as stream:
        catalogue = read_po(stream)
    messages = {str(entry.id): str(entry.string) for entry in catalogue if entry.id and entry.string}
    # The catalogue's own header says whose manner of writing numbers and dates it follows.
    return Words(language, catalogue.locale or Locale.parse(language), messages, currency)


def decimals(value: float, digits: int) -> int:
    """Places after the point that show `digits` significant digits of a value."""
    if value == 0 or not math.isfinite(value):
        return 0
    return max(0, digits - 1 - math.floor(math.log10(abs(value))))
