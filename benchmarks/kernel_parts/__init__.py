"""Parts of the benchmark of the kernels. Each measures one operator against its rivals, in processes of its own."""
