"""What a program waits for until the network has done its first step, from PyTorch's import on."""
import json
import time

start = time.perf_counter()
import torch
from torch import nn

net = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 32), nn.ReLU(), nn.Linear(32, 10))
optimizer = torch.optim.SGD(net.parameters(), 0.01)
loss = nn.CrossEntropyLoss()(net(torch.zeros(100, 784)), torch.zeros(100, dtype=torch.long))
loss.backward()
optimizer.step()
loss.item()
seconds = time.perf_counter() - start
print(json.dumps({"startsPerSecond": 1 / seconds, "milliseconds": round(seconds * 1000), "version": torch.__version__}))
