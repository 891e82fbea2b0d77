// What the tablet keeps: IndexedDB, every value sealed with AES-256-GCM under a key from the PIN (PBKDF2-HMAC-SHA-256,
// 600,000 rounds as OWASP's Password Storage Cheat Sheet names). The key lives in memory only.
"use strict";
const Kept = (() => {
  const ROUNDS = 600000;
  const text = new TextEncoder();

  function open() {
    return new Promise((done, failed) => {
      const asked = indexedDB.open("yakuba-survey", 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("list", { keyPath: "key" });
        asked.result.createObjectStore("entries", { keyPath: "id" });
      };
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
  }

  async function within(store, mode, act) {
    const database = await open();
    try {
      return await new Promise((done, failed) => {
        const transaction = database.transaction(store, mode);
        const asked = act(transaction.objectStore(store));
        transaction.oncomplete = () => done(asked.result);
        transaction.onerror = transaction.onabort = () => failed(transaction.error);
      });
    } finally {
      database.close();
    }
  }

  async function keyOf(pin, salt) {
    const base = await crypto.subtle.importKey("raw", text.encode(pin), "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
    return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  }

  // `label` is authenticated: a sealed entry put in another's place does not open
  async function seal(key, value, label) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const how = { name: "AES-GCM", iv, additionalData: text.encode(label) };
    return { iv, data: await crypto.subtle.encrypt(how, key, text.encode(JSON.stringify(value))) };
  }

  async function unseal(key, sealed, label) {
    const how = { name: "AES-GCM", iv: sealed.iv, additionalData: text.encode(label) };
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(how, key, sealed.data)));
  }

  return {
    keyOf, seal, unseal,
    list: () => within("list", "readonly", store => store.get("list")),
    keepList: value => within("list", "readwrite", store => store.put({ ...value, key: "list" })),
    entries: () => within("entries", "readonly", store => store.getAll()),
    keepEntry: value => within("entries", "readwrite", store => store.put(value)),
    dropEntry: id => within("entries", "readwrite", store => store.delete(id)),
    dropAll: async () => {
      await within("entries", "readwrite", store => store.clear());
      await within("list", "readwrite", store => store.clear());
    },
  };
})();
