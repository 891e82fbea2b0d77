// What script adds to every page. Nothing here is needed to use the portal.
(() => {
  "use strict";

  // The error summary takes the focus when a page comes back with errors, so that it is read first.
  const summary = document.getElementById("error-summary");
  if (summary) summary.focus();

  // A click on an entry of the summary puts the focus into the control, and shows its label too.
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".error-summary a[href^='#']");
    if (!link) return;
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    const control = target && (target.matches("input, select, textarea, [tabindex]") ? target : target.querySelector("input, select, textarea"));
    if (!control) return;
    event.preventDefault();
    control.focus({ preventScroll: true });
    (control.closest(".field, .group__item") || control).scrollIntoView({ block: "start" });
  });

  // A form that sends something is sent once; the server would find the second one out anyway.
  for (const form of document.querySelectorAll("form[data-submit-once]")) {
    let sent = false;
    form.addEventListener("submit", (event) => {
      if (sent) { event.preventDefault(); return; }
      sent = true;
      window.setTimeout(() => { sent = false; }, 8000);
    });
  }
  // Who applies for themselves need not see the questions about somebody else.
  const others = document.querySelector("[data-for-others]");
  if (others) {
    const show = () => {
      const chosen = document.querySelector("input[name=role]:checked");
      others.hidden = !chosen || chosen.value === "self";
    };
    for (const radio of document.querySelectorAll("input[name=role]")) radio.addEventListener("change", show);
    show();
  }

  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });

  // Two minutes before the sign-in ends, ask; an answer keeps it.
  const dialog = document.getElementById("session-end");
  if (dialog) {
    const idle = Number(dialog.dataset.idle) * 1000;
    const warning = Math.min(120000, idle / 2);
    let timer;
    const ended = () => window.location.assign(dialog.dataset.after);
    const warn = () => { dialog.showModal(); timer = window.setTimeout(ended, warning); };
    const start = () => { window.clearTimeout(timer); timer = window.setTimeout(warn, idle - warning); };
    const keep = async () => {
      const token = document.querySelector("input[name=csrfmiddlewaretoken]");
      const reply = await fetch(dialog.dataset.keep, { method: "POST", headers: { "X-CSRFToken": token ? token.value : "" } });
      if (dialog.open) dialog.close();
      if (reply.ok && !reply.redirected) start(); else ended();
    };
    dialog.querySelector("[data-session-keep]").addEventListener("click", keep);
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); keep(); });
    let last = Date.now();
    document.addEventListener("input", () => {
      if (Date.now() - last > 60000 && !dialog.open) { last = Date.now(); keep(); }
    });
    start();
  }
})();
