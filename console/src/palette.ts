// The palette: type the name of a page, or words to search for; Enter goes.
export interface Does {
  theme(): void;
  help(): void;
  tour(): void;
}

export function palette(does: Does): () => void {
  const box = document.querySelector<HTMLDialogElement>("#palette");
  const field = box?.querySelector<HTMLInputElement>("input[name=q]");
  const options = [...(box?.querySelectorAll<HTMLElement>("[role=option]") ?? [])];
  if (!box || !field) return () => undefined;

  const seen = (): HTMLElement[] => options.filter((option) => !option.hidden);
  const choose = (which: HTMLElement | undefined): void => {
    for (const option of options) option.setAttribute("aria-selected", String(option === which));
    if (which) field.setAttribute("aria-activedescendant", which.id);
    else field.removeAttribute("aria-activedescendant");
    which?.scrollIntoView({ block: "nearest" });
  };
  const chosen = (): HTMLElement | undefined => options.find((option) => option.getAttribute("aria-selected") === "true");
  const go = (option: HTMLElement): void => {
    box.close();
    if (option.dataset.href) location.assign(option.dataset.href);
    else does[option.dataset.does as keyof Does]();
  };

  field.addEventListener("input", () => {
    const words = field.value.trim().toLocaleLowerCase();
    for (const option of options) option.hidden = !(option.textContent ?? "").toLocaleLowerCase().includes(words);
    // typed words are searched for, unless they name a page
    choose(words ? seen()[0] : undefined);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const list = seen();
      const at = list.indexOf(chosen() as HTMLElement) + (event.key === "ArrowDown" ? 1 : -1);
      choose(list[Math.max(0, Math.min(list.length - 1, at))]);
    } else if (event.key === "Enter") {
      const option = chosen();
      if (!option) return;
      event.preventDefault();
      go(option);
    }
  });
  for (const option of options) option.addEventListener("click", () => go(option));
  box.addEventListener("click", (event) => {
    if (event.target === box) box.close();
  });
  return () => {
    if (box.open) return;
    field.value = "";
    for (const option of options) option.hidden = false;
    choose(undefined);
    box.showModal();
    field.focus();
  };
}
