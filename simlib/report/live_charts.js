// Draws several charts with one library, and again those that changed.
function drawer(model, el) {
  const drawn = [];
  let last = Promise.resolve();
  async function draw() {
    const specs = model.get("specs");
    if (!window.vegaEmbed) new Function(model.get("library"))();
    while (el.children.length < specs.length) el.append(document.createElement("div"));
    while (el.children.length > specs.length) el.lastChild.remove();
    drawn.length = specs.length;
    for (const [i, spec] of specs.entries()) {
      const text = JSON.stringify(spec);
      if (text === drawn[i]) continue;
      const options = {mode: "vega-lite", actions: false, renderer: "svg"};
      try {
        await window.vegaEmbed(el.children[i], JSON.parse(text), options);
        drawn[i] = text;
      } catch (error) {
        el.children[i].textContent = String(error);
        drawn[i] = undefined;
      }
    }
    el.dataset.drawn = Number(el.dataset.drawn ?? 0) + 1;
  }
  return () => {
    last = last.then(draw).catch(console.error);
    return last;
  };
}

function render({model, el}) {
  el.classList.add("simlib-charts");
  el.style.display = "block";
  const draw = drawer(model, el);
  model.on("change:specs", draw);
  model.on("change:waiting", () => {
    for (const old of [...el.children].slice(1)) old.style.opacity = model.get("waiting") ? 0.3 : 1;
  });
  draw();
}

export default {render};
