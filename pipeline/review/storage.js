// Where decisions are kept: by this browser for a page from disk, by the server where the app serves the page.
// Both forms have begin(), which brings what was kept; save(ids), called when these are decided or undone;
// and settled(), a promise that all of it is kept. They call show(state, trouble) with a sentence where it is not.

/** Reads a setting of this browser, or keeps one; null where the browser allows neither. */
function setting(name, value) {
  try {
    if (value === undefined) return localStorage.getItem(name);
    localStorage.setItem(name, value);
    return value;
  } catch {
    return null;
  }
}

function browserStorage(show) {
  const key = `pipeline.decisions.${source}`;
  const save = () => {
    if (setting(key, JSON.stringify(asFile())) === null)
      show("not saved", "This browser keeps nothing for this page: download your decisions before you close it.");
    else show("saved in this browser");
  };
  const begin = async () => {
    const kept = setting(key);
    try {
      if (kept) for (const decision of parsed(kept)) put(decision.id, decision);
      else save();
    } catch (error) {
      show("not saved", `What this browser kept of this article cannot be read. ${error.message}`);
    }
  };
  return { begin, save, settled: async () => {} };
}

/** The answer to a request to the app; throws an Error with a sentence for the editor. */
async function ask(address, { headers, ...options } = {}) {
  let answer;
  try {
    answer = await fetch(address, { ...options, credentials: "same-origin", cache: "no-store", headers: { "X-Pipeline": "1", ...headers } });
  } catch {
    throw new Error("The app does not answer. If it was ended, download your decisions here, start “pipeline review” again and drop the file on its list.");
  }
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => null);
  throw new Error(typeof told?.error === "string" ? told.error : `The app answered with error ${answer.status}.`);
}

/** `taken` is called with the ids of decisions that came from elsewhere. */
function deskStorage(show, taken) {
  const waiting = new Map(); // what the server does not have yet: by id, the decision, or null where it was undone
  let working = null;

  function take(list) {
    const theirs = new Map(list.map((decision) => [decision.id, decision]));
    const same = (id) => JSON.stringify(theirs.get(id)) === JSON.stringify(decisions.get(id));
    const news = [...new Set([...decisions.keys(), ...theirs.keys()])].filter((id) => !waiting.has(id) && !same(id));
    for (const id of news) put(id, theirs.get(id));
    if (news.length) taken(news);
  }

  async function exchange() {
    const sent = new Map(waiting);
    const undone = [...sent.keys()].filter((id) => !sent.get(id));
    const body = JSON.stringify({ decided: [...sent.values()].filter(Boolean), undone });
    const post = { method: "POST", headers: { "Content-Type": "application/json" }, body };
    const answer = await ask(desk.decisions, sent.size ? post : {});
    const list = decisionsOf(await answer.json());
    for (const [id, decision] of sent) if (waiting.get(id) === decision) waiting.delete(id);
    take(list);
  }

  async function work() {
    for (let pause = 1000; ; pause = Math.min(2 * pause, 10000))
      try {
        do await exchange(); while (waiting.size);
        return show("saved");
      } catch (error) {
        show("not saved", error.message);
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
  }

  // One request at a time, so that no answer is older than what was sent after it.
  const settled = () => (working ??= work().finally(() => { working = null; }));
  const save = (ids) => {
    for (const id of ids) waiting.set(id, decisions.get(id) ?? null);
    show("saving…");
    settled();
  };
  addEventListener("focus", settled);
  addEventListener("beforeunload", (event) => waiting.size && event.preventDefault());
  return { begin: settled, save, settled };
}
