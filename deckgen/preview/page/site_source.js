// The notes from the files next to the page: works from disk, without a server.
"use strict";

const source = {
  chunks: new Map(),
  start(take) {
    const script = document.createElement("script");
    this.deck = deck => take(deck);
    script.src = "data/deck.js";
    document.head.append(script);
  },
  // Called by a file of cards: the cards of some notes by their keys.
  add(number, cards) { this.chunks.get(number).resolve(cards); },
  async cards(note) {
    if (!this.chunks.has(note.chunk)) {
      const chunk = Promise.withResolvers?.() ?? this.deferred();
      this.chunks.set(note.chunk, chunk);
      const script = document.createElement("script");
      script.src = `data/cards-${note.chunk}.js`;
      document.head.append(script);
    }
    return (await this.chunks.get(note.chunk).promise)[note.key];
  },
  deferred() {
    const found = {};
    found.promise = new Promise((resolve, reject) => Object.assign(found, { resolve, reject }));
    return found;
  },
  // Visitors know the deck, and not the author's files.
  place(note) { return note.deck.split("::").at(-1); },
  editor() { return ""; },
};
