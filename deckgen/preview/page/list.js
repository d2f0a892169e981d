// The list of notes: what it holds, which notes it shows, and the problems of each note.
"use strict";

const ROW = 48;
const $ = id => document.getElementById(id);
const frames = { front: $("front"), back: $("back") };
const state = {
  deck: { notes: [], problems: [], looks: {}, changed: [] }, shown: [], byKey: new Map(), key: "", card: 0,
  side: "front", both: false, night: false, cards: null, cardsKey: "",
};

// ---- the list

const words = text => text.toLowerCase().split(/\s+/).filter(Boolean);

// What the third filter holds: notes that changed, with any problem, or with problems of one code.
function isShown(note, wanted) {
  if (wanted === "changed") return state.changed.has(note.key);
  return !wanted || problemsOf(note).some(each => wanted === "problems" || wanted === `code:${each.code}`);
}

function matches(note, wanted) {
  if (wanted.deck && note.deck !== wanted.deck && !note.deck.startsWith(wanted.deck + "::")) return false;
  if (wanted.tag && !note.tags.some(tag => tag === wanted.tag || tag.startsWith(wanted.tag + "::"))) return false;
  return isShown(note, wanted.show) && wanted.words.every(word => note.search.includes(word));
}

function filter() {
  const wanted = { deck: $("deck").value, tag: $("tag").value, show: $("show").value, words: words($("search").value) };
  state.shown = state.deck.notes.filter(note => matches(note, wanted));
  $("rows").style.height = `${state.shown.length * ROW}px`;
  drawRows();
  drawState();
}

function drawRows() {
  const list = $("list");
  const first = Math.max(0, Math.floor(list.scrollTop / ROW) - 5);
  const last = Math.min(state.shown.length, first + Math.ceil(list.clientHeight / ROW) + 10);
  $("rows").replaceChildren(...state.shown.slice(first, last).map((note, n) => row(note, first + n)));
  const chosen = document.querySelector(".row[aria-selected=true]");
  if (chosen) list.setAttribute("aria-activedescendant", chosen.id);
  else list.removeAttribute("aria-activedescendant");
}

function row(note, index) {
  const element = document.createElement("div");
  element.className = "row";
  element.id = `row-${note.key}`;
  element.style.top = `${index * ROW}px`;
  element.setAttribute("role", "option");
  element.setAttribute("aria-selected", String(note.key === state.key));
  // Only the rows in sight are in the page.
  element.setAttribute("aria-posinset", String(index + 1));
  element.setAttribute("aria-setsize", String(state.shown.length));
  const title = element.appendChild(document.createElement("b"));
  title.textContent = note.question;
  const line = element.appendChild(document.createElement("small"));
  line.textContent = source.place(note);
  const worst = ["error", "warning"].find(severity => problemsOf(note).some(each => each.severity === severity));
  if (worst) mark(line, worst, worst);
  if (state.changed.has(note.key)) mark(line, "changed", "changed");
  element.onclick = () => choose(note.key);
  return element;
}

function mark(line, name, text) {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = ` ${text}`;
  line.append(element);
}

function keepInView() {
  const index = state.shown.findIndex(note => note.key === state.key), list = $("list");
  if (index < 0) return;
  if (index * ROW < list.scrollTop) list.scrollTop = index * ROW;
  else if ((index + 1) * ROW > list.scrollTop + list.clientHeight) list.scrollTop = (index + 1) * ROW - list.clientHeight;
}

function options(select, all, values) {
  const chosen = select.value;
  select.replaceChildren(new Option(all, ""), ...values.map(value => new Option(value, value)));
  select.value = values.includes(chosen) ? chosen : "";
}

// The codes of the problems, most frequent first, for the third filter.
function problemOptions() {
  const counts = new Map();
  for (const each of state.deck.problems) counts.set(each.code, (counts.get(each.code) ?? 0) + 1);
  const codes = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const select = $("show"), chosen = select.value;
  select.querySelector("optgroup")?.remove();
  if (codes.length) {
    const group = select.appendChild(document.createElement("optgroup"));
    group.label = "problems";
    group.append(...codes.map(([code, count]) => new Option(`${code} (${count})`, `code:${code}`)));
  }
  select.value = [...select.options].some(option => option.value === chosen) ? chosen : "";
}

const withParents = names => {
  const parents = name => name.split("::").map((_, n, parts) => parts.slice(0, n + 1).join("::"));
  return [...new Set(names.flatMap(parents))].sort();
};

// ---- problems

function spans(notes) {
  // A problem belongs to the last question above its line.
  const byFile = new Map();
  for (const note of notes) (byFile.get(note.file) ?? byFile.set(note.file, []).get(note.file)).push(note);
  return byFile;
}

function assignProblems() {
  state.problems = new Map();
  const byFile = spans(state.deck.notes);
  for (const problem of state.deck.problems) {
    const note = (byFile.get(problem.file) ?? []).filter(each => each.line <= problem.line).at(-1);
    const key = note ? note.key : "";
    (state.problems.get(key) ?? state.problems.set(key, []).get(key)).push(problem);
  }
}

const problemsOf = note => state.problems.get(note.key) ?? [];
