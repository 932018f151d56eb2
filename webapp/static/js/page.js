// Small things every page needs: printing, one click one post, asking htmx answers nicely.
"use strict";
document.documentElement.classList.add("has-script");
(() => {
  const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-print]");
    if (button) {
      event.preventDefault();
      window.print();
    }
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // A form is sent once, whatever the finger does; the server's command id is the second guard.
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-once]");
    if (!form || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    const state = form.querySelector("[data-draft-state]");
    if (state && !event.submitter?.hasAttribute("data-save")) state.textContent = state.dataset.sending;
  });
  // Coming back with the browser's arrow shows the page as it was left: let it be sent again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-autosubmit]");
    if (form && event.target.matches("select")) form.requestSubmit();
  });

  const say = (words) => {
    const place = document.getElementById("messages");
    if (!place || !words) return null;
    const note = document.createElement("div");
    note.className = "note mb-3";
    note.textContent = words;
    place.replaceChildren(note);
    return note;
  };

  // The way back in opens beside this page, so that nothing typed here is left.
  const sessionOver = () => {
    const { sessionOver: words, sessionDoor: url, sessionDoorName: name } = document.body.dataset;
    const note = say(words);
    if (!note) return;
    const door = document.createElement("a");
    Object.assign(door, { href: url, target: "_blank", rel: "noopener", textContent: name });
    note.append(" ", door);
  };

  const focusFirst = () => document.querySelector("[data-focus]")?.focus();
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", focusFirst);
  else focusFirst();

  const send = (url, body) =>
    fetch(url, {
      method: "POST",
      body,
      credentials: "same-origin",
      redirect: "manual",
      headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch", Accept: "application/json" },
    });

  // Who logs in again in another tab has a new token there: this page takes it over and goes on.
  const renewToken = async () => {
    const answer = await fetch(location.href, { credentials: "same-origin", redirect: "manual" });
    if (answer.type === "opaqueredirect") return "login";
    if (!answer.ok) return "failed";
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector('meta[name="csrf-token"]')?.content;
    if (!fresh || fresh === token()) return "failed";
    document.querySelector('meta[name="csrf-token"]').content = fresh;
    document.querySelectorAll('input[name="csrf_token"]').forEach((input) => { input.value = fresh; });
    return "renewed";
  };

  window.Jiannuo = {
    token,
    say,
    sessionOver,
    post: async (url, body) => {
      const answer = await send(url, body);
      if (answer.status !== 400) return answer;
      const renewed = await renewToken();
      if (renewed === "login") return new Response(null, { status: 401 });
      if (renewed !== "renewed") return answer;
      if (body instanceof FormData && body.has("csrf_token")) body.set("csrf_token", token());
      return send(url, body);
    },
  };
})();
