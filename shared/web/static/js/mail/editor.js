// The editor of a mail's blocks. It takes the place of the plain list of fields, and keeps what is written in the form,
// which saves itself. Without it the plain list does the same, page by page.
import { Body } from "./body.js";
import { line } from "./chips.js";
import { conditions } from "./conditions.js";
import { button, labelled, make, select } from "./parts.js";
import { pictureField } from "./pictures.js";
import { linkField, rich } from "./rich.js";
import { askKeep, savedBlocks } from "./saved.js";
import "./sight.js";
import { source } from "./source.js";

const form = document.querySelector("#writing");
const told = JSON.parse(document.querySelector("#mail-told").textContent);
const plain = document.querySelector("#mail-plain");
const root = document.querySelector("#mail-editor");
const language = form.elements.language.value;
const written = make("textarea", { name: "blocks", hidden: true });
const live = make("p", { class: "unseen", role: "status" });
const list = make("div");
const body = new Body(JSON.parse(plain.querySelector("[name=shape]").value), (text) => {
  written.value = text;
  written.dispatchEvent(new Event("input", { bubbles: true }));
}, `${told.key}-${language}`, told.pages);
const sign = { up: "↑", down: "↓", double: "2×", keep: "☆", as_source: "</>", remove: "×" };

function kindOf(block) {
  if (typeof block === "string") return "text";
  return Object.keys(block).find((key) => key in told.kinds) || "";
}

const say = (text) => { live.textContent = ""; requestAnimationFrame(() => { live.textContent = text; }); };
const named = (words, block, more = {}) => Object.entries({ kind: told.kinds[kindOf(block)]?.label || "", ...more }).reduce((text, [key, value]) => text.replace(`{${key}}`, value), words);

// One list: of the mail, or of a column. `at`: its place in the body, «» or «2/columns/columns/0/».
function drawn(blocks, at) {
  const whole = at === "";
  const made = make("ol", { class: "blocks" }, ...blocks.map((block, place) => card(blocks, block, place, at)));
  made.held = blocks;
  if (window.Sortable) {
    window.Sortable.create(made, { group: whole ? "mail" : "column", handle: ".grip", draggable: ".block", animation: 120, onEnd: dropped });
  }
  return make("div", {}, adding(blocks, 0, at), made);
}

function dropped({ from, to, oldDraggableIndex: old, newDraggableIndex: now }) {
  const [block] = from.held.splice(old, 1);
  to.held.splice(now, 0, block);
  body.changed();
  draw();
  say(named(told.words.moved, block, { place: now + 1, all: to.held.length }));
}

function adding(blocks, place, at) {
  const menu = make("div", { class: "steps" });
  const made = make("details", { class: "block-add" }, make("summary", {}, `+ ${place ? told.words.add_below : told.words.add}`), menu);
  for (const [name, kind] of Object.entries(told.kinds)) {
    if (told.wholeRows.includes(name) && at) continue;
    menu.append(button(kind.label, () => {
      blocks.splice(place, 0, { [name]: structuredClone(kind.begins) });
      body.changed();
      draw(`${at}${place}`);
      say(named(told.words.added, blocks[place]));
    }));
  }
  const kept = make("div", { class: "steps" });
  made.append(kept);
  if (!at) made.addEventListener("toggle", () => { if (made.open) showSaved(kept, blocks, place); });
  made.addEventListener("keydown", (event) => { if (event.key === "Escape") { made.open = false; made.firstChild.focus(); } });
  return made;
}

async function showSaved(kept, blocks, place) {
  const saved = await savedBlocks(told, language);
  kept.replaceChildren(...saved.map((one) => button(`☆ ${one.name}`, () => {
    blocks.splice(place, 0, ...structuredClone(one.blocks));
    body.changed();
    draw(`${place}`);
    say(named(told.words.added, blocks[place]));
  })));
}

// A button that the server answers: the page comes back with what it has made of the list.
const onServer = (words, what, more = {}) => make("button", { type: "submit", class: "button button-small", name: "do", value: what, formnovalidate: true, onclick: () => body.remember(true), ...more }, words);

