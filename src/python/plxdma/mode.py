# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a channel talks to the local bus."""

import errno
from typing import Dict

from ._native import check, lib
from .errors import error_of
from .lifetime import Owner, Resource

_items = ("width", "wait_states", "ready", "bterm", "burst", "constant",
          "demand", "eot", "fast_terminate", "write_invalidate",
          "big_endian")


class Mode(Owner):
    """A mode: Mode(width=32, constant=True, ...).

    Its fields are those of plxdma/mode.h, in small letters, as keywords and as
    attributes.  A channel keeps its own copy.
    """

    def __init__(self, **fields: int) -> None:
        pointer = lib.mode_new()
        if not pointer:
            raise MemoryError
        super().__init__(Resource(pointer, lib.mode_free, what="mode"))
        for name, value in fields.items():
            if name not in _items:
                raise TypeError(f"a mode has no field {name}: it has "
                                + ", ".join(_items))
            setattr(self, name, value)

    def __getattr__(self, name: str) -> int:
        if name not in _items:
            raise AttributeError(name)
        with self._use() as mode:
            return check(lib.mode_get(mode, _items.index(name)))

    def __setattr__(self, name: str, value: object) -> None:
        if name not in _items:
            object.__setattr__(self, name, value)
            return
        number = int(value)  # type: ignore[call-overload]
        with self._use() as mode:
            if number < 0 or lib.mode_set(mode, _items.index(name),
                                          number):
                raise error_of(-errno.EINVAL, f"a mode's {name} can't be {value}: "
                               "see plxdma/mode.h")

    def __repr__(self) -> str:
        return "Mode(" + ", ".join(f"{name}={getattr(self, name)}"
                                   for name in _items) + ")"


def fields_of(pointer: int) -> Dict[str, int]:
    """The fields of one of the library's modes."""
    return {name: check(lib.mode_get(pointer, number))
            for number, name in enumerate(_items)}
