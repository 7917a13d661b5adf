// How much of the drawing is in sight: its size, where it is scrolled to, and a map of a long one.
const SMALLEST = 0.2;
const WHOLE = 0.05;
const LARGEST = 1.6;
const LEGIBLE = 0.8;
const BESIDE = 3; // so that the map of a long, narrow drawing lies beside its cards

export class Sight {
  // `changed`: what is to be done once the drawing has another size.
  constructor(editor, changed) {
    this.editor = editor;
    this.changed = changed;
    this.size = 1;
    this.scrolled = [0, 0];
    this.watch = new ResizeObserver(() => { this.changed(); this.map(); });
    editor.addEventListener("wheel", (event) => {
      if (!event.ctrlKey || !event.target.closest("#canvas")) return;
      event.preventDefault();
      this.by(event.deltaY < 0 ? 1.1 : 1 / 1.1);
    }, { passive: false });
    editor.addEventListener("pointerdown", (event) => { if (event.target.id === "canvas-map") this.go(event); });
  }

  get canvas() { return this.editor.querySelector("#canvas"); }

  get sheet() { return this.editor.querySelector("#drawing"); }

  by(factor) { this.set(this.size * factor); }

  set(size, least = SMALLEST) {
    this.size = Math.min(LARGEST, Math.max(least, size));
    this.sheet.style.zoom = this.size === 1 ? "" : String(this.size);
    this.changed();
    this.map();
  }

  // All of it, as wide and high as there is room. Lines and small letters shrink less than the rest.
  whole() {
    this.set(1);
    for (let again = 0; again < 4; again += 1) {
      const { clientWidth, clientHeight, scrollWidth, scrollHeight } = this.canvas;
      const fits = Math.min(1, clientWidth / scrollWidth, clientHeight / scrollHeight);
      if (fits === 1) return;
      this.set(this.size * fits, WHOLE);
    }
  }

  // As wide as there is room, as long as one can read it; the entry in the middle.
  begin() {
    if (!this.editor.classList.contains("is-canvas")) return;
    this.set(Math.min(1, Math.max(LEGIBLE, this.canvas.clientWidth / this.canvas.scrollWidth)));
    const entry = this.sheet.querySelector(".flow-entry").getBoundingClientRect();
    const frame = this.canvas.getBoundingClientRect();
    this.canvas.scrollLeft += entry.left + entry.width / 2 - frame.left - frame.width / 2;
  }

  remember() { if (this.canvas) this.scrolled = [this.canvas.scrollLeft, this.canvas.scrollTop]; }

  restore() {
    this.sheet.style.zoom = this.size === 1 ? "" : String(this.size);
    [this.canvas.scrollLeft, this.canvas.scrollTop] = this.scrolled;
    if (this.canvas !== this.watched) {
      this.watched = this.canvas;
      this.canvas.addEventListener("scroll", () => this.map(), { passive: true });
      this.watch.disconnect();
      this.watch.observe(this.canvas);
    }
    this.map();
  }

  // Drawn only where less than half of the journey is in sight.
  map() {
    const map = this.editor.querySelector("#canvas-map");
    const { clientWidth, clientHeight, scrollWidth, scrollHeight, scrollLeft, scrollTop } = this.canvas;
    map.hidden = !this.editor.classList.contains("is-canvas") || scrollWidth * scrollHeight < clientWidth * clientHeight * 2;
    if (map.hidden) return;
    const scale = Math.min(120 / scrollWidth, 160 / scrollHeight);
    const ratio = window.devicePixelRatio || 1;
    map.style.width = `${scrollWidth * scale}px`;
    map.style.height = `${scrollHeight * scale}px`;
    map.style.right = `${this.canvas.offsetWidth - clientWidth + BESIDE}px`;
    [map.width, map.height] = [scrollWidth * scale * ratio, scrollHeight * scale * ratio];
    const pen = map.getContext("2d");
    const colours = getComputedStyle(document.documentElement);
    const frame = this.canvas.getBoundingClientRect();
    pen.scale(scale * ratio, scale * ratio);
    pen.fillStyle = colours.getPropertyValue("--hair-strong");
    for (const card of this.sheet.querySelectorAll(".flow-card, .flow-question, .flow-length, .flow-flag")) {
      const place = card.getBoundingClientRect();
      pen.fillRect(place.left - frame.left + scrollLeft, place.top - frame.top + scrollTop, place.width, place.height);
    }
    pen.strokeStyle = colours.getPropertyValue("--accent");
    pen.lineWidth = 2 / scale;
    pen.strokeRect(scrollLeft, scrollTop, clientWidth, clientHeight);
    this.scale = scale;
  }

  go(event) {
    const to = (at) => { this.canvas.scrollTo({ left: at.offsetX / this.scale - this.canvas.clientWidth / 2, top: at.offsetY / this.scale - this.canvas.clientHeight / 2 }); };
    to(event);
    event.target.setPointerCapture(event.pointerId);
    event.target.onpointermove = to;
    event.target.onpointerup = () => { event.target.onpointermove = null; };
  }
}
