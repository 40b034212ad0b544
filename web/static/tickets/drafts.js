// Texts that are typed and not recorded yet, kept in this tab: a reload, a failure or the end of the time loses nothing.

const WORDS = ["to", "title", "symptoms", "cause", "text"]; // fields that are written, not chosen

export function keep(key, form) {
  const values = [...new FormData(form)].filter(([name]) => name !== "csrf_token" && name !== "seen");
  sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(values)));
}

export function kept(key) {
  return JSON.parse(sessionStorage.getItem(key) ?? "null");
}

export function forget(key) {
  sessionStorage.removeItem(key);
}

export function texts(prefix) {
  const keys = Object.keys(sessionStorage).filter((key) => key.startsWith(prefix)).sort();
  return keys.flatMap((key) => WORDS.map((name) => kept(key)[name]?.trim())).filter(Boolean);
}
