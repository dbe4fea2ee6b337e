"""What a student is compared with its teacher by: one published loss a module, functions of tensors alone."""
