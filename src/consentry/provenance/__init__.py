"""What made this picture, from what: the statement that goes with it, and what is believed of one that comes in.

Not done here: reading and writing manifests in files (an adapter does), keys, watermarks, disk and network.
"""
