// What CSS cannot do: a tap on a picture enlarges it, keyboards reach what scrolls, and screen readers get names for inputs.
// The web views of old phones run this too, so it is ES5.
(function () {
  function each(selector, change) {
    Array.prototype.forEach.call(document.querySelectorAll(".note-sheet " + selector), change);
  }

  each("figure > img, .note-sheet p > img", function (picture) {
    function enlarge(event) {
      picture.setAttribute("aria-pressed", String(picture.parentNode.classList.toggle("note-large")));
      event.stopPropagation();
    }
    picture.tabIndex = 0;
    picture.setAttribute("role", "button");
    picture.setAttribute("aria-pressed", "false");
    // AnkiDroid and AnkiMobile do not turn the card for a tap on an element with `onclick` or the class `tappable`.
    picture.classList.add("tappable");
    picture.onclick = enlarge;
    picture.onkeydown = function (event) { if (event.key === "Enter") enlarge(event); };
  });

  each("pre, .note-sheet table", function (block) { if (block.scrollWidth > block.clientWidth) block.tabIndex = 0; });

  each("input", function (box) {
    var owner = box.id === "typeans" ? document.querySelector(".note-question") : box.parentNode;
    if (owner) box.setAttribute("aria-label", owner.textContent.trim());
  });
})();
