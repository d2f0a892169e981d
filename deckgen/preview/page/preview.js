// The card that is chosen in the list. `source` (source.js) brings the notes, from a server or from files.
"use strict";

// ---- problems

function drawProblems() {
  const note = state.byKey.get(state.key);
  const wanted = state.deck.failed ? state.deck.problems.filter(each => each.severity === "error") : [...(note ? problemsOf(note) : [])];
  $("problems").replaceChildren(...wanted.slice(0, 50).map(problem => {
    const element = document.createElement("p");
    element.className = "problem";
    const severity = element.appendChild(document.createElement("span"));
    severity.className = problem.severity;
    severity.textContent = problem.severity;
    const place = document.createElement("a");
    place.textContent = `${problem.file}:${problem.line}`;
    setLink(place, problem.file, problem.line, problem.column);
    element.append(": ", problem.message, problem.hint ? ` (${problem.hint})` : "", ` [${problem.code}] `, place);
    return element;
  }));
}

function drawState() {
  const deck = state.deck, parts = [`${state.shown.length} of ${deck.notes.length} notes`];
  const errors = deck.problems.filter(each => each.severity === "error").length;
  if (deck.problems.length) parts.push(`${deck.problems.length} problems`);
  if (deck.computing) parts.push(`${deck.computing} figures are being computed`);
  if (deck.failed) parts.unshift("The deck cannot be read; the cards are the last good ones");
  else if (errors) parts.unshift(`${errors} errors: the deck cannot be built`);
  $("state").textContent = parts.join(" · ");
  $("state").className = deck.failed || errors ? "failed" : "";
}

// ---- the card

function choose(key, card = 0) {
  if (!state.byKey.has(key)) return;
  if (key !== state.key || card !== state.card) state.side = "front";
  state.key = key;
  state.card = card;
  history.replaceState(null, "", `#/${encodeURIComponent(key)}${card ? `/${card + 1}` : ""}`);
  keepInView();
  drawRows();
  showCard();
}

async function showCard() {
  const key = state.key, note = state.byKey.get(key);
  if (!note) return;
  const cards = await source.cards(note, state.deck.number);
  if (key !== state.key || !cards) return;
  state.cards = cards;
  state.card = Math.min(state.card, Math.max(cards.length - 1, 0));
  drawCards();
  draw();
}

function drawCards() {
  $("cards").replaceChildren(...(state.cards.length > 1 ? state.cards : []).map((card, n) => {
    const button = document.createElement("button");
    button.textContent = card.name;
    button.setAttribute("aria-current", String(n === state.card));
    button.onclick = () => choose(state.key, n);
    return button;
  }));
}

function draw() {
  const note = state.byKey.get(state.key), card = state.cards?.[state.card];
  const root = document.documentElement;
  root.classList.toggle("night", state.night);
  $("night").setAttribute("aria-pressed", String(state.night));
  $("both").setAttribute("aria-pressed", String(state.both));
  $("flip").textContent = state.side === "front" ? "Show answer" : "Show question";
  $("flip").hidden = state.both;
  for (const [side, frame] of Object.entries(frames)) {
    frame.hidden = !state.both && side !== state.side;
    frame.style.width = $("width").value === "0" ? "100%" : `${$("width").value}px`;
    if (card && note) post(frame, { html: card[side], css: state.deck.looks[note.kind] ?? "", ordinal: card.ordinal, night: state.night });
  }
  drawProblems();
  if (!note) return;
  document.title = `${note.question} – ${state.deck.name}`;
  setLink($("edit"), note.file, note.line, 1);
  $("about").textContent = [`${note.file}:${note.line}`, note.kind, note.deck, note.tags.map(tag => `#${tag}`).join(" ")].filter(Boolean).join(" · ");
}

function post(frame, message) {
  frame.pending = message;
  if (frame.ready) frame.contentWindow.postMessage(message, "*");
}

addEventListener("message", event => {
  const frame = Object.values(frames).find(each => each.contentWindow === event.source);
  if (!frame) return;
  if (event.data === "ready") {
    frame.ready = true;
    if (frame.pending) post(frame, frame.pending);
  } else if (typeof event.data === "string") {
    press(event.data);
  }
});

// A frame that was there before this script has said "ready" to nobody.
for (const frame of Object.values(frames)) frame.contentWindow.postMessage("ready?", "*");

