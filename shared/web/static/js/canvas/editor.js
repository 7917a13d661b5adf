// The editor of a journey as a drawing. The forms of its parts stay what is sent and saved: this shows the one that
// belongs to the step that is chosen, and puts steps on lines, moves them and takes them out. Without it the same forms
// stand in a list.
import { curve } from "./curves.js";
import { drawJumps } from "./jumps.js";
import { gathered, lineAfterDrop, lineBeyond } from "./lines.js";
import { Sight } from "./sight.js";

const editor = document.querySelector("#editor");
const told = JSON.parse(document.querySelector("#canvas-told").textContent);
const live = document.querySelector("#canvas-live");
const LIST = "guestloop-journey-as-list";
const isCanvas = () => editor.classList.contains("is-canvas");
const sight = new Sight(editor, () => { if (isCanvas()) [curve, drawJumps].forEach((draw) => draw(editor.querySelector("#drawing"))); });
let chosen = "";
let focusNext = ""; // what the next drawing gives the focus to: "step" or "part"

const bench = () => editor.querySelector(".bench");
const linkOf = (part) => editor.querySelector(`.flow-open[data-part="${CSS.escape(part)}"]`);
const partOf = (part) => document.getElementById(`part-${part}`);
const isStep = (part) => Boolean(linkOf(part)?.closest("[data-step]"));

function say(text) {
  live.textContent = "";
  if (text) requestAnimationFrame(() => { live.textContent = text; });
}

// Shows the settings of one part, or of none.
function choose(part) {
  chosen = partOf(part) ? part : "";
  for (const one of editor.querySelectorAll(".part")) {
    const is = one.id === `part-${chosen}` && chosen !== "";
    one.classList.toggle("is-chosen", is);
    if (is) one.open = true;
  }
  for (const link of editor.querySelectorAll(".flow-open")) {
    const is = link.dataset.part === chosen;
    link.toggleAttribute("aria-current", is);
    (link.closest("[data-step], .flow-entry, .flow-exits") || link).classList.toggle("is-chosen-step", is);
  }
}

// On a phone the settings lie over the drawing: the step that they are of stays in sight above them.
function uncover() {
  const settings = editor.querySelector(".part.is-chosen");
  const link = linkOf(chosen);
  if (!settings || !link || getComputedStyle(settings).position !== "fixed") return;
  const hidden = () => Math.max(0, link.getBoundingClientRect().bottom + 8 - settings.getBoundingClientRect().top);
  editor.querySelector("#canvas").scrollTop += hidden();
  window.scrollBy(0, hidden());
}

function toPart(part) {
  choose(part);
  partOf(chosen)?.querySelector(".part-body :is(input, select, textarea):not([type=hidden])")?.focus();
  uncover();
}

// What htmx puts in place of the editor is chosen from anew.
function post(path, values = {}) {
  return window.htmx.ajax("POST", `${told.at}${path}`, { source: editor, target: "#editor", swap: "innerHTML", values });
}

function add(kind, line) {
  focusNext = "part";
  post("/steps", { kind, drawn: 1, ...line });
}

function move(part, line) {
  focusNext = "step";
  post(`/steps/${part}/place`, { drawn: 1, ...line });
}

function step(part, by) {
  const line = lineBeyond(linkOf(part).closest("[data-step]"), by);
  if (line) move(part, line);
  else say(told.words.nowhere);
}

function remove(part) {
  const links = [...editor.querySelectorAll("#drawing .flow-open")];
  const at = links.findIndex((link) => link.dataset.part === part);
  chosen = links[at - 1]?.dataset.part || "";
  focusNext = "step";
  post(`/steps/${part}/removal`);
}

// The menu of kinds, below the sign it was asked for at.
const menu = () => editor.querySelector("#canvas-menu");
let asked = null;
function ask(plus) {
  asked = plus;
  const place = plus.getBoundingClientRect();
  const canvas = editor.querySelector("#canvas");
  const frame = canvas.getBoundingClientRect();
  menu().hidden = false;
  menu().style.left = `${Math.max(8, Math.min(place.left - frame.left + canvas.scrollLeft - 150, canvas.scrollLeft + frame.width - menu().offsetWidth - 24))}px`;
  menu().style.top = `${place.bottom - frame.top + canvas.scrollTop + 4}px`;
  plus.setAttribute("aria-expanded", "true");
  menu().querySelector("button").focus();
}
function unask() {
  if (!asked) return;
  menu().hidden = true;
  asked.setAttribute("aria-expanded", "false");
  asked.focus();
  asked = null;
}

const acts = {
  up: () => step(chosen, -1),
  down: () => step(chosen, 1),
  close: () => { const link = linkOf(chosen); choose(""); link?.focus(); },
  settings: () => toPart("settings"),
  smaller: () => sight.by(1 / 1.2),
  larger: () => sight.by(1.2),
  whole: () => sight.whole(),
  "as-list": () => {
    try { localStorage.setItem(LIST, isCanvas() ? "1" : ""); } catch { /* a private window */ }
    show(!isCanvas());
    drawn();
  },
};

