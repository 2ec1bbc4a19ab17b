"""diskcache.Cache.memoize, as a contestant. Run with the directory of its results."""

import sys

import diskcache

import worker

cache = diskcache.Cache(sys.argv[1], size_limit=2**40)


class Diskcache(worker.Worker):
    small = staticmethod(cache.memoize()(worker.small))
    words = staticmethod(cache.memoize()(worker.words))
    wanted = staticmethod(cache.memoize()(worker.wanted))

    def remove(self, length, number):
        del cache[self.words.__cache_key__(length, number)]


Diskcache().play(f"diskcache {diskcache.__version__}")
