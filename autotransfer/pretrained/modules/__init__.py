"""Networks of the zoo as torch modules. Importing any module here imports torch: specs do it when they build."""
