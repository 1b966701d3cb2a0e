"""Ways to the customer: where customers buy, who sells on, what goes through whose hands (C1-C11, X2, X3, X7, I8).

`marketplace.py` is where to begin: every need comes there in its time.
"""
