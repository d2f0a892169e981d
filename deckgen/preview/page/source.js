// The notes from the server that watches the deck.
"use strict";

const source = {
  deck: null,
  // Calls `take` with the deck now and after each change.
  start(take) {
    const load = async () => {
      const since = this.deck ? `?since=${this.deck.number}` : "";
      const answer = await (await fetch(`api/deck${since}`)).json();
      this.deck = this.deck && answer.updated ? this.merged(answer) : answer;
      take(this.deck);
    };
    let busy = Promise.resolve(), events = null;
    // Only a tab in sight listens: a browser opens at most six connections to a server, and there may be more tabs.
    const listen = () => {
      events?.close();
      events = document.hidden ? null : new EventSource("api/events");
      if (events) events.onmessage = () => { busy = busy.then(load, load); };
    };
    addEventListener("visibilitychange", listen);
    listen();
  },
  // Only the rows that changed come again while the notes and their order stay.
  merged(answer) {
    const rows = new Map(answer.updated.map(row => [row.key, row]));
    return { ...answer, notes: this.deck.notes.map(note => rows.get(note.key) ?? note) };
  },
  async cards(note) {
    const answer = await fetch(`api/cards/${encodeURIComponent(note.key)}`);
    return answer.ok ? answer.json() : null;
  },
  place(note) { return `${note.file}:${note.line}`; },
  editor(file, line, column, here) {
    const path = file.startsWith("/") || /^[a-z]:/i.test(file) ? file : `${here}/${file}`;
    return `vscode://file${path.startsWith("/") ? "" : "/"}${encodeURI(path)}:${line}:${column}`;
  },
};
