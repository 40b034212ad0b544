// Text as keystrokes of a French keyboard: which physical keys (KeyboardEvent.code), with which modifiers, write it in a
// machine whose layout is French: xkb's fr(latin9), which the images have, as far as Windows has it too. Anything else is
// reported.

const ROWS = [
  // keys, then what they write plain, with Shift, with AltGr; a space: nothing
  [["Digit1", "Digit2", "Digit3", "Digit4", "Digit5", "Digit6", "Digit7", "Digit8", "Digit9", "Digit0", "Minus", "Equal"],
    "&é\"'(-è_çà)=", "1234567890°+", " ~#{[| \\^@]}"],
  [["KeyQ", "KeyW", "KeyE", "KeyR", "KeyT", "KeyY", "KeyU", "KeyI", "KeyO", "KeyP", "BracketRight"],
    "azertyuiop$", "AZERTYUIOP£", "  €        "],
  [["KeyA", "KeyS", "KeyD", "KeyF", "KeyG", "KeyH", "KeyJ", "KeyK", "KeyL", "Semicolon", "Quote", "Backslash"],
    "qsdfghjklmù*", "QSDFGHJKLM%µ", "            "],
  [["IntlBackslash", "KeyZ", "KeyX", "KeyC", "KeyV", "KeyB", "KeyN", "KeyM", "Comma", "Period", "Slash"],
    "<wxcvbn,;:!", ">WXCVBN?./§", "           "],
];

const KEYSYMS = { "\n": 0xff0d, "\t": 0xff09, "€": 0x20ac };
const SHIFT = { code: "ShiftLeft", keysym: 0xffe1 };
const ALT_GR = { code: "AltRight", keysym: 0xfe03 };
const CIRCUMFLEX = { code: "BracketLeft", keysym: 0xfe52, modifier: null };
const GRAVE = { code: "Digit7", keysym: 0xfe50, modifier: ALT_GR };
const DIAERESIS = { code: "BracketLeft", keysym: 0xfe57, modifier: SHIFT };

const STROKES = new Map();

function learn(character, code, modifier) {
  STROKES.set(character, [{ code, keysym: KEYSYMS[character] ?? character.codePointAt(0), modifier }]);
}

for (const [codes, ...levels] of ROWS) {
  levels.forEach((written, level) => {
    [...written].forEach((character, position) => {
      if (character !== " ") learn(character, codes[position], [null, SHIFT, ALT_GR][level]);
    });
  });
}
learn(" ", "Space", null);
learn("\n", "Enter", null);
learn("\t", "Tab", null);
STROKES.set("`", [GRAVE, ...STROKES.get(" ")]);
for (const [dead, mark, letters] of [[CIRCUMFLEX, "\u0302", "aeiouAEIOU"], [DIAERESIS, "\u0308", "aeiouyAEIOU"]]) {
  for (const letter of letters) {
    STROKES.set((letter + mark).normalize("NFC"), [dead, ...STROKES.get(letter)]);
  }
}

/** The keystrokes that write a text, and the characters (each once) that no key writes. */
export function strokesOf(text) {
  const strokes = [];
  const unknown = new Set();
  for (const character of text.replace(/\r\n?/g, "\n").normalize("NFC")) {
    const known = STROKES.get(character);
    if (known) strokes.push(...known);
    else unknown.add(character);
  }
  return { strokes, unknown: [...unknown] };
}

/** How many bytes a keystroke takes in a machine's keyboard, which holds 16: presses and releases; AltGr's take two. */
export function bytesOf({ modifier }) {
  return 2 + (modifier === ALT_GR ? 4 : modifier ? 2 : 0);
}

/** Press and release one key, with its modifier, on a noVNC connection. */
export function press(rfb, { code, keysym, modifier }) {
  if (modifier) rfb.sendKey(modifier.keysym, modifier.code, true);
  rfb.sendKey(keysym, code, true);
  rfb.sendKey(keysym, code, false);
  if (modifier) rfb.sendKey(modifier.keysym, modifier.code, false);
}
