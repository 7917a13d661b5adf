// Values of a text as chips: what stands in braces is never seen as such.
import { ask, button, labelled, make, select } from "./parts.js";

export const BRACES = /(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})/s;
const VALUE = /^\{\{\s*([a-z_.]+)\s*(?:\|\s*default\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*(?:,\s*true\s*)?\)\s*)?\}\}$/;
const AROUND = /\u200b/g; // stands after a chip, so that one can write there

function read(source) {
  const found = VALUE.exec(source);
  if (!found) return null;
  let missing = found[2] || "";
  if (missing) {
    try { missing = missing[0] === '"' ? JSON.parse(missing) : missing.slice(1, -1); } catch { return null; }
  }
  return { name: found[1], missing };
}

const written = (name, missing) => (missing ? `{{ ${name} | default(${JSON.stringify(missing)}) }}` : `{{ ${name} }}`);

export function chip(source, told) {
  const found = read(source);
  const words = found ? told.values[found.name] || told.links[found.name] || found.name : source;
  const made = make("span", { class: "chip", contenteditable: "false" }, found && found.missing ? `${words} (${found.missing})` : words);
  made.dataset.source = source;
  return made;
}

// Text with braces as nodes.
export function nodesOf(text, told) {
  return text.split(BRACES).filter(Boolean).map((part) => (BRACES.test(part) ? chip(part, told) : document.createTextNode(part)));
}

export const textOf = (node) => node.data.replace(AROUND, "").replace(/\u00a0/g, " ");

export function plain(root, between = "") {
  let found = "";
  for (const node of root.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) found += textOf(node);
    else if (node.dataset && node.dataset.source) found += node.dataset.source;
    else if (node.nodeName === "BR") found += between;
    else found += plain(node, between);
  }
  return found;
}

export async function askValue(told, source = "") {
  const was = read(source) || { name: Object.keys(told.values)[0], missing: "" };
  return ask(told.words.value, told.words, (end) => {
    const missing = make("input", { type: "text", value: was.missing, maxlength: "80" });
    const hideable = labelled(told.words.missing, missing, told.words.missing_hint);
    const names = select(Object.entries(told.values), was.name, show);
    let proposed = source ? null : ""; // what the menu wrote there, as long as nobody wrote anything else
    function show() {
      hideable.hidden = told.always.includes(names.value);
      if (missing.value === proposed) missing.value = proposed = told.defaults[names.value] || "";
    }
    show();
    const done = () => end(written(names.value, hideable.hidden ? "" : missing.value.trim()));
    missing.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); done(); } });
    return [labelled(told.words.value, names), hideable, button(told.words.done, done, { class: "button button-main" })];
  });
}

// One line of words with values, or several: `many`. `changed` is told the text.
export function line(label, text, told, changed, many = false) {
  const field = make("div", { class: many ? "line line-many" : "line", role: "textbox", "aria-label": label, contenteditable: "plaintext-only", spellcheck: "true" });
  if (many) field.setAttribute("aria-multiline", "true");
  if (field.contentEditable !== "plaintext-only") field.contentEditable = "true";
  field.append(...nodesOf(text, told));
  let place = null;
  const tidy = (words) => (many ? words.replace(/\s+$/, "") : words.replace(/\s*\n\s*/g, " "));
  const say = () => changed(tidy(plain(field, many ? "\n" : "")));
  field.addEventListener("keydown", (event) => { if (event.key === "Enter" && !many) event.preventDefault(); });
  field.addEventListener("paste", (event) => {
    event.preventDefault();
    insert(nodesOf(event.clipboardData.getData("text/plain").replace(many ? /\r\n?/g : /\s+/g, many ? "\n" : " "), told));
  });
  field.addEventListener("input", say);
  field.addEventListener("blur", () => {
    const seen = getSelection();
    place = seen.rangeCount && field.contains(seen.anchorNode) ? seen.getRangeAt(0) : place;
  });
  field.addEventListener("click", async (event) => {
    const old = event.target.closest(".chip");
    const source = old && (await askValue(told, old.dataset.source));
    if (source) { old.replaceWith(chip(source, told)); say(); }
  });
  function insert(nodes) {
    const seen = getSelection();
    let range = seen.rangeCount && field.contains(seen.anchorNode) ? seen.getRangeAt(0) : place;
    if (!range || !field.contains(range.startContainer)) { range = document.createRange(); range.selectNodeContents(field); range.collapse(false); }
    range.deleteContents();
    for (const node of nodes) { range.insertNode(node); range.setStartAfter(node); range.collapse(true); }
    field.focus();
    seen.removeAllRanges();
    seen.addRange(range);
    place = range;
    say();
  }
  const values = button(told.words.value, async () => {
    const source = await askValue(told);
    if (source) insert([chip(source, told), document.createTextNode("\u200b")]);
  });
  return { field, values };
}
