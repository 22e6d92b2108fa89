// Improvements only: every action works without this file. One block a behavior; each looks for its own attribute.

// [data-errors]: the error summary takes the focus, so that it is read first.
document.querySelector("[data-errors]")?.focus();

// input[data-show-password]: a button beside it shows what is typed.
for (const input of document.querySelectorAll("input[data-show-password]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet";
  button.textContent = "Show";
  button.setAttribute("aria-label", "Show password");
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.textContent = shown ? "Show" : "Hide";
    button.setAttribute("aria-pressed", String(!shown));
  });
  const joined = document.createElement("div");
  joined.className = "joined";
  input.replaceWith(joined);
  joined.append(input, button);
  input.form?.addEventListener("submit", () => { input.type = "password"; });
}

// form[data-once]: a double click sends it once.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 10000);
  });
}

// [data-copy="id"]: copies the text of that element.
for (const source of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet small";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(source);
      button.textContent = "Selected: press Ctrl+C";
    }
  });
  source.after(button);
}

// [data-drop]: a picture can be dropped or pasted on it; it is shown with its size before it is sent.
const armDrop = (zone) => {
  const input = zone.querySelector("input[type=file]");
  const about = zone.querySelector("[data-about]");
  if (!input) return;
  let shown;
  const most = Number(input.dataset.mostBytes || 0);
  const show = () => {
    const file = input.files[0];
    shown?.remove();
    shown = undefined;
    if (!about) return;
    about.textContent = "";
    if (!file) return;
    const size = file.size < 1048576 ? `${Math.ceil(file.size / 1024)} KB` : `${(file.size / 1048576).toFixed(1)} MB`;
    about.textContent = `${file.name}, ${size}`;
    if (most && file.size > most) about.textContent += `: the selected file must be at most ${Math.round(most / 1048576)} MB`;
    if (!file.type.startsWith("image/")) return;
    const address = URL.createObjectURL(file);
    const image = new Image();
    image.alt = "";
    image.addEventListener("load", () => {
      about.textContent += `, ${image.naturalWidth} x ${image.naturalHeight} pixels`;
      URL.revokeObjectURL(address);
    });
    image.addEventListener("error", () => { image.remove(); URL.revokeObjectURL(address); });
    image.src = address;
    zone.prepend(image);
    shown = image;
  };
  const take = (files) => {
    if (!files.length) return;
    const one = new DataTransfer();
    one.items.add(files[0]);
    input.files = one.files;
    show();
  };
  input.addEventListener("change", show);
  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    take(event.dataTransfer.files);
  });
  zone.addEventListener("paste", (event) => take(event.clipboardData.files));
};
document.querySelectorAll("[data-drop]").forEach(armDrop);

// [data-poll="ms"]: while it stands on the page, the page is fetched again and the part with the same id is put in its place.
// With data-poll-reload the whole page is loaded once the mark is gone.
const poll = () => {
  const part = document.querySelector("[data-poll]");
  if (!part) return;
  setTimeout(async () => {
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" }, redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
      if (!fresh || !fresh.hasAttribute("data-poll")) { location.reload(); return; }
      part.replaceWith(fresh);
    } catch { part.dataset.poll = String(Math.min(Number(part.dataset.poll) * 2, 30000)); }
    poll();
  }, Number(part.dataset.poll) || 1000);
};
poll();

// form[data-theme-form]: the choice is shown at once, before it is saved.
for (const form of document.querySelectorAll("[data-theme-form]")) {
  form.addEventListener("change", (event) => { document.documentElement.dataset.theme = event.target.value; });
}

// A chosen link of the menu closes it.
document.getElementById("menu")?.addEventListener("click", (event) => {
  if (event.target.closest("a") && event.currentTarget.matches(":popover-open")) event.currentTarget.hidePopover();
});

// [data-group] of the candidate form: one more row without a round trip, so that chosen pictures stay chosen.
document.querySelector(".candidate-form")?.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=add]");
  const group = button?.closest("[data-group]");
  const rows = group?.querySelectorAll(":scope > [data-row]");
  if (!rows?.length) return;
  const last = rows[rows.length - 1];
  const next = rows.length;
  const fresh = last.cloneNode(true);
  for (const part of fresh.querySelectorAll("[name], [id], [for], [aria-describedby]")) {
    for (const name of ["name", "id", "for", "aria-describedby"]) {
      const old = part.getAttribute(name);
      if (old) part.setAttribute(name, name === "name" ? old.replace(`[${next - 1}]`, `[${next}]`) : old.replaceAll(/(f-[a-z_-]*?-)\d+/g, `$1${next}`).replace(/\S+-fault/, ""));
    }
    if (part.matches("input[type=checkbox]")) part.checked = false;
    else if (part.matches("input, textarea")) part.value = "";
    else if (part.matches("select")) part.selectedIndex = 0;
    part.removeAttribute("aria-invalid");
  }
  for (const old of fresh.querySelectorAll(".fault, .drop img")) old.remove();
  for (const old of fresh.querySelectorAll(".faulty")) old.classList.remove("faulty");
  for (const about of fresh.querySelectorAll("[data-about]")) about.textContent = "";
  const legend = fresh.querySelector("legend");
  if (legend) legend.textContent = legend.textContent.replace(/\d+$/, String(next + 1));
  else fresh.querySelector("label").textContent = `${button.textContent.replace("Add another", "").trim()} ${next + 1}`;
  event.preventDefault();
  last.after(fresh);
  button.hidden = next + 1 >= Number(group.dataset.most);
  fresh.querySelectorAll("[data-drop]").forEach(armDrop);
  fresh.querySelector("input, textarea, select").focus();
});
