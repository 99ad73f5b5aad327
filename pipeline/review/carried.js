// Decisions about an earlier translation that are offered here, for an editor to take over.

const offers = new Map(read("offers").map((now) => [now.id, now]));

/** Makes the decision that was offered; an edit by hand brings its place along. */
function takeOver(id = current?.id) {
  const now = offers.get(id);
  if (!now) return say("Nothing is offered here from the earlier translation.");
  if (decisions.has(id)) return say("This is decided already.");
  if (now.comment) drafts.set(id, now.comment);
  const item = itemOf(id) ?? handOf(now);
  return decide([[item, now.decision, now.text, now.reason]]) && select(itemOf(id));
}

const takeButton = (id, ...keys) => el("button", { type: "button", className: "take", onclick: () => takeOver(id) }, "Take it over", ...keys);

/** What is offered for the current item, for the dock. */
function offerOf(item) {
  const now = offers.get(item.id);
  if (!now || decisions.has(item.id)) return [];
  const text = now.text === null ? [] : [" as ", el("q", { dir: "auto" }, now.text)];
  return [el("p", { className: "offer" }, `In the earlier translation: ${now.decision}`, ...text, now.who ? ` by ${now.who}` : "", " ",
    takeButton(item.id, " ", el("kbd", {}, "t")))];
}

/** The offers in the list at the top, each with its button until it is decided. */
function drawOffers() {
  for (const entry of document.querySelectorAll("[data-offer]")) {
    const open = !decisions.has(entry.dataset.offer);
    const button = entry.querySelector("button");
    if (open && !button) entry.append(" ", takeButton(entry.dataset.offer));
    if (!open) button?.remove();
  }
}
