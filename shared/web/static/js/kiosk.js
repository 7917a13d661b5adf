// At a kiosk: a page that nobody touches for a while goes on to its next one: the guest is forgotten, or whoever was handed
// over meanwhile is shown. «Back» shows nothing of a guest.
const { idle, next } = document.currentScript.dataset;
let timer;
const touched = () => {
  clearTimeout(timer);
  timer = setTimeout(() => location.replace(next), Number(idle) * 1000);
};
for (const what of ["input", "pointerdown", "keydown", "scroll"]) {
  document.addEventListener(what, touched, { passive: true });
}
addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace("/kiosk");
});
touched();