function setLink(link, file, line, column) {
  const address = source.editor(file, line, column, state.deck.here);
  link.hidden = link.id === "edit" && !address;
  if (address) link.href = address;
  else link.removeAttribute("href");
}

function flip() {
  if (state.both) return;
  state.side = state.side === "front" ? "back" : "front";
  draw();
}

// The next card of the note, then the next note of the list.
function step(by) {
  const card = state.card + by;
  if (state.cards && card >= 0 && card < state.cards.length) return choose(state.key, card);
  const index = state.shown.findIndex(note => note.key === state.key);
  const note = state.shown[index < 0 ? 0 : index + by];
  if (note) choose(note.key, by < 0 ? note.cards - 1 : 0);
}

const KEYS = {
  " ": flip, Enter: flip, ArrowRight: () => step(1), ArrowDown: () => step(1), ArrowLeft: () => step(-1), ArrowUp: () => step(-1),
  b: () => { state.both = !state.both; draw(); }, n: () => { state.night = !state.night; draw(); },
  e: () => { if ($("edit").href) location.assign($("edit").href); }, "/": () => $("search").focus(),
};
// As in Anki: a grade shows the next card, and on the front of a card the answer.
for (const grade of "1234") KEYS[grade] = () => (state.side === "front" && !state.both ? flip() : step(1));

function press(key) {
  if (!Object.hasOwn(KEYS, key)) return false;
  KEYS[key]();
  return true;
}

addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const own = event.target.closest("input, select");
  if (own) {
    if (event.key === "Escape" && own.id === "search") {
      event.preventDefault();
      own.blur();
    }
    return;
  }
  if (event.target.closest("button, a") && (event.key === " " || event.key === "Enter")) return;
  if (press(event.key)) event.preventDefault();
});

// ---- what comes from the source

function take(deck) {
  const place = state.deck.notes.findIndex(note => note.key === state.key);
  const file = state.byKey.get(state.key)?.file;
  state.deck = deck;
  state.byKey = new Map(deck.notes.map(note => [note.key, note]));
  state.changed = new Set(deck.changed);
  for (const note of deck.notes) note.search ??= `${note.question} ${note.text} ${note.file} ${note.tags.join(" ")}`.toLowerCase();
  assignProblems();
  $("name").textContent = deck.name || "deckgen";
  options($("deck"), "all decks", withParents(deck.notes.map(note => note.deck)));
  options($("tag"), "all tags", withParents(deck.notes.flatMap(note => note.tags)));
  $("show").querySelector('[value="changed"]').textContent = deck.since ? `changed since ${deck.since}` : "changed";
  problemOptions();
  // A published page has no problems and no changes to choose from.
  $("show").closest("label").hidden = !deck.since && !deck.problems.length;
  drawAbout(deck);
  filter();
  if (state.byKey.has(state.key)) showCard();
  else {
    // The question was edited: the note in its place is that note.
    const near = deck.notes[place]?.file === file ? deck.notes[place] : deck.notes.find(note => note.file === file);
    if (place >= 0 && (near ?? deck.notes[0])) choose((near ?? deck.notes[0]).key);
    else if (!fromAddress() && deck.notes.length) choose(deck.notes[0].key);
  }
  drawProblems();
}

// The description of the deck, and the package to download if the page has one.
function drawAbout(deck) {
  const { description, download } = deck;
  $("deck-about").hidden = !description;
  if ($("description").dataset.html !== description) $("description").innerHTML = $("description").dataset.html = description;
  $("download").hidden = !download;
  if (download) {
    $("download").href = download.name;
    $("download").textContent = `Download ${download.name} (${download.size})`;
  }
}

function fromAddress() {
  const [, key, card] = location.hash.split("/");
  if (!key || !state.byKey.has(decodeURIComponent(key))) return false;
  choose(decodeURIComponent(key), card ? Number(card) - 1 : 0);
  return true;
}

for (const id of ["deck", "tag", "show"]) $(id).onchange = filter;
$("search").oninput = filter;
$("list").onscroll = drawRows;
$("width").onchange = draw;
$("flip").onclick = flip;
$("both").onclick = KEYS.b;
$("night").onclick = KEYS.n;
$("previous").onclick = () => step(-1);
$("next").onclick = () => step(1);
addEventListener("hashchange", fromAddress);
addEventListener("resize", drawRows);
$("width").value = innerWidth < 800 ? "390" : "0";
state.night = matchMedia("(prefers-color-scheme: dark)").matches;
source.start(take);
