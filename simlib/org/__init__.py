"""What we choose: organisations, laid out from the axes of a design."""

from simlib.org.organisation import Desk, Organisation, Position, Slice
from simlib.org.structures import build

__all__ = ["Desk", "Organisation", "Position", "Slice", "build"]
