"""Whatever people upload, on its way to the one form that imports read: UTF-8 text, cut into cells.

Text in another encoding and sheets of workbooks are turned into a second file beside the one that came; what came is
kept as it is, so that another sheet or encoding can be chosen. Workbooks are opened in a process of their own, with
limits, after every byte of the archive was counted.
"""
