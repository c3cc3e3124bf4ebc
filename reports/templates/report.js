"use strict";
// Adds sorting, filtering and paging; the page also works without scripts.

function cellValue(row, column) {
  const cell = row.cells[column];
  if (cell.dataset.value === undefined) return cell.textContent.trim();
  return cell.dataset.value === "" ? null : Number(cell.dataset.value);
}

function compare(a, b) {
  return typeof a === "number" ? a - b : String(a).localeCompare(String(b), "en");
}

function sortRows(table, column, descending) {
  const body = table.tBodies[0];
  const rows = Array.from(body.rows, (row) => [cellValue(row, column), row]);
  rows.sort(([a], [b]) => {
    if (a === null || b === null) return (a === null) - (b === null);
    return descending ? compare(b, a) : compare(a, b);
  });
  body.append(...rows.map(([, row]) => row));
}

function makeSortable(table) {
  const headers = Array.from(table.tHead.rows[0].cells);
  headers.forEach((header, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => {
      const first = header.classList.contains("number") ? "descending" : "ascending";
      const second = first === "ascending" ? "descending" : "ascending";
      const order = header.getAttribute("aria-sort") === first ? second : first;
      headers.forEach((other) => other.removeAttribute("aria-sort"));
      header.setAttribute("aria-sort", order);
      sortRows(table, column, order === "descending");
    });
  });
}

function makeFilterable(table, tools) {
  const [search, verdict] = tools.querySelectorAll("input, select");
  const shown = tools.querySelector("output");
  const rows = Array.from(table.tBodies[0].rows);
  function apply() {
    const words = search.value.toLowerCase().split(/\s+/);
    let count = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      const fits = !verdict.value || row.dataset.verdict === verdict.value;
      row.hidden = !fits || !words.every((word) => text.includes(word));
      count += row.hidden ? 0 : 1;
    }
    shown.value = `${count} of ${rows.length} shown`;
  }
  tools.addEventListener("input", apply);
  tools.hidden = false;
  apply();
}

function placeRow(labels, [path, line, column, name, utility, kind, verdict, reason]) {
  const row = document.createElement("tr");
  const contents = [`${path}:${line}:${column}`, utility, kind, verdict, reason];
  contents.forEach((content, index) => {
    const cell = row.insertCell();
    cell.dataset.label = labels[index];
    cell.textContent = content;
    if (index === 0) {
      cell.className = "path";
      cell.title = name;
    }
  });
  return row;
}

function makePaged(table, tools, data, length) {
  const places = data.rows.map((cells) =>
    cells.map((cell, index) => (index === 1 || index === 2 ? cell : data.strings[cell])));
  const labels = Array.from(table.tHead.rows[0].cells, (cell) => cell.textContent.trim());
  const search = tools.querySelector("input");
  const shown = tools.querySelector("output");
  const [previous, next] = tools.querySelectorAll("button");
  let page = 0;
  let found = places;
  function show() {
    const start = page * length;
    const rows = found.slice(start, start + length).map((place) => placeRow(labels, place));
    table.tBodies[0].replaceChildren(...rows);
    previous.disabled = page === 0;
    next.disabled = start + length >= found.length;
    const end = start + rows.length;
    const range = rows.length ? `${(start + 1).toLocaleString("en")}–${end.toLocaleString("en")}` : "0";
    shown.value = `${range} of ${found.length.toLocaleString("en")}`;
  }
  search.addEventListener("input", () => {
    const words = search.value.toLowerCase().split(/\s+/);
    found = places.filter((place) => {
      const text = `${place[0]}:${place[1]} ${place.slice(3).join(" ")}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    page = 0;
    show();
  });
  previous.addEventListener("click", () => { page -= 1; show(); });
  next.addEventListener("click", () => { page += 1; show(); });
  tools.hidden = false;
  show();
}

addEventListener("beforeprint", () => {
  document.querySelectorAll("details").forEach((details) => { details.open = true; });
});
document.querySelectorAll("table.sortable").forEach(makeSortable);
const utilities = document.getElementById("utilities-table");
if (utilities) makeFilterable(utilities, document.getElementById("utilities-tools"));
const placeData = document.getElementById("places-data");
if (placeData) {
  const table = document.getElementById("places-table");
  const tools = document.getElementById("places-tools");
  makePaged(table, tools, JSON.parse(placeData.textContent), Number(table.dataset.length));
}
