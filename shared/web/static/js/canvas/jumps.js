// Where a jump leads is drawn as a line, from below its sign to the side of the step. In hundredths of the drawing, so that
// it fits at every size.
const SVG = "http://www.w3.org/2000/svg";
const BESIDE = 3;
const CARD = ":is(.flow-card, .flow-question, .flow-length, .flow-flag)";

export function drawJumps(drawing) {
  const flow = drawing.querySelector(".flow");
  if (!flow) return;
  flow.querySelector(":scope > .flow-jumps")?.remove();
  const frame = flow.getBoundingClientRect();
  const paths = [...flow.querySelectorAll("[data-jump]")].map((from) => path(frame, from, flow.querySelector(`[data-step="${CSS.escape(from.dataset.jump)}"] > ${CARD}`))).filter(Boolean);
  if (!paths.length || !frame.width) return;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "flow-jumps");
  svg.setAttribute("viewBox", "0 0 100 100");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  for (const d of paths) svg.appendChild(document.createElementNS(SVG, "path")).setAttribute("d", d);
  flow.append(svg);
}

function path(frame, from, to) {
  if (!to) return "";
  const x = (px) => Math.round((1000 * (px - frame.left)) / frame.width) / 10;
  const y = (px) => Math.round((1000 * (px - frame.top)) / frame.height) / 10;
  const [a, b] = [from.getBoundingClientRect(), to.getBoundingClientRect()];
  const [fromX, fromY, toY] = [x(a.left + a.width / 2), y(a.bottom), y(b.top + b.height / 2)];
  if (fromX < x(b.left)) return `M${fromX} ${fromY}C${fromX} ${toY} ${fromX} ${toY} ${x(b.left)} ${toY}`;
  if (fromX > x(b.right)) return `M${fromX} ${fromY}C${fromX} ${toY} ${fromX} ${toY} ${x(b.right)} ${toY}`;
  const aside = x(b.right) + BESIDE;
  return `M${fromX} ${fromY}C${aside} ${fromY} ${aside} ${toY} ${x(b.right)} ${toY}`;
}
