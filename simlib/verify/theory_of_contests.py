"""Closed forms about contests for a prize, and independent numerics where there is none.

Nothing here calls the engine's rules. Effort costs ½·c·e² and brings e + luck; φ and Φ are the standard normal density
and distribution. Parameters that make no sense are refused (SimlibError).
"""

from __future__ import annotations

import math

from scipy.integrate import quad
from scipy.special import gammaln, log_ndtr

from simlib.errors import SimlibError
from simlib.verify.theory import Quantities, positive

MOST_CONTESTANTS = 100
_REACH = 12.0


def promotion_contest(prize: float, *, contestants: float, winners: float, sd: float, effort_cost: float) -> Quantities:
    """The k best of n alike contestants get W; luck is normal with sd σ. In the symmetric equilibrium everybody makes
    `effort` W·m/c, where m (`per_unit`) is the density of one's own luck at the bar, the k-th best of the others',
    m = (n-1)·C(n-2, k-1)·∫ Φ^(n-1-k)·(1-Φ)^(k-1)·φ² / σ, and wins with `probability` k/n. `effort_of_two`: of two for
    one prize, W·g(0)/c = W/(2cσ√π).

    Lazear and Rosen 1981, 'Rank-order tournaments as optimum labor contracts', Journal of Political Economy 89; of n,
    Nalebuff and Stiglitz 1983, Bell Journal 14. There is such an equilibrium if luck is large enough: W ≤ c·σ²
    suffices, for W·φ(1)/σ², the steepest that a density of luck can rise, is then below c.
    """
    whole, cost, spread = positive("prize", prize), positive("effort_cost", effort_cost), positive("sd", sd)
    if contestants != int(contestants) or not 2 <= contestants <= MOST_CONTESTANTS:
        raise SimlibError(f"contestants: got {contestants:g}, must be a whole number from 2 to {MOST_CONTESTANTS}")
    if winners != int(winners) or not 1 <= winners < contestants:
        raise SimlibError(f"winners: got {winners:g}, must be a whole number from 1, and below contestants")
    if whole > cost * spread**2:
        raise SimlibError(
            f"prize: got {whole:g}, must be at most effort_cost * sd**2 = {cost * spread**2:g}: with less luck nobody "
            "need stand still; lower it, or raise sd"
        )
    n, k = int(contestants), int(winners)
    ways = math.log(n - 1) + float(gammaln(n - 1) - gammaln(k) - gammaln(n - k))

    def density(x: float) -> float:
        below, above = float(log_ndtr(x)), float(log_ndtr(-x))
        return math.exp(ways + (n - 1 - k) * below + (k - 1) * above - x * x) / (2 * math.pi)

    per_unit = quad(density, -_REACH, _REACH, epsabs=0, epsrel=1e-12, limit=500)[0] / spread
    return {
        "effort": whole * per_unit / cost,
        "probability": k / n,
        "per_unit": per_unit,
        "effort_of_two": whole / (2 * cost * spread * math.sqrt(math.pi)),
    }
