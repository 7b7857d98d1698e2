"""Small experiments, each a few lines of PyTorch to read and to change."""
