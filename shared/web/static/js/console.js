// The little that HTML cannot do by itself. Every page and form works without it.
// The rail is longer than a low window: where one is, is in sight.
const place = document.querySelector(".rail [aria-current]");
if (place) {
  const rail = place.closest(".rail");
  if (place.offsetTop > rail.clientHeight * 0.8) rail.scrollTop = place.offsetTop - rail.clientHeight / 2;
}
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});
document.addEventListener("submit", (event) => {
  const asks = event.target.dataset.asks;
  if (asks && !window.confirm(asks)) event.preventDefault();
});
// A form that saves itself is sent once what it is saving has arrived, and saves nothing more: else it overtakes itself.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("form[hx-trigger^=input]")) return;
  if (!form.classList.contains("htmx-request")) { form.dataset.sent = "1"; return; }
  event.preventDefault();
  form.addEventListener("htmx:afterRequest", () => setTimeout(() => form.requestSubmit(event.submitter)), { once: true });
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
document.addEventListener("keydown", (event) => {
  const typing = event.target.isContentEditable || event.target.matches("input, textarea, select");
  if (event.key === "Escape") {
    document.querySelectorAll("details[open].account, .bottom-bar details[open]").forEach((open) => (open.open = false));
    if (typing) event.target.blur();
  } else if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    if (event.key === "/") {
      const search = document.querySelector("input[type=search]");
      if (search) { event.preventDefault(); search.focus(); }
    } else if (event.key === "?") {
      window.location.assign("/keys");
    }
  }
});

// A button that writes something at the place where one last wrote.
let lastWritten = null;
document.addEventListener("focusin", (event) => { if (event.target.matches("#writing textarea, #writing input[type=text]")) lastWritten = event.target; });
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-inserts]");
  const field = lastWritten || document.querySelector("#writing textarea");
  if (!button || !field) return;
  field.setRangeText(button.dataset.inserts, field.selectionStart, field.selectionEnd, "end");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

// Somebody is answering for as long as something stands in the box: an empty one says nothing.
document.addEventListener("htmx:configRequest", (event) => {
  const box = event.target.dataset.whileWritten;
  if (box && !document.querySelector(box).value.trim()) event.preventDefault();
});

// A line to paste elsewhere: its button appears where the browser can copy.
document.querySelectorAll("[data-copies]").forEach((button) => {
  button.hidden = !navigator.clipboard;
});
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).value);
  button.textContent = button.dataset.copied;
});
