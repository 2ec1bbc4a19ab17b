"""joblib.Memory, as a contestant. Run with the directory of its results."""

import sys

import joblib
import numpy

import worker

here = joblib.Memory(sys.argv[1], verbose=0)
mapping = joblib.Memory(sys.argv[1], mmap_mode="r", verbose=0)


class Joblib(worker.Worker):
    small = staticmethod(here.cache(worker.small))
    words = staticmethod(here.cache(worker.words))
    mapped = staticmethod(mapping.cache(worker.words))
    total = staticmethod(here.cache(worker.total))
    wanted = staticmethod(here.cache(worker.wanted))

    def remove(self, length, number):
        self.words.call_and_shelve(length, number).clear()


Joblib().play(f"joblib {joblib.__version__}, numpy {numpy.__version__}")
