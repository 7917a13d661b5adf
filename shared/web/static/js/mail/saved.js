// Blocks kept under a name: put into this mail, or kept from it.
import { ask, button, labelled, make, select } from "./parts.js";

const ADDRESS = "/messaging/saved-blocks";

// What is kept, in this language; asked anew each time a menu opens.
export async function savedBlocks(told, language) {
  const answer = await fetch(`${ADDRESS}/choices?language=${encodeURIComponent(language)}`);
  if (!answer.ok) return [];
  const { saved, pages } = await answer.json();
  Object.assign(told.pages, pages);
  return saved;
}

// Asks for a name and how many; what came of it, in words.
export function askKeep(told, language, key, blocks, first) {
  return ask(told.words.keep, told.words, (end) => {
    const name = make("input", { type: "text", maxlength: "80" });
    const said = make("p", { role: "status" });
    const most = Math.min(blocks.length - first, 10);
    const counts = Array.from({ length: most }, (_, at) => [at + 1, at ? told.words.keep_more.replace("{count}", at + 1) : told.words.keep_one]);
    const count = select(counts, 1, () => {});
    const hotel = select([["", told.words.all_hotels], ...told.hotels], "", () => {});
    const done = async () => {
      const form = new FormData();
      const typed = { name: name.value, hotel: hotel.value, count: count.value, first: String(first), language, blocks: JSON.stringify(blocks) };
      for (const [field, value] of Object.entries(typed)) form.append(field, value);
      const headers = { Accept: "application/json", ...JSON.parse(document.body.getAttribute("hx-headers")) };
      const answer = await fetch(`${ADDRESS}?key=${encodeURIComponent(key)}`, { method: "POST", body: form, headers }).catch(() => null);
      const found = answer && (await answer.json().catch(() => null));
      if (found && found.kept) end(told.words.kept.replace("{name}", found.kept));
      else said.textContent = (found && found.problem) || told.words.failed;
    };
    name.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); done(); } });
    return [labelled(told.words.name, name), most > 1 ? labelled(told.words.keep_which, count) : null, told.hotels.length > 1 ? labelled(told.words.keep_whose, hotel) : null, said, button(told.words.keep, done, { class: "button button-main" })].filter(Boolean);
  });
}
