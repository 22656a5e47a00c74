// Rendered on the server, which imports the package too.
import { version } from "countersign";
import { Client } from "./client.jsx";

export default function Page() {
  return (
    <main>
      <p id="version">{version}</p>
      <Client />
    </main>
  );
}
