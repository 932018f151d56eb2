// Files are sent as soon as they are chosen and wait on the server; the form carries their tokens.
"use strict";
(() => {
  const filled = (text, facts) => text.replace(/\{(\w+)\}/g, (all, name) => facts[name] ?? all);
  const size = (bytes) =>
    bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / 1048576).toFixed(1).replace(/\.0$/, "")} MB`;

  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  };

  const isTaken = (file, accept) => {
    const wanted = accept.split(",").map((part) => part.trim().toLowerCase()).filter(Boolean);
    if (!wanted.length) return true;
    const name = file.name.toLowerCase();
    return wanted.some((kind) =>
      kind.startsWith(".") ? name.endsWith(kind) : kind.endsWith("/*") ? file.type.startsWith(kind.slice(0, -1)) : file.type === kind);
  };

  const problem = (file, box) => {
    const limit = Number(box.dataset.limit);
    const facts = { name: file.name, size: size(file.size), limit: size(limit), types: box.dataset.typeWords };
    if (file.size === 0) return filled(box.dataset.empty, facts);
    if (limit && file.size > limit) return filled(box.dataset.tooBig, facts);
    if (!isTaken(file, box.dataset.accept)) return filled(box.dataset.wrongType, facts);
    return "";
  };

  const send = (file, box, row) => {
    const meta = row.querySelector(".meta");
    const bar = row.querySelector("progress");
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("file", file);
    body.append("field", box.dataset.name);
    request.open("POST", box.dataset.upload);
    request.setRequestHeader("X-CSRFToken", window.Jiannuo.token());
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.max = event.total;
      bar.value = event.loaded;
      meta.textContent = `${size(event.loaded)} / ${size(event.total)}，${box.dataset.sending}`;
    });
    request.addEventListener("load", () => finish(request, file, box, row));
    request.addEventListener("error", () => fail(box.dataset.broken, file, box, row));
    request.addEventListener("abort", () => row.remove());
    request.send(body);
  };

  const finish = (request, file, box, row) => {
    let said = {};
    try { said = JSON.parse(request.responseText); } catch { /* a page instead of an answer */ }
    if (request.status === 401) {
      window.Jiannuo.sessionOver();
      fail(box.dataset.broken, file, box, row);
    } else if (request.status < 300 && said.token) {
      row.querySelector("progress").remove();
      row.querySelector(".meta").textContent = `${size(file.size)}，${said.note || box.dataset.received}`;
      const token = make("input");
      token.type = "hidden";
      token.name = box.dataset.name;
      token.value = said.token;
      row.append(token);
      row.dispatchEvent(new CustomEvent("jiannuo:changed", { bubbles: true }));
    } else {
      // A page-wide refusal (too large, expired) names its sentence apart from its key.
      const words = said.message || said.error;
      fail(words || box.dataset.broken, file, box, row, Boolean(words));
    }
  };

  const fail = (words, file, box, row, isFinal = false) => {
    row.querySelector("progress")?.remove();
    const meta = row.querySelector(".meta");
    meta.textContent = words;
    meta.classList.add("bad-file");
    if (isFinal) return;
    const again = make("button", "aslink", box.dataset.again);
    again.type = "button";
    again.addEventListener("click", () => {
      row.remove();
      take(file, box);
    });
    row.insertBefore(again, row.lastElementChild);
  };

  const take = (file, box) => {
    const row = make("li");
    const words = make("span", "", `${file.name} `);
    words.append(make("span", "meta"));
    const remove = make("button", "aslink", box.dataset.remove);
    remove.type = "button";
    remove.dataset.removeFile = "";
    row.append(words, remove);
    const list = box.querySelector("[data-files]");
    if (box.dataset.many !== "yes") list.replaceChildren();
    list.append(row);
    const trouble = problem(file, box);
    if (trouble) {
      fail(trouble, file, box, row, true);
      return;
    }
    row.insertBefore(make("progress"), remove);
    send(file, box, row);
  };

  document.addEventListener("change", (event) => {
    const box = event.target.closest("[data-upload]");
    if (!box || event.target.type !== "file" || !box.dataset.upload) return;
    [...event.target.files].forEach((file) => take(file, box));
    event.target.value = "";
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove-file]");
    if (!button) return;
    const form = button.closest("form");
    button.closest("li").remove();
    form?.dispatchEvent(new CustomEvent("jiannuo:changed"));
  });
})();
