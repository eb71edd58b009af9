// Keeps a page up to date: asks for it again, and puts the parts that are marked
// data-live in the place of the old ones. All text comes escaped from the server,
// and is parsed as a document in which no script runs.
"use strict";

const every = 2000; // ms
const longest = 30000;
let wait = every;

// busy tells whether somebody is at work in a part: what has the focus or a
// selection is not pulled away.
function busy(part) {
  const selection = document.getSelection();
  return part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")
    || selection && !selection.isCollapsed && part.contains(selection.anchorNode);
}

function renew(fresh) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(part.id);
    if (!next || busy(part) || next.isEqualNode(part)) continue;
    const focus = part.contains(document.activeElement) && document.activeElement.getAttribute("href");
    const scrolled = [...part.querySelectorAll("pre")].map(e => e.scrollTop);
    const made = document.importNode(next, true);
    part.replaceWith(made);
    made.querySelectorAll("pre").forEach((e, i) => { e.scrollTop = scrolled[i] || 0; });
    if (focus) made.querySelector(`a[href="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
  }
}

async function ask() {
  if (document.hidden) return;
  const away = document.getElementById("away");
  try {
    const answer = await fetch(location.href, { signal: AbortSignal.timeout(20000) });
    if (!answer.ok && answer.status !== 404) throw new Error(answer.status);
    renew(new DOMParser().parseFromString(await answer.text(), "text/html"));
    away.hidden = true;
    wait = every;
  } catch (error) {
    away.hidden = false;
    wait = Math.min(wait * 2, longest);
  }
}

async function live() {
  await ask();
  setTimeout(live, wait);
}

document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });

// The interval belongs to one command only.
const action = document.getElementById("action");
if (action) {
  const label = document.getElementById("interval-label");
  const fit = () => { label.hidden = action.value !== "update_interval"; };
  action.addEventListener("change", fit);
  fit();
}

setTimeout(live, every);
