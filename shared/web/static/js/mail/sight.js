// What is in sight stays so while the draft saves itself: how the mail is looked at, how far its preview was scrolled,
// and where the focus was.
const VIEW = "guestloop-mail-view";

function remembered() {
  try { return localStorage.getItem(VIEW); } catch { return null; }
}

const views = [...document.querySelectorAll("[name=view]")];
const last = views.find((one) => one.value === remembered());
if (last) last.checked = true;
for (const one of views) {
  one.addEventListener("change", () => { try { localStorage.setItem(VIEW, one.value); } catch { /* a private window */ } });
}

const kindOf = (frame) => frame.parentElement.className;
let before = null;
document.addEventListener("htmx:beforeSwap", () => {
  const frames = [...document.querySelectorAll("#beside iframe")];
  const near = document.activeElement && document.activeElement.closest("#beside a, #beside button");
  before = {
    scrolled: new Map(frames.map((frame) => [kindOf(frame), frame.contentWindow ? frame.contentWindow.scrollY : 0])),
    pane: document.querySelector(".in-sight").scrollTop,
    page: window.scrollY,
    focus: near && near.getAttribute("href"),
  };
});
document.addEventListener("htmx:afterSwap", () => {
  if (!before) return;
  const { scrolled, pane, page, focus } = before;
  for (const frame of document.querySelectorAll("#beside iframe")) {
    const to = scrolled.get(kindOf(frame));
    if (to) frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, to), { once: true });
  }
  document.querySelector(".in-sight").scrollTop = pane;
  window.scrollTo({ top: page, behavior: "instant" });
  if (focus) [...document.querySelectorAll("#beside a")].find((one) => one.getAttribute("href") === focus)?.focus({ preventScroll: true });
});
