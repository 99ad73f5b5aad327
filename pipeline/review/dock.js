// Deciding: the current change in the dock, one step after the other, and what undo takes back.

const steps = []; // what undo takes back, each a list of [id, the decision before, the decision after]
const drafts = new Map(); // comments on what is not decided yet, by id
let current = null; // a change or an edit by hand
let line = null; // the line that the keyboard went to
let unsaved = false;

const me = () => $("who").value.trim();
const plural = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;
const openFlags = () => flags.filter((flag) => !decided(flag));

function say(text, alarm = false) {
  $("message").setAttribute("role", alarm ? "alert" : "status");
  $("message").classList.toggle("alarm", alarm);
  $("message").replaceChildren(...shown(text));
}

function showSaved(state, trouble = "") {
  $("saved").textContent = state;
  unsaved = Boolean(trouble);
  if (trouble && $("message").textContent !== trouble) say(trouble, true);
  else if (!trouble && $("message").matches(".alarm") && state === "saved") say("");
}

const storage = desk
  ? deskStorage(showSaved, () => {
    redraw();
    warnOfConflict();
  })
  : browserStorage(showSaved);

// ---- decisions -----------------------------------------------------------------------------------

const nameOf = (item) => (isHand(item) ? "an edit by hand" : `flag ${item.n}`);
const clash = ([one, other]) => `Two texts lie over each other, of ${nameOf(one)} and of ${nameOf(other)}`;

function warnOfConflict() {
  const pair = conflict();
  if (pair) say(`${clash(pair)}: undo one of them.`, true);
  return Boolean(pair);
}

/** Sets decisions that were there before, or none, where nobody has decided otherwise since. */
function takeBack(step) {
  const back = step.filter(([id, , after]) => decisions.get(id) === after);
  for (const [id, before] of back) put(id, before);
  return back;
}

/**
 * Records decisions as one step that undo takes back; `given` holds [item, decision, text, reason], and undefined
 * takes a decision away. False, and nothing is decided, where two texts would claim one place or `holds` is not true.
 */
function decide(given, holds = () => true) {
  const when = new Date().toISOString();
  const step = given.map(([item, decision, text, reason]) => {
    const { id } = item;
    const before = decisions.get(id);
    const comment = drafts.get(id) ?? before?.comment;
    const place = isHand(item) ? item : {};
    put(id, decision && entryOf({ ...place, id, decision, text, who: me() || null, when, comment: comment || null, reason }));
    return [id, before, decisions.get(id)];
  });
  const pair = conflict();
  if (pair || !holds()) {
    takeBack(step);
    redraw();
    if (pair) say(`${clash(pair)}. Undo one of them first.`, true);
    return false;
  }
  for (const [id] of step) drafts.delete(id);
  steps.push(step);
  keep(step);
  return true;
}

function keep(step) {
  redraw();
  storage.save(step.map(([id]) => id));
}

function undo() {
  const step = steps.pop();
  if (!step) return say("There is nothing to undo.");
  const back = takeBack(step);
  keep(back);
  const first = itemOf(back[0]?.[0]);
  if (first) select(first);
  if (!back.length) return say("That was decided otherwise in another window meanwhile; it stays.");
  if (back.length > 1) return say(`Undone: ${back.length} decisions.`);
  return say(first && !isHand(first) ? `Undone: change ${first.n} is ${stateOf(first)} again.` : "Undone.");
}

function settle(decision, reason = null) {
  if (!current) return say("Choose a change first: press j, or click one.");
  if (isHand(current)) return decision === "rejected" ? remove(current) : go(1, true);
  return decideCurrent(decision, null, reason);
}

function decideCurrent(decision, text, reason) {
  if (!decide([[current, decision, text, reason]])) return;
  if (!unsaved) say("");
  go(1, true);
}

function remove(hand) {
  decide([[hand]]);
  current = null;
  drawCurrent();
  say("The edit is removed. u brings it back.");
}

