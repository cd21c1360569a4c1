# SPDX-License-Identifier: LGPL-2.1-or-later
"""The C library: where it is, and its functions.

Prototypes follow include/plxdma/*.h by name.  Nothing outside of this package
should need this module.
"""

import ctypes
import errno
import os
import time
from ctypes import (POINTER, Structure, c_char, c_char_p, c_int, c_int64,
                    c_size_t, c_uint, c_uint16, c_uint32, c_uint64, c_void_p)
from typing import Any, Callable, Dict, List, Optional, Type, TypeVar

from ._structures import (NAME_BYTES, Block, CardInfo, Counters, Holder,
                          IrqEvent, ObserverStats, Request, Result, Segment, Step,
                          StreamSetup, StreamStats, Tuning)
from .errors import error_of

SONAME = "libplxdma.so.0"
TUNING_KEEP = 0xffffffff
EEPROM_I_MEAN_IT = 0x45455052

_card = _channel = _transfer = _mode = _recipe = _file = _stream = c_void_p
_observer = c_void_p
_out = POINTER(c_void_p)
_u32 = POINTER(c_uint32)

# Name without plxdma_: what it returns, then what it takes.
PROTOTYPES: Dict[str, List[Any]] = {
    # card.h
    "open": [c_int, c_char_p, _out],
    "open_beside": [c_int, c_char_p, _card, _out],
    "reopen": [c_int, _card, c_int64, _out],
    "close": [None, _card],
    "list": [c_int, POINTER(c_char * NAME_BYTES), c_uint],
    "daemon_tell": [c_int, c_int, c_uint64, c_int],
    "error": [c_char_p, _card],
    "card_info": [c_int, _card, POINTER(CardInfo)],
    "card_counters": [c_int, _card, POINTER(Counters)],
    "card_reset": [c_int, _card],
    "card_verify": [c_int, _card],
    "card_fault": [c_int, _card, c_char_p],
    "card_report": [c_int, _card, c_int],
    # claim.h
    "claim": [c_int, _card, c_int, c_uint64, c_int64],
    "claim_release": [c_int, _card, c_int],
    "claim_holder": [c_int, _card, c_int, POINTER(Holder)],
    # irq.h
    "irq_fd": [c_int, _card, c_int],
    "irq_read": [c_int, _card, c_int, POINTER(IrqEvent)],
    "irq_enable": [c_int, _card, c_int, c_int],
    # memory.h
    "alloc_coherent": [c_void_p, _card, c_size_t, POINTER(c_uint64)],
    "free_coherent": [None, _card, c_size_t, c_void_p, c_uint64],
    "handle_of": [c_uint64, _card, c_void_p],
    "map_sg": [c_int, _card, c_void_p, c_size_t, c_uint32, POINTER(Segment),
               c_uint],
    "sync_for_device": [None, _card, c_void_p, c_size_t],
    "sync_for_cpu": [None, _card, c_void_p, c_size_t],
    # mode.h
    "mode_new": [_mode],
    "mode_free": [None, _mode],
    "mode_set": [c_int, _mode, c_int, c_uint],
    "mode_get": [c_int, _mode, c_int],
    # recipe.h
    "recipe_new": [_recipe],
    "recipe_free": [None, _recipe],
    "recipe_add": [c_int, _recipe, c_int, POINTER(Step)],
    "recipe_count": [c_int, _recipe, c_uint, c_uint],
    # board_file.h
    "board_file_read": [c_int, c_char_p, _out],
    "board_file_free": [None, _file],
    "board_file_mode": [_mode, _file, c_char_p],
    "board_file_recipe": [_recipe, _file, c_char_p],
    # registers.h
    "reg_read": [c_int, _card, c_uint, c_uint, _u32],
    "reg_write": [c_int, _card, c_uint, c_uint, c_uint32],
    "peek": [c_int, _card, c_uint, c_uint64, c_uint, _u32],
    "poke": [c_int, _card, c_uint, c_uint64, c_uint, c_uint32],
    "config_read": [c_int, _card, c_uint, c_uint, _u32],
    "config_write": [c_int, _card, c_uint, c_uint, c_uint32],
    "batch": [c_int, _card, POINTER(Step), c_uint, POINTER(c_uint)],
    "window_map": [c_int, _card, c_uint, _out, POINTER(c_size_t)],
    "window_unmap": [c_int, _card, c_uint],
    "mailbox_read": [c_int, _card, c_uint, _u32],
    "mailbox_write": [c_int, _card, c_uint, c_uint32],
    "doorbell_ring": [c_int, _card, c_uint32],
    "eeprom_read": [c_int, _card, c_uint, POINTER(c_uint16), c_uint],
    "eeprom_write": [c_int, _card, c_uint, POINTER(c_uint16), c_uint,
                     c_uint32],
    # transfer.h
    "channel_open": [c_int, _card, c_uint, _out],
    "channel_close": [None, _channel],
    "channel_set_mode": [c_int, _channel, _mode],
    "channel_set_waiting": [c_int, _channel, c_int],
    "channel_fd": [c_int, _channel],
    "channel_reap": [_transfer, _channel, POINTER(Result)],
    "transfer_new": [c_int, _channel, POINTER(Request), _out],
    "transfer_change": [c_int, _transfer, POINTER(Request)],
    "transfer_free": [None, _transfer],
    "transfer_set_user": [None, _transfer, c_void_p],
    "transfer_user": [c_void_p, _transfer],
    "transfer_value": [c_int, _transfer, c_uint, _u32],
    "submit": [c_int, _transfer],
    "poll": [c_int, _transfer, POINTER(Result)],
    "wait": [c_int, _transfer, c_int64, POINTER(Result)],
    "cancel": [c_int, _transfer],
    "transfer_once": [c_int, _channel, POINTER(Request), c_int64,
                      POINTER(Result)],
    "read": [c_int, _card, c_uint32, c_void_p, c_size_t, c_int64],
    "write": [c_int, _card, c_uint32, c_void_p, c_size_t, c_int64],
    # tuning.h
    "tuning_get": [c_int, _card, POINTER(Tuning)],
    "tuning_set": [c_int, _card, POINTER(Tuning)],
    # stream.h
    "stream_open": [c_int, _channel, POINTER(StreamSetup), _out],
    "stream_close": [None, _stream],
    "stream_start": [c_int, _stream, c_uint64],
    "stream_stop": [c_int, _stream, c_int, c_int64],
    "stream_take": [c_int, _stream, c_int64, POINTER(Block)],
    "stream_give": [c_int, _stream, c_uint64],
    "stream_fd": [c_int, _stream],
    "stream_stats": [c_int, _stream, POINTER(StreamStats)],
    # observer.h
    "observer_open": [c_int, _card, c_uint, c_uint, _out],
    "observer_close": [None, _observer],
    "observer_take": [c_int, _observer, c_int64, POINTER(Block)],
    "observer_give": [c_int, _observer],
    "observer_fd": [c_int, _observer],
    "observer_stats": [c_int, _observer, POINTER(ObserverStats)],
}


