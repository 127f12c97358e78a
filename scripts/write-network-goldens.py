"""Writes src/inference/fixtures/networks: tiny networks with options that the demo runs do not have, saved by PyTorch as
DaCapo saves its checkpoints, with an input and what PyTorch makes of it.

The modules below restate DaCapo's CNNectomeUNet: same arithmetic, same names of tensors.

    pip install torch==2.13.0 numpy
    python scripts/write-network-goldens.py
"""

import json
import sys
import types
from pathlib import Path

import numpy as np
import torch
from torch import nn

FOLDER = Path(__file__).parent.parent / "src/inference/fixtures/networks"


class Weights:
    def __init__(self, model, optimizer):
        self.model = model
        self.optimizer = optimizer


Weights.__module__ = "dacapo.store.weights_store"
for name in ("dacapo", "dacapo.store", "dacapo.store.weights_store"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["dacapo.store.weights_store"].Weights = Weights

CONV = {2: nn.Conv2d, 3: nn.Conv3d}
TRANSPOSED = {2: nn.ConvTranspose2d, 3: nn.ConvTranspose3d}
NORM = {2: nn.BatchNorm2d, 3: nn.BatchNorm3d}
POOL = {2: nn.MaxPool2d, 3: nn.MaxPool3d}


class ConvPass(nn.Module):
    def __init__(self, fmaps_in, fmaps_out, kernels, activation="ReLU", padding="valid", batch_norm=False):
        super().__init__()
        layers = []
        for kernel in kernels:
            pad = [k // 2 for k in kernel] if padding == "same" else 0
            layers.append(CONV[len(kernel)](fmaps_in, fmaps_out, kernel, padding=pad))
            if batch_norm:
                layers.append(NORM[len(kernel)](fmaps_out))
            if activation:
                layers.append(getattr(nn, activation)())
            fmaps_in = fmaps_out
        self.conv_pass = nn.Sequential(*layers)

    def forward(self, x):
        return self.conv_pass(x)


def crop(x, shape):
    slices = [slice(None), slice(None)]
    for size, target in zip(x.shape[2:], shape):
        begin = (size - target) // 2
        slices.append(slice(begin, begin + target))
    return x[tuple(slices)]


class Upsample(nn.Module):
    def __init__(self, factor, nearest, fmaps_in, fmaps_out, crop_factor=None, next_kernels=None):
        super().__init__()
        dims = len(factor)
        if nearest:
            one = CONV[dims](fmaps_in, fmaps_out, 1)
            self.up = nn.Sequential(nn.Upsample(scale_factor=tuple(map(float, factor))), one, nn.ReLU())
        else:
            self.up = nn.Sequential(TRANSPOSED[dims](fmaps_in, fmaps_out, factor, stride=factor), nn.ReLU())
        self.crop_factor = crop_factor
        self.next_kernels = next_kernels

    def forward(self, g, skip=None):
        g = self.up(g)
        if self.next_kernels is not None:
            loss = [sum(k[d] - 1 for k in self.next_kernels) for d in range(g.dim() - 2)]
            steps = [(size - r) // c for size, r, c in zip(g.shape[2:], loss, self.crop_factor)]
            target = [n * c + r for n, c, r in zip(steps, self.crop_factor, loss)]
            assert target == list(g.shape[2:]) or all(t > r for t, r in zip(target, loss)), target
            g = crop(g, target)
        return g if skip is None else torch.cat([crop(skip, g.shape[2:]), g], dim=1)


class Attention(nn.Module):
    def __init__(self, gate, skip, inner, factor, batch_norm):
        super().__init__()
        dims = len(factor)
        ones = [(1,) * dims] * 2
        self.W_g = ConvPass(gate, inner, ones, None, "same", batch_norm)
        self.W_x = nn.Sequential(ConvPass(skip, inner, ones, None, "same", batch_norm), POOL[dims](factor, stride=factor))
        self.psi = ConvPass(inner, 1, ones, "Sigmoid", "same", batch_norm)
        mode = {2: "bilinear", 3: "trilinear"}[dims]
        self.up = nn.Upsample(scale_factor=tuple(map(float, factor)), mode=mode, align_corners=True)

    def forward(self, g, x):
        g1, x1 = self.W_g(g), self.W_x(x)
        padding = []
        for axis in range(2, g1.dim()):
            difference = x1.size(axis) - g1.size(axis)
            padding.extend([difference // 2, difference - difference // 2])
        g1 = nn.functional.pad(g1, padding[::-1])
        return x * self.up(self.psi(torch.relu(g1 + x1)))


class UNet(nn.Module):
    def __init__(self, c):
        super().__init__()
        factors, F, inc = c["downsample_factors"], c["num_fmaps"], c["fmap_inc_factor"]
        dims, levels = len(c["_input_shape"]), len(factors) + 1
        three = [[3] * dims, [3] * dims]
        down = c["kernel_size_down"] or [three] * levels
        up = c["kernel_size_up"] or [three] * (levels - 1)
        padding, norm = c["padding"], c["batch_norm"]
        self.levels = levels
        self.l_conv = nn.ModuleList(
            ConvPass(c["fmaps_in"] if i == 0 else F * inc ** (i - 1), F * inc**i, down[i], "ReLU", padding, norm)
            for i in range(levels)
        )
        self.l_down = nn.ModuleList(POOL[dims](factor, stride=factor) for factor in factors)
        out = [c["fmaps_out"] if i == 0 else F * inc**i for i in range(levels)]
        crops = [[int(np.prod([f[d] for f in factors[i:]])) for d in range(dims)] for i in range(levels - 1)]
        ups = [F * inc ** (i + 1) if i == 0 else F * inc**i for i in range(levels - 1)]
        self.r_up = nn.ModuleList(
            [
                nn.ModuleList(
                    Upsample(factors[i], c["constant_upsample"], F * inc ** (i + 1), ups[i], crops[i], up[i])
                    for i in range(levels - 1)
                )
            ]
        )
        self.r_conv = nn.ModuleList(
            [
                nn.ModuleList(
                    ConvPass(F * inc**i + ups[i], out[i], up[i], "ReLU", padding, norm) for i in range(levels - 1)
                )
            ]
        )
        if c["use_attention"]:
            blocks = (Attention(F * inc ** (i + 1), F * inc**i, out[i], factors[i], norm) for i in range(levels - 1))
            self.attention = nn.ModuleList([nn.ModuleList(blocks)])

    def level(self, i, x):
        skip = self.l_conv[i](x)
        if i == self.levels - 1:
            return skip
        assert all(s % f == 0 for s, f in zip(skip.shape[2:], self.l_down[i].kernel_size)), skip.shape
        below = self.level(i + 1, self.l_down[i](skip))
        if hasattr(self, "attention"):
            skip = self.attention[0][i](below, skip)
        return self.r_conv[0][i](self.r_up[0][i](below, skip))

    def forward(self, x):
        return self.level(0, x)


class Wrapped(nn.Module):
    """Releases up to 0.3.5: the architecture is a module that holds the network."""

    def __init__(self, unet):
        super().__init__()
        self.unet = unet

    def forward(self, x):
        return self.unet(x)


class Model(nn.Module):
    def __init__(self, network, head, legacy):
        super().__init__()
        if legacy:
            self.architecture = network
        self.prediction_head = head
        self.chain = nn.Sequential(network, head)

    def forward(self, x):
        return self.chain(x)


def build(config, head, legacy):
    if config["__type__"] == "DummyArchitectureConfig":
        network, features, dims = nn.Conv3d(config["_num_in_channels"], config["_num_out_channels"], 3), config["_num_out_channels"], 3
    else:
        network, dims = UNet(config), len(config["_input_shape"])
        features = config["fmaps_out"] if config["downsample_factors"] else config["num_fmaps"]
        if config["upsample_factors"]:
            layers = [network]
            kernels = (config["kernel_size_down"] or [[[3] * dims] * 2])[-1]
            for factor in config["upsample_factors"]:
                layers += [Upsample(factor, True, features, features), ConvPass(features, features, kernels)]
            network = nn.Sequential(*layers)
    if legacy:
        network = Wrapped(network)
    channels, kernel = head
    return Model(network, CONV[dims](features, channels, kernel), legacy)


def unet(shape, factors, **options):
    config = {
        "__type__": "CNNectomeUNetConfig",
        "name": "golden",
        "_input_shape": shape,
        "_eval_shape_increase": None,
        "fmaps_in": 1,
        "fmaps_out": 3,
        "num_fmaps": 2,
        "fmap_inc_factor": 2,
        "downsample_factors": factors,
        "kernel_size_down": None,
        "kernel_size_up": None,
        "upsample_factors": None,
        "constant_upsample": True,
        "padding": "valid",
        "use_attention": False,
        "batch_norm": False,
    }
    return {**config, **options}


def affinities(*neighborhood):
    return {"__type__": "AffinitiesTaskConfig", "name": "affs", "neighborhood": list(neighborhood)}


DISTANCE = {
    "__type__": "DistanceTaskConfig",
    "name": "distance",
    "channels": ["mito", "er"],
    "clip_distance": 10,
    "tol_distance": 10,
}
HOT = {**DISTANCE, "__type__": "HotDistanceTaskConfig", "channels": ["mito"]}
ONE_HOT = {"__type__": "OneHotTaskConfig", "name": "one hot", "classes": ["a", "b", "c"], "kernel_size": 3}
FLAT = [[1, 3, 3]]

# name -> (architecture, task, (channels, kernel) of the head, how it is saved)
CASES = {
    "attention_valid_odd": (
        unet(
            [8, 22, 22],
            [[1, 2, 2], [2, 2, 2]],
            use_attention=True,
            kernel_size_down=[FLAT, [[1, 3, 3]], [[1, 3, 2], [1, 1, 1]]],
            kernel_size_up=[[[2, 3, 3], [1, 1, 1]], [[1, 1, 1]]],
        ),
        DISTANCE,
        (2, 1),
        {},
    ),
    "attention_norm_transposed_same": (
        unet([4, 8, 8], [[1, 2, 2], [2, 2, 2]], use_attention=True, batch_norm=True, constant_upsample=False, padding="same"),
        affinities([1, 0, 0], [0, 1, 0], [0, 0, 1]),
        (3, 1),
        {},
    ),
    "flat_valid": (unet([44, 66], [[2, 2], [2, 3]], fmaps_in=2), DISTANCE, (2, 1), {}),
    "flat_attention_transposed_same": (
        unet([24, 32], [[2, 2], [3, 2]], use_attention=True, constant_upsample=False, padding="same"),
        affinities([1, 0], [0, 1]),
        (2, 1),
        {"dtype": torch.float64},
    ),
    "upsampled_same": (
        unet([4, 12, 12], [[1, 2, 2]], padding="same", upsample_factors=[[2, 1, 1], [1, 2, 2]], kernel_size_down=[FLAT, [[3, 3, 3]]]),
        DISTANCE,
        (2, 1),
        {},
    ),
    "upsampled_legacy": (
        unet([5, 16, 16], [[1, 2, 2]], upsample_factors=[[1, 2, 2]], kernel_size_down=[FLAT, FLAT], kernel_size_up=[[[3, 3, 3]]]),
        DISTANCE,
        (2, 1),
        {"legacy": True, "plain": True},
    ),
    "hot_distance_head": (
        unet([9, 12, 12], [[1, 2, 2]], kernel_size_down=[[[3, 3, 3]], [[1, 1, 1]]], kernel_size_up=[[[1, 3, 3]]]),
        HOT,
        (2, 3),
        {"dtype": torch.bfloat16},
    ),
    "one_level_half": (unet([8, 8, 9], [], fmaps_out=2), ONE_HOT, (3, 3), {"dtype": torch.float16}),
    "same_cropped_even": (
        unet(
            [3, 13, 12],
            [[1, 2, 2], [2, 1, 1]],
            padding="same",
            fmap_inc_factor=3,
            kernel_size_down=[[[2, 4, 3]], [[1, 3, 3]], [[1, 3, 3], [3, 1, 1], [1, 1, 1]]],
            kernel_size_up=[[[3, 3, 3]], [[1, 3, 3], [1, 1, 1]]],
        ),
        DISTANCE,
        (2, 1),
        {"strided": True},
    ),
    "dummy": (
        {"__type__": "DummyArchitectureConfig", "name": "dummy", "_num_in_channels": 2, "_num_out_channels": 4},
        {"__type__": "DummyTaskConfig", "name": "dummy", "embedding_dims": 3, "detection_threshold": 0.1},
        (3, 1),
        {"parameters": True},
    ),
}


def randomise(model):
    for name, tensor in model.state_dict().items():
        if name.endswith("running_var"):
            tensor.uniform_(0.5, 2)
        elif tensor.is_floating_point():
            fan = max(1, tensor[0].numel()) if tensor.dim() > 1 else 4
            tensor.normal_(0, (2 / fan) ** 0.5)


def to_state(model, options):
    state = model.state_dict()
    if "dtype" in options:
        for name, tensor in state.items():
            state[name] = tensor.to(options["dtype"])
    if options.get("strided"):
        for name, tensor in state.items():
            if tensor.dim() == 5:
                held = torch.zeros(tensor.numel() + 5, dtype=tensor.dtype)[3:-2].view(tensor.permute(2, 3, 4, 0, 1).shape)
                state[name] = held.permute(3, 4, 0, 1, 2).copy_(tensor)
    if options.get("parameters"):
        for name, tensor in state.items():
            state[name] = nn.Parameter(tensor)
    return state


def save(model, options, path):
    optimizer = torch.optim.RAdam(model.parameters(), lr=1e-4)
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    optimizer.step()
    state = to_state(model, options)
    held = {"model": state, "optimizer": {}}
    torch.save(held if options.get("plain") else Weights(state, optimizer.state_dict()), path)


def write(name, architecture, task, head, options):
    torch.manual_seed(sum(map(ord, name)))
    model = build(architecture, head, options.get("legacy", False)).eval()
    randomise(model)
    if "dtype" in options:
        model.to(options["dtype"]).float()
    shape = architecture.get("_input_shape", [6, 7, 8])
    channels = architecture.get("fmaps_in", architecture.get("_num_in_channels"))
    raw = torch.rand(1, channels, *shape)
    with torch.no_grad():
        prediction = model(raw)
        if task["__type__"] == "AffinitiesTaskConfig":
            prediction = torch.sigmoid(prediction)
    assert prediction.std() > 1e-2, (name, prediction.std())
    count = sum(parameter.numel() for parameter in model.parameters())
    np.save(FOLDER / f"{name}-input.npy", raw.numpy())
    np.save(FOLDER / f"{name}-output.npy", prediction.numpy())
    document = {"architecture": architecture, "task": task, "parameterCount": count}
    (FOLDER / f"{name}.json").write_text(json.dumps(document) + "\n")
    save(model, options, FOLDER / f"{name}.checkpoint")
    print(name, tuple(raw.shape), tuple(prediction.shape), f"mean {prediction.mean():.3f} std {prediction.std():.3f}")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True, parents=True)
    torch.set_num_threads(1)
    for name, case in CASES.items():
        write(name, *case)
    old = FOLDER / "before_1.6.checkpoint"
    torch.save({"model": {"a": torch.zeros(2)}}, old, _use_new_zipfile_serialization=False)
