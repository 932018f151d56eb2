// The letter beside its form: the paper follows what is written, drawn by the server.
"use strict";
(() => {
  const PAUSE = 600;

  const follow = (paper) => {
    const form = document.getElementById(paper.dataset.previewForm);
    if (!form) return;
    let timer = 0;
    let asked = 0;
    const draw = async () => {
      const turn = ++asked;
      const body = new FormData(form);
      for (const key of [...body.keys()]) if (body.get(key) instanceof File) body.delete(key);
      try {
        const answer = await window.Jiannuo.post(paper.dataset.preview, body);
        // A slow answer must not overwrite a younger one.
        if (answer.ok && turn === asked) paper.innerHTML = await answer.text();
      } catch {
        // Without an answer the paper stays as it was; the form is untouched.
      }
    };
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(draw, PAUSE);
    });
  };

  const start = () => document.querySelectorAll("[data-preview]").forEach(follow);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
