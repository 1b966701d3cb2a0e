"""The way of a deal through the stages as a world has it: hours, gates and delays, and what is still to come."""

from __future__ import annotations

from simlib.model.deals import Deal
from simlib.odds import shifted
from simlib.world import World


class Way:
    """What each stage asks of the seller and decides, looked up by the event loop."""

    def __init__(self, world: World) -> None:
        scenario, needs = world.scenario, world.needs.lists
        self._world = world
        self._value, self._sound, self._effort = needs["value"], needs["sound"], needs["effort_h"]
        self._gate_u, self._delay = needs["gate_u"], needs["delay_h"]
        self.stages = scenario.stages
        self.needs_approval = [stage.approval for stage in self.stages]
        self.visits = [stage.visits for stage in self.stages]
        log_odds = scenario.market.win_log_odds
        self.base_probability = [shifted(stage.pass_probability, log_odds) for stage in self.stages]
        names = [stage.name for stage in self.stages]
        self.fails_to = [names.index(stage.fails_to) if stage.fails_to else None for stage in self.stages]
        self._chance_ahead = _chance_ahead(self.base_probability)
        self.hours_ahead = _hours_ahead(self.base_probability, [stage.effort_hours for stage in self.stages])
        """Expected seller's hours from each stage on."""
        self._margin = scenario.costs.margin
        self._stakes = {True: scenario.costs.margin, False: -scenario.costs.unsound_loss_share}

    def gate_u(self, deal: Deal, stage: int) -> float:
        """The number that decides a gate."""
        need = deal.lead.need
        if deal.rounds:
            return self._world.luck_again(need, stage, deal.rounds).gate_u
        return float(self._gate_u[stage][need])

    def customer_delay(self, deal: Deal, stage: int) -> float:
        """Calendar hours that the customer takes after a stage."""
        need = deal.lead.need
        if deal.rounds:
            return self._world.luck_again(need, stage, deal.rounds).delay_h
        return float(self._delay[stage][need])

    def effort_hours(self, deal: Deal, stage: int) -> float:
        """Hours of work that a stage asks for."""
        need = deal.lead.need
        if deal.rounds:
            return self._world.luck_again(need, stage, deal.rounds).effort_h
        return float(self._effort[stage][need])

    def chance(self, stage: int, log_odds: float = 0.0) -> float:
        """Chance to pass the gate of a stage, with so much added to its log-odds, and all behind it."""
        return shifted(self.base_probability[stage], log_odds) * self._chance_ahead[stage]

    def margin_at_stake(self, need: int, stage: int) -> float:
        """Expected margin, in minor units, of a deal as if it passed the gate of a stage; negative if unsound."""
        return float(self._value[need] * self._stakes[self._sound[need]] * self._chance_ahead[stage])

    def margin(self, need: int, discount: float) -> float:
        """Margin of a deal at a discount, in minor units, as a seller sees it, who cannot tell a sound one."""
        return float(self._value[need] * (self._margin - discount))


def _chance_ahead(probabilities: list[float]) -> list[float]:
    """Chance to pass all gates behind each stage."""
    ahead = [1.0]
    for p in reversed(probabilities[1:]):
        ahead.append(ahead[-1] * p)
    return ahead[::-1]


def _hours_ahead(probabilities: list[float], hours: list[float]) -> list[float]:
    ahead = [0.0]
    for p, own in zip(reversed(probabilities), reversed(hours), strict=True):
        ahead.append(own + p * ahead[-1])
    return ahead[:0:-1]
