/** The query, with completion, and an error that points at its place. */
import { useEffect, useId, useRef, useState } from "preact/hooks";

import type { ApiError } from "../api/client";
import { accept, placeOf, type Suggestion, suggestions } from "./nql_complete";
import { attributeNames, type Project } from "./runs_api";

const SHOWN = 12;
const PAUSE_MS = 120;

interface Props {
  project: Project;
  value: string;
  error: ApiError | null;
  onApply: (query: string) => void;
}

export function NqlInput({ project, value, error, onApply }: Props) {
  const [text, setText] = useState(value);
  const [caret, setCaret] = useState<number | null>(null);
  const [chosen, setChosen] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const offers = useOffers(project, text, caret);
  useEffect(() => {
    setText(value);
  }, [value]);

  const take = (suggestion: Suggestion) => {
    const next = accept(text, placeOf(text, caret ?? text.length), suggestion.text);
    setText(next.text);
    setChosen(-1);
    setCaret(next.caret);
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(next.caret, next.caret);
    });
  };
  const close = () => {
    setCaret(null);
    setChosen(-1);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const offer = offers[chosen];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setChosen((before) => (before + step + offers.length + 1) % (offers.length + 1));
      if (caret === null) setCaret(input.current?.selectionStart ?? text.length);
    } else if (event.key === "Escape" && offers.length) {
      close();
    } else if (event.key === "Enter" || (event.key === "Tab" && offer)) {
      event.preventDefault();
      if (offer) take(offer);
      else {
        close();
        onApply(text.trim());
      }
    }
  };
  return (
    <div class="runs-nql">
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label="Query (NQL)"
        aria-expanded={offers.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={chosen >= 0 ? `${id}-${chosen}` : undefined}
        aria-invalid={error !== null}
        aria-describedby={error ? `${id}-error` : undefined}
        placeholder="Query: `metrics/mAP50(B)` > 0.5 AND sys/state = running"
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setCaret(event.currentTarget.selectionStart);
          setChosen(-1);
        }}
        onClick={(event) => {
          setCaret(event.currentTarget.selectionStart);
        }}
        onBlur={close}
        onKeyDown={onKeyDown}
      />
      <ul id={`${id}-list`} class="runs-offers" role="listbox" aria-label="Suggestions" hidden={offers.length === 0}>
        {offers.map((offer, at) => (
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- keys are the input's
          <li
            key={offer.text}
            id={`${id}-${at}`}
            role="option"
            aria-selected={at === chosen}
            tabIndex={-1}
            onMouseDown={(event) => {
              event.preventDefault();
            }}
            onClick={() => {
              take(offer);
            }}
          >
            <code>{offer.text}</code> <span>{offer.detail}</span>
          </li>
        ))}
      </ul>
      {error ? (
        <pre id={`${id}-error`} class="runs-nql-error" role="alert">
          <span class="runs-nql-reason">{error.message.split("\n", 1)[0]}</span>
          {error.message.split("\n").slice(1).join("\n")}
        </pre>
      ) : null}
    </div>
  );
}

function useOffers(project: Project, text: string, caret: number | null): Suggestion[] {
  const { workspace, project: name } = project;
  const [offers, setOffers] = useState<Suggestion[]>([]);
  useEffect(() => {
    if (caret === null) {
      setOffers([]);
      return undefined;
    }
    const place = placeOf(text, caret);
    if (place.expected !== "name") {
      setOffers(suggestions(place, []).filter((offer) => offer.text !== place.part));
      return undefined;
    }
    const controller = new AbortController();
    const timer = setTimeout(() => {
      attributeNames({ workspace, project: name }, place.part, SHOWN, controller.signal).then(
        (names) => {
          setOffers(suggestions(place, names).slice(0, SHOWN));
        },
        () => {
          setOffers([]);
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [workspace, name, text, caret]);
  return offers;
}
