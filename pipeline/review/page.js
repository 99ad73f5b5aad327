// The controls of the review page. Everything from the record is written as text nodes, never as HTML.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const { marks, joiners } = JSON.parse($("marks").textContent);
  const record = JSON.parse($("record").textContent);
  const points = Array.from(record.source.text); // offsets count code points, JavaScript's strings do not
  const changes = record.changes.map((change, i) => ({ ...change, n: i + 1 }));
  const byId = new Map(changes.map((change) => [change.id, change]));
  const source = record.source.sha256;
  const eol = record.source.text.includes("\r\n") ? "\r\n" : "\n";
  const slice = (start, end) => points.slice(start, end).join("");
  const isFlag = (change) => change.after === null;
  const overlap = (a, b) => a.start < b.end && b.start < a.end && !(a.start === a.end && b.start === b.end);

  document.body.append($("controls").content.cloneNode(true));
  document.querySelector("main").before(document.querySelector(".toolbar"));
  document.documentElement.classList.add("scripted");

  // ---- text for the page -------------------------------------------------------------------------

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

  // ---- decisions ---------------------------------------------------------------------------------

  const decisions = new Map(); // by change id; also those whose change is gone, so that none gets lost
  const steps = []; // each a list of [id, the decision before]
  let current = null;
  let stored = true;
  let unsaved = false;

  const decided = (change) => decisions.get(change.id)?.decision;
  const undecided = () => changes.filter((change) => !decided(change));

  /** The text that takes the place of a change, or null where the source stays. */
  function chosen(change, all = decisions) {
    const decision = all.get(change.id);
    if (!decision) return change.made ? change.after : null;
    return decision.decision === "rejected" ? null : decision.text ?? change.after;
  }

  /** The place of a change: for a flag, grown to the changes that it cuts into. */
  function place(change) {
    if (!isFlag(change)) return { start: change.start, end: change.end };
    const under = changes.filter((other) => !isFlag(other) && overlap(other, change));
    return {
      start: Math.min(change.start, ...under.map((other) => other.start)),
      end: Math.max(change.end, ...under.map((other) => other.end)),
    };
  }

  const rewritten = (all = decisions) =>
    changes.filter((change) => isFlag(change) && chosen(change, all) !== null).map((flag) => ({ ...place(flag), change: flag }));

  /** Two flags whose texts written by hand claim the same place, or null. */
  function conflict(all) {
    const spans = rewritten(all);
    for (let i = 1; i < spans.length; i++)
      for (let j = 0; j < i; j++) if (overlap(spans[i], spans[j])) return [spans[j].change, spans[i].change];
    return null;
  }

  /** What the decisions put into the source, in order: a flag written by hand takes the place of what it covers. */
  function replacements() {
    const spans = rewritten();
    const kept = changes.filter((c) => !isFlag(c) && chosen(c) !== null && !spans.some((span) => overlap(span, c)));
    return [...spans, ...kept.map((change) => ({ start: change.start, end: change.end, change }))]
      .map((item) => ({ ...item, text: chosen(item.change) }))
      .sort((a, b) => a.start - b.start || a.end - b.end || a.change.n - b.change.n);
  }

  function finalText() {
    let text = "", at = 0;
    for (const item of replacements()) {
      text += slice(at, item.start) + item.text;
      at = item.end;
    }
    return text + slice(at, points.length);
  }

  /** Record decisions as one step that undo takes back; `given` holds [change, decision, text]. */
  function decide(given) {
    const when = new Date().toISOString();
    steps.push(given.map(([change]) => [change.id, decisions.get(change.id)]));
    for (const [change, decision, text] of given) {
      const { who = null, comment = null } = decisions.get(change.id) ?? {};
      decisions.set(change.id, { id: change.id, decision, text, who, when, comment });
    }
    changed();
  }

  function undo() {
    const step = steps.pop();
    if (!step) return say("There is nothing to undo.");
    for (const [id, before] of step) before ? decisions.set(id, before) : decisions.delete(id);
    changed();
    const first = byId.get(step[0]?.[0]);
    if (first) select(first);
    return say(step.length === 1 && first ? `Undone: change ${first.n} is ${stateOf(first)} again.` : `Undone: ${step.length} decisions.`);
  }

  function changed() {
    unsaved = true;
    store();
    draw();
  }

  const asFile = () => ({ version: 1, source, decisions: [...decisions.values()] });

  function store() {
    try {
      localStorage.setItem(`pipeline.decisions.${source}`, JSON.stringify(asFile()));
    } catch {
      if (stored) say("This browser keeps nothing for this page: download your decisions before you close it.");
      stored = false;
    }
  }

  /** Reads a setting of this browser, or keeps one. */
  function setting(name, value) {
    try {
      if (value === undefined) return localStorage.getItem(name);
      localStorage.setItem(name, value);
    } catch {
      stored = false;
    }
    return null;
  }

  const isText = (value) => value === null || value === undefined || typeof value === "string";

  /** The decisions of a file's text; throws an Error with a sentence for the editor. */
  function parsed(text) {
    let data;
    try {
      data = JSON.parse(text);
    } catch {
      throw new Error("This is not a decisions file: it is not JSON. Choose the file that “Download decisions” made.");
    }
    if (typeof data !== "object" || !Array.isArray(data?.decisions) || typeof data.source !== "string")
      throw new Error("This is not a decisions file. Choose the file that “Download decisions” made.");
    if (data.version !== 1)
      throw new Error(`This decisions file has version ${String(data.version)}; this page reads version 1. Clean the article again with a pipeline as new as the file.`);
    if (data.source !== source)
      throw new Error(`These decisions are about another article (source ${data.source.slice(0, 12)}…, this one is ${source.slice(0, 12)}…). Open the review page of that article.`);
    const seen = new Set();
    data.decisions.forEach((d, i) => {
      if (typeof d?.id !== "string" || !["accepted", "rejected", "edited"].includes(d.decision)
        || ![d.text, d.who, d.when, d.comment].every(isText) || (d.decision === "edited" && typeof d.text !== "string")
        || seen.has(d.id))
        throw new Error(`Decision ${i + 1} of the file cannot be read. Load the file as it was downloaded.`);
      seen.add(d.id);
    });
    return data.decisions.map(({ id, decision, text = null, who = null, when = null, comment = null }) =>
      ({ id, decision, text, who, when, comment }));
  }

  function load(text, name) {
    let loaded;
    try {
      loaded = parsed(text);
      // The newer decision of the file and of this page wins; one without a time is older than any.
      const time = (decision) => Date.parse(decision?.when ?? "") || 0;
      const newer = loaded.filter((d) => !decisions.has(d.id) || time(d) >= time(decisions.get(d.id)));
      const all = new Map(decisions);
      for (const decision of newer) all.set(decision.id, decision);
      const pair = conflict(all);
      if (pair) throw new Error(`Flags ${pair[0].n} and ${pair[1].n} lie over each other and both have a text. Undo one of them, then load again.`);
      if (newer.length) steps.push(newer.map((d) => [d.id, decisions.get(d.id)]));
      for (const decision of newer) decisions.set(decision.id, decision);
      changed();
      const gone = loaded.filter((d) => !byId.has(d.id)).length;
      const kept = loaded.length - newer.length;
      say(`${newer.length} of ${loaded.length} decisions taken from ${name}.`
        + (kept ? ` ${kept} on this page ${kept === 1 ? "is" : "are"} newer and stayed.` : "")
        + (gone ? ` ${gone} belong${gone === 1 ? "s" : ""} to changes that are not on this page any more; kept for the next download.` : ""));
    } catch (error) {
      say(error.message, true);
    }
  }

  function download(name, type, text) {
    const url = URL.createObjectURL(new Blob([text], { type }));
    el("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  }

  const stem = record.source.name.replace(/\.[^.]*$/, "") || "article";
  const ending = /\.(txt|text|md|markdown)$/i.exec(record.source.name)?.[0] ?? ".txt";

  function downloadFinal() {
    download(`${stem}.final${ending}`, "text/plain;charset=utf-8", finalText());
    say("The final text is downloaded.");
  }

  // ---- the article -------------------------------------------------------------------------------

  const main = document.querySelector("main");
  const lines = [...main.querySelectorAll(".line")].map((node) => {
    const start = Number(node.dataset.start), end = Number(node.dataset.end);
    const reading = el("div", { className: "reading original", hidden: true });
    const result = el("div", { className: "reading final", hidden: true });
    const markup = node.querySelector(".markup");
    markup.before(reading);
    markup.after(result);
    const places = changes.filter((c) => c.start <= end && c.end >= start);
    return { start, end, markup, reading, result, places };
  });
  const spans = new Map(changes.map((change) => [change.n, []])); // the parts of a change, the stretches under a flag
  for (const span of main.querySelectorAll(".change")) spans.get(Number(span.dataset.n)).push(span);
  const stretches = [...main.querySelectorAll(".flagged")].map((span) => ({ span, flags: span.dataset.flags.split(" ").map(Number) }));
  for (const { span, flags } of stretches) for (const n of flags) spans.get(n).push(span);
  const made = new Map([...main.querySelectorAll(".change")].map((span) => [span, [...span.childNodes]])); // to go back to
  const drawnAs = new Map();

  /** The text of a line as one view has it, cut where changes begin and end: [[text, numbers of changes], …]. */
  function segments(line, items) {
    const out = [];
    let at = line.start;
    const plain = (to) => {
      const cuts = line.places.flatMap((c) => [c.start, c.end]).filter((p) => p > at && p < to).sort((a, b) => a - b);
      for (const cut of [...cuts, to]) {
        if (cut <= at) continue;
        const stretch = { start: at, end: cut };
        out.push([slice(at, cut), line.places.filter((c) => overlap(c, stretch)).map((c) => c.n)]);
        at = cut;
      }
    };
    for (const item of items) {
      if (item.start > line.end || item.end < line.start) continue;
      if (item.start >= line.start) {
        plain(item.start);
        out.push([item.text, line.places.filter((c) => c === item.change || overlap(c, item)).map((c) => c.n)]);
      }
      at = Math.max(at, item.end);
    }
    plain(line.end);
    return out;
  }

  function drawReading(node, parts) {
    const paragraphs = [el("p", {})];
    for (const [text, numbers] of parts)
      text.split(/[\r\n]+/).forEach((piece, i) => {
        if (i) paragraphs.push(el("p", {}));
        if (!piece) return;
        if (!numbers.length) return paragraphs.at(-1).append(...shown(piece));
        const span = el("span", { className: "place", tabIndex: -1 }, piece);
        span.dataset.n = numbers.find((n) => !isFlag(changes[n - 1])) ?? numbers.at(-1);
        span.dataset.places = numbers.join(" ");
        if (numbers.some((n) => isFlag(changes[n - 1]) && !decided(changes[n - 1]))) span.classList.add("flagged");
        paragraphs.at(-1).append(span);
      });
    for (const paragraph of paragraphs) paragraph.dir = direction(paragraph.textContent);
    node.replaceChildren(...paragraphs.filter((p) => p.hasChildNodes()));
  }

  const view = () => document.querySelector("input[name=view]:checked").value;

  function drawViews() {
    const original = view() === "original" || $("side").checked;
    const final = view() === "final";
    const items = final ? replacements() : [];
    main.classList.toggle("side", $("side").checked && view() !== "original");
    for (const line of lines) {
      if (original) drawReading(line.reading, segments(line, []));
      if (final) drawReading(line.result, segments(line, items));
      line.reading.hidden = !original;
      line.markup.hidden = view() !== "markup";
      line.result.hidden = !final;
    }
  }

  const FLAG_STATES = { accepted: "confirmed", rejected: "no issue", edited: "rewritten" };
  const stateOf = (change) => (isFlag(change) ? FLAG_STATES[decided(change)] : decided(change)) ?? "undecided";
  const levelOf = (change) => ({ fix: "Fix, made", suggest: "Suggestion, waiting", flag: "Flag" })[change.level];

  function drawChange(change, covered) {
    const text = rejectedOrNone(change) ? null : decisions.get(change.id).text;
    const state = covered ? "covered" : decided(change) ?? "undecided";
    const key = `${state} ${text}`;
    if ((drawnAs.get(change.n) ?? "undecided null") === key) return;
    drawnAs.set(change.n, key);
    const what = $(`n-${change.n}`).querySelector(".what");
    $(`n-${change.n}`).dataset.state = state;
    what.querySelector(".state")?.remove();
    if (state !== "undecided")
      what.append(el("span", { className: "state" }, ` · ${covered ? "replaced by the text of a flag" : stateOf(change)}`));
    const own = text !== null && text !== change.after;
    const parts = spans.get(change.n);
    if (isFlag(change)) {
      main.querySelector(`.by-hand[data-by="${change.n}"]`)?.remove();
      if (!own) return;
      const inserted = el("span", { className: "by-hand" }, drawn(["ins", text]));
      inserted.dataset.by = change.n;
      if (parts.length) parts.at(-1).after(inserted);
      else $(`c-${change.n}`).before(inserted);
    } else
      parts.forEach((span, i) => {
        span.dataset.state = state;
        span.replaceChildren(...(!own ? made.get(span) : i ? [] : difference(change.before, text)));
      });
  }

  const rejectedOrNone = (change) => (decided(change) ?? "rejected") === "rejected";

  const shownByFilter = (change) =>
    (!$("level").value || change.level === $("level").value)
    && (!$("stage").value || change.stage === $("stage").value)
    && (!$("rule").value || change.rules.includes($("rule").value))
    && (!$("undecided").checked || !decided(change));

  function draw() {
    const covering = rewritten();
    const texts = new Set(covering.map((span) => span.change.n));
    for (const change of changes) {
      drawChange(change, !isFlag(change) && covering.some((span) => overlap(span, change)));
      const off = !shownByFilter(change);
      $(`n-${change.n}`).classList.toggle("off", off);
      $(`c-${change.n}`).classList.toggle("off", off);
      if (!isFlag(change)) for (const span of spans.get(change.n)) span.classList.toggle("off", off);
    }
    for (const { span, flags } of stretches) {
      const open = flags.filter((n) => shownByFilter(changes[n - 1]));
      span.classList.toggle("off", !open.length);
      span.classList.toggle("rewritten", flags.some((n) => texts.has(n)));
      span.classList.toggle("settled", flags.every((n) => decided(changes[n - 1])));
    }
    drawViews();
    drawList();
    const done = changes.length - undecided().length;
    $("progress").max = changes.length || 1;
    $("progress").value = changes.length ? done : 1;
    const count = !changes.length ? "Nothing to decide" : done === changes.length ? `All ${done} decided` : `${done} of ${changes.length} decided`;
    if ($("count").textContent !== count) $("count").textContent = count;
    $("undo").disabled = !steps.length;
    drawCurrent();
  }

  function drawList() {
    let left = 0;
    for (const item of document.querySelectorAll("#retranslate li")) {
      const flags = item.dataset.flags.split(" ").map((n) => changes[n - 1]);
      item.hidden = flags.every((flag) => ["rejected", "edited"].includes(decided(flag)));
      if (!item.hidden) left++;
    }
    $("retranslate-count").textContent = `(${left})`;
    const copy = $("copy");
    if (copy) copy.disabled = !left;
  }

  // ---- the current change ------------------------------------------------------------------------

  function drawCurrent() {
    for (const node of main.querySelectorAll(".current")) node.classList.remove("current");
    for (const id of ["accept", "reject", "edit"]) $(id).disabled = !current;
    if (!current) {
      const text = changes.length ? "Press j, or choose a change in the text, to begin." : "Nothing was changed, and nothing is flagged.";
      return $("current").replaceChildren(el("p", { className: "where" }, text));
    }
    const c = current;
    for (const node of [...spans.get(c.n), $(`c-${c.n}`), $(`n-${c.n}`), ...main.querySelectorAll(`.place[data-places~="${c.n}"]`)])
      node.classList.add("current");
    const text = rejectedOrNone(c) ? null : decisions.get(c.id).text;
    const covered = drawnAs.get(c.n)?.startsWith("covered");
    const excerpt = c.before.length > 240 ? `${c.before.slice(0, 240)}…` : c.before;
    const preview = isFlag(c) && text === null ? el("q", { dir: "auto" }, excerpt || "¶") : difference(c.before, text ?? c.after);
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
    $("current").replaceChildren(
      el("p", { className: "where" }, el("b", {}, String(c.n)), ` of ${changes.length} · ${levelOf(c)} · ${c.stage} · `,
        el("span", { className: "state" }, covered ? "replaced by the text of a flag" : stateOf(c))),
      el("p", { className: "preview", dir: "auto" }, preview),
      ...reasons,
      ...(choices.length ? [el("ol", { className: "choices", ariaLabel: "Other suggestions" }, ...choices)] : []),
    );
    $("accept").firstElementChild.textContent = isFlag(c) ? "Confirm" : "Accept";
    $("reject").firstElementChild.textContent = isFlag(c) ? "No issue" : "Reject";
    $("accept").setAttribute("aria-pressed", String(decided(c) === "accepted"));
    $("reject").setAttribute("aria-pressed", String(decided(c) === "rejected"));
  }

  const named = (text) => shown(text).map((node) => node.textContent).join("");

  function select(change) {
    closeEditor();
    current = change;
    drawCurrent();
    const candidates = [$(`c-${change.n}`), ...main.querySelectorAll(`.place[data-places~="${change.n}"]`), $(`n-${change.n}`).querySelector("a")];
    const target = candidates.find((node) => node.getClientRects().length) ?? candidates[0];
    target.focus({ preventScroll: true });
    const box = target.getBoundingClientRect();
    const bottom = document.querySelector(".dock").getBoundingClientRect().top;
    if (box.top < 140 || box.bottom > bottom - 40) {
      // Not scrollIntoView: the middle of what the dock leaves free, not of the window.
      window.scrollBy({ top: box.top - (bottom + 60) / 2 });
    }
  }

  /** Go to the next change that the filters show, in reading order; `open` looks for an undecided one. */
  function go(step, open = false) {
    const from = current?.n ?? (step > 0 ? 0 : changes.length + 1);
    for (let n = from + step; n >= 1 && n <= changes.length; n += step) {
      const change = changes[n - 1];
      if (shownByFilter(change) && !(open && decided(change))) return select(change);
    }
    if (open && undecided().length && !current) return undefined;
    if (open) return select(current);
    return say(step > 0 ? "That was the last change that the filters show." : "That was the first change that the filters show.");
  }

  function settle(decision, text = null) {
    if (!current) return say("Choose a change first: press j, or click one.");
    const before = decisions.get(current.id);
    decide([[current, decision, text]]);
    const pair = conflict(decisions);
    if (pair) {
      steps.pop();
      before ? decisions.set(current.id, before) : decisions.delete(current.id);
      changed();
      return say(`Flags ${pair[0].n} and ${pair[1].n} lie over each other, and the other one has a text already: change that one.`, true);
    }
    if (stored) say("");
    return go(1, true);
  }

  function choose(i) {
    const text = current?.alternatives[i];
    if (text === undefined) return say(`This change has no suggestion ${i + 1}.`);
    return settle(isFlag(current) ? "edited" : "accepted", text);
  }

  /** What stands in the place of the current change now. */
  function standing() {
    const { start, end } = place(current);
    if (!isFlag(current) || chosen(current) !== null) return chosen(current) ?? current.before;
    let text = "", at = start;
    for (const item of replacements().filter((item) => overlap(item, { start, end }))) {
      text += slice(at, item.start) + item.text;
      at = item.end;
    }
    return text + slice(at, end);
  }

  function openEditor() {
    if (!current) return say("Choose a change first: press j, or click one.");
    $("editor").hidden = false;
    document.querySelector(".actions").hidden = true;
    $("text").value = standing();
    $("text").focus();
    return undefined;
  }

  function closeEditor() {
    $("editor").hidden = true;
    document.querySelector(".actions").hidden = false;
  }

  function keepText() {
    const text = $("text").value.replace(/\r\n|\r|\n/g, eol);
    const same = text === standing();
    closeEditor();
    if (isFlag(current)) return same ? select(current) : settle("edited", text);
    if (text === current.after) return settle("accepted");
    return text === current.before ? settle("rejected") : settle("edited", text);
  }

  function bulk(rule) {
    const places = changes.filter((change) => change.rules.includes(rule) && !decided(change));
    if (!places.length) return say("Every place of this rule is decided.");
    const first = places[0];
    $("bulk-title").replaceChildren(...shown("Accept all undecided of "), el("code", { dir: "auto" }, rule));
    $("bulk-why").replaceChildren(el("bdi", {}, first.messages[first.rules.indexOf(rule)]));
    $("bulk-places").replaceChildren(...places.map((change) => {
      const { start, end } = change;
      const line = (text) => text.split(/[\r\n]/);
      const lead = line(slice(Math.max(0, start - 48), start)).at(-1).replace(/^\S{0,12}\s(?=.{20})/, "");
      const rest = line(slice(end, end + 48))[0].replace(/(.{20})\s\S{0,12}$/, "$1");
      const text = isFlag(change) ? el("mark", {}, change.before) : difference(change.before, change.after);
      return el("li", { value: change.n, dir: "auto" }, `…${lead}`, text, `${rest}…`);
    }));
    $("bulk-accept").textContent = places.length === 1 ? "Accept this one" : `Accept these ${places.length}`;
    $("bulk-accept").onclick = () => {
      $("bulk").close();
      decide(places.map((change) => [change, "accepted", null]));
      say(`${places.length} accepted. u takes them back in one step.`);
      go(1, true);
    };
    return $("bulk").showModal();
  }

  // ---- messages, files, keys ---------------------------------------------------------------------

  function say(text, alarm = false) {
    $("message").setAttribute("role", alarm ? "alert" : "status");
    $("message").classList.toggle("alarm", alarm);
    $("message").replaceChildren(...shown(text));
  }

  function askFinal() {
    const flags = changes.filter((change) => isFlag(change) && !decided(change));
    if (!flags.length) return downloadFinal();
    $("undone-title").textContent = flags.length === 1 ? "One flag is undecided" : `${flags.length} flags are undecided`;
    $("show-flags").onclick = () => {
      $("undone").close();
      for (const id of ["stage", "rule"]) $(id).value = "";
      $("level").value = "flag";
      $("undecided").checked = true;
      draw();
      select(flags[0]);
    };
    $("final-anyway").onclick = () => {
      $("undone").close();
      downloadFinal();
    };
    return $("undone").showModal();
  }

  async function copyList() {
    const items = [...document.querySelectorAll("#retranslate li:not([hidden]) .sentence")].map((node) => {
      const copy = node.cloneNode(true);
      for (const mark of copy.querySelectorAll(".mark")) mark.remove();
      return copy.textContent;
    });
    try {
      await navigator.clipboard.writeText(`${items.join("\n")}\n`);
      say(`${items.length} ${items.length === 1 ? "sentence" : "sentences"} copied, one a line.`);
    } catch {
      getSelection().selectAllChildren(document.querySelector("#retranslate ol"));
      say("This browser does not let the page copy; the list is selected, press Ctrl C.");
    }
  }

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
      draw();
      say(`${changes.filter(shownByFilter).length} of ${changes.length} changes shown.`);
    });
  for (const input of [...document.querySelectorAll("input[name=view]"), $("side")])
    input.addEventListener("change", () => {
      drawViews();
      drawCurrent();
    });

  const help = () => {
    $("storage").textContent = stored ? "Your decisions stay in this browser, for this article, until you download them."
      : "This browser keeps nothing for this page: download your decisions before you close it.";
    $("keys").showModal();
  };
  const bulkOfCurrent = () => (current ? bulk(current.rules[0]) : say("Choose a change first: press j, or click one."));
  const clicks = {
    previous: () => go(-1), next: () => go(1), accept: () => settle("accepted"), reject: () => settle("rejected"),
    edit: openEditor, undo, help, keep: keepText, cancel: () => select(current), load: () => $("file").click(), final: askFinal,
    save: () => {
      download(`${stem}.decisions.json`, "application/json", `${JSON.stringify(asFile(), null, 1)}\n`);
      unsaved = false;
      say(`${decisions.size} ${decisions.size === 1 ? "decision" : "decisions"} downloaded.`);
    },
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

  addEventListener("click", (event) => {
    if (!event.target.closest("#files") || event.target.closest("#files button")) $("files").open = false;
  });

  const keys = {
    j: () => go(1), k: () => go(-1), a: () => settle("accepted"), r: () => settle("rejected"), e: openEditor,
    u: undo, A: bulkOfCurrent, "?": help,
    ...Object.fromEntries([1, 2, 3, 4, 5].map((digit) => [digit, () => current && choose(digit - 1)])),
  };
  document.addEventListener("keydown", (event) => {
    if (event.target === $("text")) {
      if (event.key === "Escape") select(current);
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) keepText();
      return;
    }
    if (event.key === "Escape" && $("files").open) {
      $("files").open = false;
      $("files").firstElementChild.focus();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.target.closest("select, textarea") || !$("shortcuts").checked || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
  main.addEventListener("click", (event) => {
    if (!getSelection().isCollapsed) return; // someone selects text, to copy it
    const node = event.target.closest("a.n, .change, .place, .flagged, .note, .by-hand");
    if (!node) return;
    if (node.matches("a.n")) event.preventDefault();
    const { n, note, flags, by } = node.dataset;
    const number = node.matches("a.n") ? node.hash.slice(3) : n ?? note ?? by ?? flags.split(" ").at(-1);
    select(changes[number - 1]);
  });
  $("shortcuts").checked = setting("pipeline.shortcuts") !== "off";
  $("shortcuts").addEventListener("change", () => setting("pipeline.shortcuts", $("shortcuts").checked ? "on" : "off"));
  addEventListener("beforeunload", (event) => {
    if (!stored && unsaved && decisions.size) event.preventDefault();
  });

  const kept = setting(`pipeline.decisions.${source}`);
  if (kept)
    try {
      for (const decision of parsed(kept)) decisions.set(decision.id, decision);
    } catch (error) {
      say(`What this browser kept of this article cannot be read. ${error.message}`, true);
    }
  if (!stored) say("This browser keeps nothing for this page: download your decisions before you close it.");
  draw();
})();
