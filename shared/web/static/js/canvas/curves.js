// The curves of a fork lead to where its ways really are: the server, which knows no widths, draws them as if all ways
// were equally wide.
const middle = (box) => box.left + box.width / 2;

export function curve(drawing) {
  const forks = [...drawing.querySelectorAll(".flow-ways")].map((ways) => {
    const frame = ways.getBoundingClientRect();
    const at = (box) => (frame.width ? Math.round((1000 * (middle(box) - frame.left)) / frame.width) / 10 : 50);
    const found = [...ways.children].map((way) => ({ x: at(way.getBoundingClientRect()), ends: !way.querySelector(":scope > .flow-through") }));
    return { ways, found };
  });
  for (const { ways, found } of forks) {
    const parted = found.map(({ x }) => `M50 0C50 12 ${x} 6 ${x} 20`).join("");
    const joined = found.filter((way) => !way.ends).map(({ x }) => `M${x} 0C${x} 14 50 8 50 20`).join("");
    ways.previousElementSibling?.querySelector("path")?.setAttribute("d", parted);
    ways.nextElementSibling?.querySelector("path")?.setAttribute("d", joined);
  }
}