function choose(i) {
  const text = current?.alternatives[i];
  if (text === undefined) return say(`This change has no suggestion ${i + 1}.`);
  return decideCurrent(isFlag(current) ? "edited" : "accepted", text);
}

// ---- drawing -------------------------------------------------------------------------------------

/** Draws what was decided since the last time, or everything. */
function redraw(everything = false) {
  const items = everything ? [...changes, ...hands.values()] : [...stale];
  stale.clear();
  drawItems(items);
  drawViews(everything ? lines : [...new Set(items.flatMap((item) => linesOf(placeOf(item))))]);
  drawList();
  drawOffers();
  const open = undecided().length;
  const done = changes.length - open;
  $("progress").max = changes.length || 1;
  $("progress").value = changes.length ? done : 1;
  const count = !changes.length ? "Nothing to decide" : !open ? `All ${done} decided` : `${done} of ${changes.length} decided`;
  if ($("count").textContent !== count) $("count").textContent = count;
  $("undo").disabled = !steps.length;
  document.querySelector("#finish summary").classList.toggle("primary", !open);
  current = current && (itemOf(current.id) ?? null);
  drawCurrent();
}

function drawList() {
  let left = 0;
  for (const item of document.querySelectorAll("#retranslate li")) {
    const settled = item.dataset.flags.split(" ").every((n) => ["rejected", "edited"].includes(decided(changes[n - 1])));
    if (item.hidden !== settled) item.hidden = settled;
    if (!settled) left++;
  }
  if (!$("copy")) return;
  $("retranslate-count").textContent = left;
  $("copy").disabled = !left;
}

function drawCurrent() {
  for (const node of main.querySelectorAll(".current")) node.classList.remove("current");
  line?.node.classList.add("current");
  for (const id of ["accept", "reject", "bad", "comment"]) $(id).disabled = !current;
  drawEdit();
  $("accept").firstElementChild.textContent = current && isFlag(current) && !isHand(current) ? "Confirm" : "Accept";
  $("reject").firstElementChild.textContent = !current || !isFlag(current) ? "Reject here" : isHand(current) ? "Remove" : "No issue here";
  if (!current) {
    for (const id of ["accept", "reject", "bad"]) $(id).setAttribute("aria-pressed", "false");
    const first = changes.length ? "Press j, or choose a change in the text, to begin." : "Nothing was changed, and nothing is flagged.";
    const where = line ? "This line is yours to edit: press e." : `${first} To change anything else, select it, or go to its line with Shift J, and press e.`;
    return $("current").replaceChildren(el("p", { className: "where" }, where));
  }
  const c = current;
  for (const node of [...partsOf(c), markerOf(c), noteOf(c), ...(view() !== "markup" || $("side").checked ? readingsOf(c) : [])])
    node.classList.add("current");
  const { comment = null, text: written = null, who } = decisions.get(c.id) ?? {};
  const text = decided(c) === "rejected" ? null : written;
  const state = drawnAs.get(c)?.startsWith('["covered"') ? COVERED : stateOf(c);
  const excerpt = c.before.length > 240 ? `${c.before.slice(0, 240)}…` : c.before;
  const preview = isFlag(c) && text === null ? el("q", { dir: "auto" }, excerpt || "¶") : difference(c.before, text ?? c.after);
  const remark = drafts.get(c.id) ?? comment;
  const reasons = c.rules.map((rule, i) => {
    const all = changes.filter((other) => other.rules.includes(rule) && !decided(other));
    const button = el("button", { type: "button", className: "all", onclick: () => bulk(rule) }, `All ${all.length} of this rule…`);
    const cite = c.sources[i] ? [" ", el("cite", { dir: "auto" }, c.sources[i])] : [];
    return el("p", { className: "why" }, el("bdi", {}, c.messages[i]), " ", el("code", { dir: "auto" }, rule), ...cite, " ", all.length > 1 ? button : []);
  });
  const choices = c.alternatives.slice(0, 5).map((choice, i) => {
    const why = c.alternative_reasons?.[i];
    const button = el("button", { type: "button", title: why ? named(why.message) : "", onclick: () => choose(i) },
      el("kbd", {}, String(i + 1)), " ", el("bdi", {}, choice || "(nothing)"));
    button.setAttribute("aria-pressed", String(text === choice));
    return el("li", {}, button);
  });
  const where = isHand(c) ? [] : [el("b", {}, String(c.n)), ` of ${changes.length} · ${LEVELS[c.level]} · ${c.stage} · `];
  $("current").replaceChildren(
    el("p", { className: "where" }, ...where, el("span", { className: "state" }, state)),
    el("p", { className: "preview", dir: "auto" }, preview),
    ...offerOf(c),
    ...reasons,
    ...(remark ? [el("p", { className: "comment", dir: "auto" }, remark, drafts.has(c.id) ? " (kept with your decision)" : who ? ` (${who})` : "")] : []),
    ...(choices.length ? [el("ol", { className: "choices", ariaLabel: "Other suggestions" }, ...choices)] : []),
  );
  const { decision, reason } = decisions.get(c.id) ?? {};
  $("accept").disabled = $("bad").disabled = isHand(c);
  $("accept").setAttribute("aria-pressed", String(decision === "accepted"));
  $("reject").setAttribute("aria-pressed", String(decision === "rejected" && reason !== "bad-rule"));
  $("bad").setAttribute("aria-pressed", String(reason === "bad-rule"));
}

