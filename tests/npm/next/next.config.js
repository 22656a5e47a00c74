import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

// Not the folder of the lock file further up.
export default { turbopack: { root: dirname(fileURLToPath(import.meta.url)) } };