class Library:
    """The functions of libplxdma as attributes, without their prefix.

    Found when the first of them is called: by PLXDMA_LIBRARY, else where the
    loader finds it.
    """

    def __init__(self) -> None:
        self._cdll: Optional[ctypes.CDLL] = None

    def _load(self) -> ctypes.CDLL:
        if self._cdll is None:
            path = os.environ.get("PLXDMA_LIBRARY") or SONAME
            try:
                self._cdll = ctypes.CDLL(path, use_errno=True)
            except OSError as error:
                raise ImportError(
                    f"{path} can't be loaded: {error}: install plxdma, run "
                    "ldconfig, or name the file in PLXDMA_LIBRARY") from error
        return self._cdll

    def __getattr__(self, name: str) -> Any:
        if name not in PROTOTYPES:
            raise AttributeError(name)
        cdll = self._load()
        try:
            function = getattr(cdll, "plxdma_" + name)
        except AttributeError:
            raise NotImplementedError(
                f"{cdll._name} has no plxdma_{name}: it is older than this "
                "package; install both of the same version") from None
        function.restype, *function.argtypes = PROTOTYPES[name]
        setattr(self, name, function)
        return function


lib = Library()

_S = TypeVar("_S", bound=Structure)


def sized(kind: Type[_S]) -> _S:
    """A structure whose first member is its own size."""
    return kind(size=ctypes.sizeof(kind))


def text_of(card: Optional[int] = None) -> str:
    """The library's text of this thread's last error."""
    return (lib.error(card) or b"").decode(errors="replace")


def check(result: int, card: Optional[int] = None) -> int:
    """Return what isn't negative; raise what is, with the library's text."""
    if result < 0:
        raise error_of(result, text_of(card))
    return result


def nanoseconds(seconds: Optional[float]) -> int:
    """A timeout in the library's terms: None is for ever."""
    if seconds is None:
        return -1
    if seconds < 0:
        raise ValueError("a timeout is None or at least 0")
    return min(int(seconds * 1e9), 2**63 - 1)


# How long a call that waits stays in the library: another thread may want to
# close what is waited for.
TURN_NS = 200_000_000


def patient(call: Callable[[int], int], timeout: Optional[float],
            turn_ns: int = TURN_NS) -> int:
    """Call with a timeout in ns, again until it is over; its last result.

    Signals have their handlers run in between, and don't end the wait.
    """
    left = nanoseconds(timeout)
    end = time.monotonic_ns() + left if left >= 0 else None
    while True:
        result = call(min(left, turn_ns) if left >= 0 else turn_ns)
        if result not in (-errno.EINTR, -errno.ETIMEDOUT):
            return result
        if end is not None:
            left = max(end - time.monotonic_ns(), 0)
            if not left:
                return -errno.ETIMEDOUT
        time.sleep(0)
