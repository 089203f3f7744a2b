/** All projects that one may see, those that changed last first. */
import { useEffect, useState } from "preact/hooks";
import { Link, useLocation, useSearch } from "wouter-preact";

import { askJson, query, route, type Schemas } from "../api/client";
import { type Session, useSession } from "../app/session";
import { formatAgo, formatCount, formatMoment, formatPlural } from "../ui/format";
import { Empty, Failed, Loading } from "../ui/states";
import { useLoad } from "../ui/use_load";
import { FirstRun } from "./first_run";
import { NewProject } from "./new_project";
import "./projects.css";
import { visibilityText } from "./visibility";

const PAGE = 50;
const PAUSE_MS = 200;

export default function ProjectsPage() {
  const [search, setSearch] = useSearchText();
  const [count, setCount] = useState(PAGE);
  const [isNew, setIsNew] = useState(false);
  const session = useSession();
  const mayMake = useMayMakeProjects(session);
  const projects = useLoad(`${search} ${count}`, (signal) =>
    askJson<Schemas["ProjectPage"]>(`/projects${query({ search: search || undefined, limit: count })}`, { signal }),
  );
  const page = projects.value;
  if (!page)
    return projects.error ? <Failed error={projects.error} retry={projects.reload} /> : <Loading what="projects" />;
  return (
    <div class="projects">
      <div class="projects-head">
        <h1>Projects</h1>
        <SearchField value={search} onChange={setSearch} />
        <span class="projects-count" role="status">
          {formatPlural(page.total, "project")}
        </span>
        {mayMake ? (
          <button
            type="button"
            onClick={() => {
              setIsNew(true);
            }}
          >
            New project
          </button>
        ) : null}
      </div>
      {projects.error ? <Failed error={projects.error} retry={projects.reload} /> : null}
      {page.total ? <ProjectTable projects={page.projects} shared={session?.is_embedded === false} /> : null}
      {!page.total && search ? (
        <Empty title={`No project has “${search}” in its name or description`}>
          <button
            type="button"
            onClick={() => {
              setSearch("");
            }}
          >
            Show all projects
          </button>
        </Empty>
      ) : null}
      {!page.total && !search && session ? <FirstRun embedded={session.is_embedded} /> : null}
      {page.total > page.projects.length && page.projects.length < 200 ? (
        <button
          type="button"
          disabled={projects.state === "loading"}
          onClick={() => {
            setCount(Math.min(200, count + PAGE));
          }}
        >
          Show more
        </button>
      ) : null}
      {isNew && session ? (
        <NewProject
          session={session}
          onClose={() => {
            setIsNew(false);
          }}
        />
      ) : null}
    </div>
  );
}

/** Whether there is a workspace that the visitor may make projects in. */
function useMayMakeProjects(session: Session | null): boolean {
  const isAdmin = session !== null && (session.is_embedded || session.is_admin);
  const isAsked = session !== null && !isAdmin;
  const workspaces = useLoad(isAsked ? "workspaces" : "", async (signal) =>
    isAsked ? (await askJson<Schemas["WorkspaceList"]>("/workspaces", { signal })).workspaces : [],
  );
  return isAdmin || (workspaces.value ?? []).some((workspace) => workspace.role !== null);
}

/** The search text, kept in the address so that back works and the view can be sent. */
function useSearchText(): [string, (text: string) => void] {
  const [, navigate] = useLocation();
  const text = new URLSearchParams(useSearch()).get("search") ?? "";
  const change = (next: string) => {
    navigate(`/${query({ search: next || undefined })}`, { replace: true });
  };
  return [text, change];
}

function SearchField({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(value);
  useEffect(() => {
    setTyped(value);
  }, [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => {
      onChange(typed);
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a new function on each drawing means the same
  }, [typed, value]);
  return (
    <input
      type="search"
      class="projects-search"
      aria-label="Search projects"
      placeholder="Search projects"
      value={typed}
      onInput={(event) => {
        setTyped(event.currentTarget.value);
      }}
    />
  );
}

interface ProjectTableProps {
  projects: Schemas["ProjectView"][];
  /** Whether there are others to share projects with. */
  shared: boolean;
}

function ProjectTable({ projects, shared }: ProjectTableProps) {
  return (
    <div class="projects-scroll">
      <table class="projects-table">
        <caption class="visually-hidden">Projects</caption>
        <thead>
          <tr>
            <th scope="col">Project</th>
            <th scope="col" class="projects-number">
              Runs
            </th>
            <th scope="col">Last change</th>
            <th scope="col" class="wide-only">
              Key
            </th>
            {shared ? (
              <>
                <th scope="col" class="wide-only">
                  Who may see it
                </th>
                <th scope="col" class="wide-only">
                  You are
                </th>
              </>
            ) : null}
            <th scope="col" class="wide-only">
              <span class="visually-hidden">Settings</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {projects.map((project) => (
            <ProjectRow key={project.id} project={project} shared={shared} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ProjectRow({ project, shared }: { project: Schemas["ProjectView"]; shared: boolean }) {
  const address = route(project.workspace, project.name);
  return (
    <tr>
      <th scope="row">
        <Link href={address}>
          <span class="projects-workspace">{project.workspace}/</span>
          {project.name}
        </Link>
        {project.description ? <p class="projects-description">{project.description}</p> : null}
      </th>
      <td class="projects-number">
        {formatCount(project.run_count)}
        {project.running_count ? (
          <span class="projects-running">{formatCount(project.running_count)} running</span>
        ) : null}
      </td>
      <td title={formatMoment(project.modified_ms, true)}>{formatAgo(project.modified_ms)}</td>
      <td class="wide-only">
        <code>{project.key}</code>
      </td>
      {shared ? (
        <>
          <td class="wide-only">{visibilityText(project.visibility)}</td>
          <td class="wide-only">{project.role}</td>
        </>
      ) : null}
      <td class="wide-only">
        <Link href={`${address}/settings`} aria-label={`Settings of ${project.name}`}>
          Settings
        </Link>
      </td>
    </tr>
  );
}
