"""What generate.py is made of: PyTorch's results under Keepstep's names, one idea a module."""
