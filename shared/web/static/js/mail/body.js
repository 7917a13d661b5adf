// The list of blocks as it stands, and as it stood: each step can be undone and done again.
// Steps are kept with the browser's tab: a page that is loaded anew can be undone too.
const AT_ONCE = 800; // milliseconds within which what is typed at one place is one step
const MOST = 60;
const LONGEST = 2_000_000; // characters of all steps

// The same whatever order a store gave the keys.
function same(value) {
  if (Array.isArray(value)) return value.map(same);
  if (!value || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, same(value[key])]));
}
const canonical = (text) => JSON.stringify(same(JSON.parse(text)));

export class Body {
  // `name`: under which this tab keeps the steps; `pages`: how texts look that stand in them.
  constructor(blocks, keep, name, pages) {
    this.blocks = blocks;
    this.keep = keep;
    this.past = [];
    this.future = [];
    this.seen = JSON.stringify(blocks);
    this.last = { place: "", at: 0 };
    this.name = `guestloop-steps-${name}`;
    this.pages = pages;
    this.recall();
  }

  // Steps of another state of the mail are of no use, but for the one that a button of ours has led away from.
  recall() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.name) || "null");
      if (!kept) return;
      if (canonical(kept.seen) === canonical(this.seen)) Object.assign(this, { past: kept.past, future: kept.future });
      else if (kept.leaves) this.past = [...kept.past, kept.seen];
      if (this.past.length || this.future.length) for (const [text, page] of Object.entries(kept.pages)) this.pages[text] ??= page;
    } catch { /* nothing can be kept here */ }
    this.remember();
  }

  // `leaves`: a button is about to change the mail and load the page anew.
  remember(leaves = false) {
    const past = this.past.slice(-MOST);
    while (past.length && past.reduce((sum, one) => sum + one.length, 0) > LONGEST) past.shift();
    try {
      sessionStorage.setItem(this.name, JSON.stringify({ past, future: this.future.slice(-MOST), seen: this.seen, pages: this.pages, leaves }));
    } catch { /* nothing can be kept here */ }
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
    this.remember();
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
    this.remember();
    return true;
  }
}
