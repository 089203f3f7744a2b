/** Dark, light, or as the system is; kept for the next visit. */
import { computed, signal } from "@preact/signals";

export type ThemeChoice = "system" | "light" | "dark";

const KEY = "neptune_yolo.theme";

const systemIsDark = signal(false);

/** What the visitor has chosen. */
export const themeChoice = signal<ThemeChoice>("system");

/** What is shown; components that draw on a canvas read it to draw anew when it changes. */
export const shownTheme = computed<"light" | "dark">(() => {
  const choice = themeChoice.value;
  if (choice !== "system") return choice;
  return systemIsDark.value ? "dark" : "light";
});

/** Take over what was chosen before; called once, before anything is drawn. */
export function startTheme(): void {
  const media = window.matchMedia("(prefers-color-scheme: dark)");
  systemIsDark.value = media.matches;
  media.addEventListener("change", (event) => {
    systemIsDark.value = event.matches;
  });
  apply(known(read()));
}

export function chooseTheme(choice: ThemeChoice): void {
  apply(choice);
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // Without storage the choice holds for this visit.
  }
}

function apply(choice: ThemeChoice): void {
  const root = document.documentElement;
  if (choice === "system") root.removeAttribute("data-theme");
  else root.setAttribute("data-theme", choice);
  themeChoice.value = choice;
}

function known(text: string | null): ThemeChoice {
  return text === "light" || text === "dark" ? text : "system";
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
