/** The bar at the top: where one is, where one can go, and who one is. */
import { Link } from "wouter-preact";

import { chooseTheme, themeChoice, type ThemeChoice } from "../ui/theme";
import { addressOf, type Place, SECTIONS } from "./place";
import { useSession } from "./session";
import "./top_bar.css";

const THEMES: Record<ThemeChoice, string> = { system: "System", light: "Light", dark: "Dark" };

export function TopBar({ place, search }: { place: Place; search: string }) {
  return (
    <header class="top">
      <nav class="top-where" aria-label="Main">
        <Link href="/" class="brand" {...current(place.title === "Projects")}>
          neptune_yolo
        </Link>
        {place.project ? <ProjectLinks place={place} project={place.project} search={search} /> : null}
      </nav>
      <div class="top-who">
        <ThemeSwitch />
        <Account place={place} />
      </div>
    </header>
  );
}

interface ProjectLinksProps {
  place: Place;
  project: NonNullable<Place["project"]>;
  search: string;
}

function ProjectLinks({ place, project, search }: ProjectLinksProps) {
  return (
    <>
      <span class="top-slash" aria-hidden="true">
        /
      </span>
      <Link href={addressOf(project, "runs")} class="top-project" title={`${project.workspace}/${project.name}`}>
        <span class="top-workspace">{project.workspace}/</span>
        {project.name}
      </Link>
      <ul class="top-sections">
        {SECTIONS.map(([section, name]) => (
          <li key={section}>
            <Link href={addressOf(project, section, search)} {...current(section === place.section)}>
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

function ThemeSwitch() {
  return (
    <select
      class="top-theme"
      aria-label="Colours"
      title="Colours"
      value={themeChoice.value}
      onChange={(event) => {
        chooseTheme(event.currentTarget.value as ThemeChoice);
      }}
    >
      {Object.entries(THEMES).map(([choice, name]) => (
        <option key={choice} value={choice}>
          {name}
        </option>
      ))}
    </select>
  );
}

function Account({ place }: { place: Place }) {
  const session = useSession();
  if (!session) return null;
  if (session.is_embedded) return null;
  return (
    <>
      <Link href="/account" class="top-user" {...current(place.title === "Account")}>
        {session.user}
      </Link>
      <form method="post" action="/sign-out">
        <button type="submit" class="plain">
          Sign out
        </button>
      </form>
    </>
  );
}

function current(here: boolean): { "aria-current"?: "page" } {
  return here ? { "aria-current": "page" } : {};
}
