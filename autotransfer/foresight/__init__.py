"""What past arms tell about new ones: gain with an interval, the risk of a loss, order, seconds.

Fitted from rows of outcomes whenever it is used, in a second or two: nothing fitted is stored, so nothing is unpickled.
"""
