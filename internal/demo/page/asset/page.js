// The page's script. It only knows pieces (elements with an id, which the server sends
// again when they change) and forms (submitted without leaving the page). Only the
// server knows what a message or a meeting is.
"use strict";

const byId = (id) => document.getElementById(id);

// ---- pieces ----

// show applies one change from the server: remove elements, then add others.
function show(change) {
  const logs = [...document.querySelectorAll(".messages")].map((log) => [log, atEnd(log)]);
  for (const id of change.drop ?? []) byId(id)?.remove();
  for (const put of change.put ?? []) {
    const region = byId(put.in);
    if (!region) continue; // not on this page: no thread is open, for example
    const holder = document.createElement("template");
    holder.innerHTML = put.html;
    const fresh = holder.content.firstElementChild;
    const old = byId(put.id);
    if (old) replace(old, fresh);
    else region.insertBefore(fresh, put.before ? byId(put.before) : null);
  }
  for (const [log, follow] of logs) if (follow) toEnd(log);
  showWindow();
  followTour();
}

// replace keeps the focus, typed text and open details.
function replace(old, fresh) {
  const focus = document.activeElement;
  const name = old.contains(focus) ? [focus.tagName, focus.name, focus.value] : null;
  for (const field of old.querySelectorAll("textarea, input:not([type=hidden], [type=checkbox], [type=radio])")) {
    const same = fresh.querySelector(`[name="${CSS.escape(field.name)}"]`);
    if (same && field.value !== field.defaultValue) same.value = field.value;
  }
  const folded = fresh.querySelectorAll("details");
  old.querySelectorAll("details").forEach((d, i) => { if (folded[i]) folded[i].open = d.open; });
  old.replaceWith(fresh);
  if (!name) return;
  const same = [...fresh.querySelectorAll(name[0])].find((e) => e.name === name[1] && e.value === name[2]);
  (same ?? byId("line"))?.focus();
}

const atEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < 40;

// toEnd keeps scrolling for a few frames, because messages get their height only when
// they come into view. It stops if the person scrolls up.
function toEnd(log, frames = 8) {
  log.scrollTop = log.scrollHeight;
  const there = log.scrollTop;
  if (frames === 0) return;
  requestAnimationFrame(() => { if (log.scrollTop >= there || atEnd(log)) toEnd(log, frames - 1); });
}

// A page listens only while it is visible: a browser opens at most six connections to
// one server, so a seventh window would have to wait. The server remembers what it has
// sent and resumes there.
let changes = null;

function listen() {
  if (changes || document.hidden) return;
  changes = new EventSource("/changes?page=" + encodeURIComponent(document.body.dataset.page));
  changes.onopen = () => document.body.classList.add("live");
  changes.onmessage = (event) => show(JSON.parse(event.data));
  changes.addEventListener("reload", () => {
    hush();
    location.reload();
  });
}

function hush() {
  changes?.close();
  changes = null;
}

document.addEventListener("visibilitychange", () => (document.hidden ? hush() : listen()));

// ---- forms ----

async function post(action, body) {
  try {
    const answer = await fetch(action, { method: "POST", body, redirect: "manual" });
    say(answer.type === "opaqueredirect" ? "" : await answer.text());
    return answer.type === "opaqueredirect";
  } catch {
    say("The demo does not answer. Is it still running in the terminal?");
    return false;
  }
}

const say = (trouble) => { byId("trouble").textContent = trouble; };

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  event.preventDefault();
  const button = event.submitter;
  if (button?.dataset.title !== undefined && !(await confirmed(button.dataset))) return;
  button?.closest("details.more")?.removeAttribute("open");
  const body = new URLSearchParams(new FormData(form, button));
  const line = form.elements.line;
  const typed = line?.value;
  if (line) write(line, ""); // right away, because the person may already be typing the next line
  const done = await post(button?.hasAttribute("formaction") ? button.formAction : form.action, body);
  if (!done && line?.value.trim() === "") write(line, typed);
});

function write(field, text) {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// Choices in a message or a view are sent at once, as in Slack.
document.addEventListener("change", (event) => {
  const menu = event.target.closest("[data-choose]");
  const holder = menu?.closest("[data-ts], [data-view]");
  if (!holder) return;
  const name = event.target.name;
  const body = new URLSearchParams(new FormData(byId("act")));
  for (const [place, id] of Object.entries(holder.dataset)) body.append(place, id); // ts or view
  body.append("field", name);
  const values = menu.matches("input") ? [menu] : [...(menu.selectedOptions ?? menu.querySelectorAll(":checked"))];
  for (const { value } of values) if (value !== "") body.append(name, value);
  post("/choose", body);
});

// confirmed asks for confirmation before it passes a click on.
function confirmed(ask) {
  byId("confirm-title").textContent = ask.title;
  byId("confirm-text").textContent = ask.text;
  byId("confirm-no").textContent = ask.no;
  byId("confirm-yes").textContent = ask.yes;
  const dialog = byId("confirm");
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((answer) => dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true }));
}

