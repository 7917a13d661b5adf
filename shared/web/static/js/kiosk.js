// At a kiosk: a page that nobody touches for a while forgets the guest, and «back» shows nothing of them.
const seconds = Number(document.currentScript.dataset.idle);
let timer;
const touched = () => {
  clearTimeout(timer);
  timer = setTimeout(() => location.replace("/kiosk/away"), seconds * 1000);
};
for (const what of ["input", "pointerdown", "keydown", "scroll"]) document.addEventListener(what, touched, { passive: true });
addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace("/kiosk");
});
touched();
