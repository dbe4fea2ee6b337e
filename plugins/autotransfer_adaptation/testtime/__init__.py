"""Test-time adaptation: a network trained on labelled rows is adjusted with unlabelled target rows, without the source.

The papers adjust it batch by batch as test rows arrive. Here the unlabelled target rows are known when the model is
made: it is adjusted on all of them and then stays, so that what it says of a row does not depend on other rows.
"""
