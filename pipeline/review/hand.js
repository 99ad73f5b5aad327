// Edits by hand where no change stands: of a text that is selected, or of a whole line.

const isSelected = () => {
  const selection = getSelection();
  return !selection.isCollapsed && selection.rangeCount > 0 && Boolean(elementOf(selection.getRangeAt(0).startContainer).closest(".markup"));
};
const elementOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);

/** A new edit by hand of a place. */
function newHand({ start, end }) {
  const id = `hand-${[...crypto.getRandomValues(new Uint8Array(6))].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  return handOf({ id, start, end, before: slice(start, end) });
}

/** The part of a range that lies in a node. */
function within(range, node) {
  const part = document.createRange();
  part.selectNodeContents(node);
  if (range.compareBoundaryPoints(Range.START_TO_START, part) > 0) part.setStart(range.startContainer, range.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, part) < 0) part.setEnd(range.endContainer, range.endOffset);
  return part;
}

/** The place in the source of what is selected, grown to whole changes; null where it is in no line, or in several. */
function selectedPlace() {
  const range = getSelection().getRangeAt(0);
  const here = lines.filter(({ markup }) => range.intersectsNode(markup) && within(range, markup).toString());
  if (here.length !== 1) return null;
  let start = Infinity, end = -1;
  for (const { node, change, ...unit } of unitsOf(here[0])) {
    if (!range.intersectsNode(node)) continue;
    const part = within(range, node);
    const text = part.toString();
    if (!text) continue;
    const whole = change || elementOf(node) === node;
    const from = whole ? unit.start : unit.start + Array.from(node.data.slice(0, part.startOffset)).length;
    start = Math.min(start, from);
    end = Math.max(end, whole ? unit.end : from + Array.from(text).length);
  }
  return end < 0 ? null : { start, end };
}

function editSelection() {
  const place = selectedPlace();
  if (!place) return say("Select a text within one line of the article.");
  getSelection().removeAllRanges();
  return editPlace(place);
}

/** Opens the editor for the change or edit by hand that a place lies in, or for a new one. */
function editPlace(place) {
  const there = [...textual, ...hands.values()].find((item) => {
    const { start, end } = placeOf(item);
    return start <= place.start && place.end <= end;
  });
  if (there) {
    select(there);
    return openEditor();
  }
  const hand = newHand(place);
  const now = standing(place);
  return writeHere(now, (text) => {
    if (text !== now && decide([[hand, "edited", text]])) select(itemOf(hand.id));
  });
}

/** The stretches of a text that another one has differently: [[from, to], …], in UTF-16 units. */
function differing(pieces) {
  const edges = [];
  let at = 0;
  for (const [op, text] of pieces) {
    const to = op === "ins" ? at : at + text.length;
    if (op !== "same" && edges.at(-1)?.[1] === at) edges.at(-1)[1] = to;
    else if (op !== "same") edges.push([at, to]);
    at = to;
  }
  return edges;
}

/** What stands between two places of a text in the other one. */
function counterpart(pieces, from, to) {
  let at = 0, found = "";
  for (const [op, text] of pieces) {
    if (op === "same") found += text.slice(Math.max(0, from - at), Math.max(0, to - at));
    else if (op === "ins" && from <= at && at <= to) found += text;
    if (op !== "ins") at += text.length;
  }
  return found;
}

/** The decisions by which a line reads as an editor wrote it, each about as little of it as can be. */
function editsOf(line, now, text) {
  const bits = []; // of the text as it stands: where it begins and ends, and where that is in the source
  let at = line.start, length = 0;
  const bit = (end, text, item) => {
    if (text || item) bits.push({ from: length, to: (length += text.length), start: at, end, item });
    at = end;
  };
  for (const piece of replacements().filter((piece) => overlap(piece, line))) {
    bit(piece.start, slice(at, piece.start));
    bit(piece.end, piece.text, piece.item);
  }
  bit(line.end, slice(at, line.end));

  const pieces = words(now, text);
  const grown = [];
  for (let [from, to] of differing(pieces)) {
    for (const { item, ...made } of bits)
      if (item && made.from < to && from < made.to) [from, to] = [Math.min(from, made.from), Math.max(to, made.to)];
    const last = grown.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else grown.push([from, to]);
  }
  return grown.flatMap(([from, to]) => {
    const inSource = (at) => {
      const { item, start, ...bit } = bits.findLast((bit) => bit.from <= at && (!bit.item || at === bit.from)) ?? bits[0];
      return item ? start : start + Array.from(now.slice(bit.from, at)).length;
    };
    const inside = bits.filter(({ item, ...made }) => item && from <= made.from && made.to <= to).map(({ item }) => item);
    const [only] = inside;
    const wanted = counterpart(pieces, from, to);
    if (inside.length === 1 && bits.some((made) => made.item === only && made.from === from && made.to === to))
      return [[only, "edited", wanted]];
    const place = { start: inSource(from), end: inSource(to) };
    return [...inside.filter(isHand).map((hand) => [hand]), [newHand(place), "edited", wanted]];
  });
}

function editLine(line) {
  if (line.start === line.end) return editPlace(line); // it has only what was put in, or is pointed out
  const now = standing(line);
  write("This line, as it shall read", now, "Use this text", (text) => {
    const reads = () => standing(line) === text;
    if (text !== now && !decide(editsOf(line, now, text), reads)) {
      // Two texts at one point can stand in an order that no small edit gives.
      const inside = [...hands.values()].filter((hand) => overlap(placeOf(hand), line));
      decide([...inside.map((hand) => [hand]), [newHand(line), "edited", text]]);
    }
    leave();
    line.node.focus({ preventScroll: true });
    revealHere();
  });
}
