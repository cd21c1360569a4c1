# SPDX-License-Identifier: LGPL-2.1-or-later
"""Observers: who reads along sees what the owner sees, or is told."""

import gc
import unittest

import plxdma
from cards import daemon, with_numpy
from digitizer import BLOCK, BOARD, CSR, FIFO
from plxdma import Mode


class Observed(unittest.TestCase):
    def setUp(self):
        self.daemon = daemon("one=" + BOARD)
        self.daemon.__enter__()
        self.addCleanup(self.daemon.__exit__, None, None, None)
        self.owner = plxdma.open("daemon:one,arena=1M,observers=yes")
        self.addCleanup(self.owner.close)
        self.owner.claim(0)
        channel = self.owner.channel(0, Mode(constant=True))
        self.stream = channel.stream(BLOCK, 16, local=FIFO)
        self.stream.start(3)
        self.card = plxdma.open("daemon:one")
        self.addCleanup(self.card.close)

    def test_it_sees_what_the_owner_sees(self):
        with self.card.observe(0) as observer:
            self.owner.poke(2, CSR, 1)
            seen = 0
            for _ in range(50):
                with self.stream.take(30) as block:
                    beside = observer.take(30)
                    while beside.sequence < block.sequence:
                        beside = observer.take(30)
                    if beside.sequence != block.sequence:
                        continue
                    same = beside.data == block.data
                    self.assertTrue(beside.whole())
                    self.assertTrue(same)
                    self.assertEqual((beside.run, beside.time_ns),
                                     (3, block.time_ns))
                    seen += 1
            self.assertGreater(seen, 0)
            self.assertGreaterEqual(observer.stats.whole, seen)

    @with_numpy
    def test_what_was_written_over_is_told(self):
        with self.card.observe(0) as observer:
            self.owner.poke(2, CSR, 1)
            beside = observer.take(30)
            array = beside.array()
            self.assertFalse(array.flags.writeable)
            for _ in range(40):
                self.stream.take(30).give()
            self.assertFalse(beside.whole())
            self.assertEqual(observer.stats.missed, 1)

    def test_a_closed_stream_ends_the_iteration(self):
        with self.card.observe(0) as observer:
            self.owner.poke(2, CSR, 1)
            self.stream.take(30).give()
            self.owner.close()
            gc.collect()
            self.assertGreater(sum(block.whole() for block in observer), 0)
            with self.assertRaises(plxdma.RunEndedError):
                observer.take(0)

    def test_nothing_to_observe_says_so(self):
        with self.assertRaisesRegex(plxdma.NotFoundError, "observers=yes"):
            self.card.observe(1)
