# 2:11: not Python: expected ':'
def line()
    pass
