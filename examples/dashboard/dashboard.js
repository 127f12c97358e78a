// Three runs side by side: what each has reached, its best, and one place that they are all looked at.
import { ViewerFrame } from "./viewer-frame.js";

const query = new URLSearchParams(location.search);
const viewer = query.get("viewer") ?? "http://localhost:8377/";
const given = query.getAll("run");
const runs = given.length > 0 ? given : ["data/0/vnc_affs", "data/0/vnc_mito_distance", "data/1/vnc_rawgt_distance"];

const linked = document.querySelector("#linked");
const template = document.querySelector("template");
const cards = runs.map(openCard);

function openCard(run) {
  const element = template.content.firstElementChild.cloneNode(true);
  document.querySelector("main").append(element);
  const part = (name) => element.querySelector(`[data-part="${name}"]`);
  const frame = new ViewerFrame(part("view"), viewer, { run, theme: "dark" });
  const card = { element, part, frame, state: undefined };
  part("view").title = `Viewer of ${run}`;
  part("name").textContent = run;
  const show = (message) => showState(card, message.state);
  const note = (text) => {
    part("note").textContent = text;
  };
  frame
    .on("silent", () =>
      note(
        `No viewer answers at ${viewer}: start it with npm start -- DIR --embed-origin ${location.origin}, or name another with ?viewer=.`,
      ),
    )
    .on("state", show)
    .on("validation", ({ iteration }) => note(`Iteration ${iteration} was validated.`))
    .on("best", ({ criterion, iteration, score }) =>
      note(`New best ${criterion}: ${score.toFixed(3)} at ${iteration}.`),
    )
    .on("progress", ({ done, total }) => note(`Scoring ${done} of ${total} outputs`))
    .on("error", ({ message }) => note(message));
  part("validate").addEventListener("click", () => validate(card).then(note, (error) => note(error.message)));
  return card;
}

function showState(card, state) {
  const before = card.state;
  const [run] = state.runs;
  card.state = state;
  card.element.dataset.settled = state.settled;
  if (run === undefined) return;
  card.part("name").textContent = run.name;
  card.part("reached").textContent =
    `${run.status} · trained until ${run.trainedUntil}, validated until ${run.validatedUntil}`;
  card.part("shown").textContent =
    `shown: ${state.selection.iteration ?? "nothing yet"} of ${state.selection.dataset ?? run.name}`;
  card.part("bests").replaceChildren(...bestsOf(card, run, state.selection));
  if (linked.checked && before && moved(before.view, state.view)) follow(card, state.view);
}

/** A button for each best of the shown dataset: it shows that iteration with those parameters. */
function bestsOf(card, run, { dataset }) {
  return run.best
    .filter((best) => best.dataset === dataset)
    .slice(0, 4)
    .map(({ criterion, iteration, parameters, score }) => {
      const button = document.createElement("button");
      button.textContent = `${criterion} ${score.toFixed(3)} at ${iteration}`;
      button.addEventListener("click", () => card.frame.ask("select", { criterion, iteration, parameters }));
      return button;
    });
}

async function validate({ frame, state }) {
  const { dataset, iteration } = state.selection;
  const { scores } = await frame.ask("validate", { dataset, iteration });
  const [[name, value] = []] = Object.entries(scores[0]?.criteria ?? {});
  return `${scores.length} outputs of ${iteration} scored again; ${name} of the first is ${value}.`;
}

const moved = (a, b) => JSON.stringify(a) !== JSON.stringify(b);

/** The others go where a person takes one; what they say of that themselves moves nobody. */
function follow(card, { position, scale, layout }) {
  if (document.activeElement !== card.part("view")) return;
  for (const other of cards)
    if (other !== card) other.frame.ask("setView", { view: { position, scale, layout } }).catch(() => undefined);
}

const all = (type, fields) => Promise.allSettled(cards.map(({ frame }) => frame.ask(type, fields)));

for (const button of document.querySelectorAll("[data-iteration]"))
  button.addEventListener("click", () => all("select", { iteration: button.dataset.iteration }));

document
  .querySelector("#layout")
  .addEventListener("change", ({ target }) => all("setView", { view: { layout: target.value } }));

document.querySelector("#theme").addEventListener("change", ({ target }) => {
  document.documentElement.dataset.theme = target.value;
  all("setTheme", { theme: target.value });
});
