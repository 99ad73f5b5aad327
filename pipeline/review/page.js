// The controls around the article: filters and views, files and the final text, dialogs and keys.

function fill(id, all, values, name) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  $(id).append(el("option", { value: "" }, all), ...[...counts.keys()].map((value) =>
    el("option", { value }, `${name(value)} (${counts.get(value)})`)));
}

fill("level", "Level", changes.map((c) => c.level), (level) => ({ fix: "Fixes", suggest: "Suggestions", flag: "Flags" })[level]);
fill("stage", "Category", changes.map((c) => c.stage), String);
fill("rule", "Rule", changes.flatMap((c) => [...new Set(c.rules)]).sort(), String);
for (const id of ["level", "stage", "rule", "undecided"])
  $(id).addEventListener("change", () => {
    redraw(true);
    say(`${changes.filter(shownByFilter).length} of ${changes.length} changes shown.`);
  });
for (const input of [...document.querySelectorAll("input[name=view]"), $("side")])
  input.addEventListener("change", () => {
    drawViews();
    drawCurrent();
  });

// ---- files ---------------------------------------------------------------------------------------

const stem = record.source.name.replace(/\.[^.]*$/, "") || "article";
const ending = /\.(txt|text|md|markdown)$/i.exec(record.source.name)?.[0] ?? ".txt";

function download(name, blob) {
  const url = URL.createObjectURL(blob);
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

function saveDecisions() {
  download(`${stem}.decisions.json`, new Blob([`${JSON.stringify(asFile(), null, 1)}\n`], { type: "application/json" }));
  unsaved = false;
  say(`${plural(decisions.size, "decision")} downloaded.`);
}

function load(text, name) {
  let loaded;
  try {
    loaded = parsed(text);
  } catch (error) {
    return say(error.message, true);
  }
  // The newer decision of the file and of this page wins; one without a time is older than any.
  const time = (decision) => Date.parse(decision?.when ?? "") || 0;
  const newer = loaded.filter((d) => !decisions.has(d.id) || time(d) >= time(decisions.get(d.id)));
  const step = newer.map((decision) => [decision.id, decisions.get(decision.id), decision]);
  for (const decision of newer) put(decision.id, decision);
  const pair = conflict();
  if (pair) {
    takeBack(step);
    redraw();
    return say(`${clash(pair)}. Undo one of them, then load again.`, true);
  }
  if (newer.length) steps.push(step);
  keep(step);
  const gone = loaded.filter((d) => !itemOf(d.id)).length;
  const kept = loaded.length - newer.length;
  return say(`${newer.length} of ${plural(loaded.length, "decision")} taken from ${name}.`
    + (kept ? ` ${kept} on this page ${kept === 1 ? "is" : "are"} newer and stayed.` : "")
    + (gone ? ` ${gone} belong${gone === 1 ? "s" : ""} to changes that are not on this page any more; kept for the next download.` : ""));
}

/** Does something with the final text, once it is one: asks first where flags are undecided. */
function finish(action) {
  if (warnOfConflict()) return;
  const open = openFlags();
  if (!open.length) {
    action(false);
    return;
  }
  $("undone-title").textContent = open.length === 1 ? "One flag is undecided" : `${open.length} flags are undecided`;
  $("show-flags").onclick = () => {
    $("undone").close();
    for (const id of ["stage", "rule"]) $(id).value = "";
    $("level").value = "flag";
    $("undecided").checked = true;
    redraw(true);
    select(open[0]);
  };
  $("final-anyway").onclick = () => {
    $("undone").close();
    action(true);
  };
  $("undone").showModal();
}

async function copyFinal() {
  try {
    await navigator.clipboard.writeText(finalText());
    say("The final text is copied.");
  } catch {
    say("This browser does not let the page copy: download the final text instead.", true);
  }
}

function downloadFinal() {
  download(`${stem}.final${ending}`, new Blob([finalText()], { type: "text/plain;charset=utf-8" }));
  say("The final text is downloaded.");
}

/** Downloads what the app makes of the article, when it has all decisions. */
async function fetchFile(address, what, anyway) {
  const url = new URL(address, location);
  if (anyway) url.searchParams.set("anyway", "1");
  try {
    await storage.settled();
    const answer = await ask(url);
    const told = /filename\*=UTF-8''([^;]+)|filename="?([^";]+)/i.exec(answer.headers.get("Content-Disposition")) ?? [];
    download(decodeURIComponent(told[1] ?? "") || told[2] || stem, await answer.blob());
    say(`${what} is downloaded.`);
  } catch (error) {
    say(error.message, true);
  }
}

