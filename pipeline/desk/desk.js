// The list of the desk: what is shown of it, the keys, and bringing texts. `index.js` sorts it.
(() => {
  const $ = (id) => document.getElementById(id);
  const { brought, largest, accepted } = document.body.dataset;

  // ---- what is shown -----------------------------------------------------------------------------

  const rows = () => [...body.rows];
  const shown = () => rows().filter((row) => !row.hidden);
  const show = () => document.querySelector("input[name=show]:checked").value;
  const isOpen = (row) => "open" in row.dataset;
  const canBeDecided = (row) => isOpen(row) && !row.querySelector(".trouble");

  /** Hides the rows that the search and the choice leave out, and keeps both for when this page is back. */
  function filter() {
    const words = $("search").value.toLowerCase().split(/\s+/);
    for (const row of rows()) {
      const name = row.querySelector("a").textContent.toLowerCase();
      row.hidden = !words.every((word) => name.includes(word)) || (show() !== "all" && isOpen(row) !== (show() === "open"));
    }
    const all = rows().length;
    $("none").hidden = shown().length > 0 || !all;
    $("shown").textContent = shown().length === all ? "" : `${shown().length} of ${all} shown`;
    $("next").disabled = !rows().some(canBeDecided);
    const heading = document.querySelector("#articles [aria-sort]");
    sessionStorage.setItem("desk", JSON.stringify([$("search").value, show(), heading.cellIndex, heading.ariaSort]));
  }

  function restore() {
    const kept = sessionStorage.getItem("desk");
    if (!kept) return;
    const [search, choice, column, order] = JSON.parse(kept);
    $("search").value = search;
    document.querySelector(`input[name=show][value=${choice}]`).checked = true;
    document.querySelector("#articles [aria-sort]").removeAttribute("aria-sort");
    document.querySelector("#articles thead tr").cells[column].setAttribute("aria-sort", order);
  }

  function clear() {
    $("search").value = "";
    document.querySelector("input[name=show]").checked = true;
    filter();
  }

  /** Takes the list as it is now from the server; what is shown, sorted and focused stays so. */
  async function refresh() {
    let text;
    try {
      text = await ask(location.pathname, { method: "GET" }, "text");
    } catch (error) {
      return say(error.message, true);
    }
    const page = new DOMParser().parseFromString(text, "text/html");
    const focused = document.activeElement.closest("#articles tbody tr")?.id;
    $("head").replaceWith(document.adoptNode(page.getElementById("head")));
    body.replaceChildren(...document.adoptNode(page.querySelector("#articles tbody")).rows);
    $("list").hidden = !body.rows.length;
    arrange();
    filter();
    if (focused) $(focused)?.querySelector("a").focus();
  }

  // ---- the server --------------------------------------------------------------------------------

  /** The answer to a request; throws an Error with a sentence. */
  async function ask(address, options, kind = "json") {
    let answer;
    try {
      answer = await fetch(address, { ...options, headers: { "X-Pipeline": "1" } });
    } catch {
      throw new Error("The desk does not answer. Look whether ‘pipeline review’ is still running where you started it.");
    }
    if (answer.ok) return answer[kind]();
    const { error } = await answer.json().catch(() => ({ error: `The desk answered with ${answer.status}.` }));
    throw new Error(error);
  }

  function say(text, alarm = false) {
    $("working").classList.toggle("alarm", alarm);
    $("working").setAttribute("role", alarm ? "alert" : "status");
    $("working").textContent = text;
  }

  // ---- bringing texts ----------------------------------------------------------------------------

  const waiting = [];
  let total = 0, working = false, last = null;

  const ending = (name) => /\.[^.]*$/.exec(name)?.[0].toLowerCase() ?? "";

  function bring(items) {
    waiting.push(...items);
    total += items.length;
    if (items.length && !working) work();
  }

  /** Cleans what waits, one after the other; where it was one text alone, it is opened then. */
  async function work() {
    working = true;
    let done = 0;
    for (let item; (item = waiting.shift()); ) {
      done++;
      const began = Date.now();
      const seconds = Object.assign(document.createElement("span"), { ariaHidden: "true" }); // said once is enough
      say(`${ending(item.name) === ".json" ? "Reading" : "Cleaning"} ${item.name}${total > 1 ? `, ${done} of ${total}` : ""}… `);
      $("working").append(seconds);
      const clock = setInterval(() => { seconds.textContent = `${Math.round((Date.now() - began) / 1000)} s`; }, 1000);
      try {
        tellBrought(item, await send(item));
      } catch (error) {
        last = null;
        tellBrought(item, null, error.message);
      }
      clearInterval(clock);
    }
    working = false;
    say("");
    const only = total === 1 && last;
    total = 0;
    return only ? location.assign(only) : refresh();
  }

  async function send({ name, data, date = "" }) {
    if (data.size > Number(largest)) throw new Error(`It is larger than ${largest >> 20} MB.`);
    const body = await data.arrayBuffer().catch(() => {
      throw new Error("It cannot be read; of a folder, drop what is in it.");
    });
    const query = new URLSearchParams({ name, date });
    return ask(`${brought}?${query}`, { method: "POST", body });
  }

  function tellBrought(item, answer, error = "") {
    const entry = document.createElement("li");
    if (error) {
      entry.className = "failed";
      entry.append(error.startsWith(item.name) ? error : `${item.name}: ${error}`);
    } else {
      const { article, name, said, cleaned } = answer;
      last = cleaned ? article : null;
      entry.append(Object.assign(document.createElement("a"), { href: article, textContent: name }), ` ${said}`);
    }
    $("brought").prepend(entry);
  }

  const files = (list) => bring([...list].map((file) => ({ name: file.name, data: file })));

  /** A name for a text without one: its first words. */
  function nameOf(text) {
    const words = text.trim().split("\n")[0].match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
    return words.slice(0, 6).join("-").toLowerCase() || "text";
  }

  function write(text = "") {
    if (text) $("text").value = text;
    if (!$("paste").open) $("paste").showModal();
    $("text").focus();
  }

  function paste() {
    const text = $("text").value;
    const name = $("name").value.trim() || nameOf(text);
    const known = accepted.split(" ").includes(ending(name));
    bring([{ name: known ? name : `${name}.txt`, data: new Blob([text]), date: $("date").value }]);
    $("form").reset();
  }

  // ---- keys and clicks ---------------------------------------------------------------------------

  function go(step) {
    const links = shown().map((row) => row.querySelector("a"));
    const at = links.indexOf(document.activeElement.closest("tr")?.querySelector("a"));
    const target = links[at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step];
    target?.focus();
    target?.scrollIntoView({ block: "nearest" });
  }

  const next = () => shown().concat(rows()).find(canBeDecided)?.querySelector("a").click();
  const keys = { j: () => go(1), k: () => go(-1), n: next, p: () => write(), o: () => $("files").click(), "/": () => $("search").focus(), "?": () => $("keys").showModal() };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && $("paste").open) return $("form").requestSubmit();
    if (event.key === "Escape" && event.target === $("search")) {
      $("search").value = "";
      return filter();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return undefined;
    if (event.target.closest("input:not([type=radio]), textarea") || !$("shortcuts").checked || !Object.hasOwn(keys, event.key)) return undefined;
    event.preventDefault();
    return keys[event.key]();
  });

  $("search").addEventListener("input", filter);
  for (const radio of document.querySelectorAll("input[name=show]")) radio.addEventListener("change", filter);
  for (const button of document.querySelectorAll("#articles thead button")) button.addEventListener("click", filter);
  $("clear").addEventListener("click", clear);
  $("next").addEventListener("click", next);
  $("help").addEventListener("click", keys["?"]);
  $("choose").addEventListener("click", keys.o);
  $("write").addEventListener("click", keys.p);
  $("form").addEventListener("submit", paste);
  for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close());
  $("files").addEventListener("change", () => {
    files($("files").files);
    $("files").value = "";
  });

  body.addEventListener("click", async (event) => {
    const { aside } = event.target.dataset;
    if (!aside) return;
    try {
      const { name } = await ask(aside, { method: "POST" });
      say(`They are in ${name} now, beside the article.`);
      await refresh();
    } catch (error) {
      say(error.message, true);
    }
  });

  document.addEventListener("paste", (event) => {
    if (event.target.closest("input, textarea")) return;
    const { files: pasted } = event.clipboardData;
    const text = event.clipboardData.getData("text/plain");
    if (pasted.length) files(pasted);
    else if (text.trim()) write(text);
  });
  for (const kind of ["dragenter", "dragover"])
    document.addEventListener(kind, (event) => {
      event.preventDefault();
      document.body.classList.add("dropping");
    });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    const text = event.dataTransfer.getData("text/plain");
    if (event.dataTransfer.files.length) files(event.dataTransfer.files);
    else if (text.trim()) write(text);
  });

  addEventListener("focus", () => working || refresh());
  addEventListener("pageshow", (event) => event.persisted && refresh());
  addEventListener("beforeunload", (event) => {
    if (working && waiting.length) event.preventDefault();
  });

  $("shortcuts").checked = localStorage.getItem("pipeline.shortcuts") !== "off";
  $("shortcuts").addEventListener("change", () => localStorage.setItem("pipeline.shortcuts", $("shortcuts").checked ? "on" : "off"));
  restore();
  arrange();
  filter();
})();