function drawEdit() {
  const selection = isSelected();
  $("edit").disabled = !current && !line && !selection;
  $("edit").firstElementChild.textContent = selection ? "Edit selection" : line ? "Edit line" : "Edit";
}

// ---- where the editor is -------------------------------------------------------------------------

/** Brings an element into what the dock leaves free; twice, as the height of lines far off is only guessed. */
function reveal(node) {
  for (const _ of [1, 2]) {
    const box = node.getBoundingClientRect();
    const bottom = document.querySelector(".dock").getBoundingClientRect().top;
    if (box.top >= 140 && box.bottom <= bottom - 40) return;
    const top = Math.max(60, (bottom + 60) / 2 - box.height);
    window.scrollBy({ top: box.top - top, behavior: "instant" });
  }
}

/** Brings what the editor is at into sight. */
function revealHere() {
  if (line) reveal([line.markup, line.result, line.reading].find((node) => !node.hidden));
  else if (current) reveal(markerOf(current));
}

/** Closes what was open where the editor was; an alarm stays. */
function leave() {
  closeEditor();
  getSelection().removeAllRanges();
  if (!$("message").matches(".alarm")) say("");
}

function select(item) {
  leave();
  [current, line] = [item, null];
  drawCurrent();
  const readings = view() === "markup" ? [] : readingsOf(item);
  const candidates = [markerOf(item), ...readings, noteOf(item).querySelector("a")];
  const target = candidates.find((node) => node.getClientRects().length) ?? candidates[0];
  target.focus({ preventScroll: true });
  reveal(target);
}

function selectLine(step) {
  if (!lines.length) return say("There is no text.");
  const at = line ?? (current ? touching(lines, current)[0] : null);
  const index = at ? lines.indexOf(at) + step : step > 0 ? 0 : lines.length - 1;
  if (!lines[index]) return say(step > 0 ? "That was the last line." : "That was the first line.");
  leave();
  [current, line] = [null, lines[index]];
  drawCurrent();
  line.node.tabIndex = -1;
  line.node.focus({ preventScroll: true });
  return revealHere();
}

/** All that the editor can go to, in reading order. */
const stops = () => (hands.size ? [...changes, ...hands.values()].sort((a, b) => a.start - b.start) : changes);

