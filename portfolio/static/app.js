/* What the pages do beyond plain HTML. Everything here is an addition: without it every form and link still works.
   Listeners sit on the document, so parts that htmx swaps in need no wiring of their own. */
"use strict";

const root = document.documentElement;
const byId = (id) => document.getElementById(id);

/* Theme: applied before the first paint, therefore this file is loaded in <head> and not deferred. */
const isDark = () =>
  root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
const stored = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
const store = (key, value) => { try { localStorage.setItem(key, value); } catch { /* a private window: not kept */ } };

if (stored("theme")) root.dataset.theme = stored("theme");

function nameThemeButtons() {
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.textContent = isDark() ? "Ljust läge" : "Mörkt läge";
    button.hidden = false;
  }
}

/* Announcements go through the one status region; emptied first, so that the same words are heard twice. */
function announce(text) {
  const status = byId("status");
  if (!status) return;
  status.textContent = "";
  setTimeout(() => { status.textContent = text; }, 50);
}

/* Problems: shown in one place, and focus goes there. */
function showProblem(text) {
  const box = document.createElement("div");
  const sentence = document.createElement("p");
  box.className = "problem";
  sentence.textContent = text;
  box.append(sentence);
  byId("problems").replaceChildren(box);
}

const firstFieldIn = (form) =>
  [...form?.querySelectorAll("input:not([type=hidden]), textarea, select") ?? []].find((box) => box.checkVisibility());

/* A page or fragment has arrived: focus what asks for it, announce, start the small helpers inside it. */
function enliven(part) {
  part.querySelector("[data-focus]")?.focus();
  firstFieldIn(part.querySelector("form[data-focus-within]"))?.focus();
  for (const note of part.querySelectorAll("[data-announce]")) announce(note.textContent);
  for (const status of part.querySelectorAll("[role=status]")) {
    const text = status.textContent; // a region that arrives with its text is not heard everywhere: say it again
    if (text && !status.children.length) setTimeout(() => { status.textContent = text; }, 50);
  }
  part.querySelectorAll("textarea[data-limit]").forEach(countDown);
  part.querySelectorAll("form[data-undo]").forEach(expireUndo);
  part.querySelectorAll("[data-sortable]").forEach(makeSortable);
  part.querySelectorAll("[data-shortcuts-switch]").forEach((box) => { box.checked = stored(SHORTCUTS) !== "off"; });
  document.querySelectorAll(".beside").forEach((panel) => grows.observe(panel));
}

/* The answer beside a form stays in view. One that is taller than the window stands with its last line at the window's
   last, so that all of it is reached by scrolling the page and nothing scrolls within. */
function keepInView(panel) {
  if (!panel.isConnected) { grows.unobserve(panel); return; }
  const room = innerHeight - panel.offsetHeight - 16;
  // on the root: htmx copies the style attribute of what it swaps, which the CSP refuses
  root.style.setProperty("--beside-top", `${Math.min(16, room)}px`);
}
const grows = new ResizeObserver((entries) => entries.forEach(({ target }) => keepInView(target)));
addEventListener("resize", () => document.querySelectorAll(".beside").forEach(keepInView));

/* A chosen impact looks as chosen at once, as it is drawn when the page comes from the server. */
function colourImpact(choice) {
  choice.className = `level-${choice.value === "?" ? "unrated" : choice.value || "0"}`;
}

/* Characters left in a limited text, shown below it; the hint above says the limit to those who listen. */
function countDown(area) {
  let counter = area.nextElementSibling;
  if (!counter) {
    counter = document.createElement("p");
    counter.className = "counter";
    counter.setAttribute("aria-hidden", "true");
    area.after(counter);
  }
  const left = Number(area.dataset.limit) - area.value.length;
  counter.textContent = left < 0 ? `${-left} tecken för mycket` : `${left} tecken kvar`;
  counter.classList.toggle("over", left < 0);
}

/* Ångra goes away when its time is out. */
function expireUndo(form) {
  setTimeout(() => form.remove(), Number(form.dataset.undo) * 1000);
}

/* Dragging a row presses the same button that moves it up, with the place where it was dropped. The address of the library is the
   value of data-sortable, so it is fetched only where something can be dragged. */
