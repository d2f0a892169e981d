"""Clozes, `{{c1::text::hint}}`: how Anki reads them in a field (`grammar`), how its cards show them (`show`, `occlusion`), and
how authors write them in Markdown and TeX (`source`).

No other package knows how a cloze is written. The engine's rules are those of Anki 26.09, rslib/src/cloze.rs. Older engines read
less:

- before 26.05 a cloze has one number: `{{c1,2::text}}` is text;
- before 26.08 a text that begins with `image-occlusion:` has a hint as any other has;
- before 26.05 clozes inside a cloze of number 0 make no cards;
- before 25.02 clozes nest 3 deep, not 10, and before 24.11 without a limit;
- before 24.04 number 0 makes the first card, except for a mask of image occlusion.
"""
