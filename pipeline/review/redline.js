// The article on the page: what the static redline shows, redrawn as decisions and views have it.
// Everything from the record is written as text nodes, never as HTML.

const $ = (id) => document.getElementById(id);
const { marks, joiners } = read("marks");

document.body.append($("controls").content.cloneNode(true));
document.querySelector("main").before(document.querySelector(".toolbar"));
document.documentElement.classList.add("scripted");

// ---- text for the page ---------------------------------------------------------------------------

const MARK = new RegExp(`[${Object.keys(marks).join("").replace(/[\\\]^-]/g, "\\$&")}]`, "u");

/** Where most of a text runs to, as the static page decides it. */
function direction(text) {
  const letters = (range) => text.match(range)?.length ?? 0;
  return letters(/[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/g) > letters(/[A-Za-z\u00c0-\u058f]/g) ? "rtl" : "ltr";
}

/** Text nodes, with the characters that show nothing by name, as the static page has them. */
function shown(text) {
  const names = /^[\u200c\u200d]+$/.test(text) ? { ...marks, ...joiners } : marks;
  if (names === marks && !MARK.test(text)) return [document.createTextNode(text)];
  const nodes = [];
  let plain = "";
  for (const character of text) {
    if (!(character in names)) { plain += character; continue; }
    nodes.push(document.createTextNode(plain), el("span", { className: "mark" }, names[character]));
    plain = "";
  }
  return [...nodes, document.createTextNode(plain)];
}

/** A text for an attribute, where marks can only be named. */
const named = (text) => shown(text).map((node) => node.textContent).join("");

function el(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children.flatMap((child) => (typeof child === "string" ? shown(child) : child)));
  return node;
}

