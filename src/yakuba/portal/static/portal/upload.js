// Files are sent in pieces as soon as they are chosen, with progress, and go on from where they stopped.
// Without script (or with this file missing) the same input is sent with the form.
(() => {
  "use strict";
  const form = document.querySelector("form[data-uploads]");
  if (!form) return;
  const token = form.querySelector("input[name=csrfmiddlewaretoken]").value;
  const waits = [1000, 3000, 8000, 20000];
  const under_way = new Set();

  const pause = (milliseconds) => new Promise((done) => window.setTimeout(done, milliseconds));

  const row = (input, file) => {
    const box = document.createElement("div");
    box.className = "sending";
    const name = document.createElement("span");
    name.textContent = file.name;
    const bar = document.createElement("progress");
    bar.max = file.size;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    const state = document.createElement("span");
    state.setAttribute("role", "status");
    box.append(name, bar, state);
    input.before(box);
    return { box, bar, state };
  };

  const begin = async (input, file) => {
    const body = new URLSearchParams({ slot: input.dataset.slot, filename: file.name, size: String(file.size) });
    return fetch(form.dataset.uploads, { method: "POST", body, headers: { "X-CSRFToken": token } });
  };

  const offset_of = async (url) => {
    const reply = await fetch(url, { method: "HEAD" });
    if (!reply.ok) throw new Error("gone");
    return Number(reply.headers.get("Upload-Offset"));
  };

  const piece = (url, file, offset, size) => fetch(url, {
    method: "PATCH",
    headers: { "X-CSRFToken": token, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) },
    body: file.slice(offset, offset + size),
  });

  // Resolves to "" when the file has arrived, to a message when it was refused; rejects when the line is broken.
  const send = async (input, file, shown) => {
    const opened = await begin(input, file);
    if (opened.status === 422) return (await opened.json()).message;
    if (!opened.ok) throw new Error(String(opened.status));
    const place = await opened.json();
    shown.url = place.url;
    let offset = place.offset;
    let tries = 0;
    while (offset < file.size) {
      try {
        const reply = await piece(place.url, file, offset, place.piece);
        if (reply.status === 422) return (await reply.json()).message;
        if (reply.status !== 204 && reply.status !== 409) throw new Error(String(reply.status));
        offset = Number(reply.headers.get("Upload-Offset"));
        tries = 0;
      } catch (broken) {
        if (tries >= waits.length) throw broken;
        await pause(waits[tries]);
        tries += 1;
        offset = await offset_of(place.url).catch(() => offset);
      }
      shown.bar.value = offset;
      shown.state.textContent = `${form.dataset.uploading} ${Math.floor((100 * offset) / file.size)}%`;
    }
    return "";
  };

  const told = (shown, words, wrong) => {
    shown.state.textContent = words;
    shown.state.className = wrong ? "field__error" : "tag tag--success";
    if (wrong) shown.state.setAttribute("role", "alert");
  };

  // Arrived: in a place for one file it stands for the old one; it can be taken back at once.
  const arrived = (input, shown) => {
    told(shown, form.dataset.done, false);
    if (!input.multiple) for (const old of input.parentElement.querySelectorAll(":scope > ul, :scope > .upload__old")) old.remove();
    const back = document.createElement("button");
    back.type = "button";
    back.className = "button button--quiet button--small";
    back.textContent = form.dataset.remove;
    back.setAttribute("aria-label", `${form.dataset.remove}: ${shown.bar.getAttribute("aria-label")}`);
    back.addEventListener("click", async () => {
      const reply = await fetch(shown.url, { method: "DELETE", headers: { "X-CSRFToken": token } });
      if (reply.ok) { shown.box.remove(); input.focus(); }
    });
    shown.box.append(back);
  };

  const upload = async (input, file, shown) => {
    under_way.add(shown);
    shown.state.textContent = form.dataset.uploading;
    try {
      const refused = await send(input, file, shown);
      if (refused) { shown.bar.remove(); told(shown, refused, true); } else arrived(input, shown);
    } catch {
      told(shown, form.dataset.stopped, true);
      const again = document.createElement("button");
      again.type = "button";
      again.className = "button button--secondary button--small";
      again.textContent = form.dataset.again;
      again.addEventListener("click", () => { again.remove(); upload(input, file, shown); });
      shown.box.append(again);
    } finally {
      under_way.delete(shown);
    }
  };

  form.addEventListener("change", async (event) => {
    const input = event.target;
    if (input.type !== "file" || !input.dataset.slot) return;
    const files = [...input.files];
    for (const old of input.parentElement.querySelectorAll(".sending")) if (!input.multiple) old.remove();
    const all = files.map((file) => upload(input, file, row(input, file)));
    input.value = ""; // they are sent already; the form must not send them again
    await Promise.all(all);
  });

  // "Continue" waits for files that are still on their way.
  form.addEventListener("submit", async (event) => {
    if (under_way.size === 0) return;
    event.preventDefault();
    const button = event.submitter;
    while (under_way.size > 0) await pause(200);
    form.requestSubmit(button);
  });
})();
