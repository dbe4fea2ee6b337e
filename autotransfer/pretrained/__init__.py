"""Pretrained networks as sources: ``timm:``, ``hf:`` and ``zoo:``.

- :mod:`timm_source`, :mod:`hf_source`, :mod:`zoo_source` open a URI, each with its encoder beside it.
- :mod:`specs`, :mod:`network`, :mod:`entry`: the zoo's own networks as plain data, and their files; ``zoo/`` holds
  those that ship with the package.
- :mod:`hub`, :mod:`weights`: where weights come from. They are read from safetensors files and never unpickled.

Every encoder here is :class:`~autotransfer.trainable.Trainable`. Importing this package imports no torch.
"""
