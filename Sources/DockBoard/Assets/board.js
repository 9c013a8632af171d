// Keeps the page as the dock is: the board sends the parts that changed (server-sent events), and they take the place of the
// old ones. Pages that are read at a desk ask for themselves every minute, and take over what is new where nobody is reading.
// Without this script each page asks for itself anew.
"use strict";

(() => {
  const address = document.body.dataset.events;
  const news = document.getElementById("news");
  const offline = document.getElementById("offline");
  // The board says something every ten seconds.
  const silence = 35000;
  const grace = 4000;
  let timer;
  let isFailing = false;

  const lose = () => {
    document.body.classList.add("offline");
    offline.hidden = false;
  };

  const expect = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(lose, milliseconds);
  };

  const hear = () => {
    document.body.classList.remove("offline");
    offline.hidden = true;
    isFailing = false;
    expect(silence);
  };

  const states = () =>
    new Map([...document.querySelectorAll(".tile")].map((tile) => [tile.id, tile.dataset.state]));

  const sentence = (tile) =>
    ["h2", ".word", ".do"].map((part) => tile.querySelector(part).textContent.trim()).join(", ");

  const put = (name, html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    document.getElementById(name)?.replaceWith(template.content);
  };

  const take = (parts) => {
    const before = states();
    for (const [name, html] of Object.entries(parts)) put(name, html);
    // Screen readers are told of a bay's new state, not of its progress.
    const changed = [...states()].filter(([id, state]) => before.has(id) && before.get(id) !== state);
    if (changed.length > 0) {
      news.textContent = changed.map(([id]) => sentence(document.getElementById(id))).join(". ");
    }
  };

  const listen = () => {
    const source = new EventSource(address);
    source.addEventListener("parts", (event) => {
      hear();
      take(JSON.parse(event.data));
    });
    source.addEventListener("alive", hear);
    source.addEventListener("error", () => {
      // Each try to come back fails like this: the time runs from the first.
      if (!isFailing) expect(grace);
      isFailing = true;
      // The browser comes back by itself, unless it was refused.
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
    });
  };

  // Nothing moves under somebody's finger: what is selected or focused stays.
  const renew = async () => {
    const main = document.querySelector("main");
    if (document.hidden || String(getSelection()) || main.contains(document.activeElement)) return;
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      main.replaceWith(page.querySelector("main"));
      offline.hidden = true;
    } catch {
      offline.hidden = false;
    }
  };

  if (address) {
    expect(silence);
    listen();
  } else {
    setInterval(renew, document.body.dataset.renew * 1000);
  }
})();
