# SPDX-License-Identifier: LGPL-2.1-or-later
"""The structures of include/plxdma/*.h, member by member.

A test compares their layout with what a C compiler makes of the headers.
"""

from ctypes import (POINTER, Structure, c_char, c_int8, c_int32, c_int64,
                    c_uint8, c_uint32, c_uint64, c_void_p)

NAME_BYTES = 64
BARS = 6


class BarInfo(Structure):
    """struct plxdma_bar_info"""
    _fields_ = [("size", c_uint64), ("local", c_uint32), ("io", c_uint8),
                ("space", c_int8), ("reserved", c_uint8 * 2)]


class CardInfo(Structure):
    """struct plxdma_card_info"""
    _fields_ = [("size", c_uint32), ("chip", c_uint32),
                ("revision", c_uint32), ("chip_name", c_char * 20),
                ("transport", c_char * 16), ("name", c_char * NAME_BYTES),
                ("vendor_device", c_uint32), ("subsystem", c_uint32),
                ("numa_node", c_int32), ("pin", c_uint32),
                ("iommu", c_uint32), ("dac", c_uint32),
                ("in_service", c_uint32), ("bars", BarInfo * BARS),
                ("arena_size", c_uint64), ("arena_page", c_uint64),
                ("arena_node", c_int32), ("arena_runs", c_uint32),
                ("arena_longest", c_uint64), ("frames_known", c_uint32),
                ("frames_moved", c_uint32), ("descriptors", c_char * 128),
                ("memory_kept", c_uint64), ("pci", c_char * 16)]


class Counters(Structure):
    """struct plxdma_counters"""
    _fields_ = [("size", c_uint32), ("violations", c_uint32)] + [
        (name, c_uint64) for name in (
            "reg_reads", "reg_writes", "descriptors", "bytes_to_host",
            "bytes_to_card", "transfers", "faults", "interrupts")]


class Holder(Structure):
    """struct plxdma_holder"""
    _fields_ = [("size", c_uint32), ("pid", c_int32), ("uid", c_uint32),
                ("own", c_uint32), ("lease_ms", c_uint64),
                ("name", c_char * NAME_BYTES)]


class IrqEvent(Structure):
    """struct plxdma_irq_event"""
    _fields_ = [("size", c_uint32), ("bits", c_uint32), ("count", c_uint64),
                ("time_ns", c_uint64)]


class Segment(Structure):
    """struct plxdma_segment"""
    _fields_ = [("handle", c_uint64), ("length", c_uint32),
                ("local", c_uint32)]


class Step(Structure):
    """struct plxdma_step"""
    _fields_ = [("op", c_uint8), ("space", c_uint8), ("width", c_uint8),
                ("reserved", c_uint8), ("offset", c_uint32),
                ("value", c_uint32), ("mask", c_uint32), ("want", c_uint32),
                ("timeout_us", c_uint32)]


class Result(Structure):
    """struct plxdma_result"""
    _fields_ = [("size", c_uint32), ("status", c_uint32),
                ("bytes", c_uint64), ("bytes_exact", c_uint32),
                ("reserved", c_uint32), ("time_ns", c_int64)]


class Request(Structure):
    """struct plxdma_request"""
    _fields_ = [("size", c_uint32), ("direction", c_uint32),
                ("form", c_uint32), ("local", c_uint32),
                ("handle", c_uint64), ("length", c_uint64),
                ("segments", POINTER(Segment)), ("segment_count", c_uint32),
                ("reserved", c_uint32), ("recipe", c_void_p)]


class Tuning(Structure):
    """struct plxdma_tuning"""
    _fields_ = [(name, c_uint32) for name in (
        "size", "pci_latency", "cache_line", "local_latency", "local_pause",
        "local_latency_on", "local_pause_on", "read_command",
        "write_command", "threshold")]


class StreamArmed(Structure):
    """struct plxdma_stream_armed"""
    _fields_ = [("level", Step), ("arm", Step), ("unit", c_uint32),
                ("least", c_uint32), ("most_wait_us", c_uint32),
                ("reserved", c_uint32)]


class StreamSetup(Structure):
    """struct plxdma_stream_setup"""
    _fields_ = [(name, c_uint32) for name in (
        "size", "source", "slow", "block_bytes", "block_count", "watermark",
        "local", "reserved")] + [("sequence", c_uint64),
                                 ("armed", POINTER(StreamArmed))]


class Block(Structure):
    """struct plxdma_block"""
    _fields_ = [("size", c_uint32), ("status", c_uint32), ("run", c_uint64),
                ("sequence", c_uint64), ("dropped", c_uint64),
                ("time_ns", c_int64), ("bytes", c_uint64),
                ("handle", c_uint64), ("data", c_void_p)]


class ObserverStats(Structure):
    """struct plxdma_observer_stats"""
    _fields_ = [("size", c_uint32), ("status", c_uint32)] + [
        (name, c_uint64) for name in (
            "run", "whole", "whole_bytes", "missed", "ready")] + [
                ("tai_offset_ns", c_int64)]


class StreamStats(Structure):
    """struct plxdma_stream_stats"""
    _fields_ = [("size", c_uint32), ("status", c_uint32)] + [
        (name, c_uint64) for name in (
            "run", "blocks", "bytes", "delivered", "delivered_bytes",
            "dropped", "dropped_bytes", "ready", "ready_bytes", "taken",
            "queued", "held")] + [("tai_offset_ns", c_int64)]
