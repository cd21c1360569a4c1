# SPDX-License-Identifier: LGPL-2.1-or-later
"""What goes wrong, as exceptions.

All of them are PlxdmaError, which is an OSError: errno is the library's, and
strerror its sentence that names the cause and the remedy.  Where Python has an
exception of its own for the same thing, the subclass is one of those too, so
that ``except TimeoutError`` works.
"""

import errno as _errno
import os
from typing import Dict, Type


class PlxdmaError(OSError):
    """A call of the library failed."""


class ArgumentError(PlxdmaError, ValueError):
    """A value that the call, or this chip, doesn't take."""


class ClosedError(PlxdmaError, ValueError):
    """The object was closed, or belongs to the process that was forked."""


class DeniedError(PlxdmaError, PermissionError):
    """Policy, or the library for the card's sake, refuses; or a claim is
    needed."""


class BusyError(PlxdmaError):
    """Somebody else has it, or it is under way."""


class TimedOutError(PlxdmaError, TimeoutError):
    """It didn't happen in time."""


class NothingYetError(PlxdmaError, BlockingIOError):
    """Nothing is there, and the call was told not to wait."""


class NotFoundError(PlxdmaError, FileNotFoundError):
    """No such card, file or daemon."""


class RefusedError(PlxdmaError, ConnectionRefusedError):
    """No daemon listens."""


class GoneError(PlxdmaError):
    """The card, or its daemon, is gone."""


class StuckError(PlxdmaError):
    """An engine can't be stopped: the card is out of service."""


class ResetError(PlxdmaError, ConnectionResetError):
    """Somebody reset the card."""


class CancelledError(PlxdmaError):
    """The transfer was cancelled."""


class BusError(PlxdmaError):
    """A master abort or a target abort on the PCI bus."""


class ArenaFullError(PlxdmaError):
    """The card's memory is used up."""


class BlocksTakenError(PlxdmaError):
    """All blocks of a stream are taken, and none was given back."""


class RunEndedError(PlxdmaError):
    """Everything of a stream's run was taken."""


class UnsupportedError(PlxdmaError):
    """Not for a card that is reached this way."""


_classes: Dict[int, Type[PlxdmaError]] = {
    _errno.EINVAL: ArgumentError,
    _errno.ERANGE: ArgumentError,
    _errno.EMSGSIZE: ArgumentError,
    _errno.EPERM: DeniedError,
    _errno.EACCES: DeniedError,
    _errno.EBUSY: BusyError,
    _errno.ETIMEDOUT: TimedOutError,
    _errno.ETIME: TimedOutError,
    _errno.EAGAIN: NothingYetError,
    _errno.ENOENT: NotFoundError,
    _errno.ECONNREFUSED: RefusedError,
    _errno.ENODEV: GoneError,
    _errno.ESHUTDOWN: StuckError,
    _errno.ECONNRESET: ResetError,
    _errno.ECANCELED: CancelledError,
    _errno.EFAULT: BusError,
    _errno.EREMOTEIO: BusError,
    _errno.ENOMEM: ArenaFullError,
    _errno.ENOBUFS: BlocksTakenError,
    _errno.ENODATA: RunEndedError,
    _errno.EOPNOTSUPP: UnsupportedError,
}


def error_of(code: int, text: str) -> PlxdmaError:
    """The exception for a negative errno and the library's text."""
    number = -code
    return _classes.get(number, PlxdmaError)(number,
                                             text or os.strerror(number))


def closed(what: str) -> ClosedError:
    """The exception for using what was closed."""
    return ClosedError(_errno.EBADF, what)
