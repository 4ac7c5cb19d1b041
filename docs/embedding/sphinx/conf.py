project = "Orders"
extensions = ["myst_parser"]
html_theme = "furo"
html_js_files = [("https://partita.example/partita-embed.js", {"async": "async"})]
