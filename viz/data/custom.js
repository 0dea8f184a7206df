// Runs before the page is built; the server's own template can do none of these.
document.documentElement.lang = "en";
document.querySelector('meta[name="viewport"]').content = "width=device-width, initial-scale=1"; // the template forbids zooming
theme.variant = JSON.parse(localStorage.getItem(":solara:theme.variant")) || "auto"; // the setting "auto" of solara 1.64.1 leaves out the page's root
