# SPDX-License-Identifier: LGPL-2.1-or-later
"""plxdma: PLX PCI 9054-class bridge chips from Python.

    import plxdma

    with plxdma.open("model:pages=small") as card:
        card.write(0x20000000, b"any bytes")
        print(card.read(0x20000000, 9))

        buffer = card.alloc(1 << 20)        # the card's memory, no copies
        with card.channel(0) as channel:
            channel.read(0x20000000, buffer)
        print(buffer.array("<u4").max())    # numpy's, where it is installed

        mode = plxdma.Mode(constant=True, demand=True)
        with card.claim(0), card.channel(0, mode) as channel, \\
                channel.stream(65536, local=0) as stream:
            stream.start()
            for block in stream:
                with block:
                    use(block.data)

Lifetimes.  A memoryview or an array of a buffer or of a block keeps what it
shows: its memory is given back, the stream and the channel closed and the card
let go when the last of them is gone, though everything stops at once when the
card is closed.  So a device is free for others when its card was closed and no
view is left; `del` those, or copy what shall stay.  data itself, freed or given
back, raises ValueError, and so does every object that was closed.  A child
that was forked has none of its parent's card: objects raise ClosedError there,
and views must not be touched.

The library is libplxdma.so.0, or what PLXDMA_LIBRARY names.
"""

from .card import Card
from .card import list_cards
from .card import list_cards as list
from .card import open_card as open
from .channel import Channel
from .claim import Claim, Claimed
from .errors import (ArenaFullError, ArgumentError, BlocksTakenError,
                     BusError, BusyError, CancelledError, ClosedError,
                     DeniedError, GoneError, NotFoundError, NothingYetError,
                     PlxdmaError, RefusedError, ResetError, RunEndedError,
                     StuckError, TimedOutError, UnsupportedError)
from .info import (BarInfo, CardInfo, Counters, Holder, ObserverStats, Pin,
                   StreamStats)
from .memory import Buffer
from .mode import Mode
from .observer import ObservedBlock, Observer
from .recipe import BoardFile, Recipe
from .step import Space, Step, StepOp
from .stream import Armed, Block, Slow, Source, Stop, Stream
from .transfer import Direction, Form, Piece, Result, Status, Transfer

__version__ = "0.1.0"

__all__ = [
    "ArenaFullError", "ArgumentError", "Armed", "BarInfo", "Block",
    "BlocksTakenError", "BoardFile", "Buffer", "BusError", "BusyError",
    "CancelledError", "Card", "CardInfo", "Channel", "Claim", "Claimed",
    "ClosedError", "Counters", "DeniedError", "Direction", "Form",
    "GoneError", "Holder", "Mode", "NotFoundError", "NothingYetError",
    "ObservedBlock", "Observer", "ObserverStats",
    "Piece", "Pin", "PlxdmaError", "Recipe", "RefusedError", "ResetError",
    "Result", "RunEndedError", "Slow", "Source", "Space", "Status", "Step",
    "StepOp", "Stop", "Stream", "StreamStats", "StuckError", "TimedOutError",
    "Transfer", "UnsupportedError", "list_cards", "open",
]
