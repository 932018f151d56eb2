// The subject's pages: copy a code, compare a PDF on this device. Both pages work without this file.
"use strict";
(() => {
  const startCopying = (button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent.trim());
      button.textContent = button.dataset.copied;
    });
  };

  const digestOf = async (file) => {
    const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  const startComparing = (box) => {
    const said = box.querySelector("[data-compare-said]");
    box.hidden = false;
    box.querySelector("input").addEventListener("change", async (event) => {
      const [file] = event.target.files;
      if (!file) return;
      if (!window.crypto?.subtle) said.textContent = box.dataset.unable;
      else said.textContent = (await digestOf(file)) === box.dataset.compare ? box.dataset.same : box.dataset.other;
    });
  };

  document.querySelectorAll("[data-copy]").forEach(startCopying);
  document.querySelectorAll("[data-compare]").forEach(startComparing);
})();
