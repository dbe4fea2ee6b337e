"""Small encoders trained on a user's own data, saved as entries of the zoo: ``autotransfer pretrain``."""
