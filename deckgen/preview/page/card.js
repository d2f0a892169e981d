// One side of a card. The page around it sends { html, css, ordinal, night }; this page answers with the keys that are pressed.
"use strict";

window.MathJax = {
  tex: {
    inlineMath: [["\\(", "\\)"]],
    displayMath: [["\\[", "\\]"]],
    processEscapes: false,
    processEnvironments: false,
    processRefs: false,
    packages: { "[+]": ["noerrors", "mathtools", "mhchem"], "[-]": ["textmacros"] },
  },
  loader: { load: ["[tex]/noerrors", "[tex]/mathtools", "[tex]/mhchem"] },
  options: { enableMenu: false },
  startup: { typeset: false, ready() { MathJax.startup.defaultReady(); set(); } },
};
const script = document.createElement("script");
script.src = "../mathjax/tex-chtml-full.js";
document.head.append(script);

const qa = document.getElementById("qa");
let last = "";

function show({ html, css, ordinal, night }) {
  document.documentElement.className = night ? "night-mode" : "";
  document.documentElement.dataset.bsTheme = night ? "dark" : "light";
  document.body.className = `card card${ordinal + 1} isLin${night ? " nightMode night_mode" : ""}`;
  const look = document.getElementById("look");
  if (look.textContent !== css) look.textContent = css;
  const text = `${ordinal} ${html}`;
  if (text === last) return occlusion();
  last = text;
  window.MathJax.typesetClear?.([qa]);
  qa.innerHTML = html;
  playable();
  set();
  occlusion();
  // Scripts that come with `innerHTML` do not run. This is the one of deckgen's own templates.
  document.head.querySelector("script.note")?.remove();
  document.head.append(Object.assign(document.createElement("script"), { src: "../note.js", className: "note" }));
}

// A button for each sound or film, where Anki has one.
function playable() {
  const texts = document.createTreeWalker(qa, NodeFilter.SHOW_TEXT), found = [];
  while (texts.nextNode()) if (SOUND.test(texts.currentNode.data)) found.push(texts.currentNode);
  for (const text of found) {
    const parts = text.data.split(SOUND);
    text.replaceWith(...parts.map((part, n) => (n % 2 ? replayButton(part) : part)));
  }
}

const SOUND = /\[sound:([^\]]+)\]/;
let playing = null;

function replayButton(name) {
  const button = Object.assign(document.createElement("button"), { className: "replay-button", textContent: "▶", title: name });
  button.setAttribute("aria-label", `Play ${name}`);
  button.onclick = () => {
    playing?.remove();
    playing = Object.assign(document.createElement("video"), { src: name, autoplay: true, controls: true });
    playing.className = "playing";
    button.after(playing);
  };
  return button;
}

function set() {
  if (last.includes("\\(") || last.includes("\\[")) window.MathJax.typesetPromise?.([qa]).catch(() => null);
}

// What Anki's reviewer does for image occlusion: a rectangle for every mask that is left in the card, in the colours of its CSS.
async function occlusion() {
  const container = document.getElementById("image-occlusion-container");
  const canvas = document.getElementById("image-occlusion-canvas");
  const image = container?.querySelector("img");
  if (!image || !canvas) return;
  await image.decode().catch(() => null);
  container.style.aspectRatio = `${image.naturalWidth / image.naturalHeight}`;
  // As large as it is shown: else the borders would be thinner than in Anki.
  [canvas.width, canvas.height] = [canvas.clientWidth * devicePixelRatio, canvas.clientHeight * devicePixelRatio];
  const style = getComputedStyle(canvas), context = canvas.getContext("2d");
  for (const [selector, name] of [["cloze", "active"], ["cloze-inactive", "inactive"], ["cloze-highlight", "highlight"]]) {
    const [width, colour] = style.getPropertyValue(`--${name}-shape-border`).trim().split(" ");
    context.fillStyle = style.getPropertyValue(`--${name}-shape-color`);
    context.strokeStyle = colour;
    context.lineWidth = parseFloat(width) * devicePixelRatio;
    for (const { dataset } of document.querySelectorAll(`div.${selector}`)) {
      if (name === "inactive" && dataset.occludeinactive !== "1") continue;
      const box = [dataset.left * canvas.width, dataset.top * canvas.height, dataset.width * canvas.width, dataset.height * canvas.height];
      context.fillRect(...box);
      context.strokeRect(...box);
    }
  }
}

addEventListener("resize", occlusion);
addEventListener("message", event => {
  if (event.source !== parent) return;
  if (event.data === "ready?") parent.postMessage("ready", "*");
  else show(event.data);
});
addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, summary, a, button, video")) return;
  if (event.key.length === 1 || /^(Arrow|Enter)/.test(event.key)) parent.postMessage(event.key, "*");
  if (event.key === " ") event.preventDefault();
});
addEventListener("click", event => {
  const link = event.target.closest("a[href]");
  if (!link || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  if (/^https?:$/.test(link.protocol)) open(link.href, "_blank", "noopener");
});
parent.postMessage("ready", "*");