/** Go to the next change that the filters show, in reading order; `open` looks for an undecided one. */
function go(step, open = false) {
  const all = stops();
  const from = current ? all.indexOf(current) : line ? all.findLastIndex((item) => item.start < line.start) + (step > 0 ? 0 : 1)
    : step > 0 ? -1 : all.length;
  for (let i = from + step; i >= 0 && i < all.length; i += step)
    if (shownByFilter(all[i]) && !(open && decided(all[i]))) return select(all[i]);
  if (!open) return say(step > 0 ? "That was the last change that the filters show." : "That was the first change that the filters show.");
  const left = all.find((item) => shownByFilter(item) && !decided(item));
  if (left && left !== current) {
    select(left);
    return say("Back to what is still undecided.");
  }
  if (current) select(current);
  if (changes.length && !undecided().length) say("Everything is decided. Take the final text at “Final text”.");
  return revealHere();
}

// ---- writing -------------------------------------------------------------------------------------

/** Opens the editor on a text; `done` is called with what was written. */
function write(title, text, button, done) {
  document.querySelector(".actions").hidden = true;
  $("editor").hidden = false;
  $("editor").querySelector("label").textContent = title;
  $("keep").firstElementChild.textContent = button;
  $("text").value = text;
  $("text").rows = Math.min(8, Math.max(2, Math.ceil(text.length / 90)));
  $("text").focus({ preventScroll: true });
  revealHere();
  keepText = () => {
    closeEditor();
    done($("text").value.replace(/\r\n|\r|\n/g, eol));
  };
}

let keepText;

function closeEditor() {
  $("editor").hidden = true;
  document.querySelector(".actions").hidden = false;
}

function cancel() {
  if (current) return select(current);
  closeEditor();
  return (line?.node ?? main).focus({ preventScroll: true });
}

const writeHere = (text, done) => write("The text that shall stand here", text, "Use this text", done);

function openEditor() {
  if (isSelected()) return editSelection();
  if (line) return editLine(line);
  if (!current) return say("Choose a change first: press j, or click one.");
  const now = chosen(current) ?? (isFlag(current) ? standing(placeOf(current)) : current.before);
  return writeHere(now, (text) => {
    if (isFlag(current)) return text === now ? select(current) : decideCurrent("edited", text);
    if (text === current.after) return decideCurrent("accepted", null);
    return text === current.before ? decideCurrent("rejected", null, "not-here") : decideCurrent("edited", text);
  });
}

function openComment() {
  if (!current) return say("Choose a change first: press j, or click one.");
  const { id } = current;
  const before = drafts.get(id) ?? decisions.get(id)?.comment ?? "";
  return write("Comment, kept with your decision", before, "Keep comment", (comment) => {
    drafts.set(id, comment);
    const { decision, text, reason } = decisions.get(id) ?? {};
    if (decision) decide([[current, decision, text, reason]]);
    return select(current);
  });
}

function bulk(rule) {
  const places = changes.filter((change) => change.rules.includes(rule) && !decided(change));
  if (!places.length) return say("Every place of this rule is decided.");
  const first = places[0];
  $("bulk-title").replaceChildren(...shown("Accept all undecided of "), el("code", { dir: "auto" }, rule));
  $("bulk-why").replaceChildren(el("bdi", {}, first.messages[first.rules.indexOf(rule)]));
  $("bulk-places").replaceChildren(...places.map((change) => {
    const { start, end } = change;
    const lineOf = (text) => text.split(/[\r\n]/);
    const lead = lineOf(slice(Math.max(0, start - 48), start)).at(-1).replace(/^\S{0,12}\s(?=.{20})/, "");
    const rest = lineOf(slice(end, end + 48))[0].replace(/(.{20})\s\S{0,12}$/, "$1");
    const text = isFlag(change) ? el("mark", {}, change.before) : difference(change.before, change.after);
    return el("li", { value: change.n, dir: "auto" }, `…${lead}`, text, `${rest}…`);
  }));
  $("bulk-accept").textContent = places.length === 1 ? "Accept this one" : `Accept these ${places.length}`;
  $("bulk-accept").onclick = () => {
    $("bulk").close();
    if (!decide(places.map((change) => [change, "accepted", null]))) return;
    go(1, true);
    say(`${places.length} accepted. u takes them back in one step.`);
  };
  return $("bulk").showModal();
}
