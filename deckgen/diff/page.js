"use strict";
(() => {
  const read = id => JSON.parse(document.getElementById(id).textContent);
  const styles = read("styles"), media = read("media"), root = document.documentElement;
  // Marks on the cards; Anki's own styles come before the card's, as in its reviewer.
  const marks = `:host { display: block; } ins, del { border-radius: 3px; }
    ins { background: #bff0cd; color: #0b5a3c; text-decoration: none; box-shadow: 0 0 0 1px #14704f66; }
    del { background: #ffd3ce; color: #8f1a22; box-shadow: 0 0 0 1px #b4202b66; }
    .card { min-height: 4em; }`;
  const anki = ".card { padding: 20px; overflow-wrap: break-word; background: #f5f5f5; color: #020202; } .card.nightMode { background: #2c2c2c; color: #fcfcfc; } img { max-width: 100%; }";
  const sheets = new Map();
  const sheet = text => {
    if (!sheets.has(text)) { sheets.set(text, new CSSStyleSheet()); sheets.get(text).replaceSync(text); }
    return sheets.get(text);
  };
  const night = card => { card.classList.toggle("nightMode", root.classList.contains("night")); card.classList.toggle("night_mode", root.classList.contains("night")); };
  const name = text => { try { return decodeURIComponent(text); } catch { return text; } };
  const draw = side => {
    const content = document.createElement("template"), shadow = side.attachShadow({ mode: "open" }), files = media[side.dataset.package];
    content.innerHTML = side.dataset.html;
    for (const element of content.content.querySelectorAll("script, link, base, meta")) element.remove();
    for (const element of content.content.querySelectorAll("[src]")) {
      const found = files[name(element.getAttribute("src"))];
      if (found) element.setAttribute("src", media.files[found]);
    }
    shadow.adoptedStyleSheets = [sheet(anki), sheet(styles[side.dataset.style]), sheet(marks)];
    const card = document.createElement("div");
    card.className = `card card${Number(side.dataset.ordinal) + 1}`;
    card.lang = "";
    card.append(content.content);
    shadow.append(card);
    night(card);
  };
  const seen = new IntersectionObserver(entries => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) { seen.unobserve(target); draw(target); }
  }, { rootMargin: "600px" });
  const switchTo = dark => {
    root.classList.toggle("night", dark);
    document.getElementById("night").setAttribute("aria-pressed", dark);
    for (const side of document.querySelectorAll(".side")) if (side.shadowRoot) night(side.shadowRoot.querySelector(".card"));
  };
  document.getElementById("night").addEventListener("click", () => switchTo(!root.classList.contains("night")));
  switchTo(matchMedia("(prefers-color-scheme: dark)").matches);
  for (const side of document.querySelectorAll(".side")) seen.observe(side);
})();
