// The list of blocks as it stands, and as it stood: each step can be undone and done again.
const AT_ONCE = 800; // milliseconds within which what is typed at one place is one step

export class Body {
  constructor(blocks, keep) {
    this.blocks = blocks;
    this.keep = keep;
    this.past = [];
    this.future = [];
    this.seen = JSON.stringify(blocks);
    this.last = { place: "", at: 0 };
  }

  // `place`: where something is typed; a change of the list has none, and is always a step of its own.
  changed(place = "") {
    const now = JSON.stringify(this.blocks);
    if (now === this.seen) return;
    const at = Date.now();
    if (!place || place !== this.last.place || at - this.last.at > AT_ONCE) this.past.push(this.seen);
    this.last = { place, at };
    this.future = [];
    this.seen = now;
    this.keep(now);
  }

  undo() { return this.step(this.past, this.future); }

  redo() { return this.step(this.future, this.past); }

  step(from, to) {
    if (!from.length) return false;
    to.push(this.seen);
    this.seen = from.pop();
    this.blocks = JSON.parse(this.seen);
    this.last = { place: "", at: 0 };
    this.keep(this.seen);
    return true;
  }
}
