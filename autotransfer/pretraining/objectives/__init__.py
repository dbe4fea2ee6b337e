"""What the recipes make small, as torch modules around a backbone. Importing a module here imports torch."""
