# SPDX-License-Identifier: LGPL-2.1-or-later
"""A card with a digitizer whose FIFO is streamed: its words count up."""

import array

from plxdma import Mode, Space, Step
from cards import CardCase

CSR = 0x48
SNAPSHOT, PRODUCED, DELIVERED, OVERFLOWED, LEVEL = (0x100, 0x104, 0x10c,
                                                    0x114, 0x11c)
FIFO = 0x200000
NUMBER = 2 << 27  # the card's, in each word
BOARD = "model:pages=small,arena=4M,board=digitizer,board.arm=0"
BLOCK = 4096


class Digitizer(CardCase):
    spec = BOARD
    opened = BOARD

    def setUp(self):
        self.spec = self.opened
        super().setUp()
        self.claim = self.card.claim(0)
        self.channel = self.card.channel(0, Mode(constant=True))
        self.place = 0  # of the next word

    def open(self, blocks=16, **more):
        self.stream = self.channel.stream(BLOCK, blocks, local=FIFO, **more)
        return self.stream

    def start(self, run=1):
        self.stream.start(run)
        self.card.poke(2, CSR, 1)

    def counter(self, offset):
        self.card.poke(2, SNAPSHOT, 0)
        low, high = self.card.batch([Step.read(Space.BAR2, offset),
                                     Step.read(Space.BAR2, offset + 4)])
        return low | high << 32

    def assertNext(self, block):
        """Its words are the next ones, every one of them."""
        count = block.bytes // 4
        expected = array.array("I", range(NUMBER + self.place,
                                          NUMBER + self.place + count))
        self.assertEqual(block.data, memoryview(expected).cast("B"))
        self.place += count

    def assertBalanced(self):
        """Each word that has left the FIFO was delivered, dropped, or is
        in the block that was under way."""
        stats = self.stream.stats
        self.assertEqual(stats.blocks,
                         stats.delivered + stats.dropped + stats.ready)
        self.assertEqual(stats.bytes, stats.delivered_bytes
                         + stats.dropped_bytes + stats.ready_bytes)
        inside = self.counter(DELIVERED) * 4 - stats.bytes
        self.assertGreaterEqual(inside, 0)
        self.assertLess(inside, BLOCK)
