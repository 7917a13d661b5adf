// The lines of the drawing on which a step can stand. Each has its sign «+», which names it as the server does.
export const gathered = (plus) => ({ after: plus.dataset.after, into: plus.dataset.into, way: plus.dataset.way });

// The line on which a step lies after it was dropped.
export function lineAfterDrop(item) {
  let above = item.previousElementSibling;
  while (above && !above.dataset.step) above = above.previousElementSibling;
  if (above) return { after: above.dataset.step, into: "", way: "0" };
  const { into = "", way = "0" } = item.parentElement.dataset;
  return { after: "", into, way };
}

// The next line above (-1) or below (1) a step, that is not one of its own; none at the border of the drawing.
export function lineBeyond(item, by) {
  const own = new Set([...item.querySelectorAll(".flow-plus"), item.nextElementSibling?.querySelector(":scope > .flow-plus"), item.previousElementSibling?.querySelector(":scope > .flow-plus")]);
  const lines = [...item.closest("#drawing").querySelectorAll(".flow-plus")].filter((plus) => !own.has(plus));
  const side = by < 0 ? Node.DOCUMENT_POSITION_PRECEDING : Node.DOCUMENT_POSITION_FOLLOWING;
  const there = lines.filter((plus) => item.compareDocumentPosition(plus) & side);
  const line = by < 0 ? there.at(-1) : there[0];
  return line ? gathered(line) : null;
}