function card(blocks, block, place, at) {
  const kind = kindOf(block);
  const here = `${at}${place}`;
  const move = (by) => {
    const to = place + by;
    if (to < 0 || to >= blocks.length) return;
    blocks.splice(to, 0, blocks.splice(place, 1)[0]);
    body.changed();
    draw(`${at}${to}`, by < 0 ? "up" : "down");
    say(named(told.words.moved, block, { place: to + 1, all: blocks.length }));
  };
  const acts = {
    up: () => move(-1),
    down: () => move(1),
    double: () => { blocks.splice(place + 1, 0, structuredClone(block)); body.changed(); draw(`${at}${place + 1}`); say(named(told.words.added, block)); },
    keep: async () => { const kept = await askKeep(told, language, told.key, blocks, place); if (kept) say(kept); },
    remove: () => { blocks.splice(place, 1); body.changed(); draw(blocks.length ? `${at}${Math.min(place, blocks.length - 1)}` : "", "remove"); say(named(told.words.removed, block)); },
  };
  if (at || !kind) delete acts.keep;
  const tools = Object.entries(acts).map(([name, act]) => button(sign[name], act, { "aria-label": `${told.words[name]}: ${told.kinds[kind]?.label || ""} ${place + 1}`, title: told.words[name], "data-act": name, "aria-disabled": (name === "up" && !place) || (name === "down" && place === blocks.length - 1) ? "true" : null }));
  if (kind && !at && !told.noSource.includes(kind)) tools.splice(-1, 0, onServer(sign.as_source, `source /${place}`, { "aria-label": `${told.words.as_source}: ${told.kinds[kind].label} ${place + 1}`, title: told.words.as_source }));
  const title = make("h4", {}, told.kinds[kind]?.label || told.words.unreadable);
  const made = make("li", { class: "block", "data-at": here },
    make("div", { class: "block-head" }, make("span", { class: "grip", title: told.words.drag, "aria-hidden": "true" }, "⠿"), title, make("div", { class: "block-tools" }, ...tools)),
    make("div", { class: "block-problems" }));
  if (kind) made.append(...fieldsOf(blocks, block, place, here, kind));
  if (kind && !at && typeof block === "object") made.append(conditions(block, told, () => body.changed(`${here}/when`)));
  made.append(adding(blocks, place + 1, at));
  made.addEventListener("keydown", (event) => {
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    move(event.key === "ArrowUp" ? -1 : 1);
  });
  return made;
}

function fieldsOf(blocks, block, place, here, kind) {
  if (typeof block === "string") { // a text without marks: it becomes one with marks as soon as it is changed
    const html = block.split(/(\{\{.*?\}\}|\{%.*?%\})/s).map((part, at) => (at % 2 ? part : part.replace(/[&<>]/g, (one) => `&#${one.charCodeAt(0)};`))).join("").replace(/\n/g, "<br>");
    told.pages[`\u0000${block}`] = `<p>${html}</p>`;
    return [rich(told.kinds.text.label, `\u0000${block}`, told, (text) => { blocks[place] = { text: { text, align: "left" } }; body.changed(`${here}/text`); })];
  }
  const part = block[kind];
  const small = make("div", { class: "small-fields" });
  const made = told.kinds[kind].fields.map((field) => {
    const put = (value) => { part[field.name] = value; if (field.entry === "link" && !value) delete part[field.name]; body.changed(`${here}/${field.name}`); };
    const drawn_ = entry(field, part, put, here, () => { body.changed(); draw(here); });
    if (!["choice", "number"].includes(field.entry)) return drawn_;
    small.append(drawn_);
    return small;
  });
  return [...new Set(made)];
}

function entry(field, part, put, here, redraw) {
  const value = part[field.name];
  switch (field.entry) {
    case "source": return source(field, value || "", told, put);
    case "rich": return rich(field.label, value || "", told, put);
    case "line": {
      const made = line(field.label, value || "", told, put);
      return make("div", { class: "field" }, make("span", { class: "label" }, field.label), make("div", { class: "line-row" }, made.field, made.values));
    }
    case "choice": return labelled(field.label, select(field.choices, value, (key) => put(field.choices.find(([one]) => String(one) === key)[0])));
    case "number": {
      const input = make("input", { type: "number", min: String(field.least), max: String(field.most), value: String(value ?? "") });
      input.addEventListener("input", () => { if (input.value) put(Number(input.value)); });
      return labelled(field.label, input);
    }
    case "link": {
      const { names, other } = linkField(value || "", told, put);
      const made = labelled(field.label, names);
      made.append(other);
      return made;
    }
    case "ticks": return make("fieldset", { class: "field" }, make("legend", {}, field.label), ...field.choices.map(([key, words]) => {
      const box = make("input", { type: "checkbox", checked: (value || []).includes(key) });
      box.addEventListener("change", () => put(field.choices.map(([one]) => one).filter((one) => (one === key ? box.checked : (part[field.name] || []).includes(one)))));
      return make("label", { class: "tick-box" }, box, make("span", {}, words));
    }));
    case "picture": return pictureField(part, told, language, redraw, say);
    case "places": return places(field, part, put, redraw);
    case "columns": return columns(part, here, redraw);
    default: {
      const input = make("input", { type: "text", value: value || "" });
      input.addEventListener("input", () => put(input.value));
      return labelled(field.label, input);
    }
  }
}

