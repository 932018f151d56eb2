// Draws a case's diagram with where it stands: passed bold, current framed blue with a count.
// The same stands beside it in words, for who cannot see the picture.
"use strict";
(() => {
  const mark = (viewer, { element, standing, count }) => {
    const canvas = viewer.get("canvas");
    const registry = viewer.get("elementRegistry");
    if (!registry.get(element)) return;
    canvas.addMarker(element, standing === "now" ? "jn-now" : "jn-was");
    if (standing !== "now" || !count) return;
    const badge = document.createElement("span");
    badge.className = "jn-count";
    badge.textContent = String(count);
    viewer.get("overlays").add(element, "jn-count", { position: { top: -10, right: 10 }, html: badge });
  };

  const markFlows = (viewer, passed) => {
    const canvas = viewer.get("canvas");
    viewer.get("elementRegistry").forEach((shape) => {
      const from = shape.businessObject?.sourceRef?.id;
      const to = shape.businessObject?.targetRef?.id;
      if (shape.waypoints && passed.has(from) && passed.has(to)) canvas.addMarker(shape.id, "jn-was");
    });
  };

  // A whole process is too small to read: begin where the case stands, at a size one can read.
  const READABLE = 1;
  const showHere = (viewer, marks) => {
    const canvas = viewer.get("canvas");
    const registry = viewer.get("elementRegistry");
    const here = marks.filter((one) => one.standing === "now").map((one) => registry.get(one.element)).find(Boolean);
    if (!here) return false;
    canvas.zoom(READABLE);
    const { width, height } = canvas.viewbox().outer;
    canvas.viewbox({
      x: here.x + Math.min(here.width, 300) / 2 - width / READABLE / 2,
      y: here.y + here.height / 2 - height / READABLE / 2,
      width: width / READABLE,
      height: height / READABLE,
    });
    return true;
  };

  const showWhole = (viewer) => viewer.get("canvas").zoom("fit-viewport", "auto");

  const STEPS = { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] };

  const control = (place, viewer, marks) => {
    // The wheel belongs to the page: a diagram that swallows it traps the reader.
    viewer.get("zoomScroll").toggle(false);
    const canvas = viewer.get("canvas");
    const acts = {
      here: () => showHere(viewer, marks) || showWhole(viewer),
      whole: () => showWhole(viewer),
      larger: () => canvas.zoom(canvas.zoom() * 1.25, "auto"),
      smaller: () => canvas.zoom(canvas.zoom() / 1.25, "auto"),
    };
    const bar = place.parentElement.querySelector("[data-diagram-bar]");
    bar.hidden = false;
    bar.addEventListener("click", (event) => acts[event.target.closest("[data-act]")?.dataset.act]?.());
    place.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (!step) return;
      event.preventDefault();
      canvas.scroll({ dx: step[0], dy: step[1] });
    });
    acts.here();
  };

  // A diagram that was refused is kept nowhere: the page brings it along.
  const xmlOf = async (place) => {
    if (place.dataset.diagramOf) return document.getElementById(place.dataset.diagramOf).value;
    const answer = await fetch(place.dataset.diagram, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  };

  const draw = async (place) => {
    const marks = JSON.parse(place.dataset.marks || "[]");
    try {
      const viewer = new window.BpmnJS({ container: place });
      await viewer.importXML(await xmlOf(place));
      marks.forEach((one) => mark(viewer, one));
      markFlows(viewer, new Set(marks.map((one) => one.element)));
      control(place, viewer, marks);
      place.dataset.drawn = "yes";
    } catch (problem) {
      place.textContent = place.dataset.failed;
      place.classList.remove("bpmn");
      console.warn(problem);
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-diagram]").forEach(draw);
    // What is folded has no size yet: draw it when it is opened.
    document.querySelectorAll("[data-diagram-of]").forEach((place) => {
      place.closest("details").addEventListener("toggle", () => draw(place), { once: true });
    });
  });
})();
