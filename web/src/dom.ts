type Properties = Record<string, unknown>;

/** Makes an element: properties that it has are set, everything else becomes an attribute; on… are listeners. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") {
      element.addEventListener(name.replace(/^on/, ""), value as EventListener);
    } else if (name in element && typeof value !== "object") {
      (element as unknown as Properties)[name] = value;
    } else {
      element.setAttribute(name, String(value));
    }
  }
  element.append(...children);
  return element;
}

/** The element of index.html that has this id. */
export function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`The page has no ${kind.name} #${id}.`);
  return element;
}

// Each is drawn with strokes in a square of 24.
const drawings = {
  plus: "M12 5v14M5 12h14",
  pencil: "M4 20h4L19 9l-4-4L4 16zM13.5 6.5l4 4",
  bin: "M5 7h14M10 11v6M14 11v6M7 7l1 13h8l1-13M9.5 7V4h5v3",
  send: "M12 19V5M6 11l6-6 6 6",
  stop: "M7 7h10v10H7z",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  check: "M5 12.5l4.5 4.5L19 7.5",
  menu: "M4 7h16M4 12h16M4 17h16",
  down: "M6 10l6 6 6-6",
  before: "M14 6l-6 6 6 6",
  after: "M10 6l6 6-6 6",
  again: "M20 12a8 8 0 1 1-2.6-5.9M20 3.5v4.6h-4.6",
  fork: "M6 3v18M6 15c7 0 12-2 12-8M15 9.5l3-3 3 3",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z"
    + "M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1 1M17.4 17.4l1 1M5.6 18.4l1-1M17.4 6.6l1-1",
  moon: "M19.5 14A8 8 0 1 1 10 4.5a6.5 6.5 0 0 0 9.5 9.5z",
  tool: "M14.5 6a4 4 0 0 1 5-1.4L16.7 7.4l.6 2.3 2.3.6 2-2a4.2 4.2 0 0 1-5.8 4.9L8.3 20.7a2 2 0 0 1-3-3l7.6-7.4"
    + "A4.2 4.2 0 0 1 14.5 6z",
  document: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
  download: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
  close: "M6 6l12 12M18 6L6 18",
  screen: "M4 5h16v11H4zM9 20h6M12 16v4",
} as const;

export type IconName = keyof typeof drawings;

export function icon(name: IconName): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", drawings[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name: IconName, label: string, onclick: (event: MouseEvent) => void): HTMLButtonElement {
  return make("button", { type: "button", className: "icon-button", title: label, "aria-label": label, onclick },
    icon(name));
}