function places(field, part, put, redraw) {
  const rows = (part.places || []).map((one, at) => {
    const name = make("input", { type: "text", value: one.name || "", "aria-label": told.words.name, placeholder: told.words.name });
    const link = make("input", { type: "text", value: one.link || "", "aria-label": told.words.leads_to, placeholder: told.words.address_hint });
    const keep = () => { one.name = name.value; one.link = link.value.trim(); put(part.places); };
    name.addEventListener("input", keep);
    link.addEventListener("input", keep);
    return make("div", { class: "row" }, name, link, button("×", () => { part.places.splice(at, 1); redraw(); }, { "aria-label": told.words.remove }));
  });
  const another = button(told.words.another, () => { part.places = [...(part.places || []), { name: "", link: "" }]; redraw(); });
  return make("fieldset", { class: "field" }, make("legend", {}, field.label), ...rows, another);
}

function columns(part, here, redraw) {
  const all = part.columns || [];
  const shown = all.map((blocks, at) => make("fieldset", { class: "column" }, make("legend", {}, told.words.column.replace("{place}", at + 1)), drawn(blocks, `${here}/columns/columns/${at}/`)));
  const other = all.length > 2
    ? button(told.words.fewer_columns, () => { all[1].push(...all.pop()); redraw(); })
    : button(told.words.more_columns, () => { all.push([{ text: structuredClone(told.kinds.text.begins) }]); redraw(); });
  return make("div", {}, make("div", { class: "columns" }, ...shown), other);
}

// Draws it all anew. Focus goes to the block at that place: to its button, or to what is first written in it.
function draw(place = null, act = "") {
  list.replaceChildren(drawn(body.blocks, ""));
  tellProblems();
  if (place === null) return;
  const block = list.querySelector(`[data-at="${place}"]`);
  const first = block && (block.querySelector(act ? `[data-act="${act}"]` : "[role=textbox], input, select, .picture-shown + button") || block.querySelector("button"));
  (first || list.querySelector("summary")).focus();
}

function tellProblems() {
  const found = JSON.parse(document.querySelector("#beside").dataset.problems || "{}");
  for (const block of list.querySelectorAll(".block")) {
    const lines = (found[block.dataset.at] || []).map(([weight, words]) => make("p", { class: weight === "must" ? "error" : "hint" }, words));
    block.querySelector(":scope > .block-problems").replaceChildren(...lines);
  }
}

function back(step, words) {
  if (step()) { draw(); say(words); }
}

// Subject, preview line and text messages: words with values instead of braces. The field of the form stays, unseen. Where
// there are no buttons, an address is a value like others.
const withAddresses = { ...told, values: { ...told.values, ...told.links } };
for (const input of document.querySelectorAll("[data-line], [data-lines]")) {
  const many = "lines" in input.dataset;
  const label = document.querySelector(`label[for="${input.id}"]`);
  const made = line(label.textContent, input.value, many ? withAddresses : told, (text) => { input.value = text; input.dispatchEvent(new Event("input", { bubbles: true })); }, many);
  made.field.id = `${input.id}-line`;
  label.removeAttribute("for");
  label.addEventListener("click", () => made.field.focus());
  input.hidden = true;
  input.after(make("div", { class: "line-row" }, made.field, made.values));
}
const history = make("div", { class: "steps" },
  button(told.words.undo, () => back(() => body.undo(), told.words.undone)),
  button(told.words.redo, () => back(() => body.redo(), told.words.redone)),
  onServer(told.words.all_as_source, "all-source"));
root.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
  event.preventDefault();
  event.stopPropagation();
  if (event.shiftKey) back(() => body.redo(), told.words.redone);
  else back(() => body.undo(), told.words.undone);
}, true);
document.addEventListener("htmx:afterSwap", tellProblems);
// What was wrong at a field as the page came: once one writes there, what is wrong now stands beside the preview.
document.querySelector("#writing").addEventListener("input", ({ target }) => {
  const field = target.closest(".field-wrong");
  if (field) {
    field.classList.remove("field-wrong");
    field.querySelector(".error")?.remove();
    field.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
  }
  if (root.contains(target)) document.querySelector("#e-body")?.remove();
});
written.value = body.seen;
root.append(written, live, history, list);
plain.remove();
root.hidden = false;
draw();
