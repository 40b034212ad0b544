// The consoles of a page (templates/console.html): connects, tells how it stands, reconnects by itself, types what is
// pasted. What it says comes from the template, in the page's language.

import RFB from "./vendor/novnc/core/rfb.js";
import { bytesOf, press, strokesOf } from "./console-keys.js";

const FORBIDDEN = 4001;
const OFF = 4002;
const FIRST_WAIT_S = 1;
const LONGEST_WAIT_S = 10;
const ANSWER_MS = 10_000;
const BYTE_MS = 20; // a machine that stands still for a third of a second (16 bytes) loses no key
const LONGEST_TEXT = 4000;

class Console {
  constructor(element) {
    this.element = element;
    this.words = JSON.parse(element.dataset.words);
    this.screen = element.querySelector("[data-screen]");
    this.state = element.querySelector("[data-state]");
    this.rfb = null;
    this.timer = null;
    this.tries = 0;
    this.attempt = 0; // an answer that comes after another attempt has begun is nobody's
    this.isOpen = false;
    this.typing = null;
    for (const button of element.querySelectorAll("[data-do]")) {
      button.addEventListener("click", () => this[button.dataset.do]());
    }
    this.pasting = element.querySelector("dialog");
    this.pasting.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.type(event.submitter?.value === "rest");
    });
    this.keyboard();
  }

  // --- connecting
  open() {
    if (this.isOpen) return;
    this.isOpen = true;
    this.tries = 0;
    this.connect();
  }

  close() {
    this.isOpen = false;
    this.attempt += 1;
    clearTimeout(this.timer);
    const rfb = this.rfb;
    this.rfb = null;
    rfb?.disconnect();
    this.say("closed");
  }

  async connect() {
    const attempt = ++this.attempt;
    this.say("connecting");
    const { trouble, message, answer } = await this.ask();
    if (attempt !== this.attempt) return;
    if (trouble) {
      this.again(trouble, message);
      return;
    }
    const address = new URL(answer.url);
    address.searchParams.set("token", answer.token);
    const socket = new WebSocket(address, ["binary"]);
    let code = 0;
    socket.addEventListener("close", (event) => { code = event.code; });
    const rfb = new RFB(this.screen, socket, { shared: true });
    this.rfb = rfb;
    rfb.scaleViewport = true;
    rfb.background = "#000";
    rfb.addEventListener("connect", () => {
      this.tries = 0;
      this.say("connected");
    });
    rfb.addEventListener("disconnect", () => {
      if (this.rfb !== rfb) return; // closed by us
      this.rfb = null;
      this.again({ [FORBIDDEN]: "forbidden", [OFF]: "off" }[code] ?? "lost");
    });
  }

  async ask() {
    try {
      const options = { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(ANSWER_MS) };
      const response = await fetch(this.element.dataset.tokenUrl, options);
      const answer = await response.json().catch(() => ({}));
      return response.ok ? { answer } : { trouble: "refused", message: answer.message };
    } catch {
      return { trouble: "lost" };
    }
  }

  again(word, message = "") {
    if (!this.isOpen) return;
    const wait = Math.min(FIRST_WAIT_S * 2 ** this.tries, LONGEST_WAIT_S);
    this.tries += 1;
    this.say(word, message);
    clearTimeout(this.timer);
    // Not all at the same moment: a whole room reconnects after a pause.
    this.timer = setTimeout(() => this.connect(), wait * 1000 * (0.75 + Math.random() / 2));
  }

  retry() {
    if (this.rfb) return;
    clearTimeout(this.timer);
    this.tries = 0;
    this.connect();
  }

  say(word, message = "") {
    const text = message || this.words[word];
    this.element.dataset.now = word;
    if (word === "connecting" && this.tries > 0) return; // while it tries again, what was wrong stays to be read
    if (this.state.textContent !== text) this.state.textContent = text;
  }

  // --- the tools
  ctrlAltDel() {
    this.rfb?.sendCtrlAltDel();
    this.rfb?.focus();
  }

  async full() {
    if (document.fullscreenElement === this.element) {
      await document.exitFullscreen();
      return;
    }
    await this.element.requestFullscreen();
    // Escape, Alt+Tab… go to the machine where the browser lets us; holding Escape leaves.
    await navigator.keyboard?.lock?.().catch(() => {});
    this.rfb?.focus();
  }

  enter() {
    this.rfb?.focus();
  }

  leave() {
    this.rfb?.blur();
    this.screen.focus();
  }

  keyboard() {
    const held = new Set();
    // Tab alone does not get caught in here: Enter goes in, Ctrl+Alt+Shift comes out.
    this.screen.addEventListener("keydown", (event) => {
      if (event.target === this.screen && event.key === "Enter") {
        event.preventDefault();
        this.enter();
      }
    });
    this.screen.addEventListener("keydown", (event) => {
      if (event.target === this.screen) return;
      held.add(event.code.replace(/Left$|Right$/, ""));
      if (["Control", "Alt", "Shift"].every((key) => held.has(key)) && held.size === 3) {
        event.preventDefault();
        event.stopPropagation();
        this.leave();
      }
    }, true);
    this.screen.addEventListener("keyup", (event) => held.delete(event.code.replace(/Left$|Right$/, "")), true);
    // noVNC releases the keys that are held when the window loses the focus; the same holds for the screen.
    this.screen.addEventListener("focusout", () => {
      held.clear();
      window.dispatchEvent(new Event("blur"));
    });
  }

  // --- typing what is pasted
  async paste() {
    this.report("");
    this.pasting.showModal();
    const field = this.pasting.querySelector("textarea");
    try {
      field.value = await navigator.clipboard.readText();
    } catch {
      field.value = ""; // not allowed: the person pastes it here
    }
    field.focus();
  }

  cancel() {
    if (this.typing) this.typing.stopped = true;
    this.pasting.close();
  }

  report(text, { unknown = false } = {}) {
    this.pasting.querySelector("[data-report]").textContent = text;
    this.pasting.querySelector("[value=rest]").hidden = !unknown;
  }

  async type(leaveOut) {
    const text = this.pasting.querySelector("textarea").value;
    const { strokes, unknown } = strokesOf(text);
    if (unknown.length && !leaveOut) {
      this.report(`${this.words.unknown} ${unknown.join(" ")}`, { unknown: true });
      return;
    }
    if (text.length > LONGEST_TEXT) {
      this.report(this.words.tooLong);
      return;
    }
    if (!this.rfb || this.typing) {
      this.report(this.words.notConnected);
      return;
    }
    const rfb = this.rfb;
    const typing = { stopped: false };
    this.typing = typing;
    this.report(this.words.typing);
    for (const stroke of strokes) {
      if (typing.stopped || this.rfb !== rfb) break;
      press(rfb, stroke);
      await new Promise((done) => setTimeout(done, BYTE_MS * bytesOf(stroke)));
    }
    this.typing = null;
    if (typing.stopped) return;
    if (this.rfb !== rfb) {
      this.report(this.words.interrupted);
      return;
    }
    this.pasting.close();
    rfb.focus();
  }
}

// --- several consoles side by side: two at most are shown, the others are not connected
class Choice {
  constructor(element) {
    this.consoles = [...element.querySelectorAll("[data-console]")].map((one) => new Console(one));
    this.buttons = [...element.querySelectorAll("[data-show]")];
    this.element = element;
    this.shown = [];
    this.buttons.forEach((button, number) => button.addEventListener("click", () => this.toggle(number)));
    if (this.consoles.length) this.toggle(0);
  }

  toggle(number) {
    const others = this.shown.filter((other) => other !== number);
    if (others.length === this.shown.length) this.shown = [...this.shown.slice(-1), number];
    else if (others.length) this.shown = others; // the last one stays
    this.element.dataset.count = this.shown.length;
    this.consoles.forEach((one, index) => {
      const shown = this.shown.includes(index);
      one.element.hidden = !shown;
      this.buttons[index]?.setAttribute("aria-pressed", shown);
      if (shown) one.open();
      else one.close();
    });
  }
}

for (const element of document.querySelectorAll("[data-consoles]")) new Choice(element);