const TOKEN = /\d+(?:[.,:/–-]\d+)+|[\p{L}\p{M}\p{N}_\u200c\u200d]+(?:[-‑'’][\p{L}\p{M}\p{N}_\u200c\u200d]+)*|\r\n|[\r\n]|[^\S\r\n]+|\P{M}\p{M}*/gu;

/** What differs between two texts, by whole words: [["same" | "del" | "ins", text], …]. */
function words(before, after) {
  const old = before.match(TOKEN) ?? [];
  const young = after.match(TOKEN) ?? [];
  if (old.length * young.length > 1e6 || !old.length || !young.length)
    return [["del", before], ["ins", after]].filter((piece) => piece[1]);
  const common = Array.from({ length: old.length + 1 }, () => new Uint32Array(young.length + 1));
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = young.length - 1; j >= 0; j--)
      common[i][j] = old[i] === young[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
  const pieces = [];
  let gone = "", come = "", i = 0, j = 0;
  const flush = () => {
    if (gone) pieces.push(["del", gone]);
    if (come) pieces.push(["ins", come]);
    gone = come = "";
  };
  while (i < old.length || j < young.length) {
    if (i < old.length && j < young.length && old[i] === young[j]) {
      let same = "";
      while (i < old.length && j < young.length && old[i] === young[j]) { same += old[i++]; j++; }
      // A space alone between two changes reads worse than one longer change.
      if (!same.trim() && (gone || come) && (i < old.length || j < young.length)) { gone += same; come += same; }
      else { flush(); pieces.push(["same", same]); }
    } else if (j >= young.length || (i < old.length && common[i + 1][j] >= common[i][j + 1])) gone += old[i++];
    else come += young[j++];
  }
  flush();
  return pieces;
}

const label = (text) => el("span", { className: "vh" }, text);
const drawn = ([op, text]) => {
  const visible = text.replace(/(?:\r\n|\r|\n)+/g, "¶");
  return op === "same" ? shown(text)
    : el(op, { dir: "auto", className: text.trim() ? "" : "blank" }, label(op === "del" ? "[deleted: " : "[inserted: "), visible, label("]"));
};
const difference = (before, after) => words(before, after).flatMap(drawn);

// ---- what stands where ---------------------------------------------------------------------------

const main = document.querySelector("main");
const lines = [...main.querySelectorAll(".line")].map((node) => {
  const reading = el("div", { className: "reading original", hidden: true });
  const result = el("div", { className: "reading final", hidden: true });
  const markup = node.querySelector(".markup");
  markup.before(reading);
  markup.after(result);
  return { node, start: Number(node.dataset.start), end: Number(node.dataset.end), markup, reading, result, places: [] };
});
for (const change of changes) for (const line of touching(lines, change)) line.places.push(change);

/** The lines that a place reaches into; where it lies between lines, the next one. */
function linesOf(place) {
  const here = touching(lines, place);
  return here.length || !lines.length ? here : [lines.find(({ start }) => start > place.end) ?? lines.at(-1)];
}

const spans = new Map(changes.map((change) => [change, []])); // the parts of a change, the stretches under a flag
for (const span of main.querySelectorAll(".change")) spans.get(changes[span.dataset.n - 1]).push(span);
const stretches = new Map(); // what lies under flags: by element, the flags
for (const span of main.querySelectorAll(".flagged")) {
  stretches.set(span, span.dataset.flags.split(" ").map((n) => changes[n - 1]));
  for (const flag of stretches.get(span)) spans.get(flag).push(span);
}
const itemsAt = new WeakMap(); // what the script draws: by element, the items it is about
const written = new Map(); // by id, what is drawn of a text written by hand: { text, struck, marker, note }

const markerOf = (item) => (isHand(item) ? written.get(item.id).marker : $(`c-${item.n}`));
const noteOf = (item) => (isHand(item) ? written.get(item.id).note : $(`n-${item.n}`));
const partsOf = (item) => (isHand(item) ? [...written.get(item.id).struck, written.get(item.id).text] : spans.get(item));
const readingsOf = (item) => [...main.querySelectorAll(".place")].filter((node) => itemsAt.get(node).includes(item));

// ---- the views -----------------------------------------------------------------------------------

/** The text of a line as one view has it, cut where changes begin and end: [[text, what it is about], …]. */
function segments(line, pieces) {
  const out = [];
  const places = [...line.places, ...[...hands.values()].filter((hand) => overlap(hand, line))];
  const i = lines.indexOf(line);
  const begins = i ? lines[i - 1].end + 1 : 0; // what is written between two lines stands in the second
  const ends = line === lines.at(-1) ? Infinity : line.end;
  let at = line.start;
  const plain = (to) => {
    const cuts = places.flatMap((c) => [c.start, c.end]).filter((p) => p > at && p < to).sort((a, b) => a - b);
    for (const cut of [...cuts, to]) {
      if (cut <= at) continue;
      const stretch = { start: at, end: cut };
      out.push([slice(at, cut), places.filter((c) => overlap(c, stretch))]);
      at = cut;
    }
  };
  for (const piece of pieces) {
    if (piece.start > ends || (piece.start < begins && piece.end < line.start)) continue;
    if (piece.start >= begins) {
      plain(Math.min(piece.start, line.end));
      out.push([piece.text, [piece.item, ...places.filter((c) => c !== piece.item && overlap(c, piece))]]);
    }
    at = Math.max(at, piece.end);
  }
  plain(line.end);
  return out;
}

function drawReading(node, parts) {
  const paragraphs = [el("p", {})];
  for (const [text, items] of parts)
    text.split(/[\r\n]+/).forEach((piece, i) => {
      if (i) paragraphs.push(el("p", {}));
      if (!piece) return;
      if (!items.length) return paragraphs.at(-1).append(...shown(piece));
      const span = el("span", { className: "place", tabIndex: -1 }, piece);
      itemsAt.set(span, items);
      if (items.some((item) => isFlag(item) && !decided(item))) span.classList.add("flagged");
      paragraphs.at(-1).append(span);
    });
  for (const paragraph of paragraphs) paragraph.dir = direction(paragraph.textContent);
  node.replaceChildren(...paragraphs.filter((p) => p.hasChildNodes()));
}

const view = () => document.querySelector("input[name=view]:checked").value;

/** Draws the view that is chosen, of all lines or of some. */
function drawViews(some = lines) {
  const original = view() === "original" || $("side").checked;
  const final = view() === "final";
  const made = final ? replacements() : [];
  main.classList.toggle("side", $("side").checked && view() !== "original");
  for (const line of some) {
    if (original) drawReading(line.reading, segments(line, []));
    if (final) drawReading(line.result, segments(line, made));
    line.reading.hidden = !original;
    line.markup.hidden = view() !== "markup";
    line.result.hidden = !final;
  }
}

// ---- decisions in the redline --------------------------------------------------------------------

const FLAG_STATES = { accepted: "confirmed", rejected: "no issue", edited: "rewritten" };
const LEVELS = { fix: "Fix, made", suggest: "Suggestion, waiting", flag: "Flag" };

/** What is decided about something, in words: also why, and by whom where that was someone else. */
function stateOf(item) {
  const { decision, reason, who } = decisions.get(item.id) ?? {};
  if (!decision) return "undecided";
  const word = isHand(item) ? "edited by hand" : isFlag(item) ? FLAG_STATES[decision] : decision;
  return [reason === "bad-rule" ? `${word}: bad rule` : word, who && who !== me() ? `by ${who}` : ""].filter(Boolean).join(" ");
}

const COVERED = "replaced by a text written over it";
const drawnAs = new Map(); // by change, what is drawn of its decision
const made = new Map(); // by element, what the static page has in it, to go back to

/** The text that someone chose or wrote for a change, where that is not its own. */
function ownText(item) {
  const text = decided(item) === "rejected" ? null : decisions.get(item.id)?.text ?? null;
  return text === item.after ? null : text;
}

function drawChange(change, covered) {
  const text = ownText(change);
  const state = covered ? "covered" : decided(change) ?? "undecided";
  const comment = decisions.get(change.id)?.comment ?? null;
  const key = JSON.stringify([state, text, comment, stateOf(change)]);
  if ((drawnAs.get(change) ?? '["undecided",null,null,"undecided"]') === key) return;
  drawnAs.set(change, key);
  const note = noteOf(change);
  note.dataset.state = state;
  for (const node of note.querySelectorAll(".state, .comment")) node.remove();
  if (state !== "undecided")
    note.querySelector(".what").append(el("span", { className: "state" }, ` · ${covered ? COVERED : stateOf(change)}`));
  if (comment) note.append(el("p", { className: "comment", dir: "auto" }, comment));
  const parts = partsOf(change);
  if (isFlag(change)) {
    written.get(change.id)?.text.remove();
    written.delete(change.id);
    if (text === null) return;
    const inserted = byHand(change, text);
    if (parts.length) parts.at(-1).after(inserted);
    else markerOf(change).before(inserted);
    written.set(change.id, { text: inserted });
  } else
    parts.forEach((span, i) => {
      if (!made.has(span)) made.set(span, [...span.childNodes]);
      span.dataset.state = state;
      span.replaceChildren(...(text === null ? made.get(span) : i ? [] : difference(change.before, text)));
    });
}

/** A text written by hand, to put where it stands. */
function byHand(item, text) {
  const node = el("span", { className: "by-hand" }, text ? drawn(["ins", text]) : []);
  itemsAt.set(node, [item]);
  return node;
}

/** What a line consists of, in order: its changes, and the pieces of text between them, with their places. */
function* unitsOf(line) {
  let at = line.start;
  function* within(parent) {
    for (const node of [...parent.childNodes]) {
      const start = at;
      if (node.nodeType === Node.TEXT_NODE) yield { node, start, end: at += Array.from(node.data).length };
      else if (node.matches(".mark")) yield { node, start, end: ++at };
      else if (node.matches(".change")) {
        const change = changes[node.dataset.n - 1];
        at = change.end;
        yield { node, start: change.start, end: at, change };
      } else if (node.matches("p, .flagged, .struck")) yield* within(node);
    }
  }
  for (const paragraph of line.markup.querySelectorAll("p")) yield* within(paragraph);
}

/** Cuts a piece of text at a place of the source; what stands before it. */
function cut({ node, start }, at) {
  node.splitText(Array.from(node.data).slice(0, at - start).join("").length);
  return node;
}

/** Strikes out the text between changes that a place covers. */
function strike(line, place) {
  const struck = [];
  for (let unit of unitsOf(line)) {
    if (unit.change || !overlap(unit, place)) continue;
    let { node } = unit;
    if (unit.start < place.start) node = cut(unit, place.start).nextSibling;
    if (unit.end > place.end) cut({ node, start: Math.max(unit.start, place.start) }, place.end);
    const gone = el("del", { className: "struck", dir: "auto" });
    node.replaceWith(gone);
    gone.append(label("[deleted: "), node, label("]"));
    struck.push(gone);
  }
  return struck;
}

/** Puts nodes into a line, behind what stands before the end of a place. */
function insert(line, place, ...nodes) {
  let behind = null;
  for (const unit of unitsOf(line)) {
    const touches = unit.start === place.end && (unit.end > unit.start || place.end > place.start);
    if (unit.start > place.end || touches) break;
    behind = unit.end > place.end ? cut(unit, place.end) : unit.node;
  }
  if (!behind) return line.markup.querySelector("p").prepend(...nodes);
  behind = behind.parentNode.closest(".struck") ?? behind;
  while (behind.nextSibling?.matches?.("a.n")) behind = behind.nextSibling;
  return behind.after(...nodes);
}

/** Draws an edit by hand anew, or takes away what was drawn of it. */
function drawHand({ id }) {
  const before = written.get(id);
  if (before) {
    for (const node of before.struck) {
      const { parentNode } = node;
      node.replaceWith(...[...node.childNodes].slice(1, -1));
      parentNode.normalize();
    }
    const { parentNode } = before.text;
    for (const node of [before.text, before.marker, before.note]) node.remove();
    parentNode.normalize();
    written.delete(id);
  }
  const hand = hands.get(id);
  if (!hand || !lines.length) return;
  const place = placeOf(hand);
  const here = linesOf(place);
  const line = here.at(-1);
  const { text, comment } = decisions.get(id);
  const struck = here.flatMap((each) => strike(each, place));
  for (const node of struck) itemsAt.set(node, [hand]);
  const inserted = byHand(hand, text);
  const number = () => el("a", { className: "n", href: "#article", ariaLabel: named(`Edit by hand: “${hand.before}” becomes “${text}”`) }, "✎");
  const marker = number();
  const short = (text) => (text.length > 40 ? `${text.slice(0, 39)}…` : text) || "(nothing)";
  const note = el("li", { className: "note hand" }, number(),
    el("p", { className: "why" }, el("bdi", {}, `${short(hand.before)} → ${short(text)}`)),
    el("p", { className: "what" }, el("span", { className: "state" }, stateOf(hand))),
    comment ? el("p", { className: "comment", dir: "auto" }, comment) : []);
  for (const node of [marker, note]) itemsAt.set(node, [hand]);
  insert(line, place, inserted, marker);
  if (!line.node.querySelector(".notes")) line.node.append(el("ol", { className: "notes", lang: "en" }));
  line.node.querySelector(".notes").append(note);
  written.set(id, { text: inserted, struck, marker, note });
}

const shownByFilter = (item) =>
  (!$("level").value || item.level === $("level").value)
  && (!$("stage").value || item.stage === $("stage").value)
  && (!$("rule").value || item.rules.includes($("rule").value))
  && (!$("undecided").checked || !decided(item));

/** Draws what is decided of some items and of all that they lie over, and whether the filters show it. */
function drawItems(items) {
  const covering = rewritten();
  const covered = new Set(covering.flatMap(under));
  const texts = new Set(covering.map((span) => span.item));
  for (const item of new Set(items.flatMap((item) => (isFlag(item) ? [item, ...under(placeOf(item))] : [item])))) {
    if (isHand(item)) drawHand(item);
    else drawChange(item, covered.has(item));
    if (isHand(item) && !written.has(item.id)) continue;
    const off = !shownByFilter(item);
    noteOf(item).classList.toggle("off", off);
    markerOf(item).classList.toggle("off", off);
    for (const span of partsOf(item)) {
      const over = stretches.get(span);
      span.classList.toggle("off", over ? !over.some(shownByFilter) : off && !isHand(item));
      if (!over) continue;
      span.classList.toggle("rewritten", over.some((flag) => texts.has(flag)));
      span.classList.toggle("settled", over.every(decided));
    }
  }
}
