// Asks the device for a passkey, to make one or to sign in; the rest of the page works without it.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const numbered = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

function asked(question) {
  const options = { ...question, challenge: bytes(question.challenge) };
  if (question.user) options.user = { ...question.user, id: bytes(question.user.id) };
  if (question.excludeCredentials) options.excludeCredentials = numbered(question.excludeCredentials);
  if (question.allowCredentials) options.allowCredentials = numbered(question.allowCredentials);
  return { publicKey: options };
}

function answered(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response };
}

async function post(form, path, body) {
  const token = form.querySelector("[name=csrf_token]").value;
  const answer = await fetch(path, {
    method: "POST", credentials: "same-origin", redirect: "error", body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.message);
  return said;
}

document.querySelectorAll("form[data-passkey]").forEach((form) => {
  if (!window.PublicKeyCredential) return;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const problem = form.querySelector("[role=alert]");
    problem.hidden = true;
    try {
      const isNew = form.dataset.passkey === "new";
      const question = asked(await post(form, `${form.action}/question`, {}));
      const credential = await (isNew ? navigator.credentials.create(question) : navigator.credentials.get(question));
      const more = isNew ? { name: form.elements.name.value } : { next: form.elements.next.value };
      window.location.assign((await post(form, form.action, { answer: answered(credential), ...more })).next);
    } catch (error) {
      problem.textContent = error.name === "Error" ? error.message : form.dataset.problem;
      problem.hidden = false;
    }
  });
});
