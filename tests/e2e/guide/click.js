// Follows the README's "A click for the popup" in one module.
/* global onInteractionRequired */
export const ask = (context) => onInteractionRequired(context);
