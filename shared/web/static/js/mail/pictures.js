// A picture chosen from the library, or handed in on the way.
import { ask, button, labelled, make } from "./parts.js";

const ADDRESS = "/messaging/pictures";

export function askPicture(told) {
  return ask(told.words.choose, told.words, (end) => {
    const shown = make("ul", { class: "pictures" });
    const said = make("p", { role: "status" });
    const search = make("input", { type: "search" });
    const look = async () => {
      const answer = await fetch(`${ADDRESS}/choices?q=${encodeURIComponent(search.value)}`);
      const found = answer.ok ? (await answer.json()).pictures : [];
      said.textContent = found.length ? "" : told.words.no_pictures;
      shown.replaceChildren(...found.map((one) => make("li", {},
        make("button", { type: "button", class: "picture-choice", onclick: () => end(one) },
          make("img", { src: one.url, alt: "", loading: "lazy", width: String(one.width), height: String(one.height) }), make("span", {}, one.name)))));
    };
    search.addEventListener("input", look);
    const file = make("input", { type: "file", accept: "image/jpeg,image/png,image/webp,image/gif" });
    file.addEventListener("change", async () => {
      said.textContent = told.words.uploading;
      const told_ = await handIn(file.files[0]).catch(() => null);
      if (told_ && told_.picture) end({ ...told_.picture, still: told_.stands_still });
      else said.textContent = (told_ && told_.problem) || told.words.failed;
    });
    look();
    return [labelled(told.words.search, search), said, shown, labelled(told.words.upload, file)];
  });
}

async function handIn(file) {
  const form = new FormData();
  form.append("picture", file);
  const headers = { Accept: "application/json", ...JSON.parse(document.body.getAttribute("hx-headers")) };
  return (await fetch(ADDRESS, { method: "POST", body: form, headers })).json();
}

export function pictureField(block, told, language, changed, say) {
  const shown = make("div", { class: "picture-shown" });
  const draw = () => shown.replaceChildren(...(block.file ? [make("img", { src: `/messaging/picture/${block.file}`, alt: block.alt || "" })] : []));
  draw();
  return make("div", { class: "field" }, shown, button(told.words.choose, async () => {
    const one = await askPicture(told);
    if (!one) return;
    block.file = one.file;
    block.alt = block.alt || one.alt[language] || one.alt.en || "";
    if (one.still) say(told.words.still);
    changed();
  }));
}
