"""A Python program that takes turns with others: the end of `memo_tests::bench::Contestant`.

One line in, one line out: `ok` and nanoseconds, or `failed` and why. Values are those of
`tests/src/bench/workload.rs`.
"""

import platform
import sys
import time

import numpy

SCALE = 0.5
COMPUTATION = 0.05
ODD = numpy.uint64(0x9E3779B97F4A7C15)

computed = 0
ended = 0
prepared = None


def small(number, scale):
    global computed
    computed += 1
    return [scale * (number + i) for i in range(8)]


def words(length, number):
    global computed, prepared
    computed += 1
    value, prepared = prepared, None
    return value


def total(values):
    global computed
    computed += 1
    return int(numpy.bitwise_xor.reduce(values))


def wanted(key):
    global ended
    time.sleep(COMPUTATION)
    ended = time.monotonic_ns()
    return key


def array(length, number):
    return numpy.arange(length, dtype=numpy.uint64) * ODD + numpy.uint64(number)


class Worker:
    """Its methods are what it can be told. A subclass has the memoized functions `small`, `words`,
    `mapped`, `total` and `wanted`, as far as the peer has them, and `remove`."""

    def play(self, *versions):
        print("ready Python", platform.python_version() + ",", *versions, flush=True)
        for line in sys.stdin:
            verb, *arguments = line.split()
            try:
                times = getattr(self, "do_" + verb)(*arguments)
                print("ok", *times, flush=True)
            except Exception as error:
                print("failed", repr(error).replace("\n", " "), flush=True)

    def do_hit(self, first, count):
        return self.calls(int(first), int(count), 0)

    def do_miss(self, first, count):
        return self.calls(int(first), int(count), 1)

    def calls(self, first, count, computations):
        times = []
        for number in range(first, first + count):
            before = computed
            value, took = timed(self.small, number, SCALE)
            expect(before, computations)
            if value[7] != SCALE * (number + 7):
                raise ValueError("a wrong value")
            times.append(took)
        return times

    def do_again(self, number, count):
        number, count, before = int(number), int(count), computed
        began = time.perf_counter_ns()
        for _ in range(count):
            self.small(number, SCALE)
        took = time.perf_counter_ns() - began
        expect(before, 0)
        return [took // count]

    def do_keep(self, kind, length, first, count):
        return self.large(kind, int(length), int(first), int(count), 1)

    def do_load(self, kind, length, first, count):
        return self.large(kind, int(length), int(first), int(count), 0)

    def large(self, kind, length, first, count, computations):
        global prepared
        times = []
        for number in range(first, first + count):
            if computations:
                prepared = array(length, number)
            before = computed
            value, took = timed(getattr(self, kind), length, number)
            expect(before, computations)
            last = (int(ODD) * (length - 1) + number) % 2**64
            if len(value) != length or int(value[0]) != number or int(value[-1]) != last:
                raise ValueError("the array is another one")
            times.append(took)
        return times

    def do_forget(self, kind, length, number):
        self.remove(int(length), int(number))
        return []

    def do_argument(self, length):
        self.argument = array(int(length), 0)
        self.total(self.argument)
        return []

    def do_hash(self):
        before = computed
        _, took = timed(self.total, self.argument)
        expect(before, 0)
        return [took]

    def do_wanted(self, key, at):
        global ended
        ended = 0
        time.sleep(max(0, int(at) - time.monotonic_ns()) / 1e9)
        self.wanted(int(key))
        return [ended, time.monotonic_ns()]


def timed(function, *arguments):
    began = time.perf_counter_ns()
    value = function(*arguments)
    return value, time.perf_counter_ns() - began


def expect(before, computations):
    if computed - before != computations:
        raise ValueError(f"was computed {computed - before} times, and not {computations}")