// ---- the window (modal) ----

function showWindow() {
  const dialog = byId("window");
  const full = dialog.childElementCount > 0;
  if (full && !dialog.open) dialog.showModal();
  if (!full && dialog.open) {
    dialog.close();
    byId("line")?.focus(); // the next line goes to the conversation
  }
}

byId("window").addEventListener("cancel", (event) => {
  event.preventDefault(); // it closes when the server says so
  const form = event.target.querySelector("form");
  post("/window/close", new URLSearchParams(new FormData(form)));
});

// ---- the message field ----

document.addEventListener("input", (event) => {
  const field = event.target;
  if (field.name !== "line") return;
  field.style.height = "auto";
  field.style.height = Math.min(field.scrollHeight + 2, 160) + "px";
  if (field.id !== "line") return;
  const command = byId("hint").querySelector("[data-fill]").dataset.fill;
  const typed = field.value;
  byId("hint").hidden = !(typed.startsWith("/") && (command.startsWith(typed) || typed.startsWith(command)));
});

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (field.name !== "line" || event.isComposing) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    field.form.requestSubmit();
  }
  const fill = byId("hint").querySelector("[data-fill]").dataset.fill;
  if (event.key === "Tab" && !event.shiftKey && field.id === "line" && field.value !== "" && fill !== field.value && fill.startsWith(field.value)) {
    event.preventDefault();
    complete(field, fill);
  }
});

function complete(field, text) {
  field.focus();
  write(field, text);
}

document.addEventListener("click", (event) => {
  const fill = event.target.closest("[data-fill]");
  if (fill) complete(byId("line"), fill.dataset.fill);
  const step = event.target.closest("[data-tour]");
  if (step) tour(Number(step.dataset.tour));
  for (const menu of document.querySelectorAll("details.more[open]")) if (!menu.contains(event.target)) menu.open = false;
});

// ---- the tour: it points but never presses ----

const steps = [...document.querySelectorAll("#tour li")];
const tourAt = () => Number(sessionStorage.getItem("tour") ?? 0); // -1: closed

// tour moves by some steps; 0 closes it.
function tour(move) {
  const at = move === 0 ? -1 : Math.max(0, Math.min(steps.length - 1, tourAt() + move));
  sessionStorage.setItem("tour", at);
  sessionStorage.removeItem("tour-waits");
  drawTour();
  if (at >= 0) pointTour();
}

// drawTour shows the current step, and notes that it has been seen undone. Its spot may have
// become a different element.
function drawTour() {
  const at = tourAt();
  byId("tour").hidden = at < 0;
  document.querySelector(".tour-row").hidden = false;
  steps.forEach((step, i) => { step.hidden = i !== at; });
  const spot = document.querySelector(steps[at]?.dataset.spot ?? ":not(*)");
  for (const old of document.querySelectorAll(".spot")) if (old !== spot) old.classList.remove("spot");
  spot?.classList.add("spot");
  if (at < 0) return;
  const done = isDone(steps[at]);
  if (!done) sessionStorage.setItem("tour-waits", at);
  steps[at].classList.toggle("done", done);
  byId("tour-place").textContent = `${at + 1} of ${steps.length}${done ? ", done" : ""}`;
  document.querySelector('[data-tour="-1"]').disabled = at === 0;
  document.querySelector('[data-tour="1"]').disabled = at === steps.length - 1;
}

// pointTour scrolls to the spot and focuses it, unless the person is typing.
function pointTour() {
  const { spot, focus } = steps[tourAt()].dataset;
  document.querySelector(spot)?.scrollIntoView({ block: "nearest" });
  const writing = document.activeElement?.matches("textarea, input") && document.activeElement.value.trim() !== "";
  if (writing || document.querySelector("dialog[open]")) return;
  document.querySelector(focus)?.focus({ preventScroll: true });
}

const isDone = (step) => document.querySelector(step.dataset.done) !== null;

// followTour moves on when the current step becomes done.
function followTour() {
  const at = tourAt();
  if (at < 0) return;
  if (isDone(steps[at]) && sessionStorage.getItem("tour-waits") === String(at) && at < steps.length - 1) tour(1);
  else drawTour();
}

// ---- start ----

for (const log of document.querySelectorAll(".messages")) toEnd(log);
for (const link of document.querySelectorAll('a[href="#tour"]')) {
  link.addEventListener("click", (event) => {
    event.preventDefault(); // following the link would scroll away from the spot and take its focus
    sessionStorage.setItem("tour", 0);
    tour(-1);
  });
}
showWindow();
drawTour();
followTour();
if (tourAt() >= 0) pointTour();
listen();
