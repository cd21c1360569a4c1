#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A live spectrum of a card's memory, as text bars.

    spectrum.py [--frames N] [--samples N] [--local ADDRESS] [--no-signal]
                [--png FILE] [SPEC]

Samples are signed 16-bit words.  Without a board that measures something, the
software card's memory is given a signal first: two tones, one of which climbs
from frame to frame, and noise.  --no-signal leaves the memory as it is.
--png draws the last frame with matplotlib, else with gnuplot.
"""

import argparse
import array
import cmath
import math
import random
import shutil
import subprocess
import sys

import plxdma

ROWS = 32
COLUMNS = 60
FLOOR = -80  # dB


def signal(samples, frame):
    """What a digitizer might have in its memory."""
    chance = random.Random(frame)
    low = samples // 16 + samples // 128
    high = low + samples // 16 + frame * samples // 64
    return array.array("h", (
        round(12000 * math.sin(2 * math.pi * low * i / samples) +
              6000 * math.sin(2 * math.pi * high * i / samples) +
              chance.gauss(0, 30)) for i in range(samples)))


def transform(values):
    """The Fourier transform of 2^n values, where there is no numpy."""
    half = len(values) // 2
    if not half:
        return list(values)
    even, odd = transform(values[::2]), transform(values[1::2])
    turned = [cmath.exp(-1j * math.pi * k / half) * odd[k]
              for k in range(half)]
    return [a + b for a, b in zip(even, turned)] + \
           [a - b for a, b in zip(even, turned)]


def spectrum_of(buffer, samples):
    """Power in dB of full scale, for each frequency below the half."""
    window = [0.5 - 0.5 * math.cos(2 * math.pi * i / samples)
              for i in range(samples)]
    try:
        import numpy
        lines = abs(numpy.fft.rfft(buffer.array("<i2") * window)).tolist()
    except ImportError:
        words = buffer.data.cast("h")
        lines = [abs(line) for line in transform(
            [word * weight for word, weight in zip(words, window)])]
    # A window of this form leaves half of a tone's amplitude.
    full = 32768 * samples / 4
    return [20 * math.log10(max(line / full, 1e-10))
            for line in lines[:samples // 2]]


def show(frame, power):
    """A bar for each band."""
    band = len(power) // ROWS
    if sys.stdout.isatty():
        print("\033[H\033[J", end="")
    top = max(range(len(power)), key=power.__getitem__)
    print(f"frame {frame}: peak {power[top]:.1f} dB at line {top}")
    for row in range(ROWS):
        most = max(power[row * band:(row + 1) * band])
        bar = round(COLUMNS * max(most - FLOOR, 0) / -FLOOR)
        print(f"{row * band:6} {most:7.1f} {'#' * bar}")


def draw(path, power):
    """A PNG file, by what is there; returns what drew it."""
    try:
        import matplotlib
        matplotlib.use("Agg")
        from matplotlib import pyplot
    except ImportError:
        return draw_gnuplot(path, power)
    figure, axes = pyplot.subplots()
    axes.plot(power)
    axes.set(xlabel="line", ylabel="dB of full scale", ylim=(FLOOR - 20, 0))
    figure.savefig(path, format="png")
    return "matplotlib"


def draw_gnuplot(path, power):
    """The same by gnuplot, which reads the lines from its input."""
    if not shutil.which("gnuplot"):
        raise OSError("to draw a PNG file there is neither matplotlib nor "
                      "gnuplot: apt-get install gnuplot-nox")
    quoted = path.replace("'", "''")
    script = (f"set terminal png size 800,500\nset output '{quoted}'\n"
              "set xlabel 'line'\nset ylabel 'dB of full scale'\n"
              f"plot [][{FLOOR - 20}:0] '-' with lines notitle\n"
              + "".join(f"{line}\n" for line in power) + "e\n")
    subprocess.run(["gnuplot"], input=script, text=True, check=True)
    return "gnuplot"


def run(args):
    """Frame after frame; the last one's spectrum."""
    power = []
    with plxdma.open(args.spec) as card, \
            card.alloc(2 * args.samples) as buffer:
        for frame in range(args.frames):
            if args.signal:
                card.write(args.local, signal(args.samples, frame))
            card.read_into(args.local, buffer.data)
            power = spectrum_of(buffer, args.samples)
            show(frame, power)
    return power


def main():
    """Options, frames, a picture."""
    number = {"type": lambda text: int(text, 0)}
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("spec", nargs="?", default="model:pages=small")
    parser.add_argument("--frames", default=10, **number)
    parser.add_argument("--samples", default=1024, **number)
    parser.add_argument("--local", default=0x20000000, **number)
    parser.add_argument("--no-signal", dest="signal", action="store_false")
    parser.add_argument("--png", metavar="FILE")
    args = parser.parse_args()
    if args.samples < 2 * ROWS or args.samples & (args.samples - 1):
        parser.error(f"--samples is a power of 2, at least {2 * ROWS}")
    if args.frames < 1:
        parser.error("--frames is at least 1")
    try:
        power = run(args)
        if args.png:
            print(f"{args.png}: drawn by {draw(args.png, power)}")
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        print(f"spectrum: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
