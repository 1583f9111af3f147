"""Trains one network with PyTorch's eager loop: python torch_eager.py NET STEPS"""
import json
import sys

import torch
from data_set import fastest
from torch import nn


def fully_connected():
    return nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 32), nn.ReLU(), nn.Linear(32, 10))


def convolutional():
    return nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)),
        nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(3136, 1024), nn.ReLU(), nn.Linear(1024, 10),
    )


def main(name, steps):
    net, batch, optimizer = {
        "fully_connected": (fully_connected(), 100, lambda p: torch.optim.SGD(p, 0.01)),
        "convolutional": (convolutional(), 50, lambda p: torch.optim.Adam(p, 1e-4)),
    }[name]
    optimizer = optimizer(net.parameters())
    loss_of = nn.CrossEntropyLoss()

    def step_with(data):
        def step():
            x, y = data.next_batch(batch)
            optimizer.zero_grad()
            loss = loss_of(net(torch.from_numpy(x)), torch.from_numpy(y).long())
            loss.backward()
            optimizer.step()
            loss.item()

        return step

    print(json.dumps({**fastest(step_with, steps), "version": torch.__version__}))


main(sys.argv[1], int(sys.argv[2]))
