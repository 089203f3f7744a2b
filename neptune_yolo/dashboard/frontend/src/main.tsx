import { render } from "preact";

import { App } from "./app/app";
import { startTheme } from "./ui/theme";
import "./ui/theme.css";

startTheme();
const root = document.getElementById("app");
if (root) render(<App />, root);
