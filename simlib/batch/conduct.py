"""How is a batch carried out? What is missing is simulated and presented, and after each step the index is true."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from simlib.batch.asked import Asked, Point, given
from simlib.batch.crew import Crew, Ended
from simlib.batch.lock import held
from simlib.batch.standing import Inputs, Outcome, Record, code_hash, inputs_of, read_record
from simlib.batch.work import RESULTS, Presentation, Simulation, present_run, simulate_run, write_scenario
from simlib.report.batch_told import Step
from simlib.report.index import Facts, Report, Run, State, index_page
from simlib.report.provenance import version_of
from simlib.report.words import NONE, Words

INDEX = "index.html"
PARTS = {"HTML": ".html", "PDF": ".pdf", "XLSX": ".xlsx"}
"""What the index leads to, and how the names of the files end."""
Task: TypeAlias = tuple[int, str]
"""Number of a run, and the language in which to present it; empty to simulate it."""


@dataclass
class _Standing:
    """A run: what it is, where it lies, what it is made from, and what of it is there."""

    point: Point
    folder: Path
    inputs: Inputs
    record: Record

    def is_simulated(self) -> bool:
        """Whether its results are there, made from what is asked for now."""
        done = self.record.simulation
        return _holds(done, self.inputs.simulation) and (self.folder / RESULTS / "run.json").is_file()

    def file(self, language: str, ending: str) -> Path:
        """A file of its report in a language."""
        return self.folder / language / f"{self.point.label}{ending}"

    def is_presented(self, language: str) -> bool:
        """Whether its report is there, made from what is asked for now."""
        files = [self.file(language, ending) for ending in (".html", ".pdf", ".ipynb")]
        return _holds(self.record.reports.get(language), self.inputs.reports[language]) and all(
            map(Path.is_file, files)
        )


def _holds(outcome: Outcome | None, inputs: str) -> bool:
    return outcome is not None and outcome.inputs == inputs and not outcome.error


class Conduct:
    """A batch on its way, in a folder."""

    def __init__(self, asked: Asked, out: Path, w: Words) -> None:
        self.asked = asked
        self.out = out.absolute()
        self.words = w
        code = code_hash()
        self.standing = [self._standing(point, code) for point in asked.points]

    @property
    def count(self) -> int:
        """Reports that are asked for."""
        return len(self.standing) * len(self.asked.batch.languages)

    def missing(self) -> list[Task]:
        """The reports that are to be made."""
        languages = self.asked.batch.languages
        return [
            (number, language)
            for number, one in enumerate(self.standing)
            for language in languages
            if not one.is_presented(language)
        ]

    def carry_out(self, *, workers: int, progress: Callable[[Step], None]) -> None:
        """Make all reports that are missing. `progress` is told each simulation and report that has ended.

        Whatever ends it, an interruption too, the index says what is there. SimlibError if another batch is at work in
        the folder.
        """
        with held(self.out):
            self._carry_out(workers, progress)

    def _carry_out(self, workers: int, progress: Callable[[Step], None]) -> None:
        missing = self.missing()
        self.write_index()
        try:
            with Crew[Task](workers) as crew:
                for number in dict.fromkeys(number for number, _ in missing):
                    self._begin(crew, number, [language for which, language in missing if which == number])
                while crew.busy:
                    ended = crew.next_ended()
                    self._note(crew, ended, missing)
                    self.write_index()
                    progress(self._step(ended))
        finally:
            self.write_index()

    def write_index(self) -> Path:
        """Write the index as things stand, whole or not at all; returns its path."""
        batch, file = self.asked.batch, self.out / INDEX
        version = version_of("simlib") or NONE
        facts = Facts(self.asked.file.stem, self.asked.notebook.stem, batch.seed, batch.replications, version)
        self.out.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f".{INDEX}.part")
        part.write_text(index_page(list(self.runs()), facts, self.words), encoding="utf-8")
        part.replace(file)
        return file

    def runs(self) -> Iterator[Run]:
        """Every run as the index tells it."""
        for one in self.standing:
            simulation = self._simulated(one)
            reports = tuple(self._report(one, language) for language in self.asked.batch.languages)
            told = [done.figures for language in one.inputs.reports if (done := self._current(one, language))]
            yield Run(
                scenario=self.asked.called(one.point),
                values=one.point.values,
                seconds=simulation.seconds if simulation else 0.0,
                figures=next((figures for figures in told if figures), ()),
                reports=reports,
                error=simulation.error if simulation else "",
            )

    def _standing(self, point: Point, code: str) -> _Standing:
        folder = self.out / point.folder
        return _Standing(point, folder, inputs_of(self.asked, point, code=code), read_record(folder))

    def _begin(self, crew: Crew[Task], number: int, languages: list[str]) -> None:
        """Put to work what a run needs first: its simulation, or at once its reports."""
        one, batch = self.standing[number], self.asked.batch
        write_scenario(one.folder, one.point.scenario)
        if self.asked.shares_results and not one.is_simulated():
            job = Simulation(one.folder, one.point.scenario, batch.seed, batch.replications)
            one.record.simulation = None  # from here on other results may lie there than it tells of
            one.record.save(one.folder)
            crew.submit((number, ""), simulate_run, job)
            return
        self._forget_reports(one, languages)
        for language in languages:
            crew.submit((number, language), present_run, self._presentation(one, language))

    def _forget_reports(self, one: _Standing, languages: list[str]) -> None:
        """Before reports are made anew: an interruption must leave no new files under an old record."""
        for language in languages:
            one.record.reports.pop(language, None)
        one.record.save(one.folder)

    def _note(self, crew: Crew[Task], ended: Ended[Task], missing: list[Task]) -> None:
        """Keep how a task ended; after a simulation its reports come next, or have failed with it."""
        number, language = ended.name
        one = self.standing[number]
        languages = [other for which, other in missing if which == number]
        if language:
            made_from = one.inputs.reports[language]
            one.record.reports[language] = Outcome(made_from, ended.seconds, ended.error, tuple(ended.value or ()))
        else:
            one.record.simulation = Outcome(one.inputs.simulation, ended.seconds, ended.error)
            self._forget_reports(one, languages)
            for other in reversed([] if ended.error else languages):
                crew.submit_first((number, other), present_run, self._presentation(one, other))
        one.record.save(one.folder)

    def _step(self, ended: Ended[Task]) -> Step:
        number, language = ended.name
        point = self.standing[number].point
        return Step(self.asked.called(point), point.values, language, ended.seconds, ended.error)

    def _presentation(self, one: _Standing, language: str) -> Presentation:
        batch = self.asked.batch
        return Presentation(
            folder=one.folder,
            label=one.point.label,
            scenario=one.point.scenario,
            seed=batch.seed,
            replications=batch.replications,
            notebook=self.asked.notebook,
            parameters=given(self.asked, one.point, folder=one.folder, language=language),
            language=language,
            shares_results=self.asked.shares_results,
        )

    def _simulated(self, one: _Standing) -> Outcome | None:
        """What the record says of the simulation asked for now; None if the notebook makes its own."""
        done = one.record.simulation if self.asked.shares_results else None
        return done if done and done.inputs == one.inputs.simulation else None

    def _current(self, one: _Standing, language: str) -> Outcome | None:
        """What the record says of a report that was made from what is asked for now."""
        done = one.record.reports.get(language)
        return done if done and done.inputs == one.inputs.reports[language] else None

    def _report(self, one: _Standing, language: str) -> Report:
        simulation, done = self._simulated(one), self._current(one, language)
        failed = (simulation and simulation.error) or (done and done.error)
        state: State = "done" if one.is_presented(language) else "failed" if failed else "waiting"
        files = {name: one.file(language, ending) for name, ending in PARTS.items()}
        if state == "failed":
            files = {"IPYNB": one.folder / f"{language}-stopped.ipynb"}
        there = {
            name: file.relative_to(self.out).as_posix()
            for name, file in files.items()
            if state != "waiting" and file.is_file()
        }
        return Report(language, state, done.seconds if done else 0.0, there, done.error if done else "")
