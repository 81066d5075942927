import { icon, type IconName } from "../dom";

const NAME = "chatgrpc.theme";

const themes = ["system", "light", "dark"] as const;
type Theme = (typeof themes)[number];

const labels: Record<Theme, string> = {
  system: "Colours: as the system", light: "Colours: light", dark: "Colours: dark",
};
const icons: Record<Theme, IconName> = { system: "screen", light: "sun", dark: "moon" };

/** Shows the remembered colours; the button goes through the three. */
export function startTheme(button: HTMLButtonElement): void {
  let theme = themes.find((name) => name === localStorage.getItem(NAME)) ?? "system";
  const show = () => {
    document.documentElement.dataset["theme"] = theme;
    button.replaceChildren(icon(icons[theme]));
    button.title = labels[theme];
    button.setAttribute("aria-label", labels[theme]);
  };
  button.addEventListener("click", () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "system";
    localStorage.setItem(NAME, theme);
    show();
  });
  show();
}
