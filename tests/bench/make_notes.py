"""Writes N study notes for measurements. The content of a note depends only on its number.

A note has about 270 characters and inline formulas. Every third has a display formula, every fourth a list, every fifth code.
"""

import random
import sys
from pathlib import Path

SYLLABLES = "模型 参数 梯度 序列 位置 权重 分布 样本 层 向量 训练 推理 缓存 矩阵 投影 归一 残差 稳定 学习 预测".split()
PER_FILE = 50


def sentence(source: random.Random, length: int) -> str:
    return "".join(source.choice(SYLLABLES) for _ in range(length)) + "。"


def note(number: int) -> str:
    source = random.Random(number)
    width = 2 ** source.randint(4, 11)
    parts = [sentence(source, 22) + f"其中 $d={width}$，代价是 $O(n^2 \\cdot {width})$。", sentence(source, 24)]
    if number % 3 == 0:
        parts.append(f"$$\n\\frac{{1}}{{\\sqrt{{{width}}}}}\\sum_{{i=1}}^{{n}} x_i y_{{{number}}}\n$$")
    if number % 4 == 0:
        parts.append("\n".join(f"- **第 {k} 点**：{sentence(source, 8)}" for k in (1, 2, 3)))
    if number % 5 == 0:
        parts.append(f"```python\ndef mean(x, d={width}):\n    return sum(x) / d  # {number}\n```")
    parts.append(sentence(source, 26))
    return f"## 题目 {number}：怎样{sentence(source, 9)[:-1]}？\n\n" + "\n\n".join(parts) + "\n"


def make_notes(folder: Path, count: int) -> None:
    folder.mkdir(parents=True)
    for start in range(0, count, PER_FILE):
        notes = "\n".join(note(n) for n in range(start, min(start + PER_FILE, count)))
        (folder / f"{start // PER_FILE:05d}.md").write_text(f"# 第 {start // PER_FILE} 组\n\n{notes}", "utf-8")


if __name__ == "__main__":
    make_notes(Path(sys.argv[1]), int(sys.argv[2]))