function makeSortable(list) {
  if (list.dataset.live) return;
  list.dataset.live = "yes";
  const start = () => window.Sortable.create(list, {
    handle: ".grip", draggable: "[data-rank]", animation: 120,
    onEnd({ item, oldDraggableIndex, newDraggableIndex }) {
      if (oldDraggableIndex === newDraggableIndex) return;
      const ranks = [...list.querySelectorAll("[data-rank]")].map((row) => Number(row.dataset.rank)).sort((a, b) => a - b);
      const button = item.querySelector("button[name=move]");
      button.value = `${button.value.split(" ")[0]} ${ranks[newDraggableIndex]}`;
      button.disabled = false;
      button.click();
    },
  });
  if (window.Sortable) { start(); return; }
  const script = document.createElement("script");
  script.src = list.dataset.sortable;
  script.addEventListener("load", start);
  document.head.append(script);
}

/* The grid Bedöm påverkan: arrows move between cells, 0–3 rates and moves on, other characters are refused. */
function moveInGrid(cell, down, right) {
  const row = cell.closest("tr");
  const column = cell.closest("td").cellIndex + right;
  const rows = [...row.closest("table").tBodies[0].rows];
  for (let r = rows.indexOf(row) + down, c = column; rows[r]?.cells[c]; r += down, c += right) {
    const next = rows[r].cells[c].querySelector("input.rating");
    if (next) { next.focus(); next.select(); return; }
    if (!down && !right) return;
  }
}
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

document.addEventListener("keydown", (event) => {
  const cell = event.target;
  if (!cell.matches?.("[data-rating-grid] input.rating") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (ARROWS[event.key]) {
    event.preventDefault();
    moveInGrid(cell, ...ARROWS[event.key]);
  } else if (/^[0-3]$/.test(event.key)) {
    event.preventDefault();
    cell.value = event.key;
    cell.dispatchEvent(new Event("change", { bubbles: true }));
    moveInGrid(cell, 0, 1);
  } else if (event.key.length === 1) {
    event.preventDefault();
  }
});

document.addEventListener("input", (event) => {
  if (event.target.matches("textarea[data-limit]")) countDown(event.target);
  if (event.target.matches(".plan-grid select[class^=level-]")) colourImpact(event.target);
});

/* A form is sent once: a double click must not register the same thing twice. Heard on the way down, before htmx. */
const NEW_TRY = 5000; // milliseconds; a form whose answer is a file stays on the screen
const isSent = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (isSent.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  isSent.add(form);
  setTimeout(() => isSent.delete(form), NEW_TRY);
}, { capture: true });
document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (!detail.xhr.getResponseHeader("HX-Redirect")) isSent.delete(target); // on its way to another page
});
addEventListener("pageshow", () => { for (const form of document.forms) isSent.delete(form); }); // somebody came back

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-toggle]")) return;
  root.dataset.theme = isDark() ? "light" : "dark";
  store("theme", root.dataset.theme);
  nameThemeButtons();
});

document.addEventListener("DOMContentLoaded", () => {
  nameThemeButtons();
  enliven(document);
  if (document.body.dataset.session) watchSession(Number(document.body.dataset.session));
});

/* The session ends when nothing is done for long: said two minutes before, and one press prolongs it (WCAG 2.2.1).
   Every answer tells anew how many seconds are left. */
const WARN_SECONDS = 120;
let sessionTimer = null;

function watchSession(seconds) {
  if (seconds <= WARN_SECONDS && byId("session").hasChildNodes()) return; // said already, and still so
  clearTimeout(sessionTimer);
  byId("session").replaceChildren();
  sessionTimer = setTimeout(warnOfTheEnd, Math.max(0, seconds - WARN_SECONDS) * 1000, Math.min(seconds, WARN_SECONDS));
}

function tellOfTheSession(text, action) {
  const box = document.createElement("div");
  const sentence = document.createElement("p");
  box.className = "problem";
  sentence.textContent = text;
  box.append(sentence, action);
  byId("session").replaceChildren(box);
}

function warnOfTheEnd(seconds) {
  const button = document.createElement("button");
  button.className = "btn";
  button.type = "button";
  button.textContent = "Fortsätt vara inloggad";
  button.addEventListener("click", staySignedIn);
  tellOfTheSession(seconds > 60 ? "Du loggas ut om 2 minuter." : "Du loggas ut om 1 minut.", button);
  sessionTimer = setTimeout(sessionIsOver, seconds * 1000);
}

