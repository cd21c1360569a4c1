# SPDX-License-Identifier: LGPL-2.1-or-later
"""Memory that the card reaches, seen by Python without a copy."""

import ctypes
import functools
from typing import TYPE_CHECKING, Any, Callable, Optional, Type

from ._native import lib, text_of
from .errors import closed, error_of
from .lifetime import Resource, Use, hold_while

if TYPE_CHECKING:
    import numpy


@functools.lru_cache(maxsize=64)
def _bytes_of(size: int) -> Type[Any]:
    """An array type of so many bytes, whose instances can be watched."""
    return type("Bytes", (ctypes.c_ubyte * size,), {})


class View:
    """A memoryview onto the library's memory, and numpy arrays onto it.

    While a slice of it or an array lives, so does the memory.
    """

    def __init__(self, resource: Resource, address: int, size: int,
                 shown: int, readonly: bool, what: str,
                 gone: Optional[Callable[[], None]] = None) -> None:
        self._what = what
        # All views refer to this object, and it to nothing: when it goes,
        # nobody can reach the memory any more.
        whole = _bytes_of(size).from_address(address)
        self._letting_go = hold_while(whole, resource, gone)
        every = memoryview(whole).cast("B")
        if readonly:
            every = every.toreadonly()
        self._views = [every[:shown], every]

    def _view(self, number: int) -> memoryview:
        if not self._views:
            raise closed(self._what)
        return self._views[number]

    @property
    def data(self) -> memoryview:
        """The bytes that are shown, as a memoryview."""
        return self._view(0)

    @property
    def whole(self) -> memoryview:
        """All bytes that are there."""
        return self._view(1)

    def array(self, dtype: Any = "<u4") -> "numpy.ndarray[Any, Any]":
        """The bytes as a numpy array, without a copy; little-endian words of
        32 bits where no other type is asked for."""
        try:
            import numpy
        except ImportError as error:
            raise ImportError("arrays need numpy: apt-get install "
                              "python3-numpy; .data needs nothing") from error
        return numpy.frombuffer(self.data, dtype=dtype)

    def let_go(self) -> None:
        """Invalidate data; the memory follows when no slice and no array of
        it is left."""
        views, self._views = self._views, []
        for view in views:
            try:
                view.release()
            except BufferError:
                pass  # an array is left, and keeps the memory

    @property
    def gone(self) -> bool:
        """Whether nobody sees the memory any more."""
        return not self._letting_go.alive


class Buffer:
    """Memory of the card's arena: card.alloc().

    handle names its first byte in transfers, handle + n the byte n behind it.
    """

    def __init__(self, card: Resource, size: int) -> None:
        handle = ctypes.c_uint64()
        with Use(card) as pointer:
            if size < 1:
                raise ValueError("a buffer has at least 1 byte")
            address = lib.alloc_coherent(pointer, size, ctypes.byref(handle))
            if not address:
                raise error_of(-ctypes.get_errno(), text_of(pointer))
            self._resource = Resource(
                address, functools.partial(_free, pointer, size,
                                           handle.value),
                card, what="buffer")
        self.size = size
        self.handle = handle.value
        self.address = address
        self._view = View(self._resource, address, size, size, False,
                          "the buffer was freed: allocate another")

    @property
    def data(self) -> memoryview:
        """Its bytes, writable, without a copy."""
        return self._view.data

    def array(self, dtype: Any = "<u4") -> "numpy.ndarray[Any, Any]":
        """Its bytes as a numpy array of this type, without a copy."""
        return self._view.array(dtype)

    def free(self) -> None:
        """Give it back, once no slice or array of it is left and no transfer
        needs it."""
        self._view.let_go()

    def piece(self, offset: int, length: Optional[int]) -> int:
        """The length of a piece of it, checked."""
        self._view.data  # raises, if it was freed
        length = self.size - offset if length is None else length
        if offset < 0 or length < 0 or offset + length > self.size:
            raise ValueError(f"{length} bytes from {offset} on are not "
                             f"inside a buffer of {self.size}")
        return length

    def hold(self, holder: object) -> None:
        """Keep the memory for a transfer."""
        self._resource.hold(holder)

    def drop(self, holder: object) -> None:
        """The transfer is gone."""
        self._resource.drop(holder)

    def __len__(self) -> int:
        return self.size

    def __enter__(self) -> "Buffer":
        return self

    def __exit__(self, *_: object) -> None:
        self.free()


def _free(card: int, size: int, handle: int, address: int) -> None:
    lib.free_coherent(card, size, address, handle)
