// Follows the README's "Leaving the page" in one module. The page is ../pages/leaving.html.
