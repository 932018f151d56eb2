// The inbox: rows never move under the hand. New arrivals are counted and wait behind 显示.
"use strict";
(() => {
  const POLL = 60000;

  const filled = (text, count) => text.replace("{count}", String(count));

  const watch = (place) => {
    const url = place.dataset.poll;
    if (!url) return;
    const ask = async () => {
      if (document.hidden) return;
      try {
        const answer = await fetch(url, { credentials: "same-origin", redirect: "manual", headers: { Accept: "application/json" } });
        if (!answer.ok) return;
        const { new: count } = await answer.json();
        place.querySelector("[data-new]").hidden = !count;
        if (count) place.querySelector("[data-new-words]").textContent = filled(place.dataset.newText, count);
      } catch {
        // The next round asks again; an inbox that cannot ask is only less fresh.
      }
    };
    setInterval(ask, POLL);
  };

  const showBulk = () => {
    const bar = document.querySelector("[data-bulk]");
    if (!bar) return;
    const picked = document.querySelectorAll("table[data-rows] .c-sel input:checked");
    bar.hidden = picked.length === 0;
    const words = bar.querySelector("[data-count-text]");
    words.textContent = filled(words.dataset.countText, picked.length);
  };

  document.addEventListener("change", (event) => {
    if (!event.target.matches("table[data-rows] .c-sel input")) return;
    event.target.closest("tr").classList.toggle("is-picked", event.target.checked);
    showBulk();
  });

  const start = () => {
    document.querySelectorAll("[data-arrivals]").forEach(watch);
    showBulk();
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
