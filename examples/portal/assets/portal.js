// What pages cannot do without a script: security keys, and going on by themselves when the phone has answered.
// Everything else works without it.
"use strict";

// <form data-wait="/address">: the form is sent when that address says that there is nothing to wait for any more.
for (const form of document.querySelectorAll("form[data-wait]")) {
  const ask = async () => {
    try {
      const answer = await fetch(form.dataset.wait, { headers: { Accept: "application/json" }, redirect: "manual" });
      // Who is sent elsewhere or is not known any more is told why when the form is sent.
      if (answer.status < 500 && (!answer.ok || (await answer.json()).over)) {
        form.requestSubmit();
        return;
      }
    } catch {
      // Not reachable at the moment: ask again.
    }
    setTimeout(ask, 2000);
  };
  setTimeout(ask, 2000);
}

// <form data-security-key="create|get" data-options="…">: the answer of the key goes into the field `response`.
for (const form of document.querySelectorAll("form[data-security-key]")) {
  const failed = form.querySelector("[data-failed]");
  form.addEventListener("submit", async (event) => {
    if (form.elements.response.value) return;
    event.preventDefault();
    if (failed) failed.hidden = true;
    try {
      const options = JSON.parse(form.dataset.options).publicKey;
      const credential =
        form.dataset.securityKey === "create"
          ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
          : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      form.elements.response.value = JSON.stringify(credential);
      form.requestSubmit();
    } catch {
      // Cancelled, too late, or no such key: the person can press the button again.
      if (failed) failed.hidden = false;
    }
  });
}

// <button data-copy="id">: copies what stands in that element.
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).innerText);
    button.textContent = button.dataset.copied;
  });
}

// <button data-print>: prints the page.
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// <div data-live="/address">: keeps what it shows as new as the page of that address, unless somebody is busy in it.
for (const live of document.querySelectorAll("[data-live]")) {
  const renew = async () => {
    if (!document.hidden && !live.contains(document.activeElement)) {
      try {
        const answer = await fetch(live.dataset.live);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const now = page.querySelector("[data-live]");
        const busy = live.contains(document.activeElement);
        if (answer.ok && now && !busy && now.innerHTML !== live.innerHTML) live.replaceChildren(...now.childNodes);
      } catch {
        // Not reachable at the moment: the next time.
      }
    }
    setTimeout(renew, 2000);
  };
  setTimeout(renew, 2000);
}
