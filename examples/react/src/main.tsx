import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";

const query = new URLSearchParams(location.search);
const runs = query.getAll("run");
const element = document.getElementById("app");

if (element !== null)
  createRoot(element).render(
    <StrictMode>
      <App runs={runs.length > 0 ? runs : ["http://localhost:8377/data/0/vnc_affs"]} />
    </StrictMode>,
  );
