// Forms: questions that hide, drafts that save themselves, a word before leaving with changes.
// Everything works without this file; the server hides, checks and saves by itself too.
"use strict";
(() => {
  const DRAFT_PAUSE = 3000;

  const plain = (value) => {
    if (value === null || value === undefined) return "";
    return Array.isArray(value) ? value.map(plain).join("\n") : String(value);
  };

  // The same tree the server reads: webapp/forms/conditions.py.
  const isMet = (tree, values) => {
    const read = (operand) => (operand[0] === "name" ? values[operand[1]] : operand[1]);
    const [rule, first, second] = tree;
    switch (rule) {
      case "and": return isMet(first, values) && isMet(second, values);
      case "or": return isMet(first, values) || isMet(second, values);
      case "not": return !isMet(first, values);
      case "=": return plain(read(first)) === plain(read(second));
      case "in": return second.map(plain).includes(plain(read(first)));
      case "contains": return [].concat(read(first) ?? []).map(plain).includes(plain(second));
      default: return !["", "false"].includes(plain(values[first]));
    }
  };

  const isOut = (control) => control.closest("[hidden]") !== null;

  const answers = (form) => {
    const values = JSON.parse(form.dataset.facts || "{}");
    for (const control of form.elements) {
      const { name, type } = control;
      if (!name || isOut(control) || type === "file" || type === "submit") continue;
      if (type === "radio") {
        if (control.checked) values[name] = control.value;
        else values[name] ??= null;
      } else if (type === "checkbox") {
        const isList = control.closest("fieldset.field") !== null;
        if (!isList) values[name] = control.checked;
        else values[name] = [...(values[name] ?? []), ...(control.checked ? [control.value] : [])];
      } else values[name] = control.value;
    }
    return values;
  };

  // From top to bottom, so that a question hidden by a hidden question hides too.
  const showAndHide = (form) => {
    form.querySelectorAll("[data-hide]").forEach((part) => {
      const hide = isMet(JSON.parse(part.dataset.hide), answers(form));
      part.hidden = hide;
      if (part.tagName === "FIELDSET") part.disabled = hide;
    });
  };

  const drafts = (form) => {
    const state = form.querySelector("[data-draft-state]");
    const url = form.dataset.draftUrl;
    let timer = 0;
    let isChanged = false;
    let isSaving = false;
    const show = (words) => { if (state && words) state.textContent = words; };

    const save = async () => {
      if (isSaving || !isChanged || form.dataset.sent) return;
      isSaving = true;
      isChanged = false;
      show(state.dataset.saving);
      const body = new FormData(form);
      for (const key of [...body.keys()]) if (body.get(key) instanceof File) body.delete(key);
      try {
        const answer = await window.Jiannuo.post(url, body);
        if (answer.status === 401 || answer.type === "opaqueredirect") {
          isChanged = true;
          show(state.dataset.unsaved);
          window.Jiannuo.sessionOver();
        } else if (answer.ok) {
          const said = await answer.json().catch(() => ({}));
          show(said.saved || "");
        } else {
          isChanged = true;
          show(state.dataset.unsaved);
        }
      } catch {
        isChanged = true;
        show(state.dataset.offline);
      }
      isSaving = false;
    };

    const touch = () => {
      isChanged = true;
      if (!url) return;
      show(state?.dataset.unsaved);
      clearTimeout(timer);
      timer = setTimeout(save, DRAFT_PAUSE);
    };
    form.addEventListener("input", touch);
    form.addEventListener("change", touch);
    form.addEventListener("jiannuo:changed", touch);
    window.addEventListener("beforeunload", (event) => {
      if (isChanged && !form.dataset.sent) event.preventDefault();
    });
    // A hidden page may never come back: save what is there.
    document.addEventListener("visibilitychange", () => { if (document.hidden && url) save(); });
  };

  const start = (form) => {
    if (form.dataset.ready) return;
    form.dataset.ready = "yes";
    showAndHide(form);
    form.addEventListener("input", () => showAndHide(form));
    form.addEventListener("change", () => showAndHide(form));
    drafts(form);
    // An expired login must not cost what was typed: ask first, send only when the session lives.
    if (form.dataset.draftUrl) guardSession(form);
  };

  const guardSession = (form) => {
    form.addEventListener("submit", async (event) => {
      if (form.dataset.asked || event.submitter?.hasAttribute("data-save")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (form.dataset.asking) return;
      form.dataset.asking = "yes";
      const body = new FormData(form);
      for (const key of [...body.keys()]) if (body.get(key) instanceof File) body.delete(key);
      try {
        const answer = await window.Jiannuo.post(form.dataset.draftUrl, body);
        // Logged out, or logged in elsewhere as somebody else: sending would lose what was typed.
        if ([400, 401, 403, 404].includes(answer.status) || answer.type === "opaqueredirect") {
          window.Jiannuo.sessionOver();
          document.getElementById("messages")?.scrollIntoView({ block: "center" });
          return;
        }
      } catch {
        // Without an answer the browser's own page says so; the draft of a moment ago is kept.
      } finally {
        delete form.dataset.asking;
      }
      form.dataset.asked = "yes";
      form.requestSubmit(event.submitter ?? undefined);
    });
  };

  const startAll = () => document.querySelectorAll("form[data-form]").forEach(start);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", startAll);
  else startAll();
  document.addEventListener("htmx:after:swap", startAll);
})();
