"""The funnel as a SimPy tutorial would write it: the yardstick of `test_throughput.py`.

A process per lead, a Resource per rep and per manager, scalar draws, tuples in a list. It has the stages, effort,
gates, delays, working days, approvals and lost interest of the textbook scenario, and nothing else of it: no travel,
knowledge, talent, calls, overlap, absence, handovers, idle time, and draws that no other design would meet again.
"""

import numpy as np
import simpy

DAY, OPEN, HOURS = 24.0, 9.0, 8.0


def finish(now: float, hours: float) -> float:
    """When work begun now ends, Monday to Friday from nine to five."""
    while hours > 0:
        day = int(now // DAY)
        if day % 7 >= 5 or now - day * DAY >= OPEN + HOURS:
            now = (day + 1) * DAY
            continue
        now = max(now, day * DAY + OPEN)
        part = min(hours, day * DAY + OPEN + HOURS - now)
        now, hours = now + part, hours - part
    return now


class Funnel:
    """One run."""

    def __init__(self, leads: int, reps: int, scenario, days: float, seed: int) -> None:
        self.env, self.random = simpy.Environment(), np.random.default_rng(seed)
        odds = np.exp(scenario.market.win_log_odds)
        self.pass_probability = {s.name: (p := s.pass_probability) * odds / (1 - p + p * odds) for s in scenario.stages}
        self.reps = [simpy.Resource(self.env) for _ in range(reps)]
        self.managers = [simpy.Resource(self.env) for _ in range(max(1, reps // 8))]
        self.leads, self.stages, self.days, self.records = leads, scenario.stages, days, []

    def arrivals(self):
        """Leads one after the other."""
        for number in range(self.leads):
            yield self.env.timeout(self.random.exponential(self.days * DAY / self.leads))
            self.env.process(self.lead(number))

    def work(self, number, desk, activity, hours):
        """Wait for somebody and take his time; hours waited."""
        asked = self.env.now
        with desk.request() as request:
            yield request
            begun = self.env.now
            self.records.append(("wait", number, activity, asked, begun))
            yield self.env.timeout(finish(begun, hours) - begun)
            self.records.append(("work", number, activity, begun, self.env.now))
        return begun - asked

    def lead(self, number):
        """The life of a lead."""
        rep = self.reps[number % len(self.reps)]
        value, u = self.random.lognormal(10, 0.8), self.random.random()
        patience, waited = 200 * (u / (1 - u)) ** (1 / 1.5), 0.0
        for stage in self.stages:
            hours = self.random.gamma(2.0, stage.effort_hours / 2.0)
            waited += yield self.env.process(self.work(number, rep, stage.name, hours))
            if waited > patience:
                return self.records.append(("end", number, "abandoned", self.env.now))
            u = self.random.random()
            self.records.append(("gate", number, stage.name, u, self.env.now))
            if u > self.pass_probability[stage.name]:
                return self.records.append(("end", number, "lost", self.env.now))
            if stage.approval and value > 50000:
                manager = self.managers[number % len(self.managers)]
                waited += yield self.env.process(self.work(number, manager, "approval", 1.0))
                if self.random.random() > 0.9:
                    return self.records.append(("end", number, "declined", self.env.now))
            yield self.env.timeout(self.random.exponential(stage.customer_delay_days * DAY))
        return self.records.append(("end", number, "won", self.env.now))

    def run(self) -> list:
        """All records."""
        self.env.process(self.arrivals())
        self.env.run(until=(self.days + 120) * DAY)
        return self.records
