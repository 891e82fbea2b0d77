{% load static %}// Keeps the tablet's page and its own files for when there is no network. Nobody's data goes through here into a cache.
"use strict";
const KEPT = "survey-field";
const FILES = ["./"{% for file in files %}, "{{ file|escapejs }}"{% endfor %}];
const ADDRESSES = FILES.map(file => new URL(file, self.registration.scope).href);

self.addEventListener("install", event => {
  event.waitUntil(caches.open(KEPT).then(cache => cache.addAll(ADDRESSES)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", event => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", event => {
  const address = event.request.url.split(/[?#]/)[0];
  if (event.request.method !== "GET" || !ADDRESSES.includes(address)) return;
  event.respondWith(fetch(event.request).then(answer => {
    if (answer.ok && !answer.redirected) {
      const copy = answer.clone();
      event.waitUntil(caches.open(KEPT).then(cache => cache.put(address, copy)));
    }
    return answer;
  }).catch(() => caches.match(address)));
});
