// The surveyors' tablet: take a list out, write results without a network, send them once when there is one again.
"use strict";
(() => {
  const at = id => document.getElementById(id);
  const where = document.body.dataset;
  let key = null, list = null, house = null, token = "", sending = false;

  const SIGN_IN = "サインインが切れています。画面を開きなおしてサインインしてください。書いた結果はこの端末に残っています。";
  function show(id) {
    for (const one of ["start", "locked", "list", "entry"]) at(one).hidden = one !== id;
    const first = at(id).querySelector("h2");
    first.tabIndex = -1;
    first.focus();
  }
  function say(words, kind = "info") {
    const box = document.createElement("div"), line = document.createElement("p");
    line.textContent = words;
    box.className = `notice notice--${kind}`;
    box.append(line);
    at("message").replaceChildren(...(words ? [box] : []));
  }
  function network() {
    at("network").textContent = navigator.onLine ? "役場の網につながっています。" : "圏外です。書いた結果はこの端末に残り、つながったときに送れます。";
  }
  async function ask(address, options = {}) {
    const answer = await fetch(address, { ...options, headers: { ...options.headers, "X-Background": "1" } });
    if (answer.status === 401) throw new Error(SIGN_IN);
    if (!answer.ok) throw new Error("役場の機械が答えませんでした。少し待って、もう一度押してください。");
    return answer.json();
  }
  async function ready() {
    const said = await ask(where.ready);
    token = said.token;
    return said;
  }

  async function begin() {
    const kept = await Kept.list();
    if (kept) return show("locked");
    show("start");
    try {
      const said = await ready();
      at("team").replaceChildren(...said.teams.map(one => new Option(one.name, one.id)));
      if (!said.teams.length) say("班がまだありません。審査デスクの「被害認定調査」で班を加えてください。", "warning");
    } catch (error) {
      say(navigator.onLine ? error.message : "圏外です。一覧の持ち出しは、役場の中で行ってください。", "warning");
    }
  }

  async function takeOut(event) {
    event.preventDefault();
    const pin = at("new-pin").value;
    if (!/^[0-9]{8,}$/.test(pin)) return say("暗証番号は数字8桁以上にしてください。例: 誕生日でない8桁", "error");
    try {
      await ready();
      const body = new URLSearchParams({ team: at("team").value });
      list = await ask(where.checkout, { method: "POST", body, headers: { "X-CSRFToken": token } });
      const salt = crypto.getRandomValues(new Uint8Array(16));
      key = await Kept.keyOf(pin, salt);
      const sealed = await Kept.seal(key, list, "list");
      await Kept.keepList({ salt, expires: list.expires, checkout: list.id, sealed });
      at("new-pin").value = "";
      say("持ち出しました。圏外でも開けます。", "success");
      await showList();
    } catch (error) {
      say(error.message, "error");
    }
  }

  async function unlock(event) {
    event.preventDefault();
    const kept = await Kept.list();
    const pin = at("pin").value;
    at("pin").value = "";
    key = await Kept.keyOf(pin, kept.salt);
    try {
      list = await Kept.unseal(key, kept.sealed, "list");
    } catch {
      key = null;
      return say("暗証番号が違います。もう一度入力してください。", "error");
    }
    say("");
    await expire(kept);
    await showList();
    if (navigator.onLine) await send();
  }

  // after its time the houses are gone from the tablet; what was written stays until it is sent
  async function expire(kept) {
    if (new Date(kept.expires) > new Date() || !list.houses.length) return;
    list = { ...list, houses: [] };
    await Kept.keepList({ ...kept, sealed: await Kept.seal(key, list, "list") });
    say("一覧の期限が過ぎたため、家屋の一覧を端末から消しました。書いた結果は送れます。", "warning");
  }

  async function written() {
    const found = [];
    for (const one of await Kept.entries()) found.push(await Kept.unseal(key, one.sealed, one.id));
    return found;
  }

  async function showList() {
    const entries = await written();
    at("list-title").textContent = `${list.team} ${list.day}`;
    at("unsent").textContent = `まだ送っていない結果: ${entries.length}件`;
    at("houses").replaceChildren(...list.houses.map(one => row(one, entries.find(each => each.visit === one.visit))));
    show("list");
  }
  function row(one, entry) {
    const line = document.createElement("li"), words = document.createElement("span"), button = document.createElement("button");
    const state = entry ? `${entry.percent}%(未送信)` : one.sent ? "送信済み" : "調査待ち";
    words.textContent = `${one.address || "所在地の記入なし"} ${one.families.join("、")} ${one.method === "second" ? "第2次(内部立入)" : "第1次(外観)"} ${state}`;
    button.type = "button";
    button.className = "button button--small";
    button.textContent = "書く";
    button.setAttribute("aria-label", `${one.address}の結果を書く`);
    button.addEventListener("click", () => write(one, entry));
    line.append(words, button);
    return line;
  }
  function write(one, entry) {
    house = one;
    at("entry-title").textContent = `${one.address} ${one.families.join("、")}`;
    for (const name of ["percent", "photos", "note"]) at(name).value = entry ? entry[name] : "";
    at("percent-error").hidden = true;
    say("");
    show("entry");
  }

  function localDay() {
    return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Tokyo" }).format(new Date());
  }
  async function save(event) {
    event.preventDefault();
    const percent = at("percent").value.normalize("NFKC").trim();
    const good = /^[0-9]{1,3}$/.test(percent) && Number(percent) <= 100;
    at("percent-error").hidden = good;
    if (!good) return at("percent").focus();
    const id = crypto.randomUUID(); // a changed result is another one: should the first have arrived, a person compares
    const entry = { id, visit: house.visit, percent: Number(percent), surveyed_on: localDay(), photos: at("photos").value, note: at("note").value };
    const before = (await written()).filter(one => one.visit === house.visit);
    await Kept.keepEntry({ id, sealed: await Kept.seal(key, entry, id) });
    for (const one of before) await Kept.dropEntry(one.id);
    say("この端末に書きとめました。", "success");
    await showList();
  }

  async function send() {
    if (sending) return;
    sending = true;
    try {
      const entries = await written();
      if (!entries.length) return;
      await ready();
      const body = JSON.stringify({ checkout: list.id, entries });
      const said = await ask(where.upload, { method: "POST", body, headers: { "X-CSRFToken": token, "Content-Type": "application/json" } });
      await arrived(said.answers, entries);
    } catch (error) {
      say(navigator.onLine && error instanceof Error && !(error instanceof TypeError) ? error.message : "まだ送れません。圏外か、役場の機械につながりません。結果はこの端末に残っています。", "warning");
    } finally {
      sending = false;
    }
  }
  async function arrived(answers, entries) {
    const told = [];
    for (const one of answers) {
      const entry = entries.find(each => each.id === one.id);
      const place = list.houses.find(each => entry && each.visit === entry.visit);
      if (one.state !== "refused") {
        await Kept.dropEntry(one.id);
        if (place) place.sent = true;
      }
      if (one.state !== "accepted") told.push(`${place ? place.address : ""} ${one.words}`);
    }
    const kept = await Kept.list();
    await Kept.keepList({ ...kept, sealed: await Kept.seal(key, list, "list") });
    await showList();
    say(told.length ? told.join(" / ") : `${answers.length}件の結果を送りました。`, told.length ? "warning" : "success");
  }

  async function finish() {
    if ((await Kept.entries()).length) return say("まだ送っていない結果があります。先に「結果を送る」を押してください。", "warning");
    await Kept.dropAll();
    key = list = null;
    say("一覧を端末から消しました。", "success");
    await begin();
  }

  async function forget() {
    if (!confirm("この端末の一覧と、まだ送っていない結果をすべて消します。消した結果は、調査票(紙)から入れなおします。消しますか。")) return;
    await Kept.dropAll();
    say("端末から消しました。", "success");
    await begin();
  }

  at("start-form").addEventListener("submit", takeOut);
  at("unlock-form").addEventListener("submit", unlock);
  at("entry-form").addEventListener("submit", save);
  at("send").addEventListener("click", send);
  at("finish").addEventListener("click", finish);
  at("forget").addEventListener("click", forget);
  at("back").addEventListener("click", showList);
  addEventListener("online", () => { network(); if (key) send(); });
  addEventListener("offline", network);
  network();
  if (!window.isSecureContext || !navigator.serviceWorker) say("この画面は https で開いてください(暗号と圏外での利用に必要です)。", "error");
  else navigator.serviceWorker.register(where.worker).catch(() => say("圏外で使う準備ができませんでした。画面を開きなおしてください。", "warning"));
  begin();
})();
