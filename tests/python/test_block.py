# SPDX-License-Identifier: LGPL-2.1-or-later
"""Blocks of a stream: whose they are, and for how long."""

import gc

import plxdma
from cards import with_numpy
from digitizer import CSR, FIFO, NUMBER, Digitizer


class Blocks(Digitizer):
    def test_data_is_read_only_and_gone_when_given(self):
        self.open()
        self.start()
        block = self.stream.take(10)
        data = block.data
        with self.assertRaises(TypeError):
            data[0] = 1
        block.give()
        block.give()
        with self.assertRaises(ValueError):
            data[0]
        for call in (lambda: block.data, block.array):
            with self.assertRaises((plxdma.ClosedError, ImportError)):
                call()
        self.assertEqual(self.stream.stats.taken, 0)

    def test_a_forgotten_block_is_given_back(self):
        self.open(4)
        self.start()
        for _ in range(50):
            self.stream.take(10)
        block = self.stream.take(10)
        self.assertEqual(self.stream.stats.taken, 1)
        del block
        self.assertEqual(self.stream.stats.taken, 0)

    def test_a_slice_keeps_its_block(self):
        self.open(4)
        self.start()
        kept = []
        for _ in range(3):
            with self.stream.take(10) as block:
                kept.append(block.data[4:8])
        before = [bytes(part) for part in kept]
        self.assertEqual(self.stream.stats.taken, 3)
        for _ in range(50):
            self.stream.take(10)
        self.assertEqual([bytes(part) for part in kept], before)
        del kept[0]
        self.assertEqual(self.stream.stats.taken, 2)

    @with_numpy
    def test_an_array_keeps_its_block(self):
        self.open(4)
        self.start()
        with self.stream.take(10) as block:
            words = block.array()[::3]
        for _ in range(50):
            self.stream.take(10)
        self.assertEqual(words[1], NUMBER + 3)
        self.assertEqual(self.stream.stats.taken, 1)
        words = words.sum()
        self.assertEqual(self.stream.stats.taken, 0)

    def test_who_keeps_all_blocks_is_told(self):
        self.open(4)
        self.start()
        kept = [self.stream.take(10) for _ in range(4)]
        with self.assertRaises(plxdma.BlocksTakenError):
            self.stream.take(10)
        kept.pop()
        kept.append(self.stream.take(10))

    def test_views_outlive_stream_channel_and_card(self):
        self.open(4)
        self.start()
        with self.stream.take(10) as block:
            part = block.data[:8]
        del block
        before = bytes(part)
        self.stream.close()
        self.channel.close()
        self.card.close()
        gc.collect()
        self.assertEqual(part, before)
        with self.assertRaises(plxdma.ClosedError):
            self.stream.take(0)
        self.assertFalse(self.card._resource.ended)
        del part
        self.assertGone(self.card)

    def test_closing_a_stream_frees_its_memory(self):
        for _ in range(3):
            with self.open(512):  # half of the arena
                self.start()
                self.stream.take(10)
                self.card.poke(2, CSR, 0)

    def test_a_closed_card_stops_its_stream_at_once(self):
        self.open()
        self.start()
        block = self.stream.take(10)
        self.card.close()
        self.assertTrue(self.stream.closed)
        block.data[0]
        block.give()
        del block
        self.assertGone(self.card)

    def test_a_stream_has_its_channel_for_itself(self):
        buffer = self.card.alloc(4096)
        transfer = self.channel.transfer(plxdma.Direction.TO_HOST, buffer,
                                         FIFO)
        transfer.submit()
        with self.assertRaisesRegex(plxdma.BusyError, "under way"):
            self.open()
        self.card.poke(2, CSR, 1)
        transfer.wait(10)
        self.card.poke(2, CSR, 0)
        self.open(4)
        self.start()
        part = self.stream.take(10).data[:4]
        for _ in range(2):
            for call in (transfer.submit, self.channel.reap,
                         lambda: self.channel.read(FIFO, buffer), self.open):
                with self.assertRaisesRegex(plxdma.BusyError, "stream"):
                    call()
            self.stream.close()
        del part
        self.open()

    def test_a_whole_block_is_seen_and_kept_like_its_data(self):
        self.open(4)
        self.start()
        block = self.stream.take(10)
        self.assertEqual(block.whole, block.data)
        part = block.whole[4:]
        block.give()
        with self.assertRaises(plxdma.ClosedError):
            block.whole
        self.assertEqual(self.stream.stats.taken, 1)
        del part
        self.assertEqual(self.stream.stats.taken, 0)
