// The keyboard of review. Without it every form works all the same; it only presses the buttons that are there.
"use strict";
const items = [...document.querySelectorAll("[data-item]")];
let at = -1;

function go(step) {
  if (!items.length) return;
  at = Math.min(items.length - 1, Math.max(0, at + step));
  items[at].focus();
  items[at].scrollIntoView({ block: "nearest" });
}

function isWriting(target) {
  return target.closest("input, textarea, select") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && isWriting(event.target)) { event.target.blur(); if (at >= 0) items[at].focus(); return; }
  if (isWriting(event.target)) return;
  const held = document.activeElement && document.activeElement.closest("[data-item]");
  if (held) at = items.indexOf(held);
  if (event.key === "j") go(1);
  else if (event.key === "k") go(-1);
  else if (at >= 0 && event.key === "o") { const link = items[at].querySelector("a[href^='/deals/'], a[href^='/reports/']"); if (link) location.href = link.href; }
  else if (at >= 0 && event.key === "w") items[at].querySelector("input[name=why]")?.focus();
  else if (at >= 0) {
    const button = items[at].querySelector(`button[data-key='${CSS.escape(event.key)}']`);
    if (!button) return;
    const value = items[at].querySelector("input[name=value]");
    if (event.key === "c" && value && !value.value) value.focus();
    else if (event.key === "n" && !items[at].querySelector("input[name=why]").value) items[at].querySelector("input[name=why]").focus();
    else button.click();
  } else return;
  event.preventDefault();
});

// Words that are marked in a report's text go into the form's field for words.
document.addEventListener("mouseup", () => {
  const marked = document.getSelection();
  const text = document.querySelector("article.text");
  if (!marked || marked.isCollapsed || !text || !text.contains(marked.anchorNode)) return;
  const field = document.querySelector("[data-words].here") || document.querySelector("details[open] [data-words]");
  if (field) field.value = marked.toString();
});
document.addEventListener("focusin", (event) => {
  if (!event.target.matches("[data-words]")) return;
  document.querySelectorAll("[data-words].here").forEach((field) => field.classList.remove("here"));
  event.target.classList.add("here");
});
