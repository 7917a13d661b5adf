// Texts with bold, italic, lists and links: what one sees, and the few marks it is stored as.
import { askValue, BRACES, chip, nodesOf, textOf } from "./chips.js";
import { ask, button, labelled, make, select } from "./parts.js";

const DROPPED = new Set(["SCRIPT", "STYLE", "HEAD", "TITLE", "META", "LINK", "IFRAME", "OBJECT", "SVG", "TEMPLATE", "TABLE"]);
const LINES = new Set(["P", "DIV", "H1", "H2", "H3", "H4", "H5", "H6", "BLOCKQUOTE", "PRE", "SECTION", "ARTICLE"]);
const LINK = /^(?:links\.[a-z_]+|(?:https?:\/\/|tel:|mailto:)[^\s<>"{}|\\^`]{1,2000})$/;

// Whatever HTML, as the few elements that a text may hold. Nothing of it runs: it is read apart from the page.
export function cleaned(html, told) {
  const into = document.createDocumentFragment();
  copy(new DOMParser().parseFromString(html, "text/html").body, into, told);
  return into;
}

function copy(from, into, told) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) into.append(...nodesOf(node.data, told));
    else if (node.nodeType === Node.ELEMENT_NODE && !DROPPED.has(node.nodeName)) into.append(kept(node, told));
  }
}

function kept(node, told) {
  if (node.dataset.source && BRACES.test(node.dataset.source)) return chip(node.dataset.source, told);
  const heavy = parseInt(node.style.fontWeight, 10) >= 600 || node.style.fontWeight === "bold";
  let made = document.createDocumentFragment();
  if (node.nodeName === "BR") return make("br");
  if (node.nodeName === "B" || node.nodeName === "STRONG" || (node.nodeName === "SPAN" && heavy)) made = make("b");
  else if (node.nodeName === "I" || node.nodeName === "EM" || (node.nodeName === "SPAN" && node.style.fontStyle === "italic")) made = make("i");
  else if (node.nodeName === "A" && LINK.test(node.getAttribute("href") || "")) made = make("a", { href: node.getAttribute("href") });
  else if (["UL", "OL", "LI"].includes(node.nodeName)) made = make(node.nodeName);
  else if (LINES.has(node.nodeName)) made = make("p");
  copy(node, made, told);
  return made;
}

// What one sees, as marks.
export function marksOf(root) {
  return blocksOf(root).join("\n\n").replace(/\n{3,}/g, "\n\n").trim();
}

function blocksOf(root) {
  const found = [];
  let loose = [];
  const settle = () => { if (loose.length) found.push(paragraph(loose)); loose = []; };
  for (const node of root.childNodes) {
    if (node.nodeName === "UL" || node.nodeName === "OL") { settle(); found.push(list(node, "")); }
    else if (LINES.has(node.nodeName)) { settle(); found.push(...blocksOf(node)); }
    else loose.push(node);
  }
  settle();
  return found.filter((text) => text.trim());
}

function list(node, indent) {
  const items = [...node.children].filter((item) => item.nodeName === "LI");
  return items.map((item, at) => {
    const bullet = node.nodeName === "OL" ? `${at + 1}. ` : "- ";
    const within = indent + " ".repeat(bullet.length);
    const words = [];
    const below = [];
    for (const child of item.childNodes) {
      if (child.nodeName === "UL" || child.nodeName === "OL") below.push(list(child, within));
      else if (LINES.has(child.nodeName)) words.push(...(words.length ? [make("br")] : []), ...child.childNodes);
      else words.push(child);
    }
    return [indent + bullet + paragraph(words).split("\n").join(`\n${within}`), ...below].join("\n");
  }).join("\n");
}

const paragraph = (nodes) => inline(runsOf(nodes, {})).split("\n").map(lineStart).join("\n").trim();

// A line that begins as one of a list does, and is none.
const lineStart = (text) => text.trim().replace(/^([-+])(?=\s|$)/, "\\$1").replace(/^(\d{1,9})([.)])(?=\s|$)/, "$1\\$2");

function runsOf(nodes, look) {
  const found = [];
  for (const node of nodes) {
    if (node.nodeType === Node.TEXT_NODE) found.push({ ...look, text: textOf(node).replace(/\s+/g, " ").replace(/[\\*_[\]]/g, "\\$&") });
    else if (node.nodeName === "BR") found.push({ text: "\n" });
    else if (node.dataset && node.dataset.source) found.push({ ...look, text: node.dataset.source });
    else if (node.nodeType === Node.ELEMENT_NODE) {
      const more = { ...look };
      if (node.nodeName === "B" || node.nodeName === "STRONG") more.bold = true;
      if (node.nodeName === "I" || node.nodeName === "EM") more.italic = true;
      if (node.nodeName === "A") more.link = node.getAttribute("href");
      found.push(...runsOf(node.childNodes, more));
    }
  }
  return found.filter((run) => run.text);
}

const inline = (runs) => grouped(runs, "link", (text, link) => `[${text}](${link})`, (inner) =>
  grouped(inner, "bold", (text) => marked(text, "**"), (deeper) =>
    grouped(deeper, "italic", (text) => marked(text, "*"), (last) => last.map((run) => run.text).join(""))));

