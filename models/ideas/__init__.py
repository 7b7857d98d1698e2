"""The ideas behind learning, each a small experiment in plain PyTorch."""
