// Small parts of pages, and a dialog that asks for something.
export function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name in made && typeof value !== "string") made[name] = value;
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

let numbers = 0;
export const newId = (start) => `${start}-${++numbers}`;

export function button(words, act, more = {}) {
  return make("button", { type: "button", class: "button button-small", onclick: act, ...more }, words);
}

export function labelled(words, field, hint = "") {
  field.id = field.id || newId("m");
  const said = hint ? make("p", { class: "hint", id: newId("h") }, hint) : null;
  if (said) field.setAttribute("aria-describedby", said.id);
  return make("div", { class: "field" }, make("label", { for: field.id }, words), said, field);
}

export function select(choices, value, changed, more = {}) {
  const made = make("select", more);
  for (const [key, words] of choices) made.append(make("option", { value: String(key), selected: String(key) === String(value) }, words));
  made.addEventListener("change", () => changed(made.value));
  return made;
}

// Shows what `fill` puts into a dialog; what its «done» hands back, or null where it is closed. Focus goes back where it was.
export function ask(title, words, fill) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    let answer = null;
    const heading = make("h2", { id: newId("d") }, title);
    const dialog = make("dialog", { class: "mail-dialog", "aria-labelledby": heading.id });
    const end = (value) => { answer = value; dialog.close(); };
    dialog.append(heading, ...fill(end), make("div", { class: "steps" }, button(words.cancel, () => end(null))));
    dialog.addEventListener("close", () => { dialog.remove(); if (before) before.focus(); resolve(answer); });
    document.body.append(dialog);
    dialog.showModal();
  });
}