function grouped(runs, by, wrap, deeper) {
  let found = "";
  for (let at = 0; at < runs.length; ) {
    const end = runs.findIndex((run, place) => place > at && run[by] !== runs[at][by]);
    const group = runs.slice(at, end < 0 ? runs.length : end);
    const next = end < 0 ? "" : runs[end].text;
    const text = deeper(group);
    let part = runs[at][by] ? outside(text, found, next, (inner) => wrap(inner, runs[at][by]), by) : text;
    if (found.endsWith("*") && part.startsWith("*") && !found.endsWith("\\*")) part = `\u2060${part}`; // two marks are not one
    found += part;
    at += group.length;
  }
  return found;
}

const marked = (text, mark) => `${mark}${text}${mark}`;

// Blanks, line breaks, and the signs at which a mark that touches a letter would not be read, stand outside of it.
function outside(text, before, after, wrap, by) {
  if (by === "link") return text.trim() ? wrap(text.replace(/\n/g, " ")) : text;
  const letter = /[\p{L}\p{N}]/u;
  let [, start, inner, end] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text);
  while (inner && !start && letter.test(before.slice(-1)) && /^(?!\\|\{\{|\{%|\[|\*)[\p{P}\p{S}]/u.test(inner)) { start += [...inner][0]; inner = inner.slice([...inner][0].length); break; }
  while (inner && !end && letter.test(after[0] || "") && /[\p{P}\p{S}]$/u.test(inner) && !/(\}\}|%\}|\)|\*|\\.)$/u.test(inner)) { const last = [...inner].pop(); end = last + end; inner = inner.slice(0, -last.length); }
  return inner ? start + wrap(inner) + end : text;
}

// The editor of one text. `changed` is told the marks. `pages`: by marks, how they look.
export function rich(label, text, told, changed) {
  const field = make("div", { class: "rich", role: "textbox", "aria-multiline": "true", "aria-label": label });
  const squire = new window.Squire(field, { blockTag: "P", sanitizeToDOMFragment: (html) => cleaned(html, told) });
  squire.setHTML(told.pages[text] ?? `<p>${text.replace(/[&<>]/g, (one) => `&#${one.charCodeAt(0)};`)}</p>`);
  let stood = marksOf(field); // to look at a text is not to change it: the editor reports that it was filled
  const say = () => {
    const marks = marksOf(field);
    if (marks === stood) return;
    stood = marks;
    told.pages[marks] = squire.getHTML();
    changed(marks);
  };
  squire.addEventListener("input", say);
  field.addEventListener("click", async (event) => {
    const old = event.target.closest(".chip");
    const source = old && (await askValue(told, old.dataset.source));
    if (source) { old.replaceWith(chip(source, told)); say(); }
  });
  const toggle = (tag, on, off) => () => { if (squire.hasFormat(tag)) off(); else on(); squire.focus(); };
  const tools = [
    [told.words.bold, toggle("B", () => squire.bold(), () => squire.removeBold()), "B"],
    [told.words.italic, toggle("I", () => squire.italic(), () => squire.removeItalic()), "I"],
    [told.words.bullets, toggle("UL", () => squire.makeUnorderedList(), () => squire.removeList()), "•"],
    [told.words.numbers, toggle("OL", () => squire.makeOrderedList(), () => squire.removeList()), "1."],
  ].map(([words, act, sign]) => button(sign, act, { "aria-label": words, title: words, onmousedown: (event) => event.preventDefault() }));
  tools.push(
    button(told.words.link, async () => {
      const seen = squire.getSelection();
      const link = await askLink(told);
      squire.setSelection(seen);
      if (link) squire.makeLink(link);
      else if (link === "") squire.removeLink();
      squire.focus();
    }),
    button(told.words.value, async () => {
      const seen = squire.getSelection();
      const source = await askValue(told);
      squire.setSelection(seen);
      if (source) squire.insertHTML(`${chip(source, told).outerHTML}\u200b`);
      squire.focus();
    }),
  );
  return make("div", { class: "rich-writing" }, make("div", { class: "rich-tools", role: "toolbar", "aria-label": label }, ...tools), field);
}

export function linkField(value, told, changed) {
  const ours = Object.entries(told.links);
  const other = make("input", { type: "text", value: value.startsWith("links.") ? "" : value, placeholder: told.words.address_hint, "aria-label": told.words.address });
  const names = select([["", told.words.address], ...ours], value.startsWith("links.") ? value : "", () => { show(); changed(now()); });
  const now = () => names.value || other.value.trim();
  function show() { other.hidden = Boolean(names.value); }
  other.addEventListener("input", () => changed(now()));
  show();
  return { names, other, now };
}

function askLink(told) {
  return ask(told.words.link, told.words, (end) => {
    const { names, other, now } = linkField("", told, () => {});
    const done = () => { if (LINK.test(now())) end(now()); else other.focus(); };
    other.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); done(); } });
    return [labelled(told.words.leads_to, names), other, button(told.words.done, done, { class: "button button-main" }), button(told.words.unlink, () => end(""))];
  });
}
