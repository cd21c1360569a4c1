# SPDX-License-Identifier: LGPL-2.1-or-later
"""Buffers: no copies, and no view that points into nothing."""

import gc
import pathlib
import random
import threading
import unittest

import plxdma
from cards import SPEC, SRAM, CardCase, numpy, with_numpy


def address_of(view):
    """Where a writable view's first byte is."""
    import ctypes
    return ctypes.addressof((ctypes.c_char * view.nbytes).from_buffer(view))


def arena():
    """The stretches of this process' memory that are an arena's."""
    for line in pathlib.Path("/proc/self/maps").read_text().splitlines():
        words = line.split(maxsplit=5)
        if len(words) == 6 and "memfd:" in words[5]:
            first, last = words[0].split("-")
            yield range(int(first, 16), int(last, 16))


class Buffers(CardCase):
    def test_views_lie_in_the_arena(self):
        buffer = self.card.alloc(8192)
        stretches = list(arena())
        self.assertEqual(address_of(buffer.data), buffer.address)
        self.assertEqual(address_of(buffer.data[100:200]),
                         buffer.address + 100)
        for at in (buffer.address, buffer.address + 8191):
            self.assertTrue(any(at in stretch for stretch in stretches))

    @with_numpy
    def test_arrays_lie_in_the_arena(self):
        buffer = self.card.alloc(8192)
        words = buffer.array()
        self.assertEqual(words.ctypes.data, buffer.address)
        self.assertEqual(words.dtype, numpy.uint32)
        words[:] = numpy.arange(2048)
        self.card.write(SRAM, words)
        self.assertEqual(self.card.read(SRAM + 4, 4), b"\1\0\0\0")
        self.card.write(SRAM, buffer.array("<f8"))

    def test_transfers_fill_them(self):
        data = random.Random(2).randbytes(8192)
        self.card.write(SRAM, data)
        buffer = self.card.alloc(8192)
        self.card.read_into(SRAM, buffer.data)
        self.assertEqual(buffer.data, data)

    def test_an_arena_that_is_full_says_so(self):
        with self.assertRaisesRegex(plxdma.ArenaFullError, "arena="):
            self.card.alloc(1 << 30)
        with self.assertRaises(ValueError):
            self.card.alloc(0)

    def test_memory_is_given_back(self):
        for _ in range(20):
            self.card.alloc(3 << 20)
        for _ in range(20):
            with self.card.alloc(3 << 20) as buffer:
                buffer.data[5] = 5
        kept = buffer
        for _ in range(20):
            self.card.alloc(3 << 20).free()
        with self.assertRaisesRegex(plxdma.ClosedError, "freed"):
            kept.data

    def test_a_view_keeps_the_memory(self):
        view = self.card.alloc(3 << 20).data
        with self.assertRaises(plxdma.ArenaFullError):
            self.card.alloc(3 << 20)
        view[0] = 1
        part = view[10:20]
        del view
        with self.assertRaises(plxdma.ArenaFullError):
            self.card.alloc(3 << 20)
        part[0] = 1
        del part
        self.card.alloc(3 << 20)

    def test_freed_data_raises_and_slices_stay(self):
        buffer = self.card.alloc(3 << 20)
        data = buffer.data
        part = data[:10]
        buffer.free()
        buffer.free()
        with self.assertRaises(ValueError):
            data[0]
        part[9] = 9
        with self.assertRaises(plxdma.ArenaFullError):
            self.card.alloc(3 << 20)
        part.release()
        self.card.alloc(3 << 20)

    @with_numpy
    def test_an_array_keeps_the_memory_of_a_freed_buffer(self):
        buffer = self.card.alloc(3 << 20)
        words = buffer.array()[::2]
        buffer.free()
        words[7] = 7
        with self.assertRaises(plxdma.ArenaFullError):
            self.card.alloc(3 << 20)
        del words
        self.card.alloc(3 << 20)


class AfterTheCard(unittest.TestCase):
    def assertGone(self, resource):
        gc.collect()
        self.assertTrue(resource.ended)

    def test_a_view_that_outlives_its_card_stays_good(self):
        with plxdma.open(SPEC) as card:
            view = card.alloc(65536).data
            view[:5] = b"hello"
        self.assertTrue(card.closed)
        self.assertFalse(card._resource.ended)
        self.assertEqual(view[:5], b"hello")
        view[65535] = 1
        resource = card._resource
        del card
        gc.collect()
        self.assertEqual(bytes(view[:5]), b"hello")
        del view
        self.assertGone(resource)

    @with_numpy
    def test_an_array_that_outlives_its_card_stays_good(self):
        with plxdma.open(SPEC) as card:
            words = card.alloc(65536).array()
            words[:] = 5
        resource = card._resource
        del card
        gc.collect()
        self.assertEqual(words.sum(), 5 * 16384)
        del words
        self.assertGone(resource)

    def test_a_buffer_that_outlives_its_card_stays_good(self):
        card = plxdma.open(SPEC)
        resource = card._resource
        buffer = card.alloc(100)
        card.close()
        buffer.data[99] = 1
        buffer.free()
        self.assertGone(resource)

    def test_cycles_are_collected_in_any_order(self):
        resources = []
        for _ in range(20):
            card = plxdma.open(SPEC)
            channel = card.channel(0)
            buffer = card.alloc(4096)
            transfer = channel.transfer(plxdma.Direction.TO_HOST, buffer,
                                        SRAM)
            transfer.submit()
            # A cycle through all of them: no order is right for Python.
            ring = [card, channel, buffer, transfer, buffer.data]
            ring.append(ring)
            card.ring = channel.ring = buffer.ring = transfer.ring = ring
            resources.append(card._resource)
            del card, channel, buffer, transfer, ring
        gc.collect()
        gc.collect()
        self.assertTrue(all(resource.ended for resource in resources))

    def test_views_are_dropped_by_other_threads(self):
        with plxdma.open(SPEC) as card:
            resource = card._resource
            views = [card.alloc(4096).data for _ in range(200)]
        threads = [threading.Thread(
            target=lambda: [views.pop() for _ in range(50)])
            for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        self.assertGone(resource)

    def test_two_cards_share_memory_for_as_long_as_it_is_seen(self):
        first = plxdma.open(SPEC)
        second = plxdma.open("model:", beside=first)
        buffer = first.alloc(4096)
        second.write(SRAM, b"from the second")
        with second.channel(0) as channel:
            channel.read(SRAM, buffer, length=15)
        first.close()
        self.assertEqual(buffer.data[:15], b"from the second")
        second.close()
        buffer.data[0] = 0
