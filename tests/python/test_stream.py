# SPDX-License-Identifier: LGPL-2.1-or-later
"""Streams: every word of a digitizer, in order; what becomes of blocks."""

import array
import asyncio
import gc
import itertools
import threading
import time

import plxdma
from plxdma import Armed, Mode, Slow, Space, Status, Step, Stop
from cards import CardCase, daemon, numpy, with_numpy

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


class Words(Digitizer):
    def test_every_word_arrives_in_order(self):
        self.open(watermark=4)
        self.start(7)
        for sequence, block in zip(range(200), self.stream):
            with block:
                self.assertEqual((block.sequence, block.dropped, block.run,
                                  block.status, len(block)),
                                 (sequence, 0, 7, Status.DONE, BLOCK))
                self.assertNext(block)
        self.assertEqual(self.counter(OVERFLOWED), 0)

    def test_a_stop_ends_the_iteration_and_the_account_balances(self):
        self.open()
        self.start()
        blocks = 0
        for block in self.stream:
            self.assertNext(block)
            blocks += 1
            if blocks == 20:
                self.card.poke(2, CSR, 0)
                self.stream.stop(Stop.DRAIN, 0.05)
        self.assertGreaterEqual(blocks, 20)
        self.assertEqual(self.stream.stats.delivered, blocks)
        self.assertEqual(self.stream.stats.status, Status.DONE)
        self.assertBalanced()
        with self.assertRaisesRegex(plxdma.RunEndedError, "start"):
            self.stream.take(0)
        with self.assertRaises(plxdma.RunEndedError):
            self.stream.stop()

    def test_runs_go_on_with_the_numbers(self):
        self.open(sequence=100)
        numbers = []
        for run in (1, 2):
            self.start(run)
            numbers += [(block.run, block.sequence) for _, block in
                        zip(range(5), self.stream)]
            self.card.poke(2, CSR, 0)
            self.stream.stop(Stop.ABORT)
            numbers += [(block.run, block.sequence) for block in self.stream]
        self.assertEqual([number for _, number in numbers],
                         list(range(100, 100 + len(numbers))))
        self.assertEqual({run for run, _ in numbers}, {1, 2})

    def test_what_is_dropped_is_told(self):
        self.open(4, slow=Slow.DROP_OLDEST)
        self.start()
        first = self.stream.take(10)
        first.give()
        time.sleep(0.05)
        missing = 0
        expected = first.sequence + 1
        for _ in range(30):
            with self.stream.take(10) as block:
                self.assertEqual(block.sequence, expected + block.dropped)
                expected = block.sequence + 1
                missing += block.dropped
            time.sleep(0.01)
        self.card.poke(2, CSR, 0)
        self.stream.stop(Stop.ABORT)
        self.assertGreater(missing, 0)
        self.assertGreaterEqual(self.stream.stats.dropped, missing)
        self.assertBalanced()

    @with_numpy
    def test_arrays_are_the_cards_memory_and_read_only(self):
        self.open()
        self.start()
        with self.stream.take(10) as block:
            words = block.array()
            self.assertEqual(words.base.obj.__class__.__name__, "Bytes")
            self.assertEqual(words.dtype, numpy.uint32)
            self.assertEqual(words.tolist(), list(range(NUMBER,
                                                        NUMBER + 1024)))
            with self.assertRaises(ValueError):
                words[0] = 1
            self.assertEqual(block.array(">u2").size, 2048)


class Asked(Digitizer):
    opened = BOARD.replace("arm=0", "arm=1")

    def test_a_board_is_asked_and_armed(self):
        self.open(armed=Armed(Step.read(Space.BAR2, 0xe8),
                              Step.write(Space.BAR2, 0xcc), unit=4,
                              least=1024, most_wait=0.02))
        self.start()
        for sequence, block in zip(range(50), self.stream):
            self.assertEqual(block.sequence, sequence)
            self.assertNext(block)
        self.assertEqual(self.counter(OVERFLOWED), 0)
        self.assertEqual(self.card.peek(2, 0x128), 0)


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


class Waiting(Digitizer):
    def test_nothing_yet_is_no_failure(self):
        self.open()
        self.stream.start()
        with self.assertRaisesRegex(BlockingIOError, "no block"):
            self.stream.take(0)
        with self.assertRaisesRegex(TimeoutError, "source"):
            self.stream.take(0.01)

    def test_a_stream_that_wasnt_started_has_ended(self):
        self.open()
        self.assertEqual(list(self.stream), [])

    def test_a_setup_that_is_wrong_is_refused(self):
        for blocks, size in ((3, BLOCK), (2000, BLOCK), (16, 100)):
            with self.assertRaises(ValueError):
                self.channel.stream(size, blocks, local=FIFO)
        with self.assertRaises(ValueError):
            self.channel.stream(BLOCK, -1)
        with self.assertRaisesRegex(plxdma.ArenaFullError, "arena="):
            self.channel.stream(1 << 20, 64, local=FIFO)

    def test_blocks_are_given_by_other_threads(self):
        self.open(8)
        self.start()
        done, wrong = [], []
        gate = threading.Semaphore(6)
        blocks = []

        def work():
            while not done or blocks:
                try:
                    block = blocks.pop(0)
                except IndexError:
                    time.sleep(0.0005)
                    continue
                if block.data[0:4] != (NUMBER + block.sequence * 1024
                                       ).to_bytes(4, "little"):
                    wrong.append(block.sequence)
                block.give()
                gate.release()

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for _ in range(300):
            gate.acquire()
            blocks.append(self.stream.take(10))
        done.append(True)
        for thread in threads:
            thread.join(30)
        self.assertEqual(wrong, [])
        self.assertEqual(self.stream.stats.taken, 0)
        self.assertEqual(self.counter(OVERFLOWED), 0)

    def test_another_thread_closes_what_waits_for_ever(self):
        self.open()
        self.stream.start()
        timer = threading.Timer(0.1, self.stream.close)
        timer.start()
        with self.assertRaises(plxdma.ClosedError):
            self.stream.take()
        timer.join()
        self.open().start()

    def test_asyncio_reads_a_stream(self):
        async def read(count):
            loop = asyncio.get_running_loop()
            ready = asyncio.Event()
            loop.add_reader(self.stream, ready.set)
            try:
                while count:
                    await asyncio.wait_for(ready.wait(), 10)
                    ready.clear()
                    while count:
                        try:
                            with self.stream.take(0) as block:
                                self.assertNext(block)
                            count -= 1
                        except plxdma.NothingYetError:
                            break
            finally:
                loop.remove_reader(self.stream)

        self.open()
        self.start()
        asyncio.run(read(100))
        self.assertEqual(self.place, 100 * 1024)


class ThroughTheDaemon(Words):
    opened = "daemon:crate,arena=4M"

    def setUp(self):
        context = daemon("crate=" + BOARD.replace("arena=4M,", ""))
        self.daemon = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        super().setUp()

    def test_blocks_outlive_the_daemon(self):
        self.open()
        self.start()
        block = self.stream.take(10)
        self.daemon.kill()
        self.daemon.wait(30)
        with self.assertRaises(plxdma.GoneError):
            for _ in itertools.count():
                self.stream.take(10)
        self.assertNext(block)
        self.card.close()
        self.assertEqual(block.data[0:4], NUMBER.to_bytes(4, "little"))
