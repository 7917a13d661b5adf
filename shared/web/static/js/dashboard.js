// The rows of a dashboard are taken to another place by their handles: the order of the fields is the order of the tiles.
// Without this script the buttons of each row do the same.
document.addEventListener("DOMContentLoaded", () => {
  const list = document.querySelector("[data-sorted]");
  if (!list || !window.Sortable) return;
  list.classList.add("can-be-sorted");
  window.Sortable.create(list, {
    handle: ".grip",
    draggable: ".tile-row",
    animation: 120,
    onEnd: () => {
      // the buttons name the place of their row
      list.querySelectorAll(".tile-row").forEach((row, place, rows) => {
        row.querySelectorAll("button[name=do]").forEach((button) => {
          const [verb] = button.value.split(":");
          button.value = `${verb}:${place}`;
          if (verb === "up") button.disabled = place === 0;
          if (verb === "down") button.disabled = place === rows.length - 1;
        });
      });
    },
  });
});