async function staySignedIn() {
  const { stay } = document.body.dataset;
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  const answer = await fetch(stay, { method: "POST", headers, redirect: "manual" }).catch(() => null);
  if (!answer?.ok) { sessionIsOver(); return; }
  watchSession(Number(answer.headers.get("X-Session-Seconds")));
  announce("Du är fortfarande inloggad.");
}

function sessionIsOver() {
  const link = document.createElement("a");
  link.href = document.body.dataset.signIn;
  link.target = "_blank";
  link.textContent = "Logga in i en ny flik";
  tellOfTheSession("Du är utloggad. Det du skrivit finns kvar här så länge sidan är öppen.", link);
}

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const seconds = detail.xhr?.getResponseHeader("X-Session-Seconds");
  if (seconds) watchSession(Number(seconds));
});

/* Live parts ask every ten seconds, with the version that they show; while nothing has changed the server answers 304.
   The version is sent here, because the browser's own cache would make 200 of the 304. What somebody is doing in such a
   part stays as it was: the focus, what is scrolled, opened or typed. */
const isLive = (elt) => Boolean(elt?.matches?.("[data-version]"));
let doing = null;

function whatGoesOnIn(part) {
  return {
    href: document.activeElement?.getAttribute("href"),
    scrolled: [...part.querySelectorAll("[role=region]")].map((region) => region.scrollLeft),
    opened: [...part.querySelectorAll("details")].map((details, at) => [details.id || at, details.open]),
    typed: [...part.querySelectorAll("input[id], textarea[id]")].filter((box) => box.value !== box.defaultValue)
      .map(({ id, value, selectionStart, selectionEnd }) => ({ id, value, selection: [selectionStart, selectionEnd] })),
  };
}

function goOnIn(part) {
  if (!part || !doing) return;
  part.querySelectorAll("[role=region]").forEach((region, at) => { region.scrollLeft = doing.scrolled[at] ?? 0; });
  const opened = new Map(doing.opened); // by name where there is one: what is above may have come or gone
  part.querySelectorAll("details").forEach((details, at) => { details.open = opened.get(details.id || at) ?? details.open; });
  for (const { id, value, selection } of doing.typed) {
    const box = byId(id);
    if (!box) continue;
    box.value = value;
    if (box === document.activeElement) box.setSelectionRange(...selection);
  }
  if (doing.href && document.activeElement === document.body) {
    byId("content").querySelector(`a[href="${CSS.escape(doing.href)}"]`)?.focus({ preventScroll: true });
  }
  part.querySelectorAll("[data-sortable]").forEach(makeSortable);
}

document.addEventListener("htmx:configRequest", (event) => {
  const { elt, headers } = event.detail;
  if (!isLive(elt)) return;
  if (document.hidden || elt.querySelector(".sortable-chosen")) event.preventDefault();
  headers["If-None-Match"] = `"${elt.dataset.version}"`;
});

/* The meeting: how long the item has been talked about, and a key for each button that has one. The keys work only while
   the focus is inside the meeting and nothing is being typed, and can be switched off (WCAG 2.1.4). */
const SHORTCUTS = "shortcuts";

function tellTheTime() {
  for (const timer of document.querySelectorAll("[data-timer]")) {
    timer.began ??= Date.now() - Number(timer.dataset.timer) * 1000; // the server's clock may be another
    const seconds = Math.floor((Date.now() - timer.began) / 1000);
    timer.textContent = `${Math.floor(seconds / 60)}.${String(seconds % 60).padStart(2, "0")}`;
  }
}
setInterval(tellTheTime, 1000);

/* Another screen that leads the meeting has gone on: this one follows, unless a decision is being written on it. */
function followTheMeeting() {
  const onward = document.querySelector("#meeting-points [data-follow]");
  const form = byId("decision");
  const isWritten = (box) => box.value !== box.defaultValue || (box.matches("textarea") && box.value.trim());
  const writes = form?.contains(document.activeElement)
    || [...form?.querySelectorAll("input:not([type=hidden]), textarea") ?? []].some(isWritten);
  if (onward && !writes) location.assign(onward.href);
}

