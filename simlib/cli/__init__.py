"""The command line: `simlib check|run|compare|report FILE`, `simlib structures`, `simlib verify` and more.

Results go to stdout, progress and complaints to stderr. Exit: 0 done, 1 a check failed, 2 bad input, 3 imprecise.
Everything but click is imported where a command needs it, so that `simlib --help` answers at once.
"""

from simlib.cli.batches import batch
from simlib.cli.beginning import lab, new, schema
from simlib.cli.group import main
from simlib.cli.organisations import structures, transition
from simlib.cli.pay import payslip, plans
from simlib.cli.proofs import verify
from simlib.cli.scenarios import check, compare, report, run
from simlib.cli.trials import cases, claims, crossing, findings, regimes
from simlib.cli.workshops import handout, workshop

__all__ = ["main"]

for _command in (
    *(new, schema, lab, workshop, handout),
    *(check, run, compare, report, batch, verify),
    *(structures, transition, plans, payslip),
    *(claims, findings, cases, regimes, crossing),
):
    main.add_command(_command)
