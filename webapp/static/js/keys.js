// Single keys for who works through a list. They rest while one types, and can be switched off.
"use strict";
(() => {
  if (document.body.dataset.shortcuts === "off") return;

  const rows = () => [...document.querySelectorAll("table[data-rows] tr.item")];
  const here = () => document.querySelector("tr.item.is-here");
  const isTyping = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog") !== null;

  const go = (step) => {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(here());
    const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step))];
    here()?.classList.remove("is-here");
    next.classList.add("is-here");
    next.querySelector("a.what")?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };

  const open = (address) => { if (address) window.location.assign(address); };

  const claim = (row) => {
    const form = row?.querySelector(".c-act form");
    if (row?.dataset.claim && form) form.requestSubmit();
  };

  const pick = (row) => {
    const box = row?.querySelector(".c-sel input");
    if (!box) return;
    box.checked = !box.checked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const unpick = () => {
    document.querySelectorAll("table[data-rows] .c-sel input:checked").forEach((box) => {
      box.checked = false;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    });
  };

  const bulk = (key) => {
    const bar = document.querySelector("[data-bulk]:not([hidden])");
    const button = bar?.querySelector(`[data-bulk-key="${key}"]`);
    if (button) bar.requestSubmit(button);
    return Boolean(button);
  };

  const ACTIONS = {
    j: () => go(1),
    k: () => go(-1),
    x: () => pick(here()),
    c: () => claim(here()),
    e: () => open(here()?.dataset.explain),
    r: () => document.querySelector("[data-show-new]")?.click(),
    "/": () => document.querySelector('[data-key="/"]')?.focus(),
    "?": () => document.getElementById("keys")?.showModal(),
    Enter: () => open(here()?.dataset.url),
    Escape: unpick,
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    // A focused link or button keeps its own Enter.
    if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (/^[a-z]$/.test(key) && bulk(key.toUpperCase())) {
      event.preventDefault();
      return;
    }
    const action = ACTIONS[key];
    if (!action) return;
    event.preventDefault();
    action();
  });
})();
