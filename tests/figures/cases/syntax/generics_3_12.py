type Pair[T, *Ts, **P] = tuple[T, *Ts]


class Box[T: int]:
    pass


def first[T: (int, str)](items: list[T]) -> T:
    return f"{items["key"]} {f"{'nested' + f"{1}"}"} {
        items  # a comment
    !r:>{1 + 1}}"