function show(drawn) {
  editor.classList.toggle("is-canvas", drawn);
  editor.querySelector("[data-act=as-list]")?.setAttribute("aria-pressed", String(!drawn));
  if (drawn) choose(chosen);
}

const firstWrong = () => editor.querySelector(".verdict-problems [data-part]")?.dataset.part || "";

editor.addEventListener("click", (event) => {
  const plus = event.target.closest(".flow-plus");
  if (plus) { if (asked === plus) unask(); else ask(plus); return; }
  const kind = event.target.closest("[data-kind]");
  if (kind && asked) { const line = gathered(asked); asked = null; add(kind.dataset.kind, line); return; }
  const act = event.target.closest("button[data-act]")?.dataset.act;
  if (act in acts) { acts[act](); return; }
  const link = event.target.closest("[data-part]");
  if (link && isCanvas()) {
    event.preventDefault();
    if (link.matches(".flow-open")) { choose(link.dataset.part); link.focus(); uncover(); } else toPart(link.dataset.part);
    return;
  }
  if (isCanvas() && event.target.closest("summary")?.parentElement.matches(".part")) event.preventDefault();
  if (asked && !event.target.closest("#canvas-menu")) unask();
});

function onCard(event, part) {
  const key = event.key;
  if (event.altKey && ["ArrowUp", "ArrowDown"].includes(key) && isStep(part)) step(part, key === "ArrowUp" ? -1 : 1);
  else if (["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"].includes(key) && !event.altKey && !event.ctrlKey && !event.metaKey) {
    const links = [...editor.querySelectorAll("#drawing .flow-open")];
    const next = links[links.indexOf(event.target) + (["ArrowUp", "ArrowLeft"].includes(key) ? -1 : 1)];
    if (next) { choose(next.dataset.part); next.focus(); }
  } else if (key === "Enter" || key === " ") toPart(part);
  else if (["Delete", "Backspace"].includes(key) && isStep(part)) remove(part);
  else if (["Insert", "+"].includes(key)) {
    const plus = event.target.closest("li, .flow-exits")?.nextElementSibling?.querySelector(":scope > .flow-plus");
    if (plus) ask(plus); else say(told.words.nothing_below);
  } else return;
  event.preventDefault();
}

editor.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.target.matches("input, textarea")) {
    event.preventDefault();
    focusNext = "step";
    editor.querySelector(`[data-act=${event.shiftKey ? "redo" : "undo"}]:not([disabled])`)?.click();
  } else if (event.key === "Escape" && isCanvas()) {
    if (asked) unask();
    else if (event.target.closest(".part.is-chosen")) linkOf(chosen)?.focus();
  } else if (isCanvas() && event.target.matches(".flow-open")) onCard(event, event.target.dataset.part);
});

// Each step can be taken to another list, and to another place of its own.
function draggable() {
  for (const link of editor.querySelectorAll("#drawing li .flow-open")) {
    if (!link.closest(".flow-entry")) link.closest("li").dataset.step = link.dataset.part;
  }
  if (!window.Sortable) return;
  for (const list of editor.querySelectorAll("#drawing .flow-steps")) {
    window.Sortable.create(list, {
      group: "steps",
      draggable: "li[data-step]",
      filter: ".flow-plus, .flow-numbers a",
      preventOnFilter: false,
      animation: 120,
      delay: 200,
      delayOnTouchOnly: true,
      ghostClass: "is-moved",
      invertSwap: true,
      swapThreshold: 0.5,
      emptyInsertThreshold: 24,
      onStart: () => { unask(); editor.querySelector("#drawing").classList.add("is-dragging"); },
      onEnd: ({ item, from, to, oldIndex, newIndex }) => {
        editor.querySelector("#drawing").classList.remove("is-dragging");
        if (from !== to || oldIndex !== newIndex) move(item.dataset.step, lineAfterDrop(item));
      },
    });
  }
}

function drawn() {
  draggable();
  sight.restore();
  sight.changed();
  choose(chosen);
}

document.addEventListener("htmx:beforeSwap", () => sight.remember());
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target !== editor && !editor.contains(event.target)) return;
  if (event.target === editor) {
    asked = null;
    chosen = bench().dataset.opened || chosen;
    show(isCanvas());
    drawn();
    say(bench().dataset.said || [...editor.querySelectorAll(".notice")].map((one) => one.textContent).join(" "));
    if (focusNext === "part") toPart(chosen);
    else if (focusNext === "step") (linkOf(chosen) || editor.querySelector(".flow-open"))?.focus();
    focusNext = "";
    if (chosen) linkOf(chosen)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    uncover();
  } else if (event.target.id === "drawing") drawn();
});
document.addEventListener("htmx:oobAfterSwap", (event) => { if (event.detail.target?.id === "drawing") drawn(); });

let asList = "";
try { asList = localStorage.getItem(LIST); } catch { /* a private window */ }
document.documentElement.classList.add("has-script");
// whoever wrote already before this was here goes on writing
const begun = document.activeElement?.closest(".part")?.id.replace("part-", "");
chosen = bench().dataset.opened || begun || location.hash.replace("#part-", "") || firstWrong();
show(!asList);
drawn();
sight.begin();
