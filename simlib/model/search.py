"""Where a function of one number is highest: the searches by which people choose.

Plain float arithmetic, no arrays: these run inside the event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

Curve = Callable[[float], float]

_EPSILON = 2.0**-52
_PARTS = 24
"""Parts of the first look at an interval."""
_HALVINGS = 11
"""The last parabola is 24·2¹⁰ times narrower than the interval."""


def falling_root(curve: Curve, low: float, high: float) -> float:
    """Where a curve that is not negative at `low` and negative at `high` changes sign: a number at which it is not yet
    negative, within four units in the last place of one at which it is.

    Chandrupatla's method: inverse quadratic interpolation where the three last points allow it, else bisection
    (Chandrupatla 1997, Advances in Engineering Software 28).
    """
    newest, other, previous = high, low, high
    at_newest, at_other, at_previous = curve(high), curve(low), 0.0
    share = 0.5
    while True:
        tried = newest + share * (other - newest)
        if tried in (newest, other):
            # A root far nearer to 0 than the interval is wide: from the other end a float reaches it.
            tried = other + (newest - other) * at_other / (at_other - at_newest)
        if tried in (newest, other):
            return newest if at_newest >= 0 else other
        at = curve(tried)
        if (at >= 0) == (at_newest >= 0):
            previous, at_previous = newest, at_newest
        else:
            previous, at_previous, other, at_other = other, at_other, newest, at_newest
        newest, at_newest = tried, at
        nearer = newest if abs(at_newest) < abs(at_other) else other
        narrowest = 2 * _EPSILON * abs(nearer) / abs(other - newest)
        if at_newest == 0 or narrowest > 0.5:
            return newest if at_newest >= 0 else other
        share = 0.5
        x, y = (newest - other) / (previous - other), (at_newest - at_other) / (at_previous - at_other)
        if y * y < x and (1 - y) ** 2 < 1 - x:
            share = at_newest / (at_other - at_newest) * at_previous / (at_other - at_previous)
            share += (
                (previous - newest) / (other - newest)
                * at_newest / (at_previous - at_newest) * at_other / (at_previous - at_other)
            )  # fmt: skip
        share = min(max(share, narrowest), 1 - narrowest)


def highest(curve: Callable[[float], tuple[float, float]], points: Iterable[float]) -> float:
    """Where a smooth curve is highest between the first and the last of some points, the lowest such place if several.

    `curve`: its value and its slope. Between two neighbours at which the slope changes from up to down lies a local
    maximum. Between two with the same sign one may hide: the slope is looked at where the parabola through both slopes,
    with the area that the values give, turns. All local maxima found are compared. The points must be so close that a
    cubic tells the curve's shape between them.
    """

    def slope(place: float) -> float:
        return curve(place)[1]

    low, *rest = sorted(set(points))
    height, up = curve(low)
    tops = [low] if up <= 0 else []
    for high in rest:
        next_height, down = curve(high)
        if up > 0 > down:
            tops.append(falling_root(slope, low, high))
        elif up > 0 == down:
            tops.append(high)
        elif (up > 0) == (down > 0):
            middle = low + _turn(up, down, (next_height - height) / (high - low)) * (high - low)
            if low < middle < high and (slope(middle) > 0) != (up > 0):
                tops.append(falling_root(slope, low, middle) if up > 0 else falling_root(slope, middle, high))
        low, height, up = high, next_height, down
    if up >= 0:
        tops.append(low)
    # Ends and roots only, not the points looked at: at the top all heights are equal to the last digits.
    return max(tops, key=lambda place: curve(place)[0]) if len(tops) > 1 else tops[0]


def _turn(first: float, last: float, mean: float) -> float:
    """Where on [0, 1] the parabola turns that has these values at both ends and this mean; 0 if nowhere."""
    bend = 3 * (first + last) - 6 * mean
    return -(6 * mean - 4 * first - 2 * last) / (2 * bend) if bend else 0.0


def peak(value: Curve, low: float, high: float) -> float:
    """Where a curve of which only values are known is highest in [low, high], the lowest such place if it is flat.

    The best of 25 places; then the neighbourhood is halved eleven times, by looking half way to both sides; before and
    after, the vertex of the parabola through three places is tried. Exact to rounding for a parabola, to about 1e-8 of
    the interval for what is smooth at its top, to 1e-5 for a kink. A second top narrower than 1/24 of the interval may
    be missed.
    """
    width = (high - low) / _PARTS
    if width <= 0:
        return low
    heights = [(value(low + number * width), -number) for number in range(_PARTS + 1)]
    top, number = max(heights)
    best = low - number * width
    best, top = _vertex(value, (best, top), max(low, best - width), min(high, best + width))
    for _ in range(_HALVINGS):
        width /= 2
        for place in (max(low, best - width), min(high, best + width)):
            height = value(place)
            if height > top:
                best, top = place, height
                break
    return _vertex(value, (best, top), max(low, best - width), min(high, best + width))[0]


def _vertex(value: Curve, best: tuple[float, float], first: float, last: float) -> tuple[float, float]:
    """The best place in [first, last], and its height: the one known so far, or the parabola's through three places."""
    middle = (first + last) / 2
    at_first, at_middle, at_last = value(first), value(middle), value(last)
    for place, height in ((first, at_first), (middle, at_middle), (last, at_last)):
        if height > best[1]:
            best = place, height
    bend = at_first - 2 * at_middle + at_last
    if bend < 0:
        vertex = min(max(middle + (last - first) * (at_first - at_last) / (4 * bend), first), last)
        height = value(vertex)
        # At the top all heights are equal to the last digits: there the parabola knows better than they.
        if height >= best[1] - 8 * _EPSILON * abs(best[1]):
            return vertex, max(best[1], height)
    return best
