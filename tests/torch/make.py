"""Writes the values that PyTorch gives for softmax, log-softmax and log-sum-exp, for tests/torch.test.js.

    /usr/bin/python3 tests/torch/make.py tests/golden/torch.json

Debian's python3-torch and python3-scipy. PyTorch computes in float64 from the float32 logits; SciPy must agree with it
before anything is written. Arrays are base64 of little-endian float32 (rows) and float64 (values).
"""

import base64
import json
import sys

import numpy
import scipy
import scipy.special
import torch

TEMPERATURES = [0.1, 0.7, 1.0, 2.5, -1.0]


def rows():
    draw = numpy.random.Generator(numpy.random.PCG64(20261120))
    yield "one", [3.25]
    yield "two", [-1.5, 0.25]
    yield "article a", [1, 5, 6, 3]
    yield "article b", [-12, 120, -203, 2]
    yield "equal", [7.5] * 65
    yield "normal", draw.normal(0, 3, 500)
    yield "offset up", draw.normal(0, 2, 111) + 1e4
    yield "offset down", draw.normal(0, 2, 111) - 1e4
    masked = draw.normal(0, 4, 130)
    masked[draw.permutation(130)[:60]] = -numpy.inf
    yield "masked", masked
    yield "steep", -numpy.arange(100) * 0.85
    yield "uniform", draw.uniform(-30, 30, 64)


def base64_of(values, kind):
    return base64.b64encode(numpy.asarray(values).astype(kind).tobytes()).decode("ascii")


def values(row, temperature):
    x = torch.from_numpy(row).to(torch.float64) / temperature
    # A masked logit stays masked below zero temperature as well, which a plain division would turn around.
    x = torch.where(torch.from_numpy(numpy.isneginf(row)), torch.tensor(-numpy.inf, dtype=torch.float64), x)
    found = {
        "softmax": torch.softmax(x, 0).numpy(),
        "logSoftmax": torch.log_softmax(x, 0).numpy(),
        "logSumExp": torch.logsumexp(x, 0).numpy(),
    }
    numpy.testing.assert_allclose(found["softmax"], scipy.special.softmax(x.numpy()), rtol=1e-11)
    numpy.testing.assert_allclose(found["logSoftmax"], scipy.special.log_softmax(x.numpy()), rtol=1e-11)
    numpy.testing.assert_allclose(found["logSumExp"], scipy.special.logsumexp(x.numpy()), rtol=1e-13)
    return found


def main(path):
    cases = []
    for name, row in rows():
        row = numpy.asarray(row, dtype=numpy.float32)
        for temperature in TEMPERATURES:
            found = values(row, temperature)
            cases.append(
                {
                    "row": name,
                    "temperature": temperature,
                    "softmax": base64_of(found["softmax"], "<f8"),
                    "logSoftmax": base64_of(found["logSoftmax"], "<f8"),
                    "logSumExp": float(found["logSumExp"]),
                }
            )
    table = {name: base64_of(row, "<f4") for name, row in rows()}
    engine = f"PyTorch {torch.__version__}, SciPy {scipy.__version__}"
    with open(path, "w", encoding="ascii") as file:
        json.dump({"engine": engine, "rows": table, "cases": cases}, file, indent=1)
        file.write("\n")


main(sys.argv[1])
