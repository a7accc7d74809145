"use strict";
/* Server time in the head, and the counting down of deadlines. Pages say all of it without this script. */
(() => {
  const page = document.querySelector("[data-now]");
  if (!page) return;
  const two = (count) => String(count).padStart(2, "0");
  const title = document.title;
  const said = new Set();
  let ahead = Date.parse(page.dataset.now) - Date.now();

  /* The probe with the shortest way tells the time best; lateness is decided by the server alone. */
  const ask = async () => {
    let best = Infinity;
    for (let probe = 0; probe < 3; probe += 1) {
      const sent = performance.now();
      const answer = await fetch("/api/time", { cache: "no-store" });
      if (!answer.ok) return;
      const told = Date.parse((await answer.json()).now);
      const took = performance.now() - sent;
      if (took < best) {
        best = took;
        ahead = told + took / 2 - Date.now();
      }
    }
  };
  const sync = () => ask().catch(() => {});

  const parts = (seconds) => [
    Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60,
  ];
  const count = (mark, seconds) => {
    const [days, hours, minutes, rest] = parts(seconds);
    mark.textContent = "";
    if (days) {
      const unit = document.createElement("small");
      unit.textContent = page.dataset.days;
      mark.append(String(days), unit);
    }
    mark.append(`${two(hours)}:${two(minutes)}:${two(rest)}`);
    mark.classList.toggle("soon", seconds <= 300);
  };
  const announce = (mark, seconds) => {
    const step = [1800, 600, 300, 60, 10].find((one) => seconds === one);
    const live = document.getElementById("aloud");
    if (!step || !live || said.has(mark.dataset.until + step)) return;
    said.add(mark.dataset.until + step);
    live.textContent = `${mark.dataset.what} ${step >= 60 ? step / 60 + page.dataset.minutes : step + page.dataset.seconds}`;
  };
  const tick = () => {
    const now = Date.now() + ahead;
    const shown = page.querySelector("strong");
    shown.textContent = new Date(now + 28800000).toISOString().slice(11, 19);
    document.querySelectorAll("[data-until]").forEach((mark, place) => {
      const left = Math.ceil((Date.parse(mark.dataset.until) - now) / 1000);
      if (left <= 0) {
        mark.textContent = page.dataset.over;
        mark.className = "big over";
        return;
      }
      count(mark, left);
      announce(mark, left);
      if (place === 0) document.title = `${mark.textContent} · ${title}`;
    });
    setTimeout(tick, 1000 - (now % 1000));
  };
  page.classList.add("on");
  tick();
  sync();
  setInterval(sync, 60000);
  document.addEventListener("visibilitychange", () => document.hidden || sync());
})();
