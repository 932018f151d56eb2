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

  const draw = async (place) => {
    const marks = JSON.parse(place.dataset.marks || "[]");
    try {
      const answer = await fetch(place.dataset.diagram, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const viewer = new window.BpmnJS({ container: place });
      await viewer.importXML(await answer.text());
      marks.forEach((one) => mark(viewer, one));
      markFlows(viewer, new Set(marks.map((one) => one.element)));
      viewer.get("canvas").zoom("fit-viewport", "auto");
      place.dataset.drawn = "yes";
    } catch (problem) {
      place.textContent = place.dataset.failed;
      place.classList.remove("bpmn");
      console.warn(problem);
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-diagram]").forEach(draw);
  });
})();
