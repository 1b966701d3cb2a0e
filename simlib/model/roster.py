"""Who is to sit where, as it stands now: laid out before time starts, and anew where somebody leaves on another day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from simpy import Environment

from simlib.model.clock import ARRIVAL, Moment
from simlib.model.person import Person
from simlib.model.seating import Place, Seating
from simlib.model.staff import Holder, Staff
from simlib.org.organisation import Organisation
from simlib.scenario.mechanisms import Mechanisms
from simlib.scenario.staffing import Turnover
from simlib.units import HOURS_PER_DAY
from simlib.world import World
from simlib.world.tenure import Tenure


class Incumbent(NamedTuple):
    """Who holds a seat now."""

    holder: Holder
    tenure: Tenure
    """The whole stay, whether the seat exists for all of it or not."""
    patience_days: float
    """What is left of a stay at the usual rate is this less the days since `tenure.from_day`."""


class Roster:
    """Everybody's seat, and how long each is to stay."""

    def __init__(self, env: Environment, organisation: Organisation, world: World, mechanisms: Mechanisms) -> None:
        """Per role the first persons of the pool, in keyed order, and whoever comes after each.

        All are of equal talent where skill is off, and never absent where queueing is off: then hours are endless.
        """
        self._env, self._world, self._turnover = env, world, mechanisms.turnover
        self._places = places(organisation, world)
        self._seating = Seating(world, mechanisms, len(self._places))
        days = self._seating.days
        self._tenures = [world.tenures(place.role, place.person, mechanisms.turnover, days) for place in self._places]
        self.people: list[Person] = []
        """By seat."""
        self._holders: list[list[Holder]] = []
        for place, tenures in zip(self._places, self._tenures, strict=True):
            layout = self._seating.layout(place, tenures)
            self.people.append(Person(place.person, place.seat, layout.calendar, 0.0))
            self.people[-1].pace = layout.pace
            if place.stint.from_day:
                self.people[-1].leaves_h = 0.0  # nobody is there before
            self._holders.append(layout.holders)
        self._greet: Callable[[int], None] = lambda _: None

    def staff(self) -> Staff:
        """All who hold a seat in the run, if nobody changes his mind from now on."""
        return Staff(self._holders)

    def let_come(self, greet: Callable[[int], None]) -> None:
        """See to it that everybody takes the seat on the first day. `greet`: told the seat of who replaces another."""
        self._greet = greet
        for holder in self.staff().holders:
            self._expect(holder)

    def _expect(self, holder: Holder) -> None:
        if holder.from_h > 0:
            Moment(self._env, holder.from_h, ARRIVAL - 1, lambda _: self._sit(holder))
        else:
            self._sit(holder)

    def _sit(self, holder: Holder) -> None:
        if not self.expects(holder):
            return
        person = self.people[holder.seat]
        person.party, person.talent, person.learned = holder.party, holder.talent, 0.0
        person.leaves_h, person.vacant_h = holder.to_h, holder.vacant_h
        if holder.replaces:
            self._greet(holder.seat)

    def expects(self, holder: Holder) -> bool:
        """Whether it still stands that somebody holds a seat from then to then."""
        return any(one is holder for one in self._holders[holder.seat])

    def incumbent(self, seat: int, turnover: Turnover) -> Incumbent | None:
        """Who holds a seat at this midnight; none while it is vacant."""
        day = int(self._env.now // HOURS_PER_DAY)
        holder = next((one for one in self._holders[seat] if one.from_h <= self._env.now < one.to_h), None)
        tenure = next((one for one in self._tenures[seat] if one.from_day <= day < one.to_day), None)
        if holder is None or tenure is None:
            return None
        place = self._places[seat]
        patience = self._world.patience(place.role, place.person, tenure.vacancy, turnover)
        return Incumbent(holder, tenure, patience)

    def let_leave(self, seat: int, tenure: Tenure, turnover: Turnover) -> list[Holder]:
        """From now on it stands that who holds a seat stays for another time; who comes after changes with it.

        Returned: who holds the seat, and who is to.
        """
        place, now = self._places[seat], self._env.now
        before = [one for one in self._tenures[seat] if one.vacancy < tenure.vacancy]
        self._tenures[seat] = [*before, *self._from(place, tenure, turnover)]
        layout = self._seating.layout(place, self._tenures[seat])
        self._holders[seat] = layout.holders
        person = self.people[seat]
        person.calendar, person.pace = layout.calendar, layout.pace
        present, *coming = [holder for holder in layout.holders if holder.to_h > now]
        person.leaves_h, person.vacant_h = present.to_h, present.vacant_h
        for holder in coming:
            self._expect(holder)
        return [present, *coming]

    def _from(self, place: Place, tenure: Tenure, turnover: Turnover) -> Iterator[Tenure]:
        """Somebody, and all who come after within the days of the run."""
        days = self._seating.days
        yield tenure._replace(to_day=min(tenure.to_day, days))
        for one in self._world.replacements(place.role, place.person, turnover, tenure):
            if one.from_day >= days:
                return
            yield one._replace(to_day=min(one.to_day, days))


def places(organisation: Organisation, world: World) -> list[Place]:
    """By seat, whose it is at first: seats that come later change nobody's place."""
    found: dict[int, Place] = {}
    stints = organisation.stints
    for role in dict.fromkeys(stint.position.role for stint in stints):
        seats = [seat for seat, stint in enumerate(stints) if stint.position.role == role]
        first = sum(seat < len(organisation.positions) for seat in seats)
        pool = [*world.people(role, first), *range(first, len(seats))]
        for seat, person in zip(seats, pool, strict=True):
            found[seat] = Place(seat, role, person, stints[seat])
    return [found[seat] for seat in sorted(found)]
