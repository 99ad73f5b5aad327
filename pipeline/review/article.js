// The article: its source, the changes of the record, what is decided, and the text that follows. No page here.

const read = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "null");
const record = read("record");
const desk = read("desk"); // the addresses of the app that serves this page; null for a page from disk
const source = record.source.sha256;
const points = Array.from(record.source.text); // offsets count code points, JavaScript's strings do not
const slice = (start, end) => points.slice(start, end).join("");
const eol = record.source.text.includes("\r\n") ? "\r\n" : "\n";

const changes = record.changes.map((change, i) => ({ ...change, n: i + 1 }));
const textual = changes.filter((change) => change.after !== null); // disjoint, so their ends are in order too
const flags = changes.filter((change) => change.after === null);
const byId = new Map(changes.map((change) => [change.id, change]));

const decisions = new Map(); // by id; also those whose change is gone, so that none gets lost
const hands = new Map(); // by id, the edits by hand among them: places that an editor chose, much like flags
const stale = new Set(); // what was decided or undone since the page was last drawn

const isFlag = (item) => item.after === null;
const isHand = (item) => item.level === "hand";
const itemOf = (id) => byId.get(id) ?? hands.get(id);
const decided = (item) => decisions.get(item.id)?.decision;
const undecided = () => changes.filter((change) => !decided(change));
const inOrder = (a, b) => a.start - b.start || a.end - b.end;

/** Whether two places share something: those that touch do not, an empty one does only inside the other. */
const overlap = (a, b) => a.start < b.end && b.start < a.end;

const handOf = ({ id, start, end, before }) =>
  ({ id, start, end, before, after: null, level: "hand", made: false, rules: [], messages: [], sources: [], alternatives: [] });

/** Sets the decision of an id, or takes it away. */
function put(id, decision) {
  stale.add(itemOf(id));
  decisions.delete(id);
  hands.delete(id);
  if (decision) decisions.set(id, decision);
  if (decision?.before !== undefined && !byId.has(id)) hands.set(id, handOf(decision));
  stale.add(itemOf(id));
  stale.delete(undefined);
}

/** The text that takes the place of a change, or null where the source stays. */
function chosen(item) {
  const decision = decisions.get(item.id);
  if (!decision) return item.made ? item.after : null;
  return decision.decision === "rejected" ? null : decision.text ?? item.after;
}

/** Of a sorted list of disjoint places, those that a place overlaps or touches. */
function touching(list, place) {
  let low = 0, high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle].end < place.start) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < list.length && list[end].start <= place.end) end++;
  return list.slice(low, end);
}

/** The changes with a text that a place overlaps. */
const under = (place) => touching(textual, place).filter((change) => overlap(change, place));

/** The place of a change: for a flag and for an edit by hand, grown to the changes that it cuts into. */
function placeOf(item) {
  const { start, end } = item;
  if (!isFlag(item)) return { start, end };
  const covered = under(item);
  return { start: Math.min(start, ...covered.map((c) => c.start)), end: Math.max(end, ...covered.map((c) => c.end)) };
}

/** The places whose text was written by hand over whatever lies there, in order. */
function rewritten() {
  const written = [...flags, ...hands.values()].filter((item) => decisions.has(item.id) && chosen(item) !== null);
  return written.map((item) => ({ ...placeOf(item), item })).sort(inOrder);
}

/** Two texts written by hand that claim the same place, or null. */
function conflict(spans = rewritten()) {
  let last = null;
  for (const span of spans) {
    if (last && overlap(last, span)) return [last.item, span.item];
    if (!last || span.end >= last.end) last = span;
  }
  return null;
}

/** What the decisions put into the source, in order: [{start, end, item, text}, …]. */
function replacements() {
  const spans = rewritten();
  const covered = new Set(spans.flatMap(under));
  const kept = textual.filter((change) => chosen(change) !== null && !covered.has(change));
  return [...spans, ...kept.map((change) => ({ start: change.start, end: change.end, item: change }))]
    .map((piece) => ({ ...piece, text: chosen(piece.item) }))
    .sort((a, b) => inOrder(a, b) || (a.item.n ?? Infinity) - (b.item.n ?? Infinity));
}

/** The text between two places of the source with these replacements made. */
function textBetween(start, end, made) {
  let text = "", at = start;
  for (const piece of made) {
    text += slice(at, piece.start) + piece.text;
    at = piece.end;
  }
  return text + slice(at, end);
}

const finalText = () => textBetween(0, points.length, replacements());

/** The text that stands in a place, with what overlaps it made. */
const standing = (place) => textBetween(place.start, place.end, replacements().filter((piece) => overlap(piece, place)));

// ---- decisions files -----------------------------------------------------------------------------

const isText = (value) => value === null || value === undefined || typeof value === "string";
const isPlace = ({ start, end, before }) =>
  Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && before === slice(start, end);

/** A decision as its file has it: a reason and a place only where there is one. */
function entryOf({ id, decision, text = null, who = null, when = null, comment = null, reason, start, end, before }) {
  return {
    id, decision, text, who, when, comment,
    ...(reason && { reason }),
    ...(typeof before === "string" && { start, end, before }),
  };
}

const asFile = () => ({ version: 1, source, decisions: [...decisions.values()] });

/** The decisions of a file's content; throws an Error with a sentence for the editor. */
function decisionsOf(data) {
  if (typeof data !== "object" || !Array.isArray(data?.decisions) || typeof data.source !== "string")
    throw new Error("This is not a decisions file. Choose the file that “Download decisions” made.");
  if (data.version !== 1)
    throw new Error(`This decisions file has version ${String(data.version)}; this page reads version 1. Clean the article again with a pipeline as new as the file.`);
  if (data.source !== source)
    throw new Error(`These decisions are about another article (source ${data.source.slice(0, 12)}…, this one is ${source.slice(0, 12)}…). Open the review page of that article.`);
  const seen = new Set();
  data.decisions.forEach((d, i) => {
    if (typeof d?.id !== "string" || !["accepted", "rejected", "edited"].includes(d.decision)
      || ![d.text, d.who, d.when, d.comment, d.before].every(isText) || (d.decision === "edited" && typeof d.text !== "string")
      || ![null, undefined, "not-here", "bad-rule"].includes(d.reason) || (d.reason && d.decision !== "rejected")
      || (typeof d.before === "string" && (d.decision !== "edited" || !isPlace(d))) || seen.has(d.id))
      throw new Error(`Decision ${i + 1} of the file cannot be read. Load the file as it was downloaded.`);
    seen.add(d.id);
  });
  return data.decisions.map(entryOf);
}

/** The decisions of a file's text; throws an Error with a sentence for the editor. */
function parsed(text) {
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    throw new Error("This is not a decisions file: it is not JSON. Choose the file that “Download decisions” made.");
  }
  return decisionsOf(data);
}
