"use strict";

// Sorts the table by a column: first in the order that suits it, then the other way round.
const body = document.querySelector("#articles tbody");
const inWords = new Intl.Collator("en", { numeric: true });

function keyOf(row, column) {
  const cell = row.cells[column];
  return "value" in cell.dataset ? Number(cell.dataset.value) : cell.textContent.trim();
}

function sort(heading) {
  const first = heading.querySelector("button").dataset.first === "up" ? "ascending" : "descending";
  const other = first === "ascending" ? "descending" : "ascending";
  const order = heading.ariaSort === first ? other : first;
  for (const each of heading.parentElement.cells) each.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", order);
  arrange();
}

/** Puts the rows in the order that a heading names. */
function arrange() {
  const heading = document.querySelector("#articles [aria-sort]");
  const sign = heading.ariaSort === "ascending" ? 1 : -1;
  const compare = (a, b) => (typeof a === "number" ? a - b : inWords.compare(a, b));
  const rows = [...body.rows].map((row) => [keyOf(row, heading.cellIndex), row]);
  rows.sort(([a], [b]) => sign * compare(a, b));
  body.append(...rows.map(([, row]) => row));
}

for (const button of document.querySelectorAll("#articles thead button")) {
  button.addEventListener("click", () => sort(button.closest("th")));
}