function keyOf(event) {
  if (event.ctrlKey && event.key.toLowerCase() === "z") return "Ctrl+Z";
  return event.ctrlKey || event.altKey || event.metaKey ? "" : event.key.length === 1 ? event.key.toUpperCase() : event.key;
}

function pressKey(event) {
  const meeting = document.querySelector("[data-shortcuts]");
  const isTyping = event.target.matches?.("input:not([type=checkbox]), textarea, select");
  if (!meeting || isTyping || event.repeat || stored(SHORTCUTS) === "off") return;
  if (!meeting.contains(event.target) && !event.target.contains(meeting)) return;
  const key = keyOf(event);
  if (key === "F" && document.fullscreenEnabled) document.documentElement.requestFullscreen();
  const button = key && document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
  if (button.matches("summary")) { // what opens may lie below the window
    button.focus();
    button.parentElement.scrollIntoView({ block: "end" });
  }
}
document.addEventListener("keydown", pressKey);

/* Ctrl+Enter takes the decision that is being written; a line break needs Enter alone. */
document.addEventListener("keydown", (event) => {
  const form = event.ctrlKey && event.key === "Enter" && event.target.closest?.("[data-shortcuts] #decision");
  if (!form || event.repeat) return;
  event.preventDefault();
  form.requestSubmit();
});
document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-shortcuts-switch]")) store(SHORTCUTS, target.checked ? "on" : "off");
});

/* The menu under Administration lies over the page: it closes when one goes on with something else. */
const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.submenu[open]")) if (!menu.contains(except)) menu.open = false;
};
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("focusin", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeMenus(null); });

/* htmx. Answers that refuse without a place of their own are shown in #problems, never lost. */
const HAVE_A_PLACE = new Set([409, 412, 422]);

document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event;
  if (isLive(detail.requestConfig.elt)) { // what fails is asked for again, and nobody has asked to be told
    doing = whatGoesOnIn(detail.target);
    return;
  }
  if (detail.xhr.status < 400 || HAVE_A_PLACE.has(detail.xhr.status)) return;
  if (!detail.serverResponse.includes('id="problem"')) { // not from us: a proxy before us, most likely
    showProblem("Något gick fel på vägen. Det du skrivit finns kvar här. Försök igen om en stund.");
    return;
  }
  detail.target = byId("problems");
  detail.swapOverride = "innerHTML";
  detail.selectOverride = "#problem";
  detail.shouldSwap = true;
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (isLive(event.detail.requestConfig?.elt)) { goOnIn(byId(event.detail.requestConfig.elt.id)); followTheMeeting(); return; }
  const part = event.detail.target; // none when the browser has gone back to a page that was fetched anew
  enliven(part?.isConnected ? part : document);
  if (part?.id === "problems") part.focus();
});

/* A new attempt: what was said about the last one no longer holds. Reading and previews leave it standing. */
const onlyReads = (elt, verb) => verb === "get" || Boolean(elt.closest("[data-reads]"));

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (!onlyReads(detail.elt, detail.requestConfig.verb)) byId("problems").replaceChildren();
});

/* The network is gone. What only reads is asked again by itself; what changes something is left to the person,
   because the first attempt may have arrived. */
let waiting = null;

function serverIsLost(event) {
  const { elt, requestConfig } = event.detail;
  if (isLive(elt) && byId("problems").children.length) return; // said once already
  showProblem("Vi når inte servern. Det du skrivit finns kvar här. Försöker igen …");
  clearTimeout(waiting);
  const tryAgain = async () => {
    try {
      await fetch("/healthz", { cache: "no-store" });
    } catch {
      waiting = setTimeout(tryAgain, 3000);
      return;
    }
    byId("problems").replaceChildren();
    if (!onlyReads(elt, requestConfig.verb)) {
      showProblem("Servern svarar igen. Det du skrivit finns kvar. Skicka en gång till.");
      return;
    }
    announce("Servern svarar igen.");
    if (elt.isConnected) window.htmx.trigger(elt, requestConfig.triggeringEvent?.type ?? "click");
  };
  waiting = setTimeout(tryAgain, 3000);
}
document.addEventListener("htmx:sendError", serverIsLost);
document.addEventListener("htmx:timeout", serverIsLost);
