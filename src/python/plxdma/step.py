# SPDX-License-Identifier: LGPL-2.1-or-later
"""One access to a register, for batches, recipes and armed streams."""

import enum
from typing import NamedTuple, Union

from . import _structures


class Space(enum.IntEnum):
    """Where an offset counts from."""
    CHIP = 0
    BAR2 = 2
    BAR3 = 3
    CONFIG = 16


class StepOp(enum.IntEnum):
    """What a step does."""
    READ = 0
    WRITE = 1
    POLL = 2


class Step(NamedTuple):
    """One access to a register; made by read(), write() and poll()."""

    op: StepOp
    space: Union[Space, int]
    offset: int
    value: int = 0
    width: int = 32
    mask: int = 0
    want: int = 0
    timeout_us: int = 0

    @classmethod
    def read(cls, space: int, offset: int, width: int = 32) -> "Step":
        """Read once."""
        return cls(StepOp.READ, space, offset, width=width)

    @classmethod
    def write(cls, space: int, offset: int, value: int = 0,
              width: int = 32) -> "Step":
        """Write once."""
        return cls(StepOp.WRITE, space, offset, value, width)

    @classmethod
    def poll(cls, space: int, offset: int, mask: int, want: int,
             within: float, width: int = 32) -> "Step":
        """Read until (value & mask) == want, for at most so many seconds."""
        return cls(StepOp.POLL, space, offset, width=width, mask=mask,
                   want=want, timeout_us=round(within * 1e6))

    def fill(self, step: _structures.Step) -> None:
        """Write it into the library's structure."""
        for name, value in self._asdict().items():
            setattr(step, name, fits(name, value,
                                     8 if name in _BYTES else 32))


_BYTES = ("op", "space", "width")


def fits(name: str, value: int, bits: int) -> int:
    """The value, if it has no more bits: ctypes would cut them off."""
    if not 0 <= value < 1 << bits:
        raise ValueError(f"{name} {value:#x} doesn't fit {bits} bits")
    return value
