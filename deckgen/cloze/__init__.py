"""The syntax of clozes, `{{c1::text::hint}}`. No other package contains it.

- `grammar`: how Anki reads the clozes of a field;
- `show`, `occlusion` and `mathjax`: how Anki's cards show them;
- `source`: how authors write them in Markdown and TeX.

The rules are those of Anki 26.09, rslib/src/cloze.rs. Older engines differ:

- before 26.05 a cloze has one number: `{{c1,2::text}}` is text;
- before 26.08 a text that begins with `image-occlusion:` has a hint, as any other text;
- before 26.05 clozes inside a cloze with number 0 make no cards;
- before 25.02 clozes nest 3 deep, not 10, and before 24.11 without a limit;
- before 24.04 number 0 makes the first card, except in an image-occlusion mask.
"""
