// When a block is shown: conditions by menu, in words.
import { button, make, select } from "./parts.js";

const ALONE = ["known", "unknown"];

export function conditions(block, told, changed) {
  const rows = make("div", { class: "when-rows" });
  const summary = make("summary");
  const made = make("details", { class: "block-when" }, summary, rows, button(told.words.condition, () => {
    block.when = [...(block.when || []), begun(told.compared[0])];
    draw();
    changed();
  }));
  function draw() {
    summary.textContent = block.when && block.when.length ? `${told.words.when} … (${block.when.length})` : told.words.always_shown;
    rows.replaceChildren(...(block.when || []).map((one, at) => row(one, at)));
  }
  function row(one, at) {
    const kind = told.compared.find((each) => each.of === one.of) || told.compared[0];
    const put = (next) => { block.when[at] = next; draw(); changed(); };
    return make("div", { class: "row", role: "group", "aria-label": told.words.when },
      select(told.compared.map((each) => [each.of, each.label]), one.of, (of) => put(begun(told.compared.find((each) => each.of === of))), { "aria-label": told.words.when }),
      select(kind.is, one.is, (is) => put(ALONE.includes(is) ? { of: one.of, is } : { of: one.of, is, to: one.to ?? begun(kind).to }), { "aria-label": told.words.when }),
      ALONE.includes(one.is) ? null : compared(kind, one),
      button("×", () => { block.when.splice(at, 1); if (!block.when.length) delete block.when; draw(); changed(); }, { "aria-label": told.words.remove }));
  }
  function compared(kind, one) {
    if (kind.number) {
      const field = make("input", { type: "number", min: "0", value: String(one.to), "aria-label": kind.label });
      field.addEventListener("input", () => { one.to = field.value === "" ? null : Number(field.value); changed(); });
      return field;
    }
    if (!kind.choices.length) {
      const field = make("input", { type: "text", value: (one.to || []).join(", "), "aria-label": kind.label, placeholder: told.words.many_hint });
      field.addEventListener("input", () => { one.to = field.value.split(",").map((word) => word.trim()).filter(Boolean); changed(); });
      return field;
    }
    const field = make("select", { multiple: true, size: "4", "aria-label": kind.label });
    for (const [key, words] of kind.choices) field.append(make("option", { value: key, selected: (one.to || []).includes(key) }, words));
    field.addEventListener("change", () => { one.to = [...field.selectedOptions].map((each) => each.value); changed(); });
    return field;
  }
  draw();
  return made;
}

const begun = (kind) => ({ of: kind.of, is: kind.is[0][0], to: kind.number ? 1 : kind.choices.length ? [kind.choices[0][0]] : [] });
