// A block written as source: lines of MJML or HTML, with the values by menu.
import { askValue } from "./chips.js";
import { button, labelled, make } from "./parts.js";

export function source(field, value, told, put) {
  const area = make("textarea", { class: "source", rows: "16", spellcheck: "false", autocapitalize: "off" });
  area.value = value;
  area.addEventListener("input", (event) => { event.stopPropagation(); put(area.value); });
  const values = button(told.words.value, async () => {
    const found = await askValue(told);
    if (!found) return;
    area.setRangeText(found, area.selectionStart, area.selectionEnd, "end");
    area.focus();
    put(area.value);
  });
  const made = labelled(field.label, area, told.words.source_hint);
  made.append(values);
  return made;
}
