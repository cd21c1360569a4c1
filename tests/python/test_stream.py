# SPDX-License-Identifier: LGPL-2.1-or-later
"""Streams: every word of a digitizer, in order, directly and by the daemon."""

import asyncio
import gc
import itertools
import threading
import time

import plxdma
from plxdma import Armed, Slow, Space, Status, Step, Stop
from cards import daemon, numpy, with_numpy
from digitizer import (BLOCK, BOARD, CSR, FIFO, NUMBER, OVERFLOWED,
                       Digitizer)


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

    def test_a_closed_card_finds_its_streams(self):
        self.open()
        self.start()
        self.channel = None
        gc.collect()
        self.card.close()
        self.assertTrue(self.stream.closed)

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
