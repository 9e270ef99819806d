"""Writes the values that PyTorch gives for the functions of a row, for tests/torch.test.js.

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
import scipy.stats
import torch

TEMPERATURES = [0.1, 0.7, 1.0, 2.5, -1.0]
FUNCTION_TEMPERATURES = [1.0, 0.6, -1.5]
SMOOTHING = 0.1
K = 0.7


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


def companions(row):
    """What the functions take beside a row: tests/torch.test.js makes the same of it. Masked logits have no target."""
    i = numpy.arange(len(row))
    weights = numpy.where(numpy.isneginf(row), 0, (i * 37) % 11 + 1)
    return {
        "other": numpy.asarray(row, dtype=numpy.float64) * 0.75 + ((i * 31) % 17) / 8,
        "gradOut": ((i * 7919) % 101 - 50) / 25,
        "soft": weights / weights.sum(),
        "id": int(numpy.flatnonzero(~numpy.isneginf(row))[min(2, len(row) - 1)]),
    }


def spread(part, open_ids, n):
    """The gradients of the unmasked logits, among zeros."""
    whole = numpy.zeros(n)
    whole[open_ids] = part.detach().numpy()
    return base64_of(whole, "<f8")


def functions(row, temperature):
    """PyTorch on the unmasked logits alone, gradients by its autograd; SciPy where it has the function."""
    beside = companions(row)
    open_ids = numpy.flatnonzero(~numpy.isneginf(row))
    take = lambda values: torch.from_numpy(numpy.asarray(values, dtype=numpy.float64)[open_ids])
    x = take(row).requires_grad_()
    heat = torch.tensor(temperature, dtype=torch.float64, requires_grad=True)
    logits, others = x / heat, take(beside["other"]) / heat.detach()
    probs = torch.softmax(logits, 0)
    found = {
        "target": beside["id"],
        "entropy": float(torch.distributions.Categorical(logits=logits).entropy()),
    }
    numpy.testing.assert_allclose(found["entropy"], scipy.stats.entropy(probs.detach()), rtol=1e-9, atol=1e-15)
    log_p, log_q = torch.log_softmax(logits, 0), torch.log_softmax(others, 0)
    found["klDivergence"] = float(torch.nn.functional.kl_div(log_q, log_p, reduction="sum", log_target=True))
    numpy.testing.assert_allclose(
        found["klDivergence"], scipy.stats.entropy(probs.detach(), torch.exp(log_q)), rtol=1e-9, atol=1e-14
    )
    inner = probs @ take(beside["gradOut"])
    to_x, to_heat = torch.autograd.grad(inner, (x, heat), retain_graph=True)
    found["softmaxBackward"] = spread(to_x, open_ids, len(row))
    found["softmaxTemperatureGrad"] = float(to_heat)
    place = torch.tensor(int(numpy.flatnonzero(open_ids == beside["id"])[0]))
    targets = {"hard": (place, 0.0), "soft": (take(beside["soft"]), 0.0)}
    if len(open_ids) == len(row):
        targets["smooth"] = (place, SMOOTHING)
        targets["softSmooth"] = (take(beside["soft"]), SMOOTHING)
    for name, (target, smoothing) in targets.items():
        loss = torch.nn.functional.cross_entropy(logits, target, label_smoothing=smoothing)
        to_x, to_heat = torch.autograd.grad(loss, (x, heat), retain_graph=True)
        found[name] = {
            "loss": float(loss),
            "backward": spread(to_x, open_ids, len(row)),
            "temperatureGrad": float(to_heat),
        }
    return found


def ensemble(row, temperature):
    """The canonical ensemble of the row as energies, from SciPy."""
    energies = numpy.asarray(row, dtype=numpy.float64)
    heat = K * temperature
    probs = scipy.special.softmax(-energies / heat)
    mean = float(probs @ energies)
    return {
        "meanEnergy": mean,
        "freeEnergy": float(-heat * scipy.special.logsumexp(-energies / heat)),
        "entropy": float(K * scipy.stats.entropy(probs)),
        "heatCapacity": float(probs @ (energies - mean) ** 2 / (K * temperature**2)),
    }


def reductions(row):
    """Rows of 25 logits, one of them ignored, with each reduction of PyTorch."""
    x = torch.from_numpy(numpy.asarray(row[:100], dtype=numpy.float64).reshape(4, 25)).requires_grad_()
    target = torch.tensor([3, -100, 0, 24])
    found = {"target": target.tolist(), "labelSmoothing": SMOOTHING}
    for name in ["mean", "sum", "none"]:
        loss = torch.nn.functional.cross_entropy(x, target, label_smoothing=SMOOTHING, reduction=name)
        (to_x,) = torch.autograd.grad(loss.sum(), x)
        found[name] = {"loss": loss.tolist(), "backward": base64_of(to_x.numpy().ravel(), "<f8")}
    return found


def attention():
    """Scaled dot-product attention of one head, in float64 from float32 inputs."""
    draw = numpy.random.Generator(numpy.random.PCG64(20261121))
    for n, m, d, dv, mask in [
        (1, 1, 1, 1, None),
        (3, 5, 4, 2, None),
        (7, 7, 8, 3, "causal"),
        (4, 9, 6, 5, "causal"),
        (6, 11, 5, 4, "bias"),
    ]:
        q, k, v = (draw.normal(0, s, size).astype(numpy.float32) for s, size in [(2, (n, d)), (2, (m, d)), (1, (m, dv))])
        # Causal aligned at the last query, which PyTorch's own is_causal does at the first.
        bias = numpy.zeros((n, m), dtype=numpy.float32)
        if mask == "causal":
            bias[numpy.arange(m)[None, :] > numpy.arange(n)[:, None] + m - n] = -numpy.inf
        if mask == "bias":
            bias = draw.normal(0, 2, (n, m)).astype(numpy.float32)
            bias[draw.uniform(size=(n, m)) < 0.4] = -numpy.inf
            bias[:, 0] = 0.5
        q64, k64, v64, bias64 = (torch.from_numpy(a).to(torch.float64)[None] for a in (q, k, v, bias))
        # Public from PyTorch 2.0 on; before, it gives the weights as well.
        functional = torch.nn.functional
        if hasattr(functional, "scaled_dot_product_attention"):
            found = functional.scaled_dot_product_attention(q64, k64, v64, attn_mask=bias64)
        else:
            found, _ = functional._scaled_dot_product_attention(q64, k64, v64, bias64)
        plain = torch.softmax(q64 @ k64.transpose(1, 2) / d**0.5 + bias64, -1) @ v64
        torch.testing.assert_close(found, plain, rtol=1e-12, atol=1e-14)
        case = {"d": d, "dv": dv, "causal": mask == "causal"}
        case.update({name: base64_of(a, "<f4") for name, a in [("q", q), ("k", k), ("v", v)]})
        if mask == "bias":
            case["mask"] = base64_of(bias, "<f4")
        case["result"] = base64_of(found[0].numpy(), "<f8")
        yield case


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
    more = []
    for name, row in rows():
        row = numpy.asarray(row, dtype=numpy.float32)
        for temperature in FUNCTION_TEMPERATURES:
            case = {"row": name, "temperature": temperature, **functions(row, temperature)}
            if not numpy.isneginf(row).any():
                case["boltzmann"] = ensemble(row, temperature)
            more.append(case)
    normal = numpy.asarray(dict(rows())["normal"], dtype=numpy.float32)
    table = {name: base64_of(row, "<f4") for name, row in rows()}
    engine = f"PyTorch {torch.__version__}, SciPy {scipy.__version__}"
    data = {"engine": engine, "rows": table, "cases": cases, "functions": more, "reductions": reductions(normal)}
    data["attention"] = list(attention())
    with open(path, "w", encoding="ascii") as file:
        json.dump(data, file, indent=1)
        file.write("\n")


main(sys.argv[1])
