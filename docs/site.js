// Names and focus that screen readers and keyboards need, and the theme leaves out.
document$.subscribe(() => {
  for (const nav of document.querySelectorAll("nav.md-nav[data-md-level='1']")) {
    // The label of a section with a page of its own is empty.
    nav.removeAttribute("aria-labelledby");
    nav.setAttribute("aria-label", `Pages: ${nav.querySelector(".md-nav__title").textContent.trim()}`);
  }
  for (const search of document.querySelectorAll(".md-search[role=dialog]")) search.setAttribute("aria-label", "Search");
  document.querySelectorAll("nav.md-code__nav").forEach((nav, n) => nav.setAttribute("aria-label", `Code block ${n + 1}`));
  for (const area of document.querySelectorAll(".md-typeset__scrollwrap")) area.tabIndex = 0;
});

// A part that scrolls can be reached with the keyboard.
const markScrolling = () => {
  for (const code of document.querySelectorAll(".md-typeset pre > code")) if (code.scrollWidth > code.clientWidth) code.tabIndex = 0;
};
document$.subscribe(markScrolling);
addEventListener("resize", markScrolling);
