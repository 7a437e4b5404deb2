// Keys for the review page, and correcting by selecting words in the text. The page works without it.
"use strict";

(() => {
  const by = (id) => document.getElementById(id);
  const SETTING = "whipcount-keys";
  const keysOn = by("keys-on");
  if (keysOn) {
    keysOn.checked = localStorage.getItem(SETTING) !== "off";
    keysOn.addEventListener("change", () => localStorage.setItem(SETTING, keysOn.checked ? "on" : "off"));
  }

  // A form goes out once, however often it is pressed.
  let sent = false;
  document.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  window.addEventListener("pageshow", () => { sent = false; });

  const press = (id) => { const found = by(id); if (found) found.click(); };
  const open = (id, field) => {
    const panel = by(id);
    if (!panel) return;
    panel.open = true;
    by(field).focus();
  };

  // Words that were selected in the text, with their place counted in code points as the ledger does.
  const context = by("context");
  let kept = null;
  const codePoints = (text) => Array.from(text).length;
  const selected = () => {
    const selection = window.getSelection();
    if (!context || !selection || selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    if (!context.contains(range.startContainer) || !context.contains(range.endContainer)) return null;
    const before = document.createRange();
    before.setStart(context, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const text = range.toString();
    const words = text.trim();
    if (!words) return null;
    const lead = text.length - text.trimStart().length;
    return { words, start: Number(context.dataset.start) + codePoints(before.toString()) + codePoints(text.slice(0, lead)) };
  };
  // A click on a button ends the selection; what was selected last is what is meant.
  document.addEventListener("selectionchange", () => { kept = selected() || kept; });

  const oneLine = (text) => text.split(/\s+/).join(" ");
  const take = (what) => {
    const found = selected() || kept;
    const told = by("taken");
    if (!found) { told.textContent = "Select words in the text first."; return; }
    by("correct").open = true;
    if (what === "words") {
      by("words").value = found.words;
      by("start").value = String(found.start);
    } else if (what === "conditions") {
      const field = by("conditions");
      const there = field.value.split("\n").filter((line) => line.trim());
      const starts = by("condition_starts").value.split(",").slice(0, there.length);
      while (starts.length < there.length) starts.push("");
      field.value = [...there, oneLine(found.words)].join("\n");
      by("condition_starts").value = [...starts, String(found.start)].join(",");
    } else {
      by(what).value = oneLine(found.words);
    }
    told.textContent = `Taken: ${oneLine(found.words).slice(0, 60)}`;
  };
  // Places belong to lines: once a line is changed by hand, the words decide.
  by("conditions")?.addEventListener("input", () => { by("condition_starts").value = ""; });
  by("words")?.addEventListener("input", () => { by("start").value = ""; });

  const tools = document.querySelector(".tools");
  if (tools) {
    tools.hidden = false;
    for (const button of tools.querySelectorAll("[data-take]")) {
      // Keeps the selection where it is.
      button.addEventListener("mousedown", (event) => event.preventDefault());
      button.addEventListener("click", () => take(button.dataset.take));
    }
  }

  const KEYS = {
    a: () => press("accept"),
    r: () => press("reject"),
    c: () => open("correct", "position"),
    n: () => open("note", "note-text"),
    u: () => by("undo-last")?.requestSubmit(),
    j: () => press("go-on"),
    k: () => press("go-back"),
    "?": () => { const keys = by("keys"); if (keys) { keys.open = !keys.open; if (keys.open) keys.querySelector("summary").focus(); } },
    1: () => take("words"),
    2: () => take("conditions"),
    3: () => take("endorser"),
    4: () => take("endorsee"),
  };
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (event.key === "Escape" && field) { field.blur(); return; }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && field?.form) {
      event.preventDefault();
      field.form.requestSubmit(field.form.querySelector("button.primary"));
      return;
    }
    if (field || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (keysOn && !keysOn.checked && event.key !== "?") return;
    const act = KEYS[event.key];
    if (act && !((/[1-4]/).test(event.key) && !by("correct"))) {
      event.preventDefault();
      act();
    }
  });
})();
