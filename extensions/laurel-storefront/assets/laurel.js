// Refreshes what the page shows of the customer's account. One request for all blocks, no globals, no dependency.
(() => {
  const TIMEOUT_MS = 8000;
  const asked = "data-laurel-started";
  // Both blocks bring this file; the first run serves both.
  if (document.documentElement.hasAttribute(asked)) return;
  document.documentElement.setAttribute(asked, "");

  const all = () => [...document.querySelectorAll("[data-laurel-account]")];
  const signedIn = () => all().filter((account) => account.dataset.state !== "signed-out");

  const show = (account, member) => {
    const { dataset, lang } = account;
    const number = (count) => {
      try {
        return count.toLocaleString(lang || undefined);
      } catch {
        return String(count);
      }
    };
    const say = (name, text) => {
      const place = account.querySelector(`[data-laurel="${name}"]`);
      // Set only when it changed: a screen reader announces nothing that it has said already.
      if (place && place.textContent.trim() !== text) place.textContent = text;
    };
    if (!member) {
      dataset.state = "none";
      return;
    }
    const { points, pending, tier, next_tier: next, points_to_next: missing } = member;
    const words = points === 1 ? dataset.pointsOne : dataset.pointsOther;
    say(
      "points",
      words.replace("#", () => number(points)),
    );
    say("tier", tier ? tier.name : "");
    const toNext = () => dataset.next.replace("#", () => number(missing)).replace("@", () => next.name);
    say("next", next ? toNext() : tier ? dataset.top : "");
    say("pending", pending > 0 ? dataset.pending.replace("#", () => number(pending)) : "");
    dataset.state = "ready";
  };

  const refresh = async () => {
    const accounts = signedIn();
    if (accounts.length === 0) return;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
    try {
      const answer = await fetch(accounts[0].dataset.url, {
        headers: { Accept: "application/json" },
        signal: stop.signal,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const { member } = await answer.json();
      accounts.forEach((account) => show(account, member));
    } catch {
      // What the page came with stays: a balance of minutes ago says more than an error.
      accounts.forEach((account) => {
        if (account.dataset.state !== "ready") account.dataset.state = "error";
      });
    } finally {
      clearTimeout(timer);
    }
  };

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element && event.target.closest("[data-laurel-retry]");
    if (!target) return;
    signedIn().forEach((account) => {
      account.dataset.state = "loading";
    });
    void refresh();
  });
  document.addEventListener("keydown", (event) => {
    const open = document.querySelector("[data-laurel-launcher][open]");
    if (event.key !== "Escape" || !open) return;
    open.removeAttribute("open");
    open.querySelector("summary").focus();
  });
  // The theme editor replaces sections without a new page.
  document.addEventListener("shopify:section:load", () => void refresh());
  void refresh();
})();
