import { byId, icon } from "../dom";

/** On a narrow screen the sessions come out from the side; returns what opens and closes them. */
export function startDrawer(): { open: () => void; close: () => void } {
  const drawer = byId("sidebar", HTMLElement);
  const button = byId("menu", HTMLButtonElement);
  const shade = byId("shade", HTMLElement);
  const main = byId("main", HTMLElement);
  button.append(icon("menu"));

  const set = (open: boolean) => {
    if (open === drawer.classList.contains("open")) return;
    drawer.classList.toggle("open", open);
    shade.hidden = !open;
    // Neither eyes nor keys reach what is behind the shade.
    main.inert = open;
    button.setAttribute("aria-expanded", String(open));
    (open ? drawer.querySelector("button") : button)?.focus();
  };
  button.addEventListener("click", () => set(true));
  shade.addEventListener("click", () => set(false));
  drawer.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !drawer.classList.contains("open")) return;
    event.preventDefault();
    set(false);
  });
  // Elsewhere they are there all the time.
  const open = () => {
    if (button.checkVisibility()) set(true);
  };
  return { open, close: () => set(false) };
}
