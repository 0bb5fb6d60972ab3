# SPDX-License-Identifier: Apache-2.0
"""Prints rows that src/model/statistics.cpp must agree with: METHOD, arguments, what SciPy says.

    python3 tests/model/statistics_rows.py ROWS > tests/model/statistics_recorded.tsv

Needs SciPy and NumPy. The same ROWS give the same rows. Newcombe's interval is made of SciPy's
Wilson intervals by its defining formula; the bootstrap's draws come from the same SplitMix64, its
quantiles from NumPy.
"""
import math
import random
import sys

import numpy
import scipy
from scipy.stats import binomtest, norm


def split_mix(seed):
    mask = (1 << 64) - 1
    while True:
        seed = (seed + 0x9E3779B97F4A7C15) & mask
        z = seed
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        yield z ^ (z >> 31)


def below(source, bound):
    while True:
        product = (next(source) >> 32) * bound
        if (product & 0xFFFFFFFF) >= (1 << 32) % bound:
            return product >> 32


def wilson(k, n, level):
    found = binomtest(k, n).proportion_ci(level, "wilson")
    return float(found.low), float(found.high)


def newcombe(k1, n1, k2, n2, level):
    (l1, u1), (l2, u2) = wilson(k1, n1, level), wilson(k2, n2, level)
    p1, p2 = k1 / n1, k2 / n2
    return p1 - p2 - math.hypot(p1 - l1, u2 - p2), p1 - p2 + math.hypot(u1 - p1, p2 - l2)


def bootstrap(n, won, lost, seed, resamples, level):
    differences = [1] * won + [-1] * lost + [0] * (n - won - lost)
    source = split_mix(seed)
    means = [sum(differences[below(source, n)] for _ in range(n)) / n for _ in range(resamples)]
    low, high = numpy.quantile(means, [(1 - level) / 2, 1 - (1 - level) / 2])
    return float(low), float(high)


def main():
    rows = int(sys.argv[1])
    rng = random.Random(20261121)
    print(f"# SciPy {scipy.__version__}, NumPy {numpy.__version__}: "
          f"python3 tests/model/statistics_rows.py {rows}")
    for i in range(rows):
        level = rng.choice([0.5, 0.8, 0.9, 0.95, 0.99, 0.999])
        n = rng.choice([rng.randint(1, 30), rng.randint(30, 2000), rng.randint(2000, 1000000)])
        method = ("wilson", "mcnemar", "newcombe", "quantile", "bootstrap")[i % 5]
        if method == "wilson":
            k = rng.choice([0, n, rng.randint(0, n), rng.randint(0, n)])
            arguments, result = (k, n, level), wilson(k, n, level)
        elif method == "mcnemar":
            won = rng.choice([0, rng.randint(0, n), rng.randint(n // 2, n // 2 + n // 50 + 1)])
            lost = max(0, n - won)
            arguments, result = (won, lost), (float(binomtest(won, won + lost, 0.5).pvalue),)
        elif method == "newcombe":
            n2 = rng.randint(1, 5000)
            k, k2 = rng.randint(0, n), rng.randint(0, n2)
            arguments, result = (k, n, k2, n2, level), newcombe(k, n, k2, n2, level)
        elif method == "quantile":
            p = rng.choice([rng.random(), 10 ** -rng.uniform(1, 12), 1 - 10 ** -rng.uniform(1, 8)])
            arguments, result = (p,), (float(norm.ppf(p)),)
        else:
            n = rng.randint(1, 120)
            won = rng.randint(0, n)
            lost = rng.randint(0, n - won)
            seed = rng.getrandbits(64)
            arguments = (n, won, lost, seed, 200, level)
            result = bootstrap(*arguments)
        print(method, *map(repr, arguments), *map(repr, result), sep="\t")


main()
