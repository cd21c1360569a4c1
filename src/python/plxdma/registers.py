# SPDX-License-Identifier: LGPL-2.1-or-later
"""A card's registers: the chip's, the board's behind the BARs, PCI's."""

import ctypes
from typing import Any, Iterable, List

from . import _structures
from ._native import check, lib, text_of
from .errors import error_of
from .lifetime import Owner
from .step import Step, fits


class Registers(Owner):
    """What Card has of registers.  Any thread."""

    def _get(self, function: Any, *where: int) -> int:
        value = ctypes.c_uint32()
        with self._use() as card:
            check(function(card, *where, ctypes.byref(value)), card)
        return value.value

    def _put(self, function: Any, *what: int) -> None:
        with self._use() as card:
            check(function(card, *what), card)

    def reg_read(self, offset: int, width: int = 32) -> int:
        """Read a register of the chip: offset in BAR0."""
        return self._get(lib.reg_read, fits("offset", offset, 32), width)

    def reg_write(self, offset: int, value: int, width: int = 32) -> None:
        """Write one; what the engines live by is refused."""
        self._put(lib.reg_write, fits("offset", offset, 32), width,
                  fits("value", value, 32))

    def peek(self, bar: int, offset: int, width: int = 32) -> int:
        """Read local memory or a board's register through BAR 2 or 3."""
        return self._get(lib.peek, fits("bar", bar, 32),
                         fits("offset", offset, 64), width)

    def poke(self, bar: int, offset: int, value: int,
             width: int = 32) -> None:
        """Write it."""
        self._put(lib.poke, fits("bar", bar, 32), fits("offset", offset, 64),
                  width, fits("value", value, 32))

    def config_read(self, offset: int, width: int = 32) -> int:
        """Read PCI configuration space."""
        return self._get(lib.config_read, fits("offset", offset, 32), width)

    def config_write(self, offset: int, value: int, width: int = 32) -> None:
        """Write it; what is the library's is refused."""
        self._put(lib.config_write, fits("offset", offset, 32), width,
                  fits("value", value, 32))

    def mailbox_read(self, index: int) -> int:
        """Read mailbox 0 to 7."""
        return self._get(lib.mailbox_read, fits("index", index, 32))

    def mailbox_write(self, index: int, value: int) -> None:
        """Write it."""
        self._put(lib.mailbox_write, fits("index", index, 32),
                  fits("value", value, 32))

    def doorbell_ring(self, bits: int) -> None:
        """Ring the local side."""
        self._put(lib.doorbell_ring, fits("bits", bits, 32))

    def batch(self, steps: Iterable[Step]) -> List[int]:
        """Do the steps in order with nobody else's access between them.

        Returns a value for each: what was read, or what was written.  A poll
        that didn't come true raises TimedOutError, whose attribute done is its
        index and whose attribute values has those of the steps before it.
        """
        wanted = list(steps)
        native = (_structures.Step * max(len(wanted), 1))()
        for step, filled in zip(wanted, native):
            step.fill(filled)
        done = ctypes.c_uint()
        with self._use() as card:
            result = lib.batch(card, native, len(wanted), ctypes.byref(done))
            text = text_of(card) if result else ""
        values = [step.value for step in native[:done.value]]
        if result:
            error: Any = error_of(result, text)
            error.done, error.values = done.value, values
            raise error
        return values
