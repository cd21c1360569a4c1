# SPDX-License-Identifier: LGPL-2.1-or-later
"""Register steps bound to a transfer, and board files that have them."""

import ctypes
import os
from typing import Iterable, Optional, Tuple, Union

from . import _structures
from ._native import check, lib
from .lifetime import Owner, Resource
from .mode import Mode, fields_of
from .step import Step


class Recipe(Owner):
    """Steps before a transfer's start, right after it, and after its end.

    Steps are counted from 0 in the order before, started, ended:
    Transfer.value() tells what one of them read.  count is (step, unit): a
    read after the end, which tells how much has moved in units of so many
    bytes.
    """

    def __init__(self, before: Iterable[Step] = (),
                 started: Iterable[Step] = (), ended: Iterable[Step] = (),
                 count: Optional[Tuple[int, int]] = None) -> None:
        pointer = lib.recipe_new()
        if not pointer:
            raise MemoryError
        super().__init__(Resource(pointer, lib.recipe_free, what="recipe"))
        for moment, steps in enumerate((before, started, ended)):
            for step in steps:
                native = _structures.Step()
                step.fill(native)
                check(lib.recipe_add(pointer, moment, ctypes.byref(native)))
        if count is not None:
            check(lib.recipe_count(pointer, *count))


class BoardFile(Owner):
    """A board's modes and recipes by name; plxdma/board_file.h has its
    format."""

    def __init__(self, path: Union[str, "os.PathLike[str]"]) -> None:
        pointer = ctypes.c_void_p()
        check(lib.board_file_read(os.fsencode(path), ctypes.byref(pointer)))
        assert pointer.value is not None
        super().__init__(Resource(pointer.value, lib.board_file_free,
                                  what="board file"))
        self.path = os.fspath(path)

    def _part(self, kind: str, found: Optional[int], name: str) -> int:
        if not found:
            raise KeyError(f"{self.path} has no [{kind} {name}]")
        return found

    def mode(self, name: str) -> Mode:
        """A mode by name."""
        with self._use() as file:
            return Mode(**fields_of(self._part(
                "mode", lib.board_file_mode(file, name.encode()), name)))

    def recipe(self, name: str) -> Recipe:
        """A recipe by name."""
        with self._use() as file:
            pointer = self._part(
                "recipe", lib.board_file_recipe(file, name.encode()), name)
            recipe = Recipe.__new__(Recipe)
            # The file's: not to be freed, but to keep the file.
            Owner.__init__(recipe, Resource(pointer, id, self._resource,
                                            what="recipe"))
            return recipe
