// The handout's page: levers choose a number, the number chooses what was computed beforehand. Nothing is computed here.
(async () => {
  const data = JSON.parse(document.getElementById("grid").textContent);
  const root = document.documentElement;
  const controls = [...document.querySelectorAll("[data-lever]")];
  const said = document.getElementById("said");
  const views = [];
  for (const place of document.querySelectorAll(".panel")) {
    const spec = data.specs[views.length];
    const options = {mode: "vega-lite", actions: false, renderer: "svg"};
    views.push((await vegaEmbed(place.querySelector(".plot"), spec, options)).view);
  }
  const texts = [...document.querySelectorAll(".panel .text")];

  const chosen = () => controls.reduce((sum, one, i) => sum * data.levers[i].length + Number(one.value), 0);

  function name(control, i) {
    const text = data.levers[i][Number(control.value)];
    control.parentElement.querySelector("output").textContent = text;
    control.setAttribute("aria-valuetext", text);
  }

  async function show() {
    const number = chosen(), cell = data.cells[number];
    controls.forEach(name);
    said.textContent = cell.says;
    said.className = cell.verdict;
    root.dataset.shown = number;
    if (!cell.rows) return;
    texts.forEach((place, i) => { place.textContent = cell.texts[i]; });
    await Promise.all(views.map((view, i) => view.data("rows", cell.rows[i]).runAsync()));
    root.dataset.drawn = number;
  }

  controls.forEach((control) => control.addEventListener("input", show));
  document.getElementById("reset").addEventListener("click", () => {
    controls.forEach((control, i) => { control.value = data.first[i]; });
    show();
  });
  await show();
})();