async function copyList() {
  const items = [...document.querySelectorAll("#retranslate li:not([hidden]) .sentence")].map((node) => {
    const copy = node.cloneNode(true);
    for (const mark of copy.querySelectorAll(".mark")) mark.remove();
    return copy.textContent;
  });
  try {
    await navigator.clipboard.writeText(`${items.join("\n")}\n`);
    say(`${plural(items.length, "sentence")} copied, one a line.`);
  } catch {
    getSelection().selectAllChildren(document.querySelector("#retranslate ol"));
    say("This browser does not let the page copy; the list is selected, press Ctrl C.");
  }
}

// ---- buttons and keys ----------------------------------------------------------------------------

function help() {
  $("storage").textContent = desk ? "Every decision is saved at once, in the decisions file beside the article."
    : "Your decisions stay in this browser, for this article, until you download them.";
  $("keys").showModal();
}

const bulkOfCurrent = () => (current?.rules.length ? bulk(current.rules[0]) : say("Choose a change first: press j, or click one."));
const clicks = {
  previous: () => go(-1), next: () => go(1), accept: () => settle("accepted"), reject: () => settle("rejected", "not-here"),
  bad: () => settle("rejected", "bad-rule"), edit: openEditor, comment: openComment, undo, help, keep: () => keepText(), cancel,
  save: saveDecisions, load: () => $("file").click(), copyfinal: () => finish(copyFinal),
  final: () => finish((anyway) => (desk ? fetchFile(desk.final, "The final text", anyway) : downloadFinal())),
  docx: () => finish((anyway) => fetchFile(desk.docx, "The Word file", anyway)),
};
for (const [id, action] of Object.entries(clicks)) $(id).addEventListener("click", action);
for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close());
$("file").addEventListener("change", async () => {
  const [file] = $("file").files;
  if (file) load(await file.text(), file.name);
  $("file").value = "";
});
if (document.querySelector("#retranslate li"))
  $("retranslate-title").after(el("button", { type: "button", id: "copy", onclick: copyList }, "Copy these sentences"));
if (desk) {
  $("docx").hidden = false;
  for (const link of document.querySelectorAll("a.desk"))
    link.addEventListener("click", async (event) => {
      event.preventDefault();
      await storage.settled();
      location = link.href;
    });
}

addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".menu[open]"))
    if (!menu.contains(event.target) || event.target.closest("button")) menu.open = false;
});

const keys = {
  j: () => go(1), k: () => go(-1), J: () => selectLine(1), K: () => selectLine(-1),
  a: () => settle("accepted"), r: () => settle("rejected", "not-here"), R: () => settle("rejected", "bad-rule"),
  e: openEditor, c: openComment, u: undo, t: () => takeOver(), A: bulkOfCurrent, "?": help,
  ...Object.fromEntries([1, 2, 3, 4, 5].map((digit) => [digit, () => current && choose(digit - 1)])),
};
document.addEventListener("keydown", (event) => {
  if (event.target === $("text")) {
    if (event.key === "Escape") cancel();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) keepText();
    return;
  }
  const menu = document.querySelector(".menu[open]");
  if (event.key === "Escape" && menu) {
    menu.open = false;
    menu.firstElementChild.focus();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.target.closest("select, textarea, input[type=text]") || !$("shortcuts").checked || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});
main.addEventListener("click", (event) => {
  if (!getSelection().isCollapsed) return; // someone selects text, to copy or to edit it
  for (let node = event.target; node !== main; node = node.parentElement) {
    const { n, note, flags } = node.dataset;
    const number = node.matches("a.n") && !itemsAt.has(node) ? node.hash.slice(3) : n ?? note ?? flags?.split(" ").at(-1);
    const [item] = itemsAt.get(node) ?? (number ? [changes[number - 1]] : []);
    if (!item) continue;
    event.preventDefault();
    select(itemOf(item.id));
    return;
  }
});
document.addEventListener("selectionchange", drawEdit);
$("edit").addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays

// ---- the start -----------------------------------------------------------------------------------

$("shortcuts").checked = setting("pipeline.shortcuts") !== "off";
$("shortcuts").addEventListener("change", () => setting("pipeline.shortcuts", $("shortcuts").checked ? "on" : "off"));
$("who").value = setting("pipeline.who") || desk?.who || "";
$("who").addEventListener("change", () => {
  setting("pipeline.who", me());
  redraw(true);
});
addEventListener("beforeunload", (event) => {
  if (unsaved && decisions.size) event.preventDefault();
});
storage.begin().then(() => redraw());
redraw();
